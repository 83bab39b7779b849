"""Set the agreement figures out as a table: each with its interval and its definition in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from multilabelfy.disagreement.agreement import Measured
from multilabelfy.evaluation.experts.expert_work import ExpertWork
from multilabelfy.web.language.formatting import figure, measured, number, plural, share
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.workflows.analysing.analysis import Analysis

MEANINGS: Mapping[str, str] = {
    "Equal sets": "Of the pairs of annotators of an image, the share whose sets of labels are equal. A maybe counts as a no.",
    "Equal sets, maybe as yes": "The same with a maybe counted as a yes.",
    "Answers alike": "Of the pairs of answers to one question (a label shown to both), the share that is the same.",
    "Positive agreement": "Of the answers paired with a yes, the share that is a yes too. Easy noes do not raise it.",
    "Prevalence": "The share of yes among the answers. Kappa and alpha depend on it.",
    "Fleiss’ kappa": ("Agreement beyond chance, yes against the rest. Not defined where images have different numbers of answers."),
    "Fleiss’ kappa, three answers": "The same with no, maybe and yes as three answers.",
    "Krippendorff’s alpha": "1 − observed disagreement / that expected by chance, yes against the rest; for any number of answers.",
    "Krippendorff’s alpha, ordinal": "The same with no < maybe < yes: a maybe is closer to a yes than a no is.",
    "Jaccard distance": "1 − |A∩B| / |A∪B| of two annotators’ sets; 0 where both are empty, 1 where one is.",
    "MASI distance": "Jaccard’s, milder where one set holds the other (Passonneau 2006).",
    "Alpha with MASI": "Krippendorff’s alpha over whole sets with the MASI distance.",
}


OF_EXPERTS: Mapping[str, str] = {
    "Equal sets": "Of the images that two experts decided independently, the share with the same final set: a ceiling for annotators and "
    "models. A third expert, asked where they differ, is left out.",
    "Equal sets, before the reveal": "The same for their answers before they saw the annotators’ votes.",
    "Positive agreement": "Of one expert’s yes answers, the share that is the other’s too.",
    "Jaccard distance": "1 − |A∩B| / |A∪B| of the two experts’ sets.",
    "MASI distance": "Jaccard’s, milder where one set holds the other (Passonneau 2006).",
    "Agreed images that are wrong": "Of the images that annotators agreed on, the share that experts of the unmarked audit decided "
    "otherwise.",
    "Changed after the reveal": "Of the experts’ answers, the share that changed once they saw the annotators’ votes.",
}


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure: its name, value and interval as text, and what it means."""

    name: str
    value: str
    interval: str
    meaning: str


def agreement_table(analysis: Analysis) -> list[Definition]:
    """The figures in the order in which they are best read: what happens, how often there is a yes, then what chance alone would do."""
    answers, sets = analysis.agreement, analysis.sets
    return [
        _share("Equal sets", sets.equal),
        _share("Equal sets, maybe as yes", analysis.sets_with_maybe.equal),
        _share("Answers alike", answers.percent),
        _share("Positive agreement", answers.positive),
        _share("Prevalence", answers.prevalence),
        _figure("Fleiss’ kappa", answers.kappa),
        _figure("Fleiss’ kappa, three answers", answers.kappa_three),
        _figure("Krippendorff’s alpha", answers.alpha),
        _figure("Krippendorff’s alpha, ordinal", answers.alpha_ordinal),
        _figure("Jaccard distance", sets.jaccard),
        _figure("MASI distance", sets.masi),
        _figure("Alpha with MASI", sets.alpha_masi),
    ]


def expert_table(work: ExpertWork) -> list[Definition]:
    """What two experts, the audit and the reveal say, as far as there is something; each says over how many images or answers."""
    rows: list[Definition] = []
    if work.agreement is not None:
        sets, answers, n = work.agreement.sets, work.agreement.questions, plural(work.agreement.n_images, "image")
        rows.append(_of_experts("Equal sets", sets.equal, n))
        if work.agreement.blind_sets is not None:
            rows.append(_of_experts("Equal sets, before the reveal", work.agreement.blind_sets.equal, n))
        rows.append(_of_experts("Positive agreement", answers.positive, n))
        rows += [
            _of_experts("Jaccard distance", sets.jaccard, n, as_share=False),
            _of_experts("MASI distance", sets.masi, n, as_share=False),
        ]
    if work.audit is not None:
        wrong = Measured(work.audit.wrong.share, work.audit.wrong.interval)
        rows.append(
            _of_experts("Agreed images that are wrong", wrong, _n_of(work.audit.n_decided, plural(work.audit.n_drawn, "drawn image")))
        )
    if work.changes.n:
        changed = Measured(work.changes.n_changed / work.changes.n, work.changes.interval(work.changes.n_changed))
        rows.append(_of_experts("Changed after the reveal", changed, plural(work.changes.n, "answer")))
    return rows


def _n_of(n: int, counted: str) -> str:
    return _("%(n)s of %(all)s") % {"n": number(n), "all": counted}


def _of_experts(name: str, value: Measured, n: str, *, as_share: bool = True) -> Definition:
    shown = share(value.value) if as_share else figure(value.value)
    over = _("Over %(counted)s.") % {"counted": n}
    return Definition(_(name), shown, measured(value, as_share=as_share), f"{_(OF_EXPERTS[name])} {over}")


def _share(name: str, value: Measured) -> Definition:
    return Definition(_(name), share(value.value), measured(value, as_share=True), _(MEANINGS[name]))


def _figure(name: str, value: Measured) -> Definition:
    return Definition(_(name), figure(value.value), measured(value), _(MEANINGS[name]))
