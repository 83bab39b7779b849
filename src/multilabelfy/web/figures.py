"""Set the agreement figures out as a table: each with its interval and its definition in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from multilabelfy.disagreement.agreement import Measured
from multilabelfy.web.formatting import figure, measured, share
from multilabelfy.workflows.analysing import Analysis

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


def _share(name: str, value: Measured) -> Definition:
    return Definition(name, share(value.value), measured(value, as_share=True), MEANINGS[name])


def _figure(name: str, value: Measured) -> Definition:
    return Definition(name, figure(value.value), measured(value), MEANINGS[name])
