"""The finding about the headline by the posterior of the votes, with an interval that says what makes it wide."""

from multilabelfy.evaluation.labels.beyond_candidates import BeyondCandidates
from multilabelfy.evaluation.posterior.headline import PosteriorHeadline
from multilabelfy.evaluation.posterior.share import PosteriorShare, WidthPart
from multilabelfy.report.about_labels.beyond_candidates import beyond_candidates_text
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, Subject, ends, table, with_interval
from multilabelfy.report.wording import count, counted, share_in_title

PARTS = {
    WidthPart.IMAGES: "the choice of images",
    WidthPart.DOUBT: "the posterior’s own doubt",
    WidthPart.ANNOTATORS: "the choice of annotators",
    WidthPart.ASSUMED: "what the posterior assumes",
    WidthPart.MISSED: "labels that were missed",
    WidthPart.UNFINISHED: "what is unfinished",
}
HOW = (
    "Each image counts by the chances that it has no valid label, one or several: by the posterior of all its votes (and of what models "
    "proposed), its labels taken as independent of each other given the votes. What experts decided, or came with the import, is certain; "
    "decisions also tell how people err. Every answered image counts, agreed or not, so that no rule decides. "
)
VARIANCES = (
    "The interval adds four variances: of the choice of images (binomial), of their own doubt (what draws from each image’s posterior "
    "would differ by), of the choice of annotators (each left out in turn, and all fitted anew), and of those not begun. "
)
BOUNDS = (
    "What is bounded moves an end as far as it can: what the posterior assumes (that people’s errors are somewhat alike, instead of not at "
    "all or three times as alike; that labels of an image are independent, instead of sets’ sizes having a distribution of their own); "
    "labels that candidates missed (the upper end of Chao’s lower bound, as if each made one label of none, or several of one); and images "
    "of which nothing is known (Horowitz & Manski 1995). Ends are Wilson’s at the effective number of images (Korn & Graubard 1998). "
    "The columns say which part of the interval’s width is due to what. "
)
MOST_DECIMALS = 1


def posterior_headline_finding(of: PosteriorHeadline, beyond: BeyondCandidates | None, dataset: Subject) -> Finding:
    """The expected shares of all images with no valid label, one, and several; `beyond` is what searches found."""
    several = share_in_title(of.several.value, of.several.interval, MOST_DECIMALS)
    return Finding(
        slug="headline-by-posterior",
        title=f"{several} of {dataset.all_images(of.n_images)} have several valid labels, by the posterior of the votes; "
        f"{_widest(of.several)}",
        subtitle=f"Expected shares of images by number of valid labels; {counted(of.n_by_votes, 'image')} of {dataset} by the votes of "
        f"{counted(of.n_annotators, 'annotator')}, {count(of.n_known)} by known labels; bars are 95% intervals",
        definition=f"{HOW}{VARIANCES}{BOUNDS}{_unfinished(of)}{beyond_candidates_text(beyond)} The posterior trusts what votes can tell: "
        "what most people get wrong alike, it gets wrong, unless experts decided such images too. With few votes an image it leaves too "
        "many images without any label.",
        table=table(
            (
                ("labels", "valid labels", CellKind.TEXT),
                *with_interval("share", "of all images"),
                *((part.value, f"of the width: {words}", CellKind.SHARE) for part, words in PARTS.items()),
            ),
            [_row("none", of.none), _row("one", of.single), _row("several", of.several)],
        ),
        drawing=Drawing.DOTS,
        axes=("valid labels of an image", "share of all images"),
        series={"share": "of all images"},
    )


def _row(name: str, share: PosteriorShare) -> list[Cell]:
    return [name, share.value, *ends(share.interval), *(share.parts.get(part) for part in PARTS)]


def _widest(share: PosteriorShare) -> str:
    """What makes most of the interval's width; of equals the first."""
    part = max(PARTS, key=lambda part: share.parts.get(part, 0.0))
    return f"the widest part of the interval is due to {PARTS[part]}"


def _unfinished(of: PosteriorHeadline) -> str:
    """What stands for images that nobody has answered; nothing where there are none."""
    count_as = "counts" if of.n_untouched == 1 else "count"
    untouched = f"{counted(of.n_untouched, 'image')} that nobody has begun {count_as} like those that came by the draw. "
    others = f"{counted(of.n_others, 'other image')} without a vote may turn out either way. "
    return (untouched if of.n_untouched else "") + (others if of.n_others else "")
