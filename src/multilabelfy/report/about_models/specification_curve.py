"""The finding about the report's own choices: headline, gain and drop under every other defensible choice, in one figure."""

from collections.abc import Sequence

from multilabelfy.evaluation.choices.specifications import Specification, SpecifiedMeasure
from multilabelfy.report.about_models.drops import REPLICATE
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, Subject, table, with_interval
from multilabelfy.report.wording import between, from_to, percent, plain

FEWEST = 3
"""Specifications below which there is no curve to speak of."""
WORDS = {
    SpecifiedMeasure.SEVERAL: "share of images with several labels",
    SpecifiedMeasure.GAIN: "gain when any valid label counts",
    SpecifiedMeasure.SHARE_GONE: "share of the drop that disappears",
}
DEFINITION = (
    "Each row changes one choice and keeps the others as printed (amber): how labels are decided (as released, by the votes alone, or by "
    "another threshold on their score), of which images, and what an empty set counts as. A gain is mean ReaL accuracy minus mean top-1. "
    "The share that disappears is 1 − (drop in ReaL) / (drop in top-1), from mean drops. An empty set never counts as wrong, since no "
    "answer could be right; it counts as right (ReImageNet) in released sets only, since by votes alone it says that people disagreed. "
    "A maybe is not a yes. “Everybody says yes” is left out where more than three people answered. After Simonsohn, Simmons & Nelson "
    "(2020); intervals at 95% are Wilson’s for shares of images, else bootstrap intervals over images; a figure "
    "that no resample moves has none."
)
UNFINISHED = (
    " The study is not finished: its share of all images is an interval without a value, as in the headline; whatever the rule, images "
    "that are not decided may turn out either way."
)


def specification_curve_finding(specifications: Sequence[Specification], dataset: Subject) -> Finding:
    """Every measure under every choice; the title quotes the range of the last measure in the table: drop, gain, or headline."""
    measures = [measure for measure in SpecifiedMeasure if _of(specifications, measure)]
    return Finding(
        slug="specification-curve",
        title=_title(specifications, measures[-1], dataset),
        subtitle=_subtitle(specifications, dataset),
        definition=f"{DEFINITION}{UNFINISHED if specifications[0].value is None else ''}{_two_at_once(specifications, measures)}",
        table=table(
            (
                ("measure", "measure", CellKind.TEXT),
                ("labels", "labels", CellKind.TEXT),
                ("images", "images", CellKind.TEXT),
                ("changed", "choices changed", CellKind.COUNT),
                *with_interval("value", "value", CellKind.NUMBER),
                ("unit", "unit", CellKind.TEXT),
            ),
            [_row(specification) for specification in specifications],
        ),
        drawing=Drawing.SPECIFICATIONS,
        axes=("", "percent; percentage points for the gain" if SpecifiedMeasure.GAIN in measures else "percent"),
    )


def _of(specifications: Sequence[Specification], measure: SpecifiedMeasure, most_changed: int = 1) -> list[Specification]:
    return [specification for specification in specifications if specification.measure is measure and specification.changed <= most_changed]


def _title(specifications: Sequence[Specification], measure: SpecifiedMeasure, dataset: Subject) -> str:
    of = _of(specifications, measure)
    printed = of[0].value
    if printed is None:
        share = between(of[0].interval)
        return f"{_range(of)} of {dataset.whole.images} have several labels, depending on the choice; {share} as printed"
    if measure is SpecifiedMeasure.SHARE_GONE:
        return f"{_range(of)} of the drop to {dataset.name or REPLICATE} disappears, depending on the choice; {percent(printed)} as printed"
    if measure is SpecifiedMeasure.GAIN:
        gained, as_printed = _gained(of, printed)
        return f"Models {gained} points{dataset.on_finished}, depending on the choice; {as_printed} as printed"
    return f"{_range(of)} of {dataset.images} have several labels, depending on the choice; {printed:.1%} as printed"


def _gained(of: Sequence[Specification], printed: float) -> tuple[str, str]:
    """What models gain or lose, and what is printed of it; where it depends on the choice which of both, a loss is a gain with its sign."""
    if all(end < 0 for specification in of for end in specification.ends):
        return f"lose {_points_range(of, -1)}", _points(-printed)
    return f"gain {_points_range(of)}", _points(printed)


def _subtitle(specifications: Sequence[Specification], dataset: Subject) -> str:
    several, gain = _of(specifications, SpecifiedMeasure.SEVERAL), _of(specifications, SpecifiedMeasure.GAIN)
    of_all = " of all images, finished or not" if several[0].value is None else ""
    parts = [f"Several labels {_range(several)}{of_all}"]
    if gain:
        parts.append(f"gain {_points_range(gain)} points")
    return f"{'; '.join(parts)}; one choice changed at a time on {dataset}; bars are 95% intervals"


def _two_at_once(specifications: Sequence[Specification], measures: Sequence[SpecifiedMeasure]) -> str:
    wider = [measure for measure in measures if len(_of(specifications, measure, 2)) > len(_of(specifications, measure))]
    if not wider:
        return ""
    texts = [f"{WORDS[measure]} {_range_of(measure, _of(specifications, measure, 2))}" for measure in wider]
    return f" With two choices changed at once (in the table): {'; '.join(texts)}."


def _range_of(measure: SpecifiedMeasure, of: Sequence[Specification]) -> str:
    return _points_range(of) if measure is SpecifiedMeasure.GAIN else _range(of)


def _range(of: Sequence[Specification]) -> str:
    """
    >>> specification = Specification(SpecifiedMeasure.SEVERAL, "", "", 0, 0.163, None)
    >>> _range([specification])
    '16%'
    """
    low, high = (round(100 * end(end(specification.ends) for specification in of)) for end in (min, max))
    return f"{plain(low, 0)}%" if low == high else f"{from_to(plain(low, 0), plain(high, 0))}%"


def _points_range(of: Sequence[Specification], sign: int = 1) -> str:
    values = [sign * end for specification in of for end in specification.ends]
    low, high = _points(min(values)), _points(max(values))
    return low if low == high else from_to(low, high)


def _points(value: float) -> str:
    return plain(100 * value, 1)


def _row(specification: Specification) -> list[Cell]:
    low, high = (None, None) if specification.interval is None else (100 * specification.interval.low, 100 * specification.interval.high)
    unit = "points" if specification.measure is SpecifiedMeasure.GAIN else "%"
    return [
        WORDS[specification.measure],
        specification.labels,
        specification.convention,
        specification.changed,
        None if specification.value is None else 100 * specification.value,
        low,
        high,
        unit,
    ]
