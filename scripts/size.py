"""Print how large the project is.

python scripts/size.py            lines, modules, folders, words, commands, and the files that one answer passes
python scripts/size.py --list     also name the files and folders that the last lines count
python scripts/size.py --no-step  without the answer, which takes a second or two
"""

import re
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
PACKAGE = ROOT / "src" / "multilabelfy"
LONG = 350
FEWEST, MOST = 3, 14
ROW = re.compile(r"\s*INSERT INTO annotations\b", re.IGNORECASE)


def tracked(pattern: str) -> list[Path]:
    """The files of the working tree that git knows or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", pattern],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return [path for name in sorted(set(filter(None, listed.split("\0")))) if (path := ROOT / name).is_file()]


def lines_of(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def modules() -> list[Path]:
    """Every Python file of the package."""
    return tracked("src/multilabelfy/*.py")


def is_migration(path: Path) -> bool:
    return "versions" in path.parts


def folders() -> set[Path]:
    """Every folder of the package, those of templates, scripts and styles too."""
    return {parent for path in tracked("src/multilabelfy/*") for parent in path.relative_to(PACKAGE).parents}


def badly_filled() -> list[str]:
    """Folders with fewer than three modules and no folder in them, or with more than fourteen; migrations may be many."""
    counted: Counter[Path] = Counter()
    for path in modules():
        counted[path.relative_to(PACKAGE).parent] += path.name not in ("__init__.py", "__main__.py")
    parents = {folder.parent for folder in counted}
    return [
        f"{folder} ({n})"
        for folder, n in sorted(counted.items())
        if folder.name != "versions" and (n > MOST or (n < FEWEST and folder not in parents))
    ]


def words_of_docs() -> int:
    return sum(len(path.read_text(encoding="utf-8").split()) for path in tracked("*.md"))


def commands_shown() -> int:
    """How many commands `multilabelfy --help` names."""
    import typer

    from multilabelfy.cli.main import app

    commands: dict[str, Any] = vars(typer.main.get_command(app))["commands"]
    return sum(not command.hidden for command in commands.values())


class Passed:
    """The files of the package in which Python code begins to run, in order, while `is_on`; those up to an answer's row apart."""

    def __init__(self) -> None:
        self.files: dict[str, None] = {}
        self.before_the_row: list[str] = []
        self.that_call_each_other: list[str] = []
        self.is_on = False

    def __call__(self, frame: FrameType, event: str, arg: object) -> None:
        if not self.is_on:
            return
        if event == "call" and (file := _file_of(frame)):
            self.files[file] = None
        elif event == "c_call" and not self.before_the_row and _writes_the_row(frame, arg):
            self.before_the_row = list(self.files)
            self.that_call_each_other = list(_stack(frame))


def _file_of(frame: FrameType) -> str | None:
    """The file in the package whose code a frame runs."""
    file = frame.f_code.co_filename
    return Path(file).relative_to(PACKAGE).as_posix() if file.startswith(f"{PACKAGE}/") else None


def _writes_the_row(frame: FrameType, called: object) -> bool:
    is_statement = getattr(called, "__name__", "").startswith("execute")
    return is_statement and any(isinstance(value, str) and ROW.match(value) for value in frame.f_locals.values())


def _stack(frame: FrameType | None) -> dict[str, None]:
    """The files of a frame and of those that called it, the outermost first."""
    files: list[str] = []
    while frame is not None:
        files += filter(None, [_file_of(frame)])
        frame = frame.f_back
    return dict.fromkeys(reversed(files))


def files_of_a_step() -> Passed:
    """What the third answer of a small study passes on the server: the earlier ones build what is built once."""
    from tests.web.annotate.test_annotate import PAGE, form_in
    from tests.web.conftest import Browser, Clock

    passed = Passed()
    threading.setprofile(passed)
    with tempfile.TemporaryDirectory() as folder, _looked_at(Path(folder)) as study, Browser(study, Clock()) as browser:
        ada = browser.sign_in("Ada")
        for number in range(1, 4):
            page = ada.get(PAGE).text
            fields = form_in(page)
            answer_fields = {
                "id": f"answer-{number:08}",
                "scripted": "1",
                "yes": [0],
                "held": f"{number}",
                "opened-0": "1",
                "elapsed": "5000",
                "age": "6000",
            }
            passed.is_on = number == 3
            answer = ada.post(fields.pop("action"), data={**fields, **answer_fields}, headers={"Accept": "application/json"})
            passed.is_on = False
            if answer.status_code != 200:
                raise SystemExit(f"Cannot trace a step: the answer was refused with {answer.status_code}: {answer.text[:300]}")
    threading.setprofile(None)
    return passed


@contextmanager
def _looked_at(folder: Path) -> Iterator[Any]:
    from tests.studies import look_at_all, ready_study

    study = ready_study(folder, n_images=8, n_labels=5)
    look_at_all(study)
    yield study
    study.workspace.close()


def main() -> None:
    """Print one figure a line."""
    product = [path for path in modules() if not is_migration(path)]
    long = [f"{path.relative_to(ROOT)} ({n})" for path in tracked("*.py") if (n := lines_of(path)) > LONG]
    filled = badly_filled()
    print(f"{sum(map(lines_of, product)):>7,}  Python lines in src, migrations apart")
    print(f"{len(modules()):>7,}  modules")
    print(f"{len(folders()):>7,}  folders")
    print(f"{sum(map(lines_of, tracked('tests/*.py'))):>7,}  test lines")
    print(f"{words_of_docs():>7,}  words of docs")
    print(f"{commands_shown():>7,}  commands shown by --help")
    named = {f"files over {LONG} lines": long, f"folders with fewer than {FEWEST} or more than {MOST} modules": filled}
    if "--no-step" not in sys.argv:
        passed = files_of_a_step()
        named["files that call each other from the route to an answer's row"] = passed.that_call_each_other
        named["files in which code runs between the request and that row"] = passed.before_the_row
        named["files in which code runs during the whole step, the next sheet included"] = list(passed.files)
    for what, names in named.items():
        print(f"{len(names):>7,}  {what}", *(names if "--list" in sys.argv else ()), sep="\n           ")


if __name__ == "__main__":
    main()
