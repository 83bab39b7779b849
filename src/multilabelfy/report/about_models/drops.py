"""The findings about two datasets: how much of the drop from an original to its replicate disappears when any valid label counts."""

from multilabelfy.evaluation.many_models.two_datasets import Drop, Drops, Value
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, Subject, table, with_interval
from multilabelfy.report.wording import between, counted, from_to, is_narrow, percent, plain, points

ORIGINAL, REPLICATE = "the original", "the replicate"
"""What sentences call datasets without a name."""


def drop_finding(drops: Drops, original: Subject, replicate: Subject) -> Finding:
    """The mean accuracies on both datasets; the title states the share of the drop that disappears as far as its interval allows."""
    names = (original.name or ORIGINAL, replicate.name or REPLICATE)
    rows = [[name, *_cells(drops.mean_top1[i]), *_cells(drops.mean_real[i])] for i, name in enumerate(names)]
    share, top1, real = drops.all_models.share_gone, drops.all_models.top1, drops.all_models.real
    return Finding(
        slug="drop",
        title=_title(drops.all_models, names[1]),
        subtitle=f"Mean of {counted(len(drops.models), 'model')}: {points(-top1.value)} in top-1, {points(-real.value)} in ReaL",
        definition=f"The drop is the accuracy on {names[0]} minus that on {names[1]}, for models measured on both: in top-1 "
        f"{_points(top1)} points (95% interval {_ends(top1)}), in ReaL accuracy {_points(real)} points ({_ends(real)}). The share "
        "that disappears is 1 − (drop in ReaL) / (drop in top-1), from the mean drops: "
        f"{percent(share.value)} ({between(share.interval)}). The images of both datasets were resampled, independently.",
        table=table((("dataset", "dataset", CellKind.TEXT), *with_interval("top1", "top-1"), *with_interval("real", "ReaL")), rows),
        drawing=Drawing.SLOPES,
        axes=("", "accuracy"),
        series={"real": "ReaL", "top1": "top-1"},
    )


def drops_by_model_finding(drops: Drops, replicate: Subject) -> Finding:
    """Each model's drops, smallest drop in ReaL accuracy first."""
    ordered = sorted(drops.models, key=lambda drop: (drop.real.value, drop.model))
    n_less = sum(_is_less_in_real(drop) for drop in drops.models)
    n = len(drops.models)
    return Finding(
        slug="drop-by-model",
        title=_by_model_title(n_less, n),
        subtitle=f"Drop to {replicate.name or REPLICATE}; {counted(n, 'model')}; bars are 95% intervals",
        definition="As above, for each model separately; the images of both datasets were resampled, independently. A model reliably drops "
        "less in ReaL if the intervals of its drop in top-1 and of the share that disappears lie above zero.",
        table=table(
            (
                ("model", "model", CellKind.TEXT),
                *with_interval("real", "drop in ReaL, points", CellKind.POINTS),
                *with_interval("top1", "drop in top-1, points", CellKind.POINTS),
                *with_interval("share_gone", "share that disappears"),
            ),
            [_row(drop) for drop in ordered],
        ),
        drawing=Drawing.DOTS,
        axes=("", "drop in accuracy, percentage points"),
        series={"real": "ReaL", "top1": "top-1"},
    )


def _is_less_in_real(drop: Drop) -> bool:
    """Whether there is a drop in top-1 at all, and a part of it disappears; of no drop nothing can."""
    return all(of.interval is not None and of.interval.low > 0 for of in (drop.top1, drop.share_gone))


def _by_model_title(n_less: int, n: int) -> str:
    if n == 1:
        return f"The model {'reliably drops' if n_less else 'does not reliably drop'} less in ReaL than in top-1"
    who = f"All {n} models" if n_less == n else f"{n_less or 'None'} of {'the ' if not n_less else ''}{n} models"
    return f"{who} reliably {'drops' if n_less == 1 else 'drop'} less in ReaL than in top-1"


def _title(drop: Drop, replicate: str) -> str:
    share = drop.share_gone
    if share.interval is None or not (drop.top1.interval and drop.top1.interval.low > 0):
        return f"Accuracy does not reliably drop from the original to {replicate}"
    if share.interval.low <= 0:
        return f"Counting any valid label does not reliably reduce the drop to {replicate}"
    if is_narrow(share.interval):
        return f"{share.value:.0%} of the drop to {replicate} disappears when any valid label counts"
    return f"{between(share.interval, 0)} of the drop to {replicate} disappears when any valid label counts"


def _points(of: Value) -> str:
    return plain(100 * of.value, 2)


def _ends(of: Value) -> str:
    """The interval of a difference, in points."""
    return from_to(plain(100 * of.interval.low, 2), plain(100 * of.interval.high, 2)) if of.interval else "not defined"


def _row(drop: Drop) -> list[Cell]:
    return [drop.model, *_cells(drop.real), *_cells(drop.top1), *_cells(drop.share_gone)]


def _cells(of: Value) -> tuple[float, float | None, float | None]:
    return of.value, of.interval.low if of.interval else None, of.interval.high if of.interval else None
