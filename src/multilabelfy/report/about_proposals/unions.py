"""The finding about several models together: what their lists, joined in each way, hold at the same k."""

from multilabelfy.evaluation.proposals.missed import Missed
from multilabelfy.evaluation.proposals.unions import Union
from multilabelfy.proposals.union import OF_PEOPLES_CANDIDATES, Way
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, Subject, ends, table, with_interval
from multilabelfy.report.wording import between, count, counted
from multilabelfy.statistics.significance import excludes_zero

WAYS = {
    Way.TURNS: "taking turns",
    Way.RECIPROCAL: "by reciprocal ranks",
    Way.CALIBRATED: "by calibrated scores",
}


def unions_finding(missed: Missed, dataset: Subject) -> Finding:
    """The best model, and the best with one and with two more, each way of joining their lists a row."""
    return Finding(
        slug="proposals-of-several-models",
        title=_title(missed, dataset),
        subtitle=f"Share of the valid labels among the first {count(missed.k)}, of the best of {counted(missed.n_models, 'model')} and "
        f"with those that add most, by how their lists are joined; {dataset}; bars are 95% intervals",
        definition=f"Joined lists are cut at {count(missed.k)}, so that people are asked about as many labels as by one model. By "
        "reciprocal ranks, as a study’s candidates are joined, a label’s points are the sum of 1 / (60 + rank) over the models that have "
        "it (Cormack, Clarke & Büttcher 2009). Taking turns, the models give their first labels, then their second ones, each label once. "
        "By calibrated scores, a label’s points are the sum of its chances to be valid, to which isotonic regression turns each model’s "
        "scores (Guo et al. 2017), or its ranks where scores are not known. Models are added one at a time, each the one that adds most by "
        "reciprocal ranks. They are chosen, and chances fitted, on every second image and measured on the others, both ways; the rows name "
        "those chosen on all. Intervals are bootstrap intervals over images; a gain is over the first row, on the same images.",
        table=table(
            (
                ("models", "models", CellKind.TEXT),
                *with_interval("recall", "recall"),
                *with_interval("gain", "gain over one model", CellKind.POINTS),
            ),
            [_row(union) for union in missed.unions],
        ),
        drawing=Drawing.DOTS,
        axes=("", "share of the valid labels"),
        series={"recall": "recall"},
    )


def _row(union: Union) -> list[Cell]:
    together = " + ".join(union.models)
    named = together if union.way is None else f"{together}, {WAYS[union.way]}"
    return [named, union.recall, *ends(union.interval), union.gain, *ends(union.gain_interval)]


def _title(missed: Missed, dataset: Subject) -> str:
    """About lists as people get them."""
    best = [union for union in missed.unions if union.way in (None, OF_PEOPLES_CANDIDATES)][-1]
    together = f"{count(len(best.models))} models together"
    if best.gain_interval is None or not excludes_zero(best.gain_interval) or best.gain < 0:
        return f"At the same k, {together} do not reliably hold more{dataset.of_finished} than one"
    gain = f"{100 * best.gain:.1f} points ({between(best.gain_interval).rstrip('%')})"
    return f"At the same k, {together} hold {gain} more of the valid labels{dataset.of_finished} than one"
