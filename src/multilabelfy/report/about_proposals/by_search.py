"""The finding about valid labels that no candidate was: how many people found by search, and that the rest is known from below alone."""

from multilabelfy.evaluation.labels.beyond_candidates import BeyondCandidates
from multilabelfy.evaluation.proposals.by_search import FoundBySearch
from multilabelfy.report.about_labels.beyond_candidates import missed_text
from multilabelfy.report.findings import CellKind, Finding, Subject, ends, table, with_interval
from multilabelfy.report.wording import counted, share_in_title


def by_search_finding(by_search: FoundBySearch, beyond: BeyondCandidates | None, dataset: Subject) -> Finding:
    """The share of the valid labels that were found by search; `beyond` is what is known of those that nobody found."""
    n_among = by_search.n_labels - by_search.n_found
    is_bounded = beyond is not None and beyond.n_found > 0
    among = None if by_search.interval is None else (1 - by_search.interval.high, 1 - by_search.interval.low)
    return Finding(
        slug="found-by-search",
        title=f"{share_in_title(by_search.share, by_search.interval, 1)} of the valid labels{dataset.of_finished} were found by search; "
        f"how many are still missing is {'known only from below' if is_bounded else 'not known'}",
        subtitle=f"Share of the valid labels that were not among an image’s candidates; {counted(by_search.n_labels, 'valid label')} of "
        f"{counted(by_search.n_images, 'image')} of {dataset}",
        definition="An annotator or an expert searched all labels for them and added them. They are a share of the valid labels that are "
        f"known: those that nobody proposed or found are in no count. {_missing(beyond)} Intervals are bootstrap intervals over images; of "
        "all or none, Wilson’s.",
        table=table(
            (("labels", "valid labels", CellKind.TEXT), ("n", "number", CellKind.COUNT), *with_interval("share", "share")),
            [
                ["among the candidates", n_among, n_among / by_search.n_labels, *(among or (None, None))],
                ["found by search", by_search.n_found, by_search.share, *ends(by_search.interval)],
            ],
        ),
    )


def _missing(beyond: BeyondCandidates | None) -> str:
    if beyond is None or not beyond.n_found:
        return "How many that are, nothing here can tell: it takes labels that two annotators of an image found by search."
    return (
        f"Of those, {missed_text(beyond)}. This is a lower bound: at least so many are still missing, and there may be many "
        "more. No figure here says how many at most."
    )
