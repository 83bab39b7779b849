"""The finding about labels that were not among the candidates, and the sentence that it adds to the headline's finding."""

from math import floor

from multilabelfy.evaluation.labels.beyond_candidates import BeyondCandidates
from multilabelfy.report.findings import Cell, CellKind, Finding, Subject, ends, table, with_interval
from multilabelfy.report.wording import count, counted, number

ASSUMPTIONS = (
    "It assumes that the two search independently; where some labels are easier to find than others, or people think alike, there are "
    "more. Proposers are not independent of each other, so their overlap gives no such estimate."
)


def beyond_candidates_finding(beyond: BeyondCandidates, dataset: Subject) -> Finding:
    """How many labels were not among the candidates: those found by search, and a lower bound for those that were not found."""
    rows: list[list[Cell]] = [
        ["found by both annotators", beyond.n_found_twice, None, None],
        ["found by one of them", beyond.n_found_once, None, None],
        ["found by neither (an estimate of the fewest)", beyond.n_unseen_at_least, *ends(beyond.interval)],
    ]
    return Finding(
        slug="beyond-the-candidates",
        title=_title(beyond),
        subtitle=f"Labels that annotators chose beyond the candidates, by who found them by search; "
        f"{counted(beyond.n_images, 'image')} of {dataset} that two annotators answered independently; search was used in "
        f"{count(beyond.n_searched)} of {count(2 * beyond.n_images)} answers",
        definition="One label of one image counts once, as annotators chose it, whatever experts decided then. "
        "With f₁ labels found by exactly one annotator and f₂ by both, at least "
        f"f₁(f₁ − 1) / (4 (f₂ + 1)) were found by neither (Chao’s lower bound, 1987, for two lists). {ASSUMPTIONS} The interval is a 95% "
        "bootstrap interval over images.",
        table=table((("found", "labels beyond the candidates", CellKind.TEXT), *with_interval("labels", "labels", CellKind.NUMBER)), rows),
    )


def beyond_candidates_text(beyond: BeyondCandidates | None) -> str:
    """What is known of valid labels beyond the candidates, as the headline's assumptions state it."""
    if beyond is None:
        return "Labels beyond the candidates are not counted, and no two annotators searched the same image: the true share is higher."
    if not beyond.n_found:
        used = f"search was used in {count(beyond.n_searched)} of {count(2 * beyond.n_images)} answers and found no label"
        return f"Labels beyond the candidates are not counted: {used}, so it is unknown how much higher the true share is."
    return (
        f"Labels beyond the candidates are counted only where people found them by search ({counted(beyond.n_found, 'label')} in "
        f"{counted(beyond.n_images, 'image')}); {missed_text(beyond)}. {ASSUMPTIONS}"
    )


def missed_text(beyond: BeyondCandidates) -> str:
    """How many were found by nobody: at least the lower end of the interval of Chao's bound, which is an estimate itself."""
    if beyond.interval is None:
        return "how many neither of two annotators found cannot be estimated"
    estimate = f"Chao’s lower bound is {number(beyond.n_unseen_at_least)}, 95% interval {number(beyond.interval.low)} to "
    n_least = floor(beyond.interval.low)
    least = f"at least {count(n_least)} more {'was' if n_least == 1 else 'were'}" if n_least else "possibly no more were"
    return f"{least} found by neither of two annotators ({estimate}{number(beyond.interval.high)})"


def _title(beyond: BeyondCandidates) -> str:
    sentence = f"Annotators found {counted(beyond.n_found, 'label')} beyond the candidates by search"
    if beyond.interval is None or beyond.interval.low < 1:
        return f"{sentence}; how many more there are cannot be estimated"
    n_more = floor(beyond.interval.low)
    return f"{sentence}; at least {n_more} more {'was' if n_more == 1 else 'were'} found by nobody"
