"""Look at a dataset's labels: names, place in the hierarchy, counts, labels confused with them, and their reference pictures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from multilabelfy.annotation.model import Annotator
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import Concept, Label
from multilabelfy.dataset.stored import StoredExemplar
from multilabelfy.disagreement.confusion import LabelDispute
from multilabelfy.disagreement.small_groups import at_least
from multilabelfy.errors import InvalidInput, Problem, UnknownLabel
from multilabelfy.refinement.image_filter import ImageFilter
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, exemplars, gallery, labels
from multilabelfy.workflows.analysing.analysis import Analysis
from multilabelfy.workflows.annotating.sheets import Option, options
from multilabelfy.workflows.at_work import OpenDataset, reading
from multilabelfy.workflows.refining.unseen import reader_of, stays_blind
from multilabelfy.workflows.workspace import Workspace

PAGE = 50
MOST_CONFUSED = 12


class Move(StrEnum):
    """What an owner does with a reference picture."""

    FIRST = "first"
    EARLIER = "earlier"
    LATER = "later"
    REMOVE = "remove"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One label in the list, with how often it was named and how often disputed (over complete images only; None: `at_least`)."""

    option: Option
    n_named: int | None
    n_disputed: int | None


@dataclass(frozen=True, slots=True)
class LabelPage:
    """A page of the list; the next page begins behind `next_after` (None: this is the last page)."""

    rows: tuple[LabelRow, ...]
    next_after: int | None


@dataclass(frozen=True, slots=True)
class Confused:
    """A label that people confused with this one, and in how many images."""

    option: Option
    n_images: int


@dataclass(frozen=True, slots=True)
class LabelDetail:
    """One label: its shown and its removed reference pictures, its chains of parent concepts, its counts, and labels confused with it.

    To whoever must stay blind, `n_named` and `n_disputed` may be None (`at_least`), and `confused` lacks what is as rare.
    """

    label: Label
    shown: tuple[StoredExemplar, ...]
    removed: tuple[StoredExemplar, ...]
    ways_up: tuple[tuple[Concept, ...], ...]
    n_given: int
    n_chosen: int
    n_named: int | None
    n_disputed: int | None
    confused: tuple[Confused, ...]
    n_exemplars: int
    is_blind: bool = False


@dataclass(frozen=True, slots=True)
class _Count:
    n_named: int | None
    n_disputed: int | None


@dataclass(frozen=True, slots=True)
class _Counts:
    """How often each label was named and disputed, as one reader may see it."""

    disputes: Mapping[int, LabelDispute]
    is_blind: bool

    def of(self, label: int) -> _Count:
        dispute = self.disputes.get(label)
        return _Count(self.seen(dispute.n_named if dispute else 0), self.seen(dispute.n_disputed if dispute else 0))

    def seen(self, n_images: int) -> int | None:
        return at_least(n_images) if self.is_blind else n_images


class LabelOrder(StrEnum):
    """The orders of the list; labels that stand equal keep the order of the label set."""

    NUMBER = "number"
    DISPUTED = "disputed"  # disputed in the most images first
    USED = "used"  # named in the most images first


def label_page(
    workspace: Workspace,
    name: str,
    analysis: Analysis,
    seen_by: Annotator,
    *,
    after: int = -1,
    text: str = "",
    order: LabelOrder = LabelOrder.NUMBER,
) -> LabelPage:
    """The labels behind an index, or those that match a text (one page, the best first), as a person may see them. Raises UnknownDataset.

    In another order than that of their numbers, `after` is the place in that order.
    """
    with reading(workspace, name) as at:
        c, dataset = at.c, at.dataset
        counts = _counts(at, analysis, seen_by)
        if order is not LabelOrder.NUMBER and not text.strip():
            ordered = _in_order(labels.label_space(c, dataset.id).labels, counts, order)
            shown_now, is_last = ordered[after + 1 : after + 1 + PAGE], after + 1 + PAGE >= len(ordered)
            return LabelPage(tuple(_rows(at, shown_now, counts)), None if is_last else after + PAGE)
        matches = labels.search(c, dataset.id, text, PAGE) if text.strip() else labels.page(c, dataset.id, after, PAGE + 1)
        shown = matches[:PAGE]
        next_after = shown[-1].index if len(matches) > PAGE else None
        return LabelPage(tuple(_rows(at, shown, counts)), next_after)


def label_detail(workspace: Workspace, name: str, index: int, analysis: Analysis, seen_by: Annotator) -> LabelDetail:
    """One label, counted over the images whose votes this person may see. Raises UnknownLabel."""
    with reading(workspace, name) as at:
        c, dataset = at.c, at.dataset
        label = _label(c, dataset, index)
        counts = _counts(at, analysis, seen_by)
        return LabelDetail(
            label=label,
            shown=tuple(exemplars.of_labels(c, dataset.id, [index])[index]),
            removed=tuple(exemplars.removed(c, dataset.id, index)),
            ways_up=_ways_up(label, labels.label_space(c, dataset.id).concepts),
            n_given=gallery.count(c, dataset.id, ImageFilter(given_label=index)),
            n_chosen=gallery.count(c, dataset.id, ImageFilter(label=index, reader=reader_of(dataset, seen_by))),
            n_named=counts.of(index).n_named,
            n_disputed=counts.of(index).n_disputed,
            confused=tuple(_confused(at, index, analysis, counts)),
            n_exemplars=workspace.settings.n_exemplars,
            is_blind=counts.is_blind,
        )


def find_label(workspace: Workspace, name: str, text: str) -> Label | None:
    """The label that a text means: its number, its key, or the best match among all names. None without a match."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        if text.isascii() and text.isdecimal() and len(text) < 9:
            return labels.labels_by_index(c, dataset.id, [int(text)]).get(int(text))
        matches = labels.search(c, dataset.id, text, 1)
        return matches[0] if matches else None


def labels_like(workspace: Workspace, name: str, text: str, limit: int = 20) -> list[Label]:
    """The labels that a text can become, the best match first; none for an empty text. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        return labels.search(c, dataset.id, text, limit) if text.strip() else []


def move_reference(workspace: Workspace, name: str, index: int, exemplar: int, move: Move) -> None:
    """Reorder, remove or restore a reference picture; earlier screens keep what they showed. Raises UnknownLabel, InvalidInput."""
    with workspace.store.writing() as c:
        dataset = datasets.find(c, name)
        _label(c, dataset, index)
        shown = [reference.id for reference in exemplars.of_labels(c, dataset.id, [index])[index]]
        all_references = {*shown, *(reference.id for reference in exemplars.removed(c, dataset.id, index))}
        if exemplar not in all_references:
            raise InvalidInput(
                "Cannot move the reference picture", [Problem("picture", "this label has none of this number")], "Reload the page."
            )
        if move is Move.REMOVE:
            exemplars.remove(c, exemplar)
        else:
            exemplars.reorder(c, dataset.id, index, moved(shown, exemplar, move))


def moved(shown: Sequence[int], exemplar: int, move: Move) -> list[int]:
    """The order after a move.

    >>> moved([1, 2, 3], 3, Move.EARLIER), moved([1, 2, 3], 3, Move.FIRST), moved([1, 2], 9, Move.RESTORE)
    ([1, 3, 2], [3, 1, 2], [1, 2, 9])
    """
    rest = [number for number in shown if number != exemplar]
    place_now = shown.index(exemplar) if exemplar in shown else len(rest)
    place = {Move.FIRST: 0, Move.EARLIER: max(place_now - 1, 0), Move.LATER: place_now + 1}.get(move, len(rest))
    return [*rest[:place], exemplar, *rest[place:]]


def _in_order(every: Sequence[Label], counts: _Counts, order: LabelOrder) -> list[Label]:
    """By what is shown, so that the order tells no more than the numbers."""

    def height(label: Label) -> tuple[int, int]:
        shown = counts.of(label.index)
        used, disputed = shown.n_named or 0, shown.n_disputed or 0
        return (disputed, used) if order is LabelOrder.DISPUTED else (used, disputed)

    return sorted(every, key=height, reverse=True)


def _rows(at: OpenDataset, shown: Sequence[Label], counts: _Counts) -> Iterable[LabelRow]:
    offered = options(at, [label.index for label in shown])
    for label in shown:
        yield LabelRow(offered[label.index], counts.of(label.index).n_named, counts.of(label.index).n_disputed)


def _confused(at: OpenDataset, index: int, analysis: Analysis, counts: _Counts) -> Iterable[Confused]:
    neighbours = [
        (sum(confusion.pair) - index, len(confusion.images))
        for confusion in analysis.pairs
        if index in confusion.pair and counts.seen(len(confusion.images)) is not None
    ][:MOST_CONFUSED]
    offered = options(at, [other for other, _ in neighbours])
    return [Confused(offered[other], n) for other, n in neighbours if other in offered]


def _counts(at: OpenDataset, analysis: Analysis, seen_by: Annotator) -> _Counts:
    return _Counts({dispute.label: dispute for dispute in analysis.labels}, stays_blind(at.c, at.dataset, seen_by))


def _label(c: Connection, dataset: StoredDataset, index: int) -> Label:
    by_index = labels.labels_by_index(c, dataset.id, [index])
    if index not in by_index:
        raise UnknownLabel(f"There is no label number {index} in '{dataset.name}'.")
    return by_index[index]


def _ways_up(label: Label, concepts: Sequence[Concept]) -> tuple[tuple[Concept, ...], ...]:
    """A chain of concepts for each parent, from the nearest up; of a concept's several parents, the first is followed."""
    by_key = {concept.key: concept for concept in concepts}
    return tuple(tuple(_chain(parent, by_key)) for parent in label.parents if parent in by_key)


def _chain(key: str, by_key: Mapping[str, Concept]) -> Iterable[Concept]:
    seen: set[str] = set()
    while key in by_key and key not in seen:
        seen.add(key)
        yield by_key[key]
        key = next(iter(by_key[key].parents), "")
