"""The finding about the panel of a study whose overlap adapts: the headline that holds, beside the one that does not yet."""

from multilabelfy.evaluation.labels.label_counts import SeveralLabels
from multilabelfy.evaluation.labels.panel import PanelHeadline
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, Subject, ends, table, with_interval
from multilabelfy.report.wording import between, count, counted, percent, share_in_title

WEIGHTED = "the panel alone, drawn at random (weighted)"
PLAIN = "all finished images, clear ones first (unweighted)"
PLAIN_OF_ALL = "all images (unweighted)"


def panel_finding(panel: PanelHeadline, several: SeveralLabels, dataset: Subject) -> Finding:
    """The share of images with several labels by the panel, and the plain share of whatever is finished."""
    return Finding(
        slug="panel",
        title=f"{share_in_title(panel.of_all.share, panel.of_all.interval, 1)} of {dataset.whole.images} have several valid labels, "
        "by the panel",
        subtitle=f"Images with several valid labels; {count(panel.n_finished)} of {counted(panel.n_drawn, 'image')} of the panel finished; "
        "bars are 95% intervals",
        definition="The panel was drawn at random, by the dataset’s seed and with logged probabilities, before anybody looked. Whatever "
        "their votes say, its images get the fixed number of annotators, and their disputes are settled as all others are. Each counts by "
        "one over the probability of its draw (Hájek 1971); the interval is Wilson’s at the effective size of the weights (Kish 1965). All "
        "finished images together are not a random sample while the study goes on: the policy finishes clear images first, and these have "
        f"fewer labels. Quote the panel’s share.{_unfinished(panel)}",
        table=table(
            (
                ("images_of", "images", CellKind.TEXT),
                ("images", "finished", CellKind.COUNT),
                ("nonempty", "with any label", CellKind.COUNT),
                *with_interval("share", "of all images"),
                *with_interval("share_of_nonempty", "of those with any label"),
            ),
            [_panel_row(panel), _plain_row(several, dataset)],
        ),
        drawing=Drawing.DOTS,
        axes=("", "share of images with several labels"),
        series={"share": "of all images", "share_of_nonempty": "of those with any label"},
    )


def panel_sentence(panel: PanelHeadline, several: SeveralLabels, dataset: Subject) -> str:
    """The weighted headline beside the plain one, as a line of the summary."""
    weighted = f"{percent(panel.of_all.share)} (95% interval {between(panel.of_all.interval)})"
    of_what = "all images, unweighted," if dataset.n_finished is None else "the finished images, unweighted and clear ones first,"
    plain = "" if several.share is None else f" Of {of_what} {percent(several.share)} have."
    return (
        f"By the panel of {counted(panel.n_finished, 'image')} drawn at random, weighted, {weighted} of all images have at least two valid "
        f"labels: this is the headline.{plain}"
    )


def _unfinished(panel: PanelHeadline) -> str:
    n_left = panel.n_drawn - panel.n_finished
    if not n_left:
        return ""
    wait = "waits" if n_left == 1 else "wait"
    return f" Of the panel {counted(n_left, 'image')} still {wait} for annotators or experts and are not counted: they may differ."


def _panel_row(panel: PanelHeadline) -> list[Cell]:
    of_nonempty = panel.of_nonempty
    shares = (of_nonempty.share, *ends(of_nonempty.interval)) if of_nonempty else (None, None, None)
    return [WEIGHTED, panel.n_finished, panel.n_nonempty, panel.of_all.share, *ends(panel.of_all.interval), *shares]


def _plain_row(several: SeveralLabels, dataset: Subject) -> list[Cell]:
    shares = (several.share, *ends(several.interval), several.share_of_nonempty, *ends(several.interval_of_nonempty))
    return [PLAIN_OF_ALL if dataset.n_finished is None else PLAIN, several.n_images, several.n_nonempty, *shares]
