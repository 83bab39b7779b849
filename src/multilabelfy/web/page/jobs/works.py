"""The workflows that pages run in processes of their own, by name: plain values in, plain values out.

Each may be run again after it was cut off: what it has stored stays, and it goes on from there or begins anew. What they load (tables,
figures, models) is loaded by them alone, never by the server.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from multilabelfy.workflows.workspace import Workspace

Result = Mapping[str, Any] | None


def import_pictures(workspace: Workspace, name: str, images: str, reference: str = "", given: str = "", **options: Any) -> Result:
    """Import a folder of the server as a dataset; the other options are those of `ImportRequest`, and a protocol's name and overlap."""
    from multilabelfy.annotation.study.protocol import chosen_protocol
    from multilabelfy.workflows.importing.applying import import_dataset
    from multilabelfy.workflows.importing.request import ImportRequest

    request = ImportRequest(
        name,
        Path(images),
        reference=Path(reference) if reference else None,
        given=Path(given) if given else None,
        protocol=chosen_protocol(options.pop("protocol", None), options.pop("overlap", None)),
        **options,
    )
    return import_dataset(workspace, request, progress=_untold, now=_now()).as_dict()


def relocate(workspace: Workspace, name: str, images: str, reference: str = "") -> Result:
    """Compare the pictures of another folder of the server, and use it if they are the same."""
    from multilabelfy.workflows.owning.relocating import relocate as move

    return asdict(move(workspace, name, Path(images), Path(reference) if reference else None, progress=_untold))


def propose(workspace: Workspace, name: str, model: str, k: int) -> Result:
    """Let a model propose labels for every image that has none of it yet."""
    from multilabelfy.workflows.proposing.runs import propose as propose_labels

    propose_labels(workspace, name, [model], k=k, now=_now())
    return None


def draw_suspects(workspace: Workspace, name: str, n: int) -> Result:
    """Hand out the n most suspicious images first."""
    from multilabelfy.workflows.proposing.suspects import queue_first, suspects

    return {"n_queued": queue_first(workspace, suspects(workspace, name), n)}


def draw_gold(workspace: Workspace, name: str, n: int, kind: str = "") -> Result:
    """Make n decided images gold."""
    from multilabelfy.annotation.checking.checks import GoldKind
    from multilabelfy.workflows.owning import gold

    gold.draw_gold(workspace, name, n, GoldKind(kind) if kind else None, _now())
    return None


def decide_overlap(workspace: Workspace, name: str) -> Result:
    """Let the policy of an adaptive overlap catch up with the answers."""
    from multilabelfy.workflows.settling import overlap

    overlap.decide_overlap(workspace, name, _now())
    return None


def order_queue(workspace: Workspace, name: str) -> Result:
    """Order the experts' queue by expected gain."""
    from multilabelfy.workflows.settling.expert_queue import order_queue as order

    order(workspace, name)
    return None


def export(workspace: Workspace, name: str, format: str, out: str) -> Result:
    """Write a file for download."""
    from multilabelfy.workflows.releasing.exports import export as write

    write(workspace, name, format, Path(out))
    return None


def report(workspace: Workspace, name: str, out: str) -> Result:
    """Make the report of a dataset's newest release."""
    from multilabelfy.workflows.releasing.study_report import report_on_study

    report_on_study(workspace, name, Path(out), now=_now())
    return None


def back_up(workspace: Workspace, place: str) -> Result:
    """Make a backup."""
    from multilabelfy.workflows.upkeep import backups

    backups.back_up(workspace, Path(place))
    return None


WORKS: Mapping[str, Callable[..., Result]] = {
    "import": import_pictures,
    "relocate": relocate,
    "propose": propose,
    "suspects": draw_suspects,
    "gold": draw_gold,
    "overlap": decide_overlap,
    "queue": order_queue,
    "export": export,
    "report": report,
    "backup": back_up,
}


def _now() -> datetime:
    return datetime.now(UTC)


def _untold(*_: object) -> None:
    """Pages see progress in what is stored."""
