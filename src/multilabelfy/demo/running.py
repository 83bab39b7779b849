"""Run the demo in a folder of its own: made once, found again, and removed only where a marker says that the demo made it."""

import json
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from multilabelfy import __version__
from multilabelfy.demo.campaign.study import Stage, Study, run_study, unwatched
from multilabelfy.demo.making import Progress, make_dataset, silent
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.settings import Settings
from multilabelfy.workflows.workspace import opened

MARKER = "demo.json"
MADE_BY = "multilabelfy demo"
SEED = 2401
N_IMAGES = 300
DRAW_THREADS = 4
AHEAD = 12
"""How many images simulated annotators are handed at a time: they wait for no page, and a third of the hand-outs is a second saved."""
ATTEMPT = "Cannot make the demo"


@dataclass(frozen=True, slots=True)
class Demo:
    """A finished demo: absolute paths, and how many images its release holds."""

    workspace: Path
    report: Path
    final_labels: Path
    truth: Path
    n_released: int
    n_unresolved: int
    is_new: bool

    def paths(self) -> dict[str, str]:
        """What others read: the report, the final labels, the truth and the workspace."""
        return {name: str(getattr(self, name)) for name in ("report", "final_labels", "truth", "workspace")}


def run_demo(
    settings: Settings,
    *,
    now: datetime,
    fresh: bool = False,
    n_images: int = N_IMAGES,
    seed: int = SEED,
    begins: Stage = unwatched,
    progress: Progress = silent,
) -> Demo:
    """The demo in the workspace folder of these settings: the existing one, or a new one. `fresh` makes it anew.

    Raises InvalidInput where the folder holds something that the demo did not make, or a demo that broke off, and nothing is touched.
    """
    folder = settings.workspace.resolve()
    _refuse_another_database(settings)
    if fresh:
        remove(folder)
    if demo := standing(folder):
        return demo
    _refuse_what_is_there(folder)
    folder.mkdir(parents=True, exist_ok=True)
    _mark(folder, {"is_complete": False})
    study = _made(settings, folder, n_images, seed, now, begins, progress)
    return _finished(folder, study, {"seed": seed, "n_images": n_images})


def standing(folder: Path) -> Demo | None:
    """The finished demo in this folder; None where there is none."""
    marker = _marker(folder)
    if marker is None or not marker.get("is_complete"):
        return None
    demo = _demo(folder, marker, is_new=False)
    return demo if all(path.is_file() for path in (demo.report, demo.final_labels, demo.truth)) else None


def remove(folder: Path) -> None:
    """Remove a demo, finished or not. Raises InvalidInput where something is there that the demo did not make."""
    if not folder.exists():
        return
    if _marker(folder) is None:
        _refuse_what_is_there(folder)
        return
    shutil.rmtree(folder)


def _made(settings: Settings, folder: Path, n_images: int, seed: int, now: datetime, begins: Stage, progress: Progress) -> Study:
    begins(f"draw {n_images} scenes with known truth, and reference pictures")
    made = make_dataset(folder / "dataset", seed, n_images, n_threads=settings.decode_threads or DRAW_THREADS, progress=progress)
    with opened(settings.model_copy(update={"ahead": AHEAD}), create=True) as workspace:
        return run_study(workspace, made, seed=seed, now=now, begins=begins)


def _finished(folder: Path, study: Study, facts: dict[str, object]) -> Demo:
    paths = {"report": study.report, "final_labels": study.final_labels, "truth": study.truth}
    inside = {name: path.resolve().relative_to(folder).as_posix() for name, path in paths.items()}
    counts = {"n_released": study.n_released, "n_unresolved": study.n_unresolved}
    _mark(folder, {"is_complete": True, **facts, **inside, **counts})
    return _demo(folder, {**inside, **counts}, is_new=True)


def _refuse_another_database(settings: Settings) -> None:
    if settings.database_url:
        way_out = "Unset MULTILABELFY_DATABASE_URL for it."
        raise InvalidInput(ATTEMPT, [Problem("database_url", "the demo keeps its own database in its folder")], way_out)


def _refuse_what_is_there(folder: Path) -> None:
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if _marker(folder) is None:
        way_out = "Nothing in it was touched. Name another folder with --workspace."
        raise InvalidInput(ATTEMPT, [Problem(str(folder), "there is something here that the demo did not make")], way_out)
    raise InvalidInput(ATTEMPT, [Problem(str(folder), "an earlier demo here is not whole")], "Make it again with --fresh.")


def _marker(folder: Path) -> dict[str, object] | None:
    """What the demo wrote about itself; None where it wrote nothing."""
    try:
        marker = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return marker if isinstance(marker, dict) and marker.get("made_by") == MADE_BY else None


def _mark(folder: Path, facts: dict[str, object]) -> None:
    text = json.dumps({"made_by": MADE_BY, "version": __version__, **facts}, indent=1)
    (folder / MARKER).write_text(text + "\n", encoding="utf-8")


def _demo(folder: Path, facts: dict[str, object], *, is_new: bool) -> Demo:
    report, final_labels, truth = (folder / str(facts[name]) for name in ("report", "final_labels", "truth"))
    n_released, n_unresolved = (int(str(facts[name])) for name in ("n_released", "n_unresolved"))
    return Demo(folder, report, final_labels, truth, n_released, n_unresolved, is_new)
