"""The finding about images that look alike and come one after another: whether people are faster on them. Nobody is named."""

from collections.abc import Sequence

from multilabelfy.disagreement.answer_quality.kin_pace import FEWEST_OF_A_KIND, KinPace, PersonsPace
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, Subject, ends, table, with_interval
from multilabelfy.report.wording import between, counted, percent
from multilabelfy.statistics.intervals import Interval, Measured
from multilabelfy.statistics.significance import excludes_zero


def kin_pace_finding(pace: KinPace, dataset: Subject) -> Finding:
    """How much less or more time an image takes among its kin, over all annotators and for each, under neutral names."""
    n_among_kin = sum(person.n_among_kin for person in pace.people)
    n_singly = sum(person.n_singly for person in pace.people)
    everybody: list[Cell] = ["all", n_among_kin, n_singly, None, None, pace.change.value, *ends(pace.change.interval)]
    return Finding(
        slug="kin-pace",
        title=_title(pace.change),
        subtitle=f"Change of the median time per answer among kin; {counted(n_among_kin, 'answer')} among kin and "
        f"{counted(n_singly, 'answer')} singly by {counted(len(pace.people), 'annotator')} on {dataset}; bars are 95% intervals",
        definition="Groups of images that look alike to a model, drawn by seed, were handed out one after another, the others singly, as "
        "they were drawn. For each annotator the median time among kin is divided by that on single images; over all annotators the "
        "logarithms of these ratios are averaged, weighted by the number of answers. Only the time in which an annotator was given both "
        f"kinds counts, and only annotators with at least {FEWEST_OF_A_KIND} answers of each. The time is that during which a page was "
        f"open and in use. {_agreement(pace)}Intervals are bootstrap intervals over groups and single images, for these annotators.",
        table=table(
            (
                ("who", "who", CellKind.TEXT),
                ("among_kin", "answers among kin", CellKind.COUNT),
                ("singly", "singly", CellKind.COUNT),
                ("seconds_among_kin", "median among kin, s", CellKind.NUMBER),
                ("seconds_singly", "singly, s", CellKind.NUMBER),
                *with_interval("change", "change of time"),
            ),
            [everybody, *_rows(pace.people)],
        ),
        drawing=Drawing.DOTS,
        axes=("", "change of the median time per answer"),
        series={"change": "change"},
    )


def _rows(people: Sequence[PersonsPace]) -> list[list[Cell]]:
    return [
        [
            f"annotator {number}",
            person.n_among_kin,
            person.n_singly,
            person.seconds_among_kin,
            person.seconds_singly,
            person.change.value,
            *ends(person.change.interval),
        ]
        for number, person in enumerate(people, 1)
    ]


def _title(change: Measured) -> str:
    if change.value is None or change.interval is None:
        return "Too few images say whether images among their kin take less time"
    if not excludes_zero(change.interval):
        return f"Coming among its kin does not reliably change an image’s time: by {between(change.interval, 0)}"
    return f"Images among their kin take {_range(change.interval)} {'less' if change.value < 0 else 'more'} time"


def _range(interval: Interval) -> str:
    low, high = sorted((abs(interval.low), abs(interval.high)))
    return between(Interval(low, high), 0)


def _agreement(pace: KinPace) -> str:
    """How often two annotators agree on images of each kind, where several annotated some of both."""
    among, singly = pace.same_among_kin, pace.same_singly
    if among.value is None or singly.value is None:
        return ""
    return (
        f"Two annotators chose the same labels for {percent(among.value)} of the images among their kin{_ends(among)}, and for "
        f"{percent(singly.value)} of the single ones{_ends(singly)}. "
    )


def _ends(measured: Measured) -> str:
    return f" ({between(measured.interval)})" if measured.interval else ""
