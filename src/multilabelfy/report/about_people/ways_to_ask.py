"""Findings about ways to ask, from simulated studies of known truth: the labels, the effort and the headline of each."""

from collections.abc import Mapping

from multilabelfy.evaluation.labels.ways_to_ask import HeadlineOfWay, LabelQuality, QualityByWays, WayOfAsking, WaysCompared
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, Subject, ends, table, with_interval
from multilabelfy.report.wording import count, counted, percent, plain
from multilabelfy.statistics.intervals import Measured

NAMES: Mapping[WayOfAsking, str] = {WayOfAsking.FIXED: "two votes and an expert", WayOfAsking.ADAPTIVE: "adaptive policy"}
MEASURES: Mapping[LabelQuality, str] = {
    LabelQuality.RECALL: "Recall",
    LabelQuality.PRECISION: "Precision",
    LabelQuality.F1: "F1",
    LabelQuality.EXACT: "Images with all labels right",
}
TRUTH, FIXED, PANEL, PLAIN = (
    "the truth",
    "two votes and an expert: all images",
    "adaptive policy: the panel alone, weighted",
    "adaptive policy: all finished images, unweighted",
)
IN_THE_SAME_TIME = "In the same time, the adaptive policy’s labels"
LEAST = 0.00005
"""A difference below this prints as 0.00 points: no title claims it."""


def ways_to_ask_findings(ways: WaysCompared, dataset: Subject) -> list[Finding]:
    """How near the labels of each way are to the truth, what they took, and whether the headlines hold it."""
    return [_labels_finding(ways, dataset), _effort_finding(ways, dataset), _headline_finding(ways, dataset)]


def _labels_finding(ways: WaysCompared, dataset: Subject) -> Finding:
    rows: list[list[Cell]] = [[MEASURES[measure], *_cells(compared)] for measure, compared in ways.quality.items()]
    return Finding(
        slug="same-effort",
        title=_labels_title(ways.quality[LabelQuality.F1].difference),
        subtitle=f"Final labels held against the known truth; {_studies(ways)} of {dataset}; bars are 95% intervals",
        definition="In a simulated study the truth is known, and a person answers an image in the same way whichever way asks. With two "
        "votes and an expert, two annotators answer each image and an expert decides what they dispute. The adaptive policy may spend as "
        "many seconds of annotators and experts together, and no more: its panel is asked like that too, the other images by its stopping "
        "rule, as a study does, and experts take first what they are expected to gain most by in a second. The posterior settles the rest."
        " Recall is the share of valid labels that are final, precision the share of final labels that are valid, and F1 their harmonic "
        "mean, all over the labels of all studies together; an image that is not settled has none, and labels that nobody proposed or "
        "found by search are missed by both. The people are made up: how much a policy saves among real ones, this does not say. Intervals"
        " are bootstrap intervals over images, Wilson’s where a share is 0% or 100%; the difference is paired.",
        table=table(
            (
                ("measure", "measure", CellKind.TEXT),
                *with_interval("fixed", NAMES[WayOfAsking.FIXED]),
                *with_interval("adaptive", NAMES[WayOfAsking.ADAPTIVE]),
                *with_interval("difference", "difference", CellKind.POINTS),
            ),
            rows,
        ),
        drawing=Drawing.DOTS,
        axes=("", "share"),
        series={"fixed": NAMES[WayOfAsking.FIXED], "adaptive": NAMES[WayOfAsking.ADAPTIVE]},
    )


def _effort_finding(ways: WaysCompared, dataset: Subject) -> Finding:
    fixed, adaptive = (ways.effort[way] for way in WayOfAsking)
    rows: list[list[Cell]] = [
        [NAMES[way], of.answers, of.annotator_hours, of.expert_hours, of.annotator_hours + of.expert_hours, of.by_experts, of.unsettled]
        for way, of in ways.effort.items()
    ]
    return Finding(
        slug="same-effort-hours",
        title=f"In the same time, experts decide {percent(fixed.by_experts)} of the images after two votes, and "
        f"{percent(adaptive.by_experts)} under the adaptive policy",
        subtitle=f"Means over {_studies(ways)} of {dataset}",
        definition="An annotator’s time on an image goes from its appearance to the answer, an expert’s to the last decision, both as each"
        " simulated person’s pace has them, with the time of every tick. The policy stops before the first answer or decision that would "
        "take longer than two votes and an expert took in the same study. An image is not settled if annotators dispute it, no expert came"
        " to it, and the posterior has no label for it: a release leaves it out.",
        table=table(
            (
                ("way", "way to ask", CellKind.TEXT),
                ("answers", "answers per image", CellKind.NUMBER),
                ("annotator_hours", "annotators’ hours", CellKind.NUMBER),
                ("expert_hours", "experts’ hours", CellKind.NUMBER),
                ("hours", "all hours", CellKind.NUMBER),
                ("by_experts", "decided by experts", CellKind.SHARE),
                ("unsettled", "not settled", CellKind.SHARE),
            ),
            rows,
        ),
    )


def _headline_finding(ways: WaysCompared, dataset: Subject) -> Finding:
    of_panel = ways.headline[WayOfAsking.ADAPTIVE]
    return Finding(
        slug="same-effort-headline",
        title=f"The headline of the adaptive policy’s panel holds the truth in {count(of_panel.n_holding)} of "
        f"{counted(ways.n_studies, 'simulated study', 'simulated studies')}",
        subtitle=f"Images with several valid labels; {_studies(ways)} of {dataset}; bars are 95% intervals",
        definition="The share, the ends of its interval and the number of images are means over the studies. Two votes and an expert count"
        " every image, with Wilson’s interval. The policy’s panel was drawn at random, and each of its images counts by one over the "
        "probability of its draw (Hájek 1971), with Wilson’s interval at the effective size of the weights (Kish 1965): fewer images, and "
        "a wider interval, which holds at any time of a study. All finished images, unweighted, are no random sample while images wait. An"
        " interval holds the truth if the true share of all images lies in it.",
        table=table(
            (
                ("way", "share by", CellKind.TEXT),
                ("images", "images", CellKind.NUMBER),
                *with_interval("share", "with several labels"),
                ("holding", "studies that hold the truth", CellKind.COUNT),
            ),
            [
                [TRUTH, float(ways.n_images), ways.truth, None, None, None],
                _headline_row(FIXED, ways.headline[WayOfAsking.FIXED]),
                _headline_row(PANEL, of_panel),
                _headline_row(PLAIN, ways.plain),
            ],
        ),
        drawing=Drawing.DOTS,
        axes=("", "share of images with several labels"),
        series={"share": "of all images"},
    )


def _labels_title(difference: Measured) -> str:
    interval = difference.interval
    if interval is None or (interval.low < LEAST and interval.high > -LEAST):
        return f"{IN_THE_SAME_TIME} have an F1 that does not reliably differ from that of two votes and an expert"
    low, high = sorted(abs(end) for end in (interval.low, interval.high))
    more = "higher" if interval.low > 0 else "lower"
    points = f"{plain(100 * low, 2)} to {plain(100 * high, 2)} points"
    return f"{IN_THE_SAME_TIME} have an F1 that is {points} {more} than that of two votes and an expert"


def _cells(compared: QualityByWays) -> list[Cell]:
    return [cell for measured in (compared.fixed, compared.adaptive, compared.difference) for cell in _with_ends(measured)]


def _with_ends(measured: Measured) -> tuple[Cell, ...]:
    return (measured.value, *ends(measured.interval))


def _headline_row(name: str, headline: HeadlineOfWay) -> list[Cell]:
    return [name, headline.n_images, headline.share, *ends(headline.interval), headline.n_holding]


def _studies(ways: WaysCompared) -> str:
    return f"{counted(ways.n_studies, 'simulated study', 'simulated studies')} of {counted(ways.n_images, 'image')}"
