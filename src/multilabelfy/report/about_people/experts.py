"""Findings about the experts: how far two agree, how often votes change their answers, how often they decide agreed images differently."""

from multilabelfy.disagreement.agreement.agreement import Agreement
from multilabelfy.disagreement.agreement.measures import EQUAL_SETS, MEASURES, Form
from multilabelfy.evaluation.experts.audit import Audit
from multilabelfy.evaluation.experts.expert_agreement import ExpertAgreement
from multilabelfy.evaluation.experts.reveal import ChangesOfMind
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, Subject, ends, table, with_interval
from multilabelfy.report.wording import count, counted, is_few, percent, share_in_words
from multilabelfy.statistics.intervals import Interval, Measured
from multilabelfy.statistics.shares import Share
from multilabelfy.statistics.weighted import WeightedShare


def expert_agreement_finding(agreement: ExpertAgreement, dataset: Subject) -> Finding:
    """How far two independent experts agree: the ceiling. Before the reveal, if there was one: after it both have seen the same votes."""
    first = agreement.blind or agreement.decided
    equal, figures = _equal(first, agreement.n_half), _figures_of_two(agreement)
    half = (
        f" On {counted(agreement.n_half, 'further image')} one of two experts has decided: the intervals of equal sets hold either "
        "outcome, the other rows leave them out."
        if agreement.n_half
        else ""
    )
    return Finding(
        slug="expert-agreement",
        title=f"Two experts independently decided {counted(agreement.n_images, 'image')} so far"
        if is_few(agreement.n_images)
        else _agreement_title(equal, is_blind=agreement.blind is not None),
        subtitle=f"Agreement between two experts; {counted(agreement.n_images, 'image')} of {dataset} decided by both, "
        f"{agreement.n_audited} of which annotators had agreed on; bars are 95% intervals",
        definition="The images were drawn by seed; no expert knew which they were or what the other had decided. Both then saw the same "
        "votes, which makes them agree more often: the title is about their answers before that, if votes were revealed. The last "
        "decisions of an image’s first two experts count; that of a third, asked where they differ, does not. A question is one label "
        "that either expert was shown or added; a label not chosen is a no. Similarities are 1 minus the Jaccard and MASI distances "
        "(Passonneau 2006). Intervals are Wilson’s at the effective number of images (Korn & Graubard 1998). Disputed images are harder "
        f"than others: over all images, experts would agree more often.{half}",
        table=table(
            (("measure", "measure", CellKind.TEXT), *with_interval("value", "value", CellKind.NUMBER)),
            [[name, figure.value, *ends(figure.interval)] for name, figure in figures if figure.value is not None],
        ),
        drawing=Drawing.DOTS,
        axes=("", "agreement (1 = always)"),
        series={"value": "value"},
    )


def reveal_finding(changes: ChangesOfMind, dataset: Subject) -> Finding:
    """How often experts change their answer once they see the votes."""
    rows = [("changed the set", changes.n_changed), ("added a label", changes.n_gained), ("removed a label", changes.n_lost)]
    share = changes.share(changes.n_changed)
    still = f" {counted(changes.n_open, 'blind answer')} more {_wait(changes.n_open)} for the reveal: the intervals hold what comes of it."
    return Finding(
        slug="reveal",
        title=f"Experts saw the votes after {counted(changes.n, 'answer')} so far"
        if is_few(changes.n)
        else f"Once experts saw the votes, they changed {share_in_words(share.value or 0.0, share.interval)} of their answers",
        subtitle=f"Experts’ answers before and after the earlier votes were revealed; {counted(changes.n, 'answer')} by "
        f"{counted(changes.n_experts, 'expert')} on {dataset}; bars are 95% intervals",
        definition="An expert answers without seeing the votes, then sees them and may keep or change the answer; both versions are "
        "stored. The first answer after the reveal counts, one per expert and image; later revisions do not. Intervals are Wilson’s."
        f"{still if changes.n_open else ''}",
        table=table(
            (("what", "what they did", CellKind.TEXT), ("answers", "answers", CellKind.COUNT), *with_interval("share", "of all answers")),
            [[name, n, changes.share(n).value, *ends(changes.share(n).interval)] for name, n in rows],
        ),
        drawing=Drawing.DOTS,
        axes=("", "share of answers"),
        series={"share": "of all answers"},
    )


def audit_finding(audit: Audit, dataset: Subject) -> Finding:
    """How often experts decided differently from what annotators agreed on."""
    n_open, wrong = audit.wrong.n_missing, audit.wrong.n_seen
    waiting = (
        f" {counted(n_open, 'drawn image')} {'is' if n_open == 1 else 'are'} not decided yet: of all {count(audit.n_drawn)}, "
        f"{count(wrong)} to {count(wrong + n_open)} differ, and the intervals hold either case."
    )
    return Finding(
        slug="audit",
        title=_audit_title(audit),
        subtitle=f"Agreed images that experts decided differently; {counted(audit.n_decided, 'decided image')} of "
        f"{count(audit.n_drawn)} drawn on {dataset}; bars are 95% intervals",
        definition="A share of the agreed images was drawn by seed and shown to two experts among the disputed ones, unmarked. Each image "
        "is weighted by the inverse of its probability of being drawn; intervals are Wilson’s with the effective sample size of these "
        f"weights. The experts’ decision is the image’s final set; it is as right as they are.{waiting if n_open else ''}",
        table=table(
            (
                ("what", "the agreed set", CellKind.TEXT),
                ("images", "audited images", CellKind.COUNT),
                ("open", "not decided yet", CellKind.COUNT),
                *with_interval("share", "of all agreed images"),
            ),
            [
                _estimated("was decided differently", audit.wrong),
                _estimated("lacks a label that experts chose", audit.missing),
                _estimated("has a label that experts rejected", audit.surplus),
            ],
        ),
        drawing=Drawing.DOTS,
        axes=("", "share of agreed images"),
        series={"share": "of all agreed images"},
    )


def _audit_title(audit: Audit) -> str:
    if is_few(audit.n_decided):
        return f"Experts decided {counted(audit.n_decided, 'agreed image')} of the audit so far"
    seen = count(audit.wrong.n_seen) if audit.wrong.n_seen else "none"
    n_open = audit.wrong.n_missing
    still = f", with {count(n_open)} not decided yet" if n_open else ""
    share = share_in_words(audit.wrong.share, audit.wrong.interval)
    return f"Experts decided {seen} of {count(audit.n_decided)} audited images differently{still}: {share} of all that annotators agreed on"


def _estimated(name: str, of: WeightedShare) -> list[Cell]:
    return [name, of.n_seen, of.n_missing, of.share, of.interval.low, of.interval.high]


def _wait(n: int) -> str:
    return "waits" if n == 1 else "wait"


def _equal(of: Agreement, n_half: int) -> Measured:
    """How often two sets are equal, with the images that one expert has decided in the interval: they may be equal or not."""
    equal, n = of.of(EQUAL_SETS), of.n_images_compared
    return equal if equal.value is None else Measured(equal.value, Share(round(equal.value * n), n, n_half).interval)


def _figures_of_two(agreement: ExpertAgreement) -> list[tuple[str, Measured]]:
    """Every measure reported for experts; distances become similarities, so that higher always means more agreement."""
    figures = []
    for measure in MEASURES:
        if measure.of_experts and measure.form is Form.DISTANCE:
            figures.append((measure.name.replace("distance", "similarity"), _similarity(agreement.decided.of(measure))))
        elif measure.of_experts:
            decided = agreement.decided.of(measure)
            figures.append((measure.name, _equal(agreement.decided, agreement.n_half) if measure is EQUAL_SETS else decided))
        if measure is EQUAL_SETS and agreement.blind is not None:
            figures.append(("Equal sets before the votes were revealed", _equal(agreement.blind, agreement.n_half)))
    return figures


def _similarity(distance: Measured) -> Measured:
    if distance.value is None:
        return distance
    turned = Interval(1 - distance.interval.high, 1 - distance.interval.low) if distance.interval else None
    return Measured(1 - distance.value, turned)


def _agreement_title(equal: Measured, *, is_blind: bool) -> str:
    if equal.value is None:
        return "How often two experts independently chose the same labels is not known"
    who = "Before they saw the votes, two experts" if is_blind else "Two experts"
    share = share_in_words(equal.value, equal.interval) if equal.interval else percent(equal.value, 0)
    return f"{who} independently chose the same labels for {share} of the images that both decided"
