"""The finding about the page itself: whether a label's place changes the answer."""

from multilabelfy.disagreement.answer_quality.position import PlaceShare, Positions
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, Subject, ends, table, with_interval
from multilabelfy.report.wording import counted, from_to, signed
from multilabelfy.statistics.intervals import Interval
from multilabelfy.statistics.significance import excludes_zero

PER = 10
"""Places over which a change is told: from one place to the next it would be too small to read."""


def position_finding(positions: Positions, dataset: Subject) -> Finding:
    """The share of yes by group of the page, then by place, both adjusted for rank."""
    groups = [_row(f"places {share.first}–{share.last}", share) for share in positions.groups]
    places = [_row(f"place {share.first}", share) for share in positions.places]
    return Finding(
        slug="position",
        title=_title(positions),
        subtitle=f"Share of yes by the label’s place on the page; {counted(positions.n_answers, 'answer')} on "
        f"{counted(positions.n_images, 'image')} of {dataset}; bars are 95% intervals",
        definition=f"Over the {counted(positions.n_screens, 'screen')} whose order was drawn at random, so that a difference "
        "between places "
        "is an effect of the place (anchoring). Adjusted for rank: the share over all places plus the mean, over the answers at this "
        "place, of the answer (1 for a yes) less the share of yes at the same rank. Labels in groups that were not opened count nowhere. "
        f"From one place to the next the adjusted share changes by {_points(positions.slope, 1, 2)} points"
        f"{_range(positions.slope_interval, 1, 2)} (least squares). Intervals are bootstrap intervals over images. Of many places, one in "
        "twenty lies outside by chance.",
        table=table(
            (
                ("where", "where on the page", CellKind.TEXT),
                ("answers", "answers", CellKind.COUNT),
                ("share", "yes", CellKind.SHARE),
                *with_interval("adjusted", "yes, adjusted for rank"),
            ),
            [*groups, *places],
        ),
        drawing=Drawing.DOTS,
        axes=("", "share of yes, adjusted for rank"),
        series={"adjusted": "adjusted"},
    )


def _title(positions: Positions) -> str:
    interval = positions.slope_interval
    if interval is None:
        return "Too few images say whether a label’s place changes the answer"
    change = f"{_points(positions.slope, PER)} points of yes per {PER} places{_range(interval, PER)}"
    if not excludes_zero(interval):
        return f"A label’s place on the page does not reliably change the answer: {change}"
    return f"Labels further down the page get {'fewer' if positions.slope < 0 else 'more'} yes answers: {change}"


def _points(slope: float, per: int, decimals: int = 1) -> str:
    return signed(100 * per * slope, decimals)


def _range(interval: Interval | None, per: int, decimals: int = 1) -> str:
    if interval is None:
        return ""
    return f" ({from_to(_points(interval.low, per, decimals), _points(interval.high, per, decimals))})"


def _row(where: str, share: PlaceShare) -> list[Cell]:
    return [where, share.n, share.share, share.adjusted, *ends(share.interval)]
