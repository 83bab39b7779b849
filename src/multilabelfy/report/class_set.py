"""Findings about the class set: labels that are one thing, labels inside others, labels that people mix up, labels that no picture has, and
names that annotators missed; each with its counts, WordNet's relation where there is one, and a suggestion."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from multilabelfy.dataset.hierarchy import Hierarchy, Kinship
from multilabelfy.dataset.model import LabelSpace
from multilabelfy.evaluation.label_pairs import LabelPair, Together
from multilabelfy.report.findings import Cell, Finding, Kind, Subject, Table, ends, table, with_interval
from multilabelfy.report.wording import count, counted

MOST_PAIRS = 60
NO_RELATION = ""

DEFINITION = (
    "Of the images with the first label, a share also has the second one, and the other way round; intervals are Wilson’s at 95%. "
    "Relations are WordNet’s, where the label space has its hierarchy. Suggestions are for people to judge. “Merge, or explain”: relatives "
    "that come together are likely one thing; merge them, or tell annotators how they differ. “Two things, or two names?”: ask annotators "
    "for the relation. “Imply the wider”: count the wider label wherever the narrower one is valid. “Part or companion”: keep both and "
    "evaluate with sets."
)


@dataclass(frozen=True, slots=True)
class Mixed:
    """Two labels that people mixed up, and in how many images."""

    first: int
    second: int
    n_images: int


@dataclass(frozen=True)
class Names:
    """What labels are called, and how two of them are related; without a label space they are numbers."""

    space: LabelSpace | None

    def of(self, label: int) -> str:
        """A name that is unique in the label space: labels of one name carry their key."""
        if self.space is None:
            return f"label {label}"
        found = self.space[label]
        return f"{found.name} ({found.key})" if found.name in self._shared else found.name

    def kinship(self, one: int, other: int) -> Kinship | None:
        """Their relation above, if any."""
        return None if self.space is None else self._hierarchy.kinship(self.space[one].key, self.space[other].key)

    @cached_property
    def _hierarchy(self) -> Hierarchy:
        return Hierarchy.of(self.space or LabelSpace("", ()))

    @cached_property
    def _shared(self) -> frozenset[str]:
        times = Counter(label.name for label in (self.space.labels if self.space else ()))
        return frozenset(name for name, n in times.items() if n > 1)


def twins_finding(pairs: Sequence[LabelPair], names: Names, dataset: Subject) -> Finding:
    """Pairs that nearly always come together."""
    found = [pair for pair in pairs if pair.together is Together.BOTH_WAYS]
    first = f", first of all {names.of(found[0].first)} and {names.of(found[0].second)}" if found else ""
    return Finding(
        slug="twins",
        title=f"{counted(len(found), 'pair')} of labels nearly always come together{first}"
        if found
        else "No two labels always come together",
        subtitle=f"Pairs of labels of which each surely comes with the other in most images of {dataset}",
        definition=DEFINITION,
        table=_pairs_table(found, names, _suggestion_for_twins),
    )


def inside_finding(pairs: Sequence[LabelPair], names: Names, dataset: Subject) -> Finding:
    """Labels that mostly come with another one, which more often comes without them."""
    found = [pair for pair in pairs if pair.together is Together.FIRST_INSIDE]
    first = f", first of all {names.of(found[0].first)} in {names.of(found[0].second)}" if found else ""
    return Finding(
        slug="inside",
        title=f"{counted(len(found), 'label lies', 'labels lie')} inside another{first}"
        if found
        else "No label surely lies inside another",
        subtitle=f"Labels whose images on {dataset} mostly have the second label too, but not the other way round",
        definition=DEFINITION,
        table=_pairs_table(found, names, _suggestion_for_inside),
    )


def mixed_up_finding(found: Sequence[Mixed], how: str, names: Names, dataset: Subject) -> Finding:
    """Pairs that people cannot tell apart, the most frequent first; `how` says what counts as mixed up."""
    rows: list[list[Cell]] = [[*_pair_cells(one.first, one.second, names), one.n_images] for one in found[:MOST_PAIRS]]
    return Finding(
        slug="mixed-up",
        title=_mixed_up_title(found, names),
        subtitle=f"Pairs of labels of {dataset} by the number of images where they are mixed up",
        definition=f"{how} Counts of one or two images are anecdotes.",
        table=table((*_PAIR_COLUMNS, ("images", "images", Kind.COUNT)), rows),
    )


def _mixed_up_title(found: Sequence[Mixed], names: Names) -> str:
    if not found:
        return "No labels are mixed up"
    most = found[0]
    return f"Most often {names.of(most.first)} and {names.of(most.second)} are mixed up, in {counted(most.n_images, 'image')}"


def unused_finding(labels: Sequence[int], n_labels: int, names: Names, dataset: Subject) -> Finding:
    """Labels that no image has."""
    none = "Every label has an image"
    return Finding(
        slug="without-images",
        title=f"{count(len(labels))} of {counted(n_labels, 'label')} have no image" if labels else none,
        subtitle=f"Labels of the label space that no image of {dataset} has",
        definition="A label without images may be rare, never proposed, or always lose to a twin.",
        table=table((("label", "label", Kind.TEXT),), [(names.of(label),) for label in labels]),
    )


def missing_names_finding(found: Mapping[str, int], dataset: Subject) -> Finding:
    """Names that annotators found missing from the label space, the most frequent first."""
    ordered = sorted(found.items(), key=lambda item: (-item[1], item[0]))
    return Finding(
        slug="missing-names",
        title=f"Annotators missed {counted(len(found), 'name')}" if found else "Annotators missed no name",
        subtitle=f"Names that annotators of {dataset} wrote as missing from the label space",
        definition="As written, without regard to case; each annotator and image counts once.",
        table=table((("name", "name", Kind.TEXT), ("answers", "answers", Kind.COUNT)), ordered),
    )


_PAIR_COLUMNS = (("first", "first label", Kind.TEXT), ("second", "second label", Kind.TEXT), ("relation", "WordNet", Kind.TEXT))


def _pair_cells(first: int, second: int, names: Names) -> list[Cell]:
    kinship = names.kinship(first, second)
    return [names.of(first), names.of(second), kinship.value if kinship else NO_RELATION]


def _pairs_table(found: Sequence[LabelPair], names: Names, suggestion: Callable[[Kinship | None], str]) -> Table:
    return table(
        (
            *_PAIR_COLUMNS,
            ("images", "images with both", Kind.COUNT),
            *with_interval("of_first", "of the first’s"),
            *with_interval("of_second", "of the second’s"),
            ("suggestion", "suggestion", Kind.TEXT),
        ),
        [_pair_row(pair, names, suggestion) for pair in found[:MOST_PAIRS]],
    )


def _pair_row(pair: LabelPair, names: Names, suggestion: Callable[[Kinship | None], str]) -> list[Cell]:
    shares = (pair.n_both / pair.n_first, *ends(pair.of_first), pair.n_both / pair.n_second, *ends(pair.of_second))
    told = suggestion(names.kinship(pair.first, pair.second))
    return [*_pair_cells(pair.first, pair.second, names), pair.n_both, *shares, told]


def _suggestion_for_twins(kinship: Kinship | None) -> str:
    if kinship is None:
        return "two things, or two names?"
    return "merge, or explain"


def _suggestion_for_inside(kinship: Kinship | None) -> str:
    if kinship is Kinship.KIND_OF:
        return "imply the wider"
    return "part or companion"
