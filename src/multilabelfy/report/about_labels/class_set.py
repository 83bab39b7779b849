"""Findings about labels that come together: two labels for one thing, and labels inside others; each with its counts, WordNet's relation
where there is one, a suggestion, and pictures where they are at hand."""

from collections.abc import Callable, Mapping, Sequence

from multilabelfy.dataset.hierarchy import Kinship
from multilabelfy.evaluation.labels.label_pairs import LabelPair, Together
from multilabelfy.report.about_labels.class_names import PAIR_COLUMNS, Names, pair_cells
from multilabelfy.report.findings import Cell, CellKind, Finding, FindingTable, Picture, Pictures, Subject, ends, table, with_interval
from multilabelfy.report.wording import counted, tied

MOST_PAIRS = 60
MOST_PAIRS_SHOWN = 12
NO_PICTURES: Mapping[tuple[int, int], Sequence[Picture]] = {}
PairPictures = Mapping[tuple[int, int], Sequence[Picture]]
"""The first pictures of a pair of labels, by the pair."""

DEFINITION = (
    "Shares are of the first label’s images that also have the second, and the reverse; intervals are Wilson’s at 95%. "
    "Relations are WordNet’s, where the label space has its hierarchy. Suggestions are for people to judge. “Merge, or explain”: related "
    "labels that come together are probably one thing; merge them, or tell annotators how they differ. “Two things, or two names?”: ask "
    "annotators for the relation. “Imply the wider”: count the wider label wherever the narrower one is valid. “Part or companion”: keep "
    "both and evaluate with sets."
)


def twins_finding(pairs: Sequence[LabelPair], names: Names, dataset: Subject, pictures: PairPictures = NO_PICTURES) -> Finding:
    """Pairs of labels that nearly always come together."""
    twins = [pair for pair in pairs if pair.together is Together.BOTH_WAYS]
    first = _first_of(twins, "and", names)
    return Finding(
        slug="twins",
        title=f"{counted(len(twins), 'pair')} of labels nearly always {'comes' if len(twins) == 1 else 'come'} together{first}"
        if twins
        else "No two labels nearly always come together",
        subtitle=f"Pairs of labels of {dataset}: most images with either label have the other too, by the lower end of the interval",
        definition=DEFINITION,
        table=_pairs_table(twins, names, _suggestion_for_twins),
        pictures=_pictures(twins, "and", names, pictures),
    )


def inside_finding(pairs: Sequence[LabelPair], names: Names, dataset: Subject, pictures: PairPictures = NO_PICTURES) -> Finding:
    """Labels that mostly come with another label, which more often comes without them."""
    inside = [pair for pair in pairs if pair.together is Together.FIRST_INSIDE]
    first = _first_of(inside, "in", names)
    return Finding(
        slug="inside",
        title=f"{counted(len(inside), 'label lies', 'labels lie')} inside another{first}" if inside else "No label lies inside another",
        subtitle=f"Labels of {dataset} whose images mostly have the second label too, but not the other way round",
        definition=DEFINITION,
        table=_pairs_table(inside, names, _suggestion_for_inside),
        pictures=_pictures(inside, "in", names, pictures),
    )


def _first_of(pairs: Sequence[LabelPair], word: str, names: Names) -> str:
    """The first pair, with those of the same counts."""
    alike = [pair for pair in pairs if _counts(pair) == _counts(pairs[0])]
    return f", first {tied([f'{names.of(pair.first)} {word} {names.of(pair.second)}' for pair in alike])}" if alike else ""


def _counts(pair: LabelPair) -> tuple[int, int, int]:
    return pair.n_both, pair.n_first, pair.n_second


def _pairs_table(pairs: Sequence[LabelPair], names: Names, suggestion: Callable[[Kinship | None], str]) -> FindingTable:
    return table(
        (
            *PAIR_COLUMNS,
            ("images", "images with both", CellKind.COUNT),
            *with_interval("of_first", "of the first’s"),
            *with_interval("of_second", "of the second’s"),
            ("suggestion", "suggestion", CellKind.TEXT),
        ),
        [_pair_row(pair, names, suggestion) for pair in pairs[:MOST_PAIRS]],
    )


def _pair_row(pair: LabelPair, names: Names, suggestion: Callable[[Kinship | None], str]) -> list[Cell]:
    shares = (pair.n_both / pair.n_first, *ends(pair.of_first), pair.n_both / pair.n_second, *ends(pair.of_second))
    suggested = suggestion(names.kinship(pair.first, pair.second))
    return [*pair_cells(pair.first, pair.second, names), pair.n_both, *shares, suggested]


def _pictures(pairs: Sequence[LabelPair], word: str, names: Names, pictures: PairPictures) -> tuple[Pictures, ...]:
    """The first pictures of the first pairs."""
    return tuple(
        Pictures(
            f"{names.of(pair.first)} {word} {names.of(pair.second)}: {counted(pair.n_both, 'image')} with both",
            tuple(pictures[pair.first, pair.second]),
        )
        for pair in pairs[:MOST_PAIRS_SHOWN]
        if pictures.get((pair.first, pair.second))
    )


def _suggestion_for_twins(kinship: Kinship | None) -> str:
    if kinship is None:
        return "two things, or two names?"
    return "merge, or explain"


def _suggestion_for_inside(kinship: Kinship | None) -> str:
    if kinship is Kinship.KIND_OF:
        return "imply the wider"
    return "part or companion"
