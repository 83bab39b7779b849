"""Findings about models by kind of image: does it matter how several labels relate, or how they were decided?"""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter

from multilabelfy.evaluation.many_models.groups import GroupMean, GroupPoint
from multilabelfy.evaluation.measures.by_label_count import KINDS, SOURCES, ImageKind
from multilabelfy.evaluation.measures.evaluated import EvaluatedModel
from multilabelfy.refinement import label_sources
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, FindingTable, Subject, ends, table, with_interval
from multilabelfy.report.wording import counted, share_in_words

KIND_NAMES: Mapping[ImageKind, str] = {
    ImageKind.ONE_LABEL: "one label",
    ImageKind.SEVERAL_OBJECTS: "several objects",
    ImageKind.SEVERAL_NAMES: "one object with several names",
    ImageKind.BOTH: "several objects and names",
    ImageKind.NOT_SAID: "several labels of unknown relation",
}
MEASURES = (
    "Top-1 counts the given label alone, ReaL any valid one (over images with labels), variable top-k the share of an image’s k valid "
    "labels among the first k (over images for which every model ranked at least k labels). Intervals are 95% bootstrap intervals over "
    "images, Wilson’s where all are right or none is; a group of fewer than ten images has none. "
)


def by_kind_finding(points: Sequence[GroupPoint], models: Sequence[EvaluatedModel], dataset: Subject) -> Finding:
    """The mean over models by how an image's labels relate; `points` are groups of KINDS."""
    named = [(KIND_NAMES[KINDS[point.group]], point) for point in points]
    return Finding(
        slug="accuracy-by-kind",
        title=_title(named, "how labels relate", lambda name: f"on {dataset.kind} with {name}"),
        subtitle=_subtitle(points, models, dataset, "how an image’s labels relate"),
        definition=MEASURES + "Annotators who chose several labels said how these relate; where they disagreed, it counts as not said. "
        "Kinds also differ in their numbers of labels, which by itself changes top-1.",
        table=_table(named, "kind", "kind"),
        drawing=Drawing.DOTS,
        axes=("", "accuracy"),
        series=_series(points),
    )


def by_source_finding(points: Sequence[GroupPoint], models: Sequence[EvaluatedModel], dataset: Subject) -> Finding:
    """The mean over models by how an image's labels were decided; `points` are groups of SOURCES."""
    named = [(label_sources.SOURCES[SOURCES[point.group]].decided, point) for point in points]
    return Finding(
        slug="accuracy-by-decision",
        title=_title(named, "how labels were decided", lambda name: f"on {dataset.kind} decided {name}"),
        subtitle=_subtitle(points, models, dataset, "how an image’s labels were decided"),
        definition=MEASURES
        + "Images on which annotators agree are easier than those that went to an expert, for models and people alike: a "
        "difference shows that the images differ, not that one way of deciding is better.",
        table=_table(named, "decided", "decided"),
        drawing=Drawing.DOTS,
        axes=("", "accuracy"),
        series=_series(points),
    )


def _title(named: Sequence[tuple[str, GroupPoint]], what: str, on: Callable[[str], str]) -> str:
    """The groups with the highest and lowest ReaL if their intervals do not overlap; otherwise the same by top-1."""
    for measure, of in (("ReaL", [point.real for _, point in named]), ("Top-1", [point.top1 for _, point in named])):
        sure = [
            (measured.value, measured.interval, name)
            for (name, _), measured in zip(named, of, strict=True)
            if measured.value is not None and measured.interval
        ]
        lowest, highest = min(sure, default=None, key=itemgetter(0)), max(sure, default=None, key=itemgetter(0))
        if lowest and highest and lowest[1].high < highest[1].low:
            high, low = (f"{share_in_words(value, interval)} {on(name)}" for value, interval, name in (highest, lowest))
            return f"{measure} is {high} and {low}"
    return f"Accuracy does not reliably differ by {what}"


def _subtitle(points: Sequence[GroupPoint], models: Sequence[EvaluatedModel], dataset: Subject, by: str) -> str:
    who = f"Accuracy of {models[0].model}" if len(models) == 1 else f"Mean accuracy of {len(models)} models"
    return f"{who} by {by}; {counted(sum(point.images for point in points), 'image')} of {dataset}; bars are 95% intervals"


def _series(points: Sequence[GroupPoint]) -> dict[str, str]:
    with_top1 = any(point.top1.value is not None for point in points)
    return {"real": "ReaL", "top1": "top-1"} if with_top1 else {"real": "ReaL"}


def _table(named: Sequence[tuple[str, GroupPoint]], name: str, heading: str) -> FindingTable:
    columns = (
        (name, heading, CellKind.TEXT),
        ("images", "images", CellKind.COUNT),
        *with_interval("top1", "top-1"),
        *with_interval("real", "ReaL"),
        ("images_real", "images of ReaL", CellKind.COUNT),
        *with_interval("variable_topk", "variable top-k"),
        ("images_variable_topk", "images of variable top-k", CellKind.COUNT),
    )
    return table(columns, [_row(text, point) for text, point in named])


def _row(text: str, point: GroupPoint) -> list[Cell]:
    return [text, point.images, *_cells(point.top1), *_cells(point.real), point.real.n, *_cells(point.variable_topk), point.variable_topk.n]


def _cells(of: GroupMean) -> tuple[Cell, ...]:
    return of.value, *ends(of.interval)
