"""Findings about the order of models: does it differ between the measures, and which differences are reliable?"""

from collections.abc import Sequence
from math import isfinite

from multilabelfy.evaluation.many_models.comparison import RankChanges, RankedModel
from multilabelfy.evaluation.many_models.misses import Winner
from multilabelfy.evaluation.many_models.trend import ModelTrend
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, Subject, table, with_interval
from multilabelfy.report.wording import FEWEST_TO_NAME, NameOf, count, counted, from_to, percent, plain, tied

MOST_WINNERS = 20


def ranks_finding(changes: RankChanges, dataset: Subject) -> Finding:
    """The models in the order of ReaL accuracy with their places by both measures."""
    n_moved = sum(model.rank_by_top1 != model.rank_by_real for model in changes.models)
    tau = changes.tau_interval
    ends = f" (95% interval {from_to(plain(tau.low, 3), plain(tau.high, 3))})" if tau else ""
    return Finding(
        slug="ranks",
        title=_ranks_title(changes, n_moved),
        subtitle=f"Places of {counted(len(changes.models), 'model')} on {dataset} by ReaL accuracy and by top-1; "
        f"Kendall’s tau {plain(changes.tau, 3) if isfinite(changes.tau) else 'is not defined'}{ends}",
        definition=_pairs_text(changes),
        table=table(
            (
                ("model", "model", CellKind.TEXT),
                *with_interval("rank_by_real", "place by ReaL", CellKind.COUNT),
                *with_interval("rank_by_top1", "place by top-1", CellKind.COUNT),
            ),
            [_places(model) for model in changes.models],
        ),
    )


def model_trends_finding(slopes: Sequence[ModelTrend], dataset: Subject) -> Finding:
    """How each model's accuracy changes with each additional label, steepest fall of top-1 first."""
    ordered = sorted(slopes, key=lambda model: (model.top1.value, model.model))
    n_top1 = sum(model.top1.interval.high < 0 for model in slopes)
    n_real = sum(model.real.interval.high < 0 for model in slopes)
    return Finding(
        slug="trend-by-model",
        title=_trends_title(n_top1, n_real, len(slopes)),
        subtitle=f"Change in accuracy per additional label; {counted(len(slopes), 'model')} on {dataset}; bars are 95% intervals",
        definition="For each model, least squares of being right (0 or 1) on the number of labels, over images with at least one label; "
        "intervals use White’s robust standard error. A fall counts if its interval excludes zero.",
        table=table(
            (
                ("model", "model", CellKind.TEXT),
                *with_interval("real", "ReaL, points per label", CellKind.POINTS),
                *with_interval("top1", "top-1, points per label", CellKind.POINTS),
            ),
            [_trend_row(model) for model in ordered],
        ),
        drawing=Drawing.DOTS,
        axes=("", "change in accuracy per additional label, percentage points"),
        series={"real": "ReaL", "top1": "top-1"},
    )


def winners_finding(winners: Sequence[Winner], name_of: NameOf, n_models: int, dataset: Subject) -> Finding:
    """Which valid labels models name instead of the given one, most frequent pairs first."""
    first = winners[0]
    return Finding(
        slug="winners",
        title=_winners_title(winners, name_of),
        subtitle=f"Valid first labels that are not the given one; {counted(n_models, 'model')} on {dataset}; the first pair in "
        f"{counted(first.n_images, 'image')}",
        definition="Over all models and images: the given label, and the valid label that a model named first instead. “Images” counts "
        "each image once, however many models name it, and orders the pairs; “times” counts each pair of image and model.",
        table=table(
            (
                ("given", "given label", CellKind.TEXT),
                ("instead", "named and valid", CellKind.TEXT),
                ("images", "images", CellKind.COUNT),
                ("times", "times", CellKind.COUNT),
            ),
            [(name_of(winner.given), name_of(winner.instead), winner.n_images, winner.n_times) for winner in winners[:MOST_WINNERS]],
        ),
    )


def _winners_title(winners: Sequence[Winner], name_of: NameOf) -> str:
    most = winners[0].n_images
    if most < FEWEST_TO_NAME:
        return "No single valid label is often named instead of the given one"
    first = [f"{name_of(pair.instead)} for {name_of(pair.given)}" for pair in winners if pair.n_images == most]
    labels = "label" if len(first) == 1 else "labels"
    return f"The valid {labels} most often named instead of the given one: {tied(first)} ({most} images{' each' if len(first) > 1 else ''})"


def _ranks_title(changes: RankChanges, n_moved: int) -> str:
    if not n_moved and not changes.n_sure_by_top1 and not changes.n_sure_by_real:
        return "No two models reliably differ, by top-1 or when any valid label counts"
    if not n_moved:
        return "Models keep their places when any valid label counts"
    moved = f"{_of(n_moved, len(changes.models)).capitalize()} {'changes' if n_moved == 1 else 'change'} places when any valid label counts"
    if not changes.n_reversed:
        return f"{moved}, but no pair’s order is reliably reversed"
    return f"{moved}; {counted(changes.n_reversed, 'pair')} {'is' if changes.n_reversed == 1 else 'are'} reliably reversed"


def _pairs_text(changes: RankChanges) -> str:
    by_real = f"{count(changes.n_sure_by_real)} ({percent(changes.n_sure_by_real / changes.n_pairs)})"
    differ = "differs" if changes.n_sure_by_real == 1 else "differ"
    by_top1 = f"{count(changes.n_sure_by_top1)} ({percent(changes.n_sure_by_top1 / changes.n_pairs)})"
    return (
        f"Of {counted(changes.n_pairs, 'pair')} of models, {by_real} {differ} reliably in ReaL accuracy (the 95% interval of the "
        f"difference excludes zero) and {by_top1} in top-1; {count(changes.n_reversed)} {'is' if changes.n_reversed == 1 else 'are'} "
        "reliably reversed between the two. Intervals come from one paired bootstrap over images; tau’s is the basic bootstrap interval, "
        "since resampling adds noise that lowers tau; a tau of 1 or −1 has none."
    )


def _places(model: RankedModel) -> list[Cell]:
    real, top1 = model.real_ranks, model.top1_ranks
    return [model.model, model.rank_by_real, real.low, real.high, model.rank_by_top1, top1.low, top1.high]


def _of(n: int, n_all: int) -> str:
    if n == n_all:
        return {1: "the model", 2: "both models"}.get(n, f"all {n_all} models")
    return f"{n if n else 'none'} of the {n_all} models"


def _trends_title(n_top1: int, n_real: int, n: int) -> str:
    if not n_top1 and not n_real:
        return f"Neither top-1 nor ReaL reliably falls with the number of labels for any of the {n} models"
    return f"Top-1 reliably falls with the number of labels for {_of(n_top1, n)}, ReaL for {_of(n_real, n)}"


def _trend_row(model: ModelTrend) -> list[Cell]:
    real, top1 = model.real, model.top1
    return [model.model, real.value, real.interval.low, real.interval.high, top1.value, top1.interval.low, top1.interval.high]
