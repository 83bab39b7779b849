"""Findings about single answers: compared with known labels, with the same person's earlier answer, and with the answer before
candidates were shown.

They pool everybody's answers; the team page shows each person's.
"""

from dataclasses import dataclass, field

from multilabelfy.disagreement.answer_quality.gold_accuracy import GoldAccuracy
from multilabelfy.disagreement.answer_quality.self_agreement import SelfAgreement
from multilabelfy.disagreement.answer_quality.suggestion import Suggestion
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, FindingTable, Subject, ends, table, with_interval
from multilabelfy.report.wording import between, counted, is_few, percent, share_in_title
from multilabelfy.statistics.intervals import Interval
from multilabelfy.statistics.shares import Share

WILSON = "Intervals are Wilson’s and treat labels as independent, although labels of one image are not quite so."


@dataclass(frozen=True, slots=True)
class AnswerQuality:
    """Everybody's answers to gold and repeats, and by search first; `n_tested` people were shown gold, `n_again` people a repeat."""

    gold: GoldAccuracy = field(default_factory=GoldAccuracy)
    again: SelfAgreement = field(default_factory=SelfAgreement)
    suggested: Suggestion = field(default_factory=Suggestion)
    n_tested: int = 0
    n_again: int = 0


def answer_quality_findings(quality: AnswerQuality, dataset: Subject) -> list[Finding]:
    """One finding for each kind of check in use."""
    findings = []
    if quality.gold.n_images:
        findings.append(_gold_finding(quality.gold, quality.n_tested, dataset))
    if quality.again.n_images:
        findings.append(_self_agreement_finding(quality.again, quality.n_again, dataset))
    if quality.suggested.found.n:
        findings.append(_suggestion_finding(quality.suggested, dataset))
    return findings


def _gold_finding(gold: GoldAccuracy, n_people: int, dataset: Subject) -> Finding:
    rows = [
        ("chosen labels that are valid", gold.precision),
        ("valid labels that were chosen", gold.recall),
        ("images with exactly the valid labels", gold.perfect),
    ]
    silent = (
        f" {counted(gold.n_silent, 'answer')} said “cannot tell” or “unfit picture” and {'does' if gold.n_silent == 1 else 'do'} not count."
        if gold.n_silent
        else ""
    )
    return Finding(
        slug="gold",
        title=f"Images with known labels got {counted(gold.n_images, 'answer')} so far"
        if is_few(gold.n_images)
        else f"{_title(gold.recall)} of the valid labels were chosen, and {_lower(_title(gold.precision))} of the chosen ones are valid",
        subtitle=f"Answers to images with known labels; {counted(gold.n_images, 'answer')} by {counted(n_people, 'person', 'people')} on "
        f"{dataset}; bars are 95% intervals",
        definition="Calibration and test gold are mixed with ordinary images, unmarked; practice does not count. A label counts where "
        f"it was shown or found by search; a maybe is not a yes.{silent} {WILSON}",
        table=_table(rows, "of", "n"),
        drawing=Drawing.DOTS,
        axes=("", "share"),
        series={"share": "share"},
    )


def _self_agreement_finding(again: SelfAgreement, n_people: int, dataset: Subject) -> Finding:
    rows = [("same answer to a question", again.alike), ("positive agreement", again.positive), ("same set of labels", again.same_set)]
    return Finding(
        slug="self-agreement",
        title=f"Annotators were shown {counted(again.n_images, 'image')} again so far"
        if is_few(again.n_images)
        else f"Shown an image again, annotators repeated {_lower(_title(again.alike))} of their answers",
        subtitle=f"Agreement of annotators with themselves; {counted(again.n_images, 'image')} of {dataset} answered twice by "
        f"{counted(n_people, 'person', 'people')}; bars are 95% intervals",
        definition="A share of each annotator’s own images, drawn by seed, came back later, unmarked. Labels shown and voted on both times "
        "are compared. Positive agreement is twice the number of labels answered yes both times, over the number of yes answers; easy noes "
        "do not raise it. "
        f"The first answer remains the vote. {WILSON}",
        table=_table(rows, "of", "n"),
        drawing=Drawing.DOTS,
        axes=("", "agreement (1 = always)"),
        series={"share": "share"},
    )


def _suggestion_finding(suggested: Suggestion, dataset: Subject) -> Finding:
    rows = [("finally chosen labels found by search alone", suggested.found)]
    if suggested.given_up.n:
        rows.append(("labels found by search and later given up", suggested.given_up))
    share, interval = suggested.found.value or 0.0, suggested.found.interval
    return Finding(
        slug="suggestion",
        title=f"Annotators gave {counted(suggested.n_answers, 'answer')} by search first so far"
        if is_few(suggested.n_answers)
        else f"By search alone, annotators found {_lower(share_in_title(share, interval, 0))} of the labels they finally chose",
        subtitle=f"What candidates suggest; {counted(suggested.n_answers, 'answer')} on {dataset}, each given by search first, then with "
        "the candidates in view; bars are 95% intervals",
        definition="A share of the images, drawn by seed, was answered by search over all labels before the candidates were shown. "
        f"The labels chosen only afterwards are what the candidates suggested, rightly or not: {percent(1 - share)} of the chosen labels "
        f"(95% interval {between(_others(interval))}). "
        f"{WILSON}",
        table=_table(rows, "labels", "n"),
        drawing=Drawing.DOTS,
        axes=("", "share of labels"),
        series={"share": "share"},
    )


def _others(interval: Interval | None) -> Interval | None:
    """The interval of what is left of a whole."""
    return None if interval is None else Interval(1 - interval.high, 1 - interval.low)


def _table(rows: list[tuple[str, Share]], n_of: str, n: str) -> FindingTable:
    columns = (
        ("measure", "measure", CellKind.TEXT),
        (n_of, "labels" if n_of == "labels" else "count", CellKind.COUNT),
        (n, "out of", CellKind.COUNT),
        *with_interval("share", "share"),
    )
    return table(columns, [_row(name, share) for name, share in rows if share.n])


def _row(name: str, share: Share) -> list[Cell]:
    return [name, share.n_of, share.n, share.value, *ends(share.interval)]


def _title(share: Share) -> str:
    if share.value is None:
        return "none"
    interval = share.interval
    return share_in_title(share.value, interval, 0)


def _lower(text: str) -> str:
    """The text as it reads inside a sentence: "between", not "Between"."""
    return text[:1].lower() + text[1:]
