"""Findings about the given labels: how many are final, and what replaces those that are not."""

from collections.abc import Sequence

from multilabelfy.evaluation.labels.given_on_the_way import Step
from multilabelfy.evaluation.labels.label_errors import GivenAgainstFinal, Replacement
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, Pictures, Subject, ends, table, with_interval
from multilabelfy.report.wording import FEWEST_TO_NAME, NameOf, between, count, counted, decimals_of, percent, share_in_title, tied
from multilabelfy.statistics.intervals import wilson

MOST_REPLACEMENTS = 20


def given_finding(against: GivenAgainstFinal, dataset: Subject) -> Finding:
    """What became of the given labels: valid alone, valid among others, replaced, or no label valid."""
    outcomes = [
        ("the given label alone is valid", against.n_alone),
        ("the given label is one of several", against.n_among_others),
        ("other labels are valid instead", against.n_replaced),
        ("no label is valid", against.n_empty),
    ]
    rows = []
    for outcome, n in outcomes:
        interval = wilson(n, against.n_images)
        rows.append((outcome, n, *((n / against.n_images, interval.low, interval.high) if interval else (None, None, None))))
    digits = decimals_of(against.n_images)
    return Finding(
        slug="given-against-final",
        title=f"{share_in_title(against.share_valid or 0, against.interval, 1)} of the given labels{dataset.of_finished} are valid",
        subtitle=f"The given label compared with the final labels; {counted(against.n_images, 'image')} of {dataset}",
        definition=(
            f"The given label is among the final ones in {counted(against.n_valid, 'image')}: "
            f"{percent(against.share_valid, digits)} of all "
            f"(95% interval {between(against.interval, digits)}) and {percent(against.share_valid_of_nonempty, digits)} of those with at "
            "least one final label. Intervals are Wilson’s."
        ),
        table=table((("outcome", "outcome", CellKind.TEXT), ("images", "images", CellKind.COUNT), *with_interval("share", "share")), rows),
        drawing=Drawing.BARS,
        axes=("", "share of the images with a given label"),
        marked=("other labels are valid instead", "no label is valid"),
    )


def on_the_way_finding(steps: Sequence[Step], n_images: int, n_empty: int, dataset: Subject) -> Finding:
    """How many given labels passed each step from proposal to final set, of all answered images and of those that ended empty."""
    rows = [_step_row(step, n_images, n_empty) for step in steps]
    by_name = {step.name: step.n_images for step in steps}
    final, every = (
        share_in_title(by_name[step] / n_images, wilson(by_name[step], n_images), 0) for step in ("final", "ticked by every annotator")
    )
    return Finding(
        slug="given-on-the-way",
        title=f"{every} of the given labels{dataset.of_finished} were ticked by every annotator; {final[0].lower()}{final[1:]} are final",
        subtitle=f"Given labels by step; {counted(n_images, 'answered and released image')} of {dataset}, "
        f"{count(n_empty)} of them without a final label",
        definition="Proposed: among the proposals of any model. Shown: in a group of candidates that an annotator opened. Ticked: "
        "answered yes. Final: in the released set. Shares are of the answered images with a given label, with Wilson’s "
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
    replacements: Sequence[Replacement], name_of: NameOf, n_wrong: int, dataset: Subject, pictures: tuple[Pictures, ...] = ()
) -> Finding:
    """Which labels are valid where the given one is not, most frequent pairs first."""
    most = replacements[:MOST_REPLACEMENTS]
    first = most[0]
    return Finding(
        slug="replacements",
        title=_replacements_title(n_wrong, replacements, name_of),
        subtitle=f"The most frequent replacements on {dataset}; the first occurs in {counted(first.n_images, 'image')}",
        definition="Images with at least one final label but without the given one among them; an image counts once for each of its "
        "final labels. Counts of one or two images are anecdotal.",
        table=table(
            (("given", "given label", CellKind.TEXT), ("instead", "valid instead", CellKind.TEXT), ("images", "images", CellKind.COUNT)),
            [(name_of(replacement.given), name_of(replacement.instead), replacement.n_images) for replacement in most],
        ),
        pictures=pictures,
    )


def _replacements_title(n_wrong: int, replacements: Sequence[Replacement], name_of: NameOf) -> str:
    rejected = f"{counted(n_wrong, 'given label')} {'was' if n_wrong == 1 else 'were'} rejected"
    most = replacements[0].n_images
    if most < FEWEST_TO_NAME:
        return f"{rejected}; no replacement is frequent"
    first = [f"{name_of(pair.given)} by {name_of(pair.instead)}" for pair in replacements if pair.n_images == most]
    return f"{rejected}; most often replaced: {tied(first)} ({most} images{' each' if len(first) > 1 else ''})"
