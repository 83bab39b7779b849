"""Findings about the people: how far annotators agree, and how much work the labels took. Nobody is named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from multilabelfy.disagreement.agreement.agreement import Agreement
from multilabelfy.disagreement.agreement.measures import EQUAL_SETS, MEASURES, POSITIVE, PREVALENCE, AgreementMeasure
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, Subject, ends, table, with_interval
from multilabelfy.report.wording import between, counted, percent, share_in_title
from multilabelfy.statistics.intervals import Measured
from multilabelfy.statistics.resampling import mean_interval

SECONDS_AN_HOUR = 3600
EFFORT_SEED = 0


@dataclass(frozen=True, slots=True)
class PersonsWork:
    """One person's work under a neutral name ("annotator 1"): the seconds spent on each answer, as the page measured them."""

    who: str
    seconds: tuple[float, ...]

    @property
    def hours(self) -> float:
        """The time of all answers."""
        return sum(self.seconds) / SECONDS_AN_HOUR


def workers(role: str, seconds: Mapping[int, Sequence[float]]) -> tuple[PersonsWork, ...]:
    """Number the people of one role by their number of answers, most first."""
    ordered = sorted(seconds.items(), key=lambda item: (-len(item[1]), item[0]))
    return tuple(PersonsWork(f"{role} {number}", tuple(spent)) for number, (_, spent) in enumerate(ordered, start=1))


def agreement_finding(agreement: Agreement, dataset: Subject) -> Finding:
    """How far annotators agree on sets of labels, and on the questions that several of them were shown."""
    figures = [(name, figure) for measure in MEASURES if measure.in_report for name, figure in _figures(agreement, measure)]
    rows: list[list[Cell]] = [[name, figure.value, *ends(figure.interval)] for name, figure in figures if figure.value is not None]
    return Finding(
        slug="agreement",
        title=_agreement_title(agreement.of(EQUAL_SETS), agreement.of(POSITIVE)),
        subtitle=f"Agreement between annotators before refinement; {counted(agreement.n_questions, 'question')} answered by at least two, "
        f"{counted(agreement.n_images_compared, 'image')} of {dataset}",
        definition="A question is one label shown beside one image; a maybe counts as no, unless a row says otherwise; "
        "the ordinal alpha takes no, maybe and yes as steps. Positive agreement is the share of yes "
        f"answers on which annotators agree. {percent(agreement.of(PREVALENCE).value)} of the answers are yes. Many easy noes raise kappa "
        "and alpha, but not positive agreement. Sets are compared on the labels shown to both annotators and those that either found by "
        "search. Intervals of shares are Wilson’s at their effective number of images (Korn & Graubard 1998), the others are bootstrap "
        "intervals over images.",
        table=table((("measure", "measure", CellKind.TEXT), *with_interval("value", "value", CellKind.NUMBER)), rows),
        drawing=Drawing.DOTS if rows else None,
        axes=("", "agreement (1 = always)"),
        series={"value": "value"},
    )


def _figures(agreement: Agreement, measure: AgreementMeasure) -> list[tuple[str, Measured]]:
    """A measure of answers once; a measure of sets with a maybe as a no, and again as a yes."""
    again = agreement.sets_with_maybe.get(measure.key)
    figures = [(measure.name, agreement.of(measure))]
    return figures if again is None else [*figures, (measure.name_with_maybe, again)]


def effort_finding(workers: Sequence[PersonsWork], dataset: Subject) -> Finding:
    """How long the work took: each person's mean time per answer."""
    measured = [worker for worker in workers if sum(worker.seconds) > 0]
    rows: list[list[Cell]] = [_worker_row(worker) for worker in workers]
    return Finding(
        slug="effort",
        title=_effort_title(measured, workers),
        subtitle=f"Mean time per answer; {counted(len(workers), 'person', 'people')}, "
        f"{counted(sum(len(worker.seconds) for worker in workers), 'answer')} on {dataset}{_measured_of(measured, workers)}; bars are 95% "
        "intervals",
        definition="The time during which a page was open and in use until its answer was saved; long absences do not count. Where an "
        "answer was revised, the last version counts. Intervals are bootstrap intervals over answers.",
        table=table(
            (
                ("who", "who", CellKind.TEXT),
                ("answers", "answers", CellKind.COUNT),
                ("hours", "hours", CellKind.NUMBER),
                *with_interval("mean_seconds", "mean, s", CellKind.NUMBER),
                ("median_seconds", "median, s", CellKind.NUMBER),
            ),
            rows,
        ),
        drawing=Drawing.DOTS if measured else None,
        axes=("", "seconds per answer"),
        series={"mean_seconds": "mean"},
    )


def time_text(workers: Sequence[PersonsWork]) -> str:
    """How long these people's answers took, as a sentence that follows others; empty where no time was measured."""
    seconds = np.array([spent for worker in workers for spent in worker.seconds])
    if not seconds.sum() > 0:
        return ""
    each = f", {counted(round(seconds.mean()), 'second')} each on average" if len(seconds) > 1 else ""
    return f" Their {counted(len(seconds), 'answer')} took {_spent(float(seconds.sum()))}{each}."


def _spent(seconds: float) -> str:
    hours = seconds / SECONDS_AN_HOUR
    return f"{hours:,.1f} hours" if hours >= 1 else counted(max(1, round(60 * hours)), "minute")


def _agreement_title(equal: Measured, positive: Measured) -> str:
    if equal.value is None:
        return "No image has answers from several annotators yet"
    share = share_in_title(equal.value, equal.interval, 0)
    same = f"Two annotators of an image chose the same labels {share[0].lower()}{share[1:]} of the time"
    return same if positive.value is None else f"{same}; where one says yes, another agrees {_yes(positive)} of the time"


def _yes(positive: Measured) -> str:
    wide = positive.interval is not None and positive.interval.high - positive.interval.low > 0.1
    return between(positive.interval, 0) if wide else percent(positive.value, 0)


def _effort_title(measured: Sequence[PersonsWork], everybody: Sequence[PersonsWork]) -> str:
    if not measured:
        n_answers = sum(len(worker.seconds) for worker in everybody)
        were, their = ("was", "its") if n_answers == 1 else ("were", "their")
        return f"{counted(n_answers, 'answer')} {were} given; {their} time was not measured"
    seconds = np.concatenate([worker.seconds for worker in measured])
    people = counted(len(measured), "person", "people")
    return f"{people} worked {_spent(float(seconds.sum()))}: {counted(round(seconds.mean()), 'second')} per answer"


def _measured_of(measured: Sequence[PersonsWork], everybody: Sequence[PersonsWork]) -> str:
    """Of how many the time is known, where it is not known of all."""
    if not measured or len(measured) == len(everybody):
        return ""
    return f"; the time of {counted(sum(len(worker.seconds) for worker in measured), 'answer')} was measured"


def _worker_row(worker: PersonsWork) -> list[Cell]:
    seconds = np.asarray(worker.seconds, dtype=np.float64)
    if not seconds.sum() > 0:
        return [worker.who, len(seconds), None, None, None, None, None]
    interval = mean_interval(seconds, seed=EFFORT_SEED)
    ends = (interval.low, interval.high) if interval else (None, None)
    return [worker.who, len(seconds), worker.hours, float(seconds.mean()), *ends, float(np.median(seconds))]
