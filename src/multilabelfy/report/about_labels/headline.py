"""The finding about the headline itself: what it would be by other rules, with an interval over images and annotators."""

from collections.abc import Sequence

from multilabelfy.evaluation.experts.audit import Corrected
from multilabelfy.evaluation.labels.beyond_candidates import BeyondCandidates
from multilabelfy.evaluation.labels.consensus import SeveralByRule
from multilabelfy.evaluation.labels.label_counts import SeveralLabels
from multilabelfy.report.about_labels.beyond_candidates import beyond_candidates_text
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, Subject, ends, table, with_interval
from multilabelfy.report.wording import count, counted

RULES = {"unanimous": "all annotators said yes", "majority": "most annotators said yes", "union": "any annotator said yes"}
AFTER_EXPERTS = "as released, after the experts"
AFTER_AUDIT = "as released, agreed images corrected by the audit"
CORRECTION = (
    "; the audited images say how many agreed ones gain or lose several labels before experts, and the corrected share’s interval joins "
    "both (Zou & Donner 2008). "
)


def headline_finding(
    found: Sequence[SeveralByRule],
    released: SeveralLabels,
    beyond: BeyondCandidates | None,
    dataset: Subject,
    *,
    corrected: Corrected | None = None,
) -> Finding:
    """The share of images with several labels by each rule over the votes alone, and as released; `beyond` is what searches found.

    `corrected` is the released share with the agreed images that nobody audited corrected by what the audit saw.
    """
    rows = [_row(one) for one in found] + [_released_row(released)] + ([_corrected_row(corrected, released)] if corrected else [])
    shares = [one.share for one in found if one.share is not None]
    n_answered = found[0].sizes.n_images
    return Finding(
        slug="headline-by-rule",
        title=f"By the votes alone, {min(shares):.0%} to {max(shares):.0%} of the images have several labels, depending on the rule",
        subtitle=f"Images with several valid labels by rule; {counted(n_answered, 'answered image')} of {dataset}, "
        f"{count(released.n_images)} released; bars are 95% intervals",
        definition="A label is valid by the strict rule if everyone to whom it was shown said yes, by the majority if more than half did, "
        "by the union if anyone did; a maybe is not a yes. The rules’ intervals cover the choice of images and of annotators (jackknife "
        "over annotators, binomial over images, added on the scale of log-odds); the released share’s is Wilson’s and covers images alone"
        f"{CORRECTION if corrected else '. '}"
        f"They assume that annotators and images stand for others like them. {beyond_candidates_text(beyond)} Labels that only the "
        "proposer’s own family suggests may be favoured: the finding on the proposer and the models says how far.",
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


def _row(one: SeveralByRule) -> list[Cell]:
    sizes = one.sizes
    shares = (one.share, *ends(one.interval), one.share_of_nonempty, *ends(one.interval_of_nonempty))
    return [RULES[one.rule], sizes.n_images, sizes.n_nonempty, *shares]


def _released_row(of: SeveralLabels) -> list[Cell]:
    shares = (of.share, *ends(of.interval), of.share_of_nonempty, *ends(of.interval_of_nonempty))
    return [AFTER_EXPERTS, of.n_images, of.n_nonempty, *shares]


def _corrected_row(corrected: Corrected, of: SeveralLabels) -> list[Cell]:
    return [AFTER_AUDIT, of.n_images, None, corrected.share, *ends(corrected.interval), None, None, None]
