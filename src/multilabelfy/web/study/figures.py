"""Set the agreement figures out as a table: each with its interval and its definition in words."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from multilabelfy.disagreement.agreement.agreement import Agreement
from multilabelfy.disagreement.agreement.measures import (
    ALPHA,
    ALPHA_ORDINAL,
    EQUAL_SETS,
    KAPPA,
    KAPPA_THREE,
    MEASURES,
    AgreementMeasure,
    Form,
)
from multilabelfy.evaluation.experts.expert_work import ExpertWork
from multilabelfy.statistics.intervals import Measured
from multilabelfy.web.language.formatting import figure, measured, number, plural, share
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.workflows.analysing.analysis import Analysis

PLAINER: Mapping[str, AgreementMeasure] = {KAPPA_THREE.key: KAPPA, ALPHA_ORDINAL.key: ALPHA}
"""Measures that tell maybe from yes and no, and those that they become where nobody says maybe."""
WITH_MAYBE = "The same with a maybe counted as a yes."
OF_EXPERTS: Mapping[str, str] = {
    "Equal sets": "Of the images that two experts decided independently, the share with the same final set: a ceiling for annotators and "
    "models. A third expert, asked where they differ, is left out.",
    "Equal sets, before the reveal": "The same for their answers before they saw the annotators’ votes.",
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
    """Every measure of agreement, those of sets that are told twice with a maybe as a yes behind the first.

    Where nobody says maybe, those that differ only in how they count it say the same: they stand once.
    """
    agreement = analysis.agreement
    return [row for measure in MEASURES if not _says_the_same(measure, agreement) for row in _told(measure, agreement)]


def expert_table(work: ExpertWork) -> list[Definition]:
    """The results of two experts, the audit and the reveal, if there are any; each states its number of images or answers."""
    rows: list[Definition] = []
    if work.agreement is not None:
        decided, blind, n = work.agreement.decided, work.agreement.blind, plural(work.agreement.n_images, "image")
        for measure in MEASURES:
            if measure.of_experts:
                meaning = OF_EXPERTS.get(measure.name, measure.definition)
                rows.append(_over(_row(measure.name, decided.of(measure), meaning, measure.form), n))
            if measure is EQUAL_SETS and blind is not None:
                rows.append(_of_experts("Equal sets, before the reveal", blind.of(measure), n))
    if work.audit is not None:
        wrong = Measured(work.audit.wrong.share, work.audit.wrong.interval)
        rows.append(
            _of_experts("Agreed images that are wrong", wrong, _n_of(work.audit.n_decided, plural(work.audit.n_drawn, "drawn image")))
        )
    if work.changes.n:
        changes = work.changes.share(work.changes.n_changed)
        changed = Measured(changes.value, changes.interval)
        rows.append(_of_experts("Changed after the reveal", changed, plural(work.changes.n, "answer")))
    return rows


def _says_the_same(measure: AgreementMeasure, agreement: Agreement) -> bool:
    plainer = PLAINER.get(measure.key)
    return plainer is not None and agreement.of(plainer) == agreement.of(measure)


def _told(measure: AgreementMeasure, agreement: Agreement) -> list[Definition]:
    rows = [_row(measure.name, agreement.of(measure), measure.definition, measure.form)]
    if measure.again_with_maybe and agreement.sets_with_maybe[measure.key] != agreement.of(measure):
        rows.append(_row(measure.name_with_maybe, agreement.sets_with_maybe[measure.key], WITH_MAYBE, measure.form))
    return rows


def _row(name: str, value: Measured, meaning: str, form: Form) -> Definition:
    is_share = form is Form.SHARE
    return Definition(_(name), share(value.value) if is_share else figure(value.value), measured(value, as_share=is_share), _(meaning))


def _of_experts(name: str, value: Measured, n: str) -> Definition:
    return _over(_row(name, value, OF_EXPERTS[name], Form.SHARE), n)


def _over(row: Definition, n: str) -> Definition:
    """The row, with the number it is based on."""
    over = _("Based on %(counted)s.") % {"counted": n}
    return replace(row, meaning=f"{row.meaning} {over}")


def _n_of(n: int, counted: str) -> str:
    return _("%(n)s of %(all)s") % {"n": number(n), "all": counted}
