"""Every measure of agreement, one record each: the commands, the pages, the report and the reference read this table.

A further measure is a function in `answer_agreement` (of single answers) or `set_agreement` (of whole sets), and its record here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from multilabelfy.disagreement.agreement import answer_agreement as answers
from multilabelfy.disagreement.agreement import set_agreement as whole
from multilabelfy.disagreement.agreement.answer_agreement import Statistic
from multilabelfy.disagreement.agreement.set_agreement import Floats, JointSets
from multilabelfy.statistics.intervals import Measured

WILSON = "Wilson’s at its effective number of images (Korn & Graubard 1998)"


class Raters(StrEnum):
    """Who "everybody" is: the people whose answers a measure compares."""

    OF_QUESTION = "all who answered the question, at least two; every pair of answers to one question"
    OF_IMAGE = "all who answered the image, at least two; every pair of them, over labels that all were shown or any found by search"


class Needs(StrEnum):
    """What must be there; the measure is not defined without it."""

    TWO_ANSWERS = "a question with two answers"
    EQUAL_OVERLAP = "the same number of answers to every question that two answered"
    TWO_SETS = "an image with two answers"


class Form(StrEnum):
    """How a figure is written: a share of 1, beyond chance (1 at most, 0 by chance), or a distance (0 is equal)."""

    SHARE = "share"
    BEYOND_CHANCE = "beyond chance"
    DISTANCE = "distance"


@dataclass(frozen=True, slots=True)
class OfAnswers:
    """Read off the coincidences of single answers; its interval resamples images."""

    statistic: Statistic
    interval: str = "bootstrap over images"


@dataclass(frozen=True, slots=True)
class ShareOfAnswers:
    """A share of single answers: two sums of the coincidences of an image. Its interval is Wilson's at what the images are worth."""

    part: Statistic
    whole: Statistic
    interval: str = WILSON


@dataclass(frozen=True, slots=True)
class OfPairs:
    """The mean over images of a value from 0 to 1 of each pair of sets, (n_pairs,). Its interval is Wilson's at what images are worth."""

    by_pair: Callable[[JointSets], Floats]
    interval: str = WILSON


@dataclass(frozen=True, slots=True)
class OfSets:
    """One figure of all sets together, by a seed for the resamples of its interval."""

    figure: Callable[[JointSets, int], Measured]
    interval: str = "bootstrap over images, chance to first order"


@dataclass(frozen=True, slots=True)
class AgreementMeasure:
    """One measure. `key` names it in JSON; `definition` is in words for everybody, `formula` has the edge cases; `source` may be empty.

    `again_with_maybe`: the page tells it a second time with a maybe counted as a yes. `in_report`: the report's finding about annotators
    and the data cards have it too. `of_experts`: it is told of two experts as well.
    """

    key: str
    name: str
    definition: str
    formula: str
    source: str
    raters: Raters
    needs: Needs
    form: Form
    worked_out: OfAnswers | ShareOfAnswers | OfPairs | OfSets
    again_with_maybe: bool = False
    in_report: bool = False
    of_experts: bool = False

    @property
    def name_with_maybe(self) -> str:
        """The measure's name if a maybe counts as a yes."""
        return f"{self.name}, maybe as yes"


EQUAL_SETS = AgreementMeasure(
    key="equal",
    name="Equal sets",
    definition="Of the pairs of annotators of an image, the share whose sets of labels are equal. A maybe counts as a no.",
    formula="mean over images of the share of pairs with A = B; two empty sets are equal",
    source="",
    raters=Raters.OF_IMAGE,
    needs=Needs.TWO_SETS,
    form=Form.SHARE,
    worked_out=OfPairs(lambda sets: sets.alike(whole.equal)),
    again_with_maybe=True,
    in_report=True,
    of_experts=True,
)
PERCENT = AgreementMeasure(
    key="percent",
    name="Answers alike",
    definition="Of the pairs of answers to one question (a label shown to both), the share that is the same.",
    formula="yes against the rest: P = Σ o(c, c) / n of the coincidences o",
    source="",
    raters=Raters.OF_QUESTION,
    needs=Needs.TWO_ANSWERS,
    form=Form.SHARE,
    worked_out=ShareOfAnswers(lambda o: answers.alike(answers.yes_against_rest(o)), answers.paired),
    in_report=True,
    of_experts=True,
)
POSITIVE = AgreementMeasure(
    key="positive",
    name="Positive agreement",
    definition="Of the answers paired with a yes, the share that is a yes too. Easy noes do not raise it.",
    formula="o(yes, yes) / n(yes), for two people 2a / (2a + b + c); not defined without a yes",
    source="Cicchetti & Feinstein 1990",
    raters=Raters.OF_QUESTION,
    needs=Needs.TWO_ANSWERS,
    form=Form.SHARE,
    worked_out=ShareOfAnswers(answers.both_yes, answers.yes_answers),
    in_report=True,
    of_experts=True,
)
PREVALENCE = AgreementMeasure(
    key="prevalence",
    name="Prevalence",
    definition="The share of yes among the answers. Kappa and alpha depend on it.",
    formula="n(yes) / n",
    source="",
    raters=Raters.OF_QUESTION,
    needs=Needs.TWO_ANSWERS,
    form=Form.SHARE,
    worked_out=ShareOfAnswers(answers.yes_answers, answers.paired),
)
KAPPA = AgreementMeasure(
    key="kappa",
    name="Fleiss’ kappa",
    definition="Agreement beyond chance, yes against the rest. Not defined where images have different numbers of answers.",
    formula="(P − Pₑ) / (1 − Pₑ), Pₑ the sum of the squared shares of the answers; not defined where all answers are the same",
    source="Fleiss 1971",
    raters=Raters.OF_QUESTION,
    needs=Needs.EQUAL_OVERLAP,
    form=Form.BEYOND_CHANCE,
    worked_out=OfAnswers(lambda o: answers.fleiss_kappa(answers.yes_against_rest(o))),
    in_report=True,
)
KAPPA_THREE = AgreementMeasure(
    key="kappa_three",
    name="Fleiss’ kappa, three answers",
    definition="The same with no, maybe and yes as three answers.",
    formula="as Fleiss’ kappa, over no, maybe and yes",
    source="Fleiss 1971",
    raters=Raters.OF_QUESTION,
    needs=Needs.EQUAL_OVERLAP,
    form=Form.BEYOND_CHANCE,
    worked_out=OfAnswers(answers.fleiss_kappa),
)
ALPHA = AgreementMeasure(
    key="alpha",
    name="Krippendorff’s alpha",
    definition="1 − observed disagreement / that expected by chance, yes against the rest; for any number of answers.",
    formula="1 − Dₒ / Dₑ, nominal; not defined where all answers are the same",
    source="Krippendorff 2011",
    raters=Raters.OF_QUESTION,
    needs=Needs.TWO_ANSWERS,
    form=Form.BEYOND_CHANCE,
    worked_out=OfAnswers(lambda o: answers.krippendorff_alpha(answers.yes_against_rest(o))),
    in_report=True,
)
ALPHA_ORDINAL = AgreementMeasure(
    key="alpha_ordinal",
    name="Krippendorff’s alpha, ordinal",
    definition="The same with no < maybe < yes: a maybe is closer to a yes than a no is.",
    formula="1 − Dₒ / Dₑ with ordinal distances; not defined where all answers are the same",
    source="Krippendorff 2011",
    raters=Raters.OF_QUESTION,
    needs=Needs.TWO_ANSWERS,
    form=Form.BEYOND_CHANCE,
    worked_out=OfAnswers(lambda o: answers.krippendorff_alpha(o, ordinal=True)),
    in_report=True,
)
JACCARD = AgreementMeasure(
    key="jaccard",
    name="Jaccard distance",
    definition="1 − |A∩B| / |A∪B| of two annotators’ sets; 0 where both are empty, 1 where one is.",
    formula="mean over images of the mean over pairs of 1 − |A∩B| / |A∪B|; 0 where both are empty",
    source="",
    raters=Raters.OF_IMAGE,
    needs=Needs.TWO_SETS,
    form=Form.DISTANCE,
    worked_out=OfPairs(lambda sets: 1 - sets.alike(whole.jaccard)),
    of_experts=True,
)
MASI = AgreementMeasure(
    key="masi",
    name="MASI distance",
    definition="Jaccard’s, milder where one set holds the other (Passonneau 2006).",
    formula="1 − |A∩B| / |A∪B| × m, with m = 1 for equal sets, 2/3 for a subset, 1/3 for an overlap, 0 for none",
    source="Passonneau 2006",
    raters=Raters.OF_IMAGE,
    needs=Needs.TWO_SETS,
    form=Form.DISTANCE,
    worked_out=OfPairs(lambda sets: 1 - sets.alike(whole.masi)),
    of_experts=True,
)
ALPHA_JACCARD = AgreementMeasure(
    key="alpha_jaccard",
    name="Alpha with Jaccard",
    definition="Krippendorff’s alpha over whole sets with the Jaccard distance.",
    formula="1 − Dₒ / Dₑ with the Jaccard distance; not defined where all sets are the same",
    source="Krippendorff 2011",
    raters=Raters.OF_IMAGE,
    needs=Needs.TWO_SETS,
    form=Form.BEYOND_CHANCE,
    worked_out=OfSets(lambda sets, seed: whole.alpha(sets, whole.jaccard, seed=seed)),
)
ALPHA_MASI = AgreementMeasure(
    key="alpha_masi",
    name="Alpha with MASI",
    definition="Krippendorff’s alpha over whole sets with the MASI distance.",
    formula="1 − Dₒ / Dₑ with the MASI distance; not defined where all sets are the same",
    source="Passonneau 2006",
    raters=Raters.OF_IMAGE,
    needs=Needs.TWO_SETS,
    form=Form.BEYOND_CHANCE,
    worked_out=OfSets(lambda sets, seed: whole.alpha(sets, whole.masi, seed=seed)),
    in_report=True,
)

MEASURES = (
    *(EQUAL_SETS, PERCENT, POSITIVE, PREVALENCE, KAPPA, KAPPA_THREE, ALPHA, ALPHA_ORDINAL),
    *(JACCARD, MASI, ALPHA_JACCARD, ALPHA_MASI),
)
"""In reading order: raw agreement, prevalence, then agreement beyond chance."""
