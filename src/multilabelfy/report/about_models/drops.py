"""The finding about two datasets: how much of the drop from an original to its replicate goes away when any valid label counts."""

from multilabelfy.evaluation.many_models.two_datasets import Drop, Drops, Value
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, Subject, table, with_interval
from multilabelfy.report.wording import between, counted, is_narrow, percent, points


def drop_finding(found: Drops, original: Subject, replicate: Subject) -> Finding:
    """The mean accuracies on both datasets; the title states the share that goes away as far as its interval allows."""
    names = (original.name or "original", replicate.name or "replicate")
    rows = [[name, *_cells(found.mean_top1[i]), *_cells(found.mean_real[i])] for i, name in enumerate(names)]
    share, top1, real = found.all_models.share_gone, found.all_models.top1, found.all_models.real
    return Finding(
        slug="drop",
        title=_title(found.all_models, names[1]),
        subtitle=f"Mean of {counted(len(found.models), 'model')}: {points(-top1.value)} in top-1, {points(-real.value)} in ReaL",
        definition=f"The drop is the accuracy on {names[0]} less that on {names[1]}, of models measured on both: in top-1 "
        f"{percent(top1.value, 2)} (95% interval {between(top1.interval, 2)}), in ReaL accuracy {percent(real.value, 2)} "
        f"({between(real.interval, 2)}). What goes away is 1 − (drop in ReaL) / (drop in top-1) of the mean drops: "
        f"{percent(share.value)} ({between(share.interval)}). The images of both datasets were resampled, independently.",
        table=table((("dataset", "dataset", CellKind.TEXT), *with_interval("top1", "top-1"), *with_interval("real", "ReaL")), rows),
        drawing=Drawing.SLOPES,
        axes=("", "accuracy"),
        series={"real": "ReaL", "top1": "top-1"},
    )


def drops_by_model_finding(found: Drops, replicate: Subject) -> Finding:
    """Each model's drops, the smallest drop in ReaL accuracy first."""
    ordered = sorted(found.models, key=lambda one: (one.real.value, one.model))
    n_less = sum(one.share_gone.interval is not None and one.share_gone.interval.low > 0 for one in found.models)
    n = len(found.models)
    return Finding(
        slug="drop-by-model",
        title=f"{f'All {n}' if n_less == n else f'{n_less} of {n}'} models reliably drop less in ReaL than in top-1",
        subtitle=f"Drop to {replicate.name or 'the replicate'}; {counted(n, 'model')}; bars are 95% intervals",
        definition="As above, for each model by itself; the images of both datasets were resampled, independently. A model reliably drops "
        "less where the interval of the share that goes away lies above zero.",
        table=table(
            (
                ("model", "model", CellKind.TEXT),
                *with_interval("real", "drop in ReaL, points", CellKind.POINTS),
                *with_interval("top1", "drop in top-1, points", CellKind.POINTS),
                *with_interval("share_gone", "share that goes away"),
            ),
            [_row(one) for one in ordered],
        ),
        drawing=Drawing.DOTS,
        axes=("", "drop in accuracy, percentage points"),
        series={"real": "ReaL", "top1": "top-1"},
    )


def _title(drop: Drop, replicate: str) -> str:
    share = drop.share_gone
    if share.interval is None or not (drop.top1.interval and drop.top1.interval.low > 0):
        return f"The models do not reliably drop from one dataset to {replicate}"
    if share.interval.low <= 0:
        return f"Counting any valid label does not reliably lessen the drop to {replicate}"
    if is_narrow(share.interval):
        return f"{share.value:.0%} of the drop to {replicate} goes away"
    return f"{share.interval.low:.0%}–{share.interval.high:.0%} of the drop to {replicate} goes away"


def _row(one: Drop) -> list[Cell]:
    return [one.model, *_cells(one.real), *_cells(one.top1), *_cells(one.share_gone)]


def _cells(of: Value) -> tuple[float, float | None, float | None]:
    return of.value, of.interval.low if of.interval else None, of.interval.high if of.interval else None
