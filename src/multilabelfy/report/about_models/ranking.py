"""Findings about the order of models: does it change between the measures, and which differences hold?"""

from collections.abc import Sequence

from multilabelfy.evaluation.many_models.comparison import RankChanges, RankedModel
from multilabelfy.evaluation.many_models.misses import Winner
from multilabelfy.evaluation.many_models.trend import ModelTrend
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, Subject, table, with_interval
from multilabelfy.report.naming import NameOf
from multilabelfy.report.wording import count, counted, percent

MOST_WINNERS = 20
FEWEST_TO_NAME = 3


def ranks_finding(found: RankChanges, dataset: Subject) -> Finding:
    """The models in the order of ReaL accuracy with their places by both measures."""
    n_moved = sum(one.rank_by_top1 != one.rank_by_real for one in found.models)
    tau = found.tau_interval
    ends = f" (95% interval {tau.low:.3f}–{tau.high:.3f})" if tau else ""
    return Finding(
        slug="ranks",
        title=_ranks_title(found, n_moved),
        subtitle=f"Places of {counted(len(found.models), 'model')} on {dataset} by ReaL accuracy and by top-1; "
        f"Kendall’s tau {found.tau:.3f}{ends}",
        definition=_pairs_text(found),
        table=table(
            (
                ("model", "model", CellKind.TEXT),
                *with_interval("rank_by_real", "place by ReaL", CellKind.COUNT),
                *with_interval("rank_by_top1", "place by top-1", CellKind.COUNT),
            ),
            [
                (
                    one.model,
                    one.rank_by_real,
                    one.real_ranks.low,
                    one.real_ranks.high,
                    one.rank_by_top1,
                    one.top1_ranks.low,
                    one.top1_ranks.high,
                )
                for one in found.models
            ],
        ),
    )


def model_trends_finding(found: Sequence[ModelTrend], dataset: Subject) -> Finding:
    """How each model's accuracy changes with one label more, the steepest fall of top-1 first."""
    ordered = sorted(found, key=lambda one: (one.top1.value, one.model))
    n_top1 = sum(one.top1.interval.high < 0 for one in found)
    n_real = sum(one.real.interval.high < 0 for one in found)
    return Finding(
        slug="trend-by-model",
        title=f"Top-1 falls with the number of labels for {_of(n_top1, len(found))}, ReaL for {_of(n_real, len(found))}",
        subtitle=f"Change of accuracy with one label more; {counted(len(found), 'model')} on {dataset}; bars are 95% intervals",
        definition="Least squares over the images with at least one label of being right (0 or 1) on the number of labels, for each model; "
        "intervals use White’s robust error. A fall counts where its interval excludes zero.",
        table=table(
            (
                ("model", "model", CellKind.TEXT),
                *with_interval("real", "ReaL, points a label more", CellKind.POINTS),
                *with_interval("top1", "top-1, points a label more", CellKind.POINTS),
            ),
            [_trend_row(one) for one in ordered],
        ),
        drawing=Drawing.DOTS,
        axes=("", "change of accuracy with one label more, percentage points"),
        series={"real": "ReaL", "top1": "top-1"},
    )


def winners_finding(found: Sequence[Winner], name_of: NameOf, n_models: int, dataset: Subject) -> Finding:
    """Which valid labels models name instead of the given one, the most frequent pairs first."""
    first = found[0]
    return Finding(
        slug="winners",
        title=_winners_title(first, name_of),
        subtitle=f"Valid first labels that are not the given one; {counted(n_models, 'model')} on {dataset}; that pair in "
        f"{counted(first.n_images, 'image')}",
        definition="Over all models and images: the given label, and the valid label that a model named first instead. “Times” counts "
        "images and models, “images” each image once.",
        table=table(
            (
                ("given", "given label", CellKind.TEXT),
                ("instead", "named and valid", CellKind.TEXT),
                ("images", "images", CellKind.COUNT),
                ("times", "times", CellKind.COUNT),
            ),
            [(name_of(one.given), name_of(one.instead), one.n_images, one.n_times) for one in found[:MOST_WINNERS]],
        ),
    )


def _winners_title(first: Winner, name_of: NameOf) -> str:
    if first.n_images < FEWEST_TO_NAME:
        return "No single valid label wins often over the given one"
    return f"The valid label that wins most often is {name_of(first.instead)} over {name_of(first.given)}"


def _ranks_title(found: RankChanges, n_moved: int) -> str:
    if not n_moved:
        return "Models keep their places when any valid label counts"
    moved = f"{_of(n_moved, len(found.models)).capitalize()} change places when any valid label counts"
    if not found.n_reversed:
        return f"{moved}, but no pair’s order is reliably reversed"
    return f"{moved}; {counted(found.n_reversed, 'pair')} {'is' if found.n_reversed == 1 else 'are'} reliably reversed"


def _pairs_text(found: RankChanges) -> str:
    by_real = f"{count(found.n_sure_by_real)} ({percent(found.n_sure_by_real / found.n_pairs)})"
    by_top1 = f"{count(found.n_sure_by_top1)} ({percent(found.n_sure_by_top1 / found.n_pairs)})"
    return (
        f"Of {counted(found.n_pairs, 'pair')} of models, the difference in ReaL accuracy has a sign that holds (its 95% interval excludes "
        f"zero) for {by_real}, in top-1 for {by_top1}; {count(found.n_reversed)} are reliably reversed between the two. Intervals come "
        "from one paired bootstrap over images; tau’s is the basic one, since resampling adds noise that lowers tau."
    )


def _places(one: RankedModel) -> list[Cell]:
    real, top1 = one.real_ranks, one.top1_ranks
    return [one.model, one.rank_by_real, real.low, real.high, one.rank_by_top1, top1.low, top1.high]


def _of(n: int, n_all: int) -> str:
    if n == n_all:
        return "the model" if n == 1 else f"all {n_all} models"
    return f"{n if n else 'none'} of {n_all} models"


def _trend_row(one: ModelTrend) -> list[Cell]:
    real, top1 = one.real, one.top1
    return [one.model, real.value, real.interval.low, real.interval.high, top1.value, top1.interval.low, top1.interval.high]
