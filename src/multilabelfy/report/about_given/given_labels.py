"""Findings about the given labels: how many stand among the final ones, and what replaces those that do not."""

from collections.abc import Sequence

from multilabelfy.evaluation.labels.given_on_the_way import Step
from multilabelfy.evaluation.labels.label_errors import GivenAgainstFinal, Replacement
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, Pictures, Subject, ends, table, with_interval
from multilabelfy.report.naming import NameOf
from multilabelfy.report.wording import between, count, counted, percent, share_in_title
from multilabelfy.statistics.intervals import wilson

MOST_REPLACEMENTS = 20
FEWEST_TO_NAME = 3
"""Images below which a title names no pair: fewer are anecdotes."""


def given_finding(found: GivenAgainstFinal, dataset: Subject) -> Finding:
    """How the given labels came out: alone, one of several, replaced, nothing valid."""
    outcomes = [
        ("the given label alone is valid", found.n_alone),
        ("the given label is one of several", found.n_among_others),
        ("other labels are valid instead", found.n_replaced),
        ("no label is valid", found.n_empty),
    ]
    rows = []
    for outcome, n in outcomes:
        interval = wilson(n, found.n_images)
        rows.append((outcome, n, *((n / found.n_images, interval.low, interval.high) if interval else (None, None, None))))
    return Finding(
        slug="given-against-final",
        title=f"{share_in_title(found.share_valid or 0, found.interval, 1)} of the given labels are valid",
        subtitle=f"The given label against the final ones; {counted(found.n_images, 'image')} of {dataset}",
        definition=(
            f"The given label is among the final ones in {count(found.n_valid)} images: {percent(found.share_valid, 2)} of all "
            f"(95% interval {between(found.interval, 2)}) and {percent(found.share_valid_of_nonempty, 2)} of those with at least one "
            "final label. Intervals are Wilson’s."
        ),
        table=table((("outcome", "outcome", CellKind.TEXT), ("images", "images", CellKind.COUNT), *with_interval("share", "share")), rows),
        drawing=Drawing.BARS,
        axes=("", "share of the images with a given label"),
        marked=("other labels are valid instead", "no label is valid"),
    )


def on_the_way_finding(found: Sequence[Step], n_images: int, n_empty: int, dataset: Subject) -> Finding:
    """How far the given labels came from the proposals to the final sets, of all answered images and of those that ended empty."""
    rows = [_step_row(step, n_images, n_empty) for step in found]
    by_name = {step.name: step.n_images for step in found}
    final, every = percent(by_name["final"] / n_images, 0), percent(by_name["ticked by every annotator"] / n_images, 0)
    return Finding(
        slug="given-on-the-way",
        title=f"Every annotator ticked {every} of the given labels; {final} are final",
        subtitle=f"How far the given label came; {counted(n_images, 'answered and released image')} of {dataset}, "
        f"{count(n_empty)} of them without a label in the end",
        definition="Proposed: among the proposals of any model. Shown: in a group of candidates that an annotator opened. Ticked: "
        "answered with yes. Final: in the released set. Shares are of the images with a given label that were answered, with Wilson’s "
        "intervals at 95%.",
        table=table(
            (
                ("step", "the given label was", CellKind.TEXT),
                ("images", "images", CellKind.COUNT),
                *with_interval("share", "share"),
                ("empty", "of images without labels", CellKind.COUNT),
                ("share_of_empty", "share of these", CellKind.SHARE),
            ),
            rows,
        ),
        drawing=Drawing.BARS,
        axes=("", "share of the answered images with a given label"),
    )


def _step_row(step: Step, n_images: int, n_empty: int) -> list[Cell]:
    share = step.n_images / n_images
    return [
        step.name,
        step.n_images,
        share,
        *ends(wilson(step.n_images, n_images)),
        step.n_empty,
        step.n_empty / n_empty if n_empty else None,
    ]


def replacements_finding(
    found: Sequence[Replacement], name_of: NameOf, n_wrong: int, dataset: Subject, pictures: tuple[Pictures, ...] = ()
) -> Finding:
    """Which labels are valid where the given one is not, the most frequent pairs first."""
    most = found[:MOST_REPLACEMENTS]
    first = most[0]
    return Finding(
        slug="replacements",
        title=_replacements_title(n_wrong, first, name_of),
        subtitle=f"The most frequent replacements on {dataset}; the first occurs in {counted(first.n_images, 'image')}",
        definition="Over images with at least one final label whose given label is not among them; an image counts once for each of its "
        "final labels. Counts of one or two images are anecdotes.",
        table=table(
            (("given", "given label", CellKind.TEXT), ("instead", "valid instead", CellKind.TEXT), ("images", "images", CellKind.COUNT)),
            [(name_of(one.given), name_of(one.instead), one.n_images) for one in most],
        ),
        pictures=pictures,
    )


def _replacements_title(n_wrong: int, first: Replacement, name_of: NameOf) -> str:
    wrong = f"{counted(n_wrong, 'given label')} {'is' if n_wrong == 1 else 'are'} wrong"
    if first.n_images < FEWEST_TO_NAME:
        return f"{wrong}; no replacement is frequent"
    return f"{wrong}; most often {name_of(first.given)} should be {name_of(first.instead)}"
