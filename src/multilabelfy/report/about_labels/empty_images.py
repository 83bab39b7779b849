"""The finding that lists the images without labels: their given labels, and the evidence for these."""

from collections.abc import Sequence

from multilabelfy.refinement.empty_reasons import REASONS, WITHHOLDING, EmptyReason
from multilabelfy.report.about_given.cases import ImageCase, pictures_of
from multilabelfy.report.findings import Cell, CellKind, Finding, Pictures, Subject, table
from multilabelfy.report.wording import NameOf, count, counted

MOST_SHOWN = 6


def empty_images_finding(cases: Sequence[ImageCase], name_of: NameOf, dataset: Subject, *, with_pictures: bool) -> Finding:
    """The images without labels, those with the most evidence for their given label first, ties in the labels' own order."""
    ordered = sorted(cases, key=lambda case: (-case.doubt[0], -case.doubt[1]))
    of_models = f"; {counted(ordered[0].n_models, 'model')}" if ordered[0].n_models else ""
    return Finding(
        slug="images-without-labels-one-by-one",
        title=_title(cases),
        subtitle=f"Given labels of the images of {dataset} without a valid label; {counted(len(cases), 'image')}{of_models}",
        definition="Named: the number of models whose first label is the given one. Proposed: among any model’s proposals. Ticked: the "
        "number of annotators who answered yes. Images with the most evidence for their given label come first: their decisions most "
        "deserve a second look.",
        table=table(
            (
                ("image", "image", CellKind.TEXT),
                ("reason", "reason", CellKind.TEXT),
                ("given", "given label", CellKind.TEXT),
                ("named", "models that name it", CellKind.COUNT),
                ("proposed", "proposed", CellKind.TEXT),
                ("ticked", "annotators who ticked it", CellKind.COUNT),
                ("answers", "of", CellKind.COUNT),
                ("models", "which models", CellKind.TEXT),
            ),
            [_row(case, name_of) for case in ordered],
        ),
        pictures=_by_reason(ordered, name_of) if with_pictures else (),
    )


def _title(cases: Sequence[ImageCase]) -> str:
    if any(case.way for case in cases):
        ticked = sum(case.way is not None and case.way.ticked_by_any for case in cases)
        return f"Annotators ticked the given label of {_of(ticked, len(cases))}"
    if any(case.n_agreeing is not None for case in cases):
        return f"Most models name the given label of {_of(sum(case.is_named_by_most for case in cases), len(cases))}"
    return f"The given label{'' if len(cases) == 1 else 's'} of the {counted(len(cases), 'image')} without labels"


def _of(n: int, n_all: int) -> str:
    if n == n_all == 1:
        return "the image without labels"
    if n == n_all:
        return f"all {counted(n_all, 'image')} without labels"
    return f"{count(n) if n else 'none'} of the {counted(n_all, 'image')} without labels"


def _row(case: ImageCase, name_of: NameOf) -> list[Cell]:
    given = None if case.given is None else name_of(case.given)
    reason = REASONS[case.reason].words if case.reason else None
    way: tuple[Cell, ...] = (None, None, None) if case.way is None else (_yes(case.way.proposed), case.way.n_ticked, case.way.n_answers)
    return [case.image, reason, given, case.n_agreeing, *way, ", ".join(case.agreeing) or None]


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _by_reason(cases: Sequence[ImageCase], name_of: NameOf) -> tuple[Pictures, ...]:
    """The first images of each reason, the most frequent reason first."""
    by_reason: dict[EmptyReason, list[ImageCase]] = {}
    for case in cases:
        by_reason.setdefault(case.reason or EmptyReason.UNKNOWN, []).append(case)
    return tuple(
        _pictures(reason, cases_of_reason, name_of) for reason, cases_of_reason in sorted(by_reason.items(), key=lambda item: -len(item[1]))
    )


def _pictures(reason: EmptyReason, cases: Sequence[ImageCase], name_of: NameOf) -> Pictures:
    heading = f"{REASONS[reason].words.capitalize()}: {counted(len(cases), 'image')}"
    if reason in WITHHOLDING:
        return Pictures(f"{heading}, not shown here", ())
    return Pictures(heading, pictures_of(cases, name_of, MOST_SHOWN))
