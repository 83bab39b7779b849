"""The finding about what the candidates cannot have shown, and the sentence that it adds to the headline's."""

from math import floor

from multilabelfy.evaluation.labels.beyond_candidates import BeyondCandidates
from multilabelfy.report.findings import Cell, CellKind, Finding, Subject, ends, table, with_interval
from multilabelfy.report.wording import count, counted, number

ASSUMPTIONS = (
    "It assumes that the two search independently of each other; where some labels are easier to find than others, or people think alike, "
    "there are more. Proposers depend on each other, so that their overlap is no estimate."
)


def beyond_candidates_finding(found: BeyondCandidates, dataset: Subject) -> Finding:
    """How many valid labels no candidate showed: found by search, and at least how many more."""
    rows: list[list[Cell]] = [
        ["found by both annotators", found.n_found_twice, None, None],
        ["found by one of them", found.n_found_once, None, None],
        ["found by neither, at least", found.n_unseen_at_least, *ends(found.interval)],
    ]
    return Finding(
        slug="beyond-the-candidates",
        title=_title(found),
        subtitle=f"Valid labels that were no candidate, by who found them by search; {counted(found.n_images, 'image')} of {dataset} that "
        f"two annotators answered blind to each other; search was used in {count(found.n_searched)} of {count(2 * found.n_images)} answers",
        definition="One label of one image counts once. With f₁ labels found by exactly one annotator and f₂ by both, at least "
        f"f₁(f₁ − 1) / (4 (f₂ + 1)) were found by neither (Chao’s lower bound, 1987, for two lists). {ASSUMPTIONS} The interval is a 95% "
        "bootstrap interval over images.",
        table=table((("found", "labels beyond the candidates", CellKind.TEXT), *with_interval("labels", "labels", CellKind.NUMBER)), rows),
    )


def beyond_candidates_text(found: BeyondCandidates | None) -> str:
    """What is known of the labels that no candidate showed, as the headline's assumptions state it."""
    if found is None:
        return "What no candidate showed is not counted, and no two annotators have searched the same image: the true share is higher."
    if not found.n_found:
        used = f"search was used in {count(found.n_searched)} of {count(2 * found.n_images)} answers and found no label"
        return f"What no candidate showed is not counted: {used}, so that nothing says how much higher the true share is."
    return (
        f"What no candidate showed is counted only where people found it by search ({counted(found.n_found, 'label')} in "
        f"{counted(found.n_images, 'image')}); at least {number(found.n_unseen_at_least)} more were found by neither of two annotators "
        f"(Chao’s lower bound{_between(found)}). {ASSUMPTIONS}"
    )


def _between(found: BeyondCandidates) -> str:
    return f", 95% interval {number(found.interval.low)} to {number(found.interval.high)}" if found.interval else ""


def _title(found: BeyondCandidates) -> str:
    labels = counted(found.n_found, "valid label")
    if found.interval is None or found.interval.low < 1:
        return f"People found {labels} that no candidate showed; how many more there are cannot be told"
    return f"People found {labels} that no candidate showed; at least {floor(found.n_unseen_at_least)} more were found by nobody"
