"""Findings about the experts: how far two agree, how often they change once they see the votes, how often agreed images are wrong."""

from multilabelfy.disagreement.agreement import Measured
from multilabelfy.evaluation.experts.audit import Audit, Estimate
from multilabelfy.evaluation.experts.expert_agreement import ExpertAgreement
from multilabelfy.evaluation.experts.reveal import Changes
from multilabelfy.report.findings import Cell, Drawing, Finding, Kind, Subject, ends, table, with_interval
from multilabelfy.report.wording import counted, percent, share_in_title


def expert_agreement_finding(found: ExpertAgreement, dataset: Subject) -> Finding:
    """How far two independent experts agree: the ceiling."""
    measures = [
        ("same set of labels", found.sets.equal),
        ("same set before the votes were revealed", found.blind_sets.equal if found.blind_sets else Measured(None)),
        ("same answer to a question", found.questions.percent),
        ("positive agreement", found.questions.positive),
        ("Jaccard similarity of the sets", _similarity(found.sets.jaccard)),
        ("MASI similarity of the sets", _similarity(found.sets.masi)),
    ]
    equal = found.sets.equal
    return Finding(
        slug="expert-agreement",
        title=f"{_at(equal)} two experts independently chose the same labels: a ceiling for annotators and models",
        subtitle=f"Agreement of two experts; {counted(found.n_images, 'image')} of {dataset} that both decided, {found.n_audited} of them "
        "agreed by the annotators; bars are 95% intervals",
        definition="The images were drawn by seed, and no expert knew which they were, nor what the other decided. The first two experts "
        "of an image count, with the last decision of each; a third, who is asked where they differ, does not. A question is one label "
        "that either was shown or added; what an expert did not choose is a no. Similarities are 1 less the Jaccard and the MASI distance "
        "(Passonneau 2006). Intervals resample images. Disputed images are harder than others: over all images experts agree more.",
        table=table(
            (("measure", "measure", Kind.TEXT), *with_interval("value", "value", Kind.NUMBER)),
            [[name, one.value, *ends(one.interval)] for name, one in measures if one.value is not None],
        ),
        drawing=Drawing.DOTS,
        axes=("", "agreement (1 = always)"),
        series={"value": "value"},
    )


def reveal_finding(found: Changes, dataset: Subject) -> Finding:
    """How often experts change their answer once they see the votes."""
    rows = [("changed the set", found.n_changed), ("added a label", found.n_gained), ("took a label back", found.n_lost)]
    share, interval = found.n_changed / found.n, found.interval(found.n_changed)
    return Finding(
        slug="reveal",
        title=f"Once experts saw the votes they changed {_lower(share_in_title(share, interval, 0))} of their answers",
        subtitle=f"Experts’ answers before and after the earlier votes were revealed; {counted(found.n, 'answer')} by "
        f"{counted(found.n_experts, 'expert')} on {dataset}; bars are 95% intervals",
        definition="An expert answers without the votes, then sees them and may keep or change the answer; both are stored. Of each "
        "expert and image the first answer after the reveal counts; a later revision does not. Intervals are Wilson’s.",
        table=table(
            (("what", "what they did", Kind.TEXT), ("answers", "answers", Kind.COUNT), *with_interval("share", "of all answers")),
            [[name, n, n / found.n, *ends(found.interval(n))] for name, n in rows],
        ),
        drawing=Drawing.DOTS,
        axes=("", "share of answers"),
        series={"share": "of all answers"},
    )


def audit_finding(found: Audit, dataset: Subject) -> Finding:
    """How often the labels that annotators agreed on are wrong."""
    undecided = found.n_drawn - found.n_decided
    waiting = f" {counted(undecided, 'drawn image')} had no decision yet and {'is' if undecided == 1 else 'are'} not counted."
    return Finding(
        slug="audit",
        title=f"{share_in_title(found.wrong.share, found.wrong.interval, 0)} of the images that annotators agreed on are wrong",
        subtitle=f"Agreed images that experts decided otherwise; {counted(found.n_decided, 'audited image')} of {dataset}; bars are 95% "
        "intervals",
        definition="A share of the agreed images was drawn by seed and put before two experts among the disputed ones, unmarked. Each "
        "counts by one over the probability with which it was drawn; intervals are Wilson’s with the effective size of these weights. "
        "Wrong is what the experts decided otherwise, and their decision is the image’s final set."
        f"{waiting if undecided else ''}",
        table=table(
            (
                ("what", "the agreed set", Kind.TEXT),
                ("images", "audited images", Kind.COUNT),
                *with_interval("share", "of all agreed images"),
            ),
            [
                _estimated("is wrong", found.wrong),
                _estimated("lacks a label", found.missing),
                _estimated("has a label that is not valid", found.surplus),
            ],
        ),
        drawing=Drawing.DOTS,
        axes=("", "share of agreed images"),
        series={"share": "of all agreed images"},
    )


def _estimated(name: str, of: Estimate) -> list[Cell]:
    return [name, of.n_seen, of.share, of.interval.low, of.interval.high]


def _similarity(distance: Measured) -> Measured:
    if distance.value is None or distance.interval is None:
        return Measured(None if distance.value is None else 1 - distance.value)
    turned = type(distance.interval)(1 - distance.interval.high, 1 - distance.interval.low)
    return Measured(1 - distance.value, turned)


def _at(equal: Measured) -> str:
    if equal.value is None:
        return "It is not known how often"
    return f"On {_lower(share_in_title(equal.value, equal.interval, 0)) if equal.interval else percent(equal.value, 0)} of the images"


def _lower(text: str) -> str:
    """Within a sentence "Between" is no beginning."""
    return text[:1].lower() + text[1:]
