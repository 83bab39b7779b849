"""The finding about the headline itself: its value under other rules, with an interval over images and annotators."""

from collections.abc import Mapping, Sequence

from multilabelfy.evaluation.experts.audit import Corrected
from multilabelfy.evaluation.labels.beyond_candidates import BeyondCandidates
from multilabelfy.evaluation.labels.consensus import SeveralByRule
from multilabelfy.evaluation.labels.label_counts import SeveralLabels
from multilabelfy.refinement.label_sources import SOURCES, LabelSource
from multilabelfy.report.about_labels.beyond_candidates import beyond_candidates_text
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, Subject, ends, table, with_interval
from multilabelfy.report.wording import count, counted

RULES = {"unanimous": "all annotators said yes", "majority": "most annotators said yes", "union": "any annotator said yes"}
AS_RELEASED = "as released"
AFTER_EXPERTS = "as released, after the experts"
AFTER_AUDIT = "as released, agreed images corrected by the audit"
CORRECTION = (
    "; the audit shows how many agreed images gain or lose the status “several labels” with experts, and the corrected share’s interval "
    "combines both uncertainties (Zou & Donner 2008). "
)


def headline_finding(
    by_rule: Sequence[SeveralByRule],
    released: SeveralLabels,
    beyond: BeyondCandidates | None,
    dataset: Subject,
    *,
    corrected: Corrected | None = None,
    sources: Mapping[LabelSource, int] | None = None,
) -> Finding:
    """The share of images with several labels by each rule over the votes alone, and as released; `beyond` is what searches found.

    `sources` counts the released images by what settled them, which the row's name says.

    `corrected` is the released share after correcting the unaudited agreed images by the audit's estimate.
    """
    rows = [_row(several) for several in by_rule] + [_released_row(released, dataset, sources or {})]
    rows += [_corrected_row(corrected, released, dataset)] if corrected else []
    shares = [several.share for several in by_rule if several.share is not None]
    n_answered = by_rule[0].sizes.n_images
    return Finding(
        slug="headline-by-rule",
        title=f"By the votes alone, {_range(shares)} of {counted(n_answered, 'answered image')} have several labels, "
        + ("depending on the rule" if len(set(shares)) > 1 else "by every rule"),
        subtitle=f"Images with several valid labels by rule; {counted(n_answered, 'answered image')} of {dataset.whole}, "
        f"{count(released.n_images)} released; bars are 95% intervals",
        definition="A label is valid by the strict rule if everyone who was shown it said yes, by the majority rule if more than half "
        "did, by the union rule if anyone did; a maybe is not a yes. The rules’ intervals cover the choice of images and of annotators "
        "(jackknife over annotators, binomial over images, added on the scale of log-odds); the released share’s interval is Wilson’s and "
        "covers images alone"
        f"{CORRECTION if corrected else '. '}"
        f"They assume that annotators and images are representative. {beyond_candidates_text(beyond)} Labels that only the "
        "proposer’s own family suggests may be favoured: the finding on the proposer and the models shows how far.",
        table=table(
            (
                ("rule", "a label is valid if", CellKind.TEXT),
                ("images", "images", CellKind.COUNT),
                ("nonempty", "with any label", CellKind.COUNT),
                *with_interval("share", "of all images"),
                *with_interval("share_of_nonempty", "of those with any label"),
            ),
            rows,
        ),
        drawing=Drawing.DOTS,
        axes=("", "share of images with several labels"),
        series={"share": "of all images", "share_of_nonempty": "of those with any label"},
    )


def _range(shares: Sequence[float]) -> str:
    low, high = f"{min(shares):.0%}", f"{max(shares):.0%}"
    return low if low == high else f"{low} to {high}"


def _row(several: SeveralByRule) -> list[Cell]:
    sizes = several.sizes
    shares = (several.share, *ends(several.interval), several.share_of_nonempty, *ends(several.interval_of_nonempty))
    return [RULES[several.rule], sizes.n_images, sizes.n_nonempty, *shares]


def _released_row(released: SeveralLabels, dataset: Subject, sources: Mapping[LabelSource, int]) -> list[Cell]:
    shares = (released.share, *ends(released.interval), released.share_of_nonempty, *ends(released.interval_of_nonempty))
    return [f"{settled_by(sources)}{_alone(dataset)}", released.n_images, released.n_nonempty, *shares]


def settled_by(sources: Mapping[LabelSource, int]) -> str:
    """What the released row is called: whether experts settled images beside those that annotators agree on, or the posterior did.

    >>> settled_by({LabelSource.AGREED: 9, LabelSource.REFINED: 4, LabelSource.POSTERIOR: 2})
    'as released: 4 images by experts, 2 by the posterior'
    """
    n_experts, n_posterior = sum(n for source, n in sources.items() if SOURCES[source].by_experts), sources.get(LabelSource.POSTERIOR, 0)
    if not n_posterior:
        return AFTER_EXPERTS if n_experts else AS_RELEASED
    if not n_experts:
        return f"{AS_RELEASED}: {counted(n_posterior, 'image')} by the posterior"
    return f"{AS_RELEASED}: {counted(n_experts, 'image')} by experts, {count(n_posterior)} by the posterior"


def _corrected_row(corrected: Corrected, released: SeveralLabels, dataset: Subject) -> list[Cell]:
    return [f"{AFTER_AUDIT}{_alone(dataset)}", released.n_images, None, corrected.share, *ends(corrected.interval), None, None, None]


def _alone(dataset: Subject) -> str:
    return "" if dataset.n_finished is None else " (finished images alone)"
