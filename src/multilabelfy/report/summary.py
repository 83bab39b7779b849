"""What a report says first: how far the study is, the headline, and the few findings that lead; all else stands under its heading."""

from collections.abc import Sequence

from multilabelfy.evaluation.labels.label_counts import SeveralLabels
from multilabelfy.evaluation.labels.panel import PanelHeadline
from multilabelfy.evaluation.labels.unfinished import ImagesByProgress
from multilabelfy.report.about_labels.label_counts import headline, progress_sentence
from multilabelfy.report.about_labels.panel import panel_sentence
from multilabelfy.report.findings import Finding, Subject

MOST_IN_SUMMARY = 5
LEADING = ("drop", "models", "given-against-final", "agreement", "expert-agreement", "real-against-top1", "misses")
"""The findings whose titles follow the headline, as many of them as there is room for."""


def summary(
    several: SeveralLabels,
    progress: ImagesByProgress | None,
    findings: Sequence[Finding],
    dataset: Subject,
    n_by_posterior: int = 0,
    panel: PanelHeadline | None = None,
) -> tuple[str, ...]:
    """At most MOST_IN_SUMMARY lines; `progress` is that of a study, None of label files.

    `panel` is the headline where the overlap adapts, None elsewhere.
    """
    by_slug = {finding.slug: finding for finding in findings}
    by_panel = (panel_sentence(panel, several, dataset),) if panel else ()
    opening = (*((progress_sentence(progress, n_by_posterior),) if progress else ()), *by_panel, headline(several, dataset, progress))
    return (*opening, *(sentence(by_slug[slug]) for slug in LEADING if slug in by_slug))[:MOST_IN_SUMMARY]


def sentence(finding: Finding) -> str:
    """The finding's title as a sentence."""
    return f"{finding.title}."
