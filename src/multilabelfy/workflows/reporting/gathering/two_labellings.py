"""Compare two labellings: of files, by `compare`, or a study's two annotators, for its report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from multilabelfy import __version__
from multilabelfy.annotation.model import Annotation, AnnotatorId
from multilabelfy.dataset.hierarchy import Hierarchy
from multilabelfy.dataset.model import ImageId, Label, LabelSets, LabelSpace
from multilabelfy.disagreement.consensus.rules import RULES, is_valid
from multilabelfy.disagreement.questions import Ints
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.evaluation.labels.against_gold import AreKin, against_gold
from multilabelfy.evaluation.labels.two_labellings import compared
from multilabelfy.formats.reading.label_sets import OWN, read_label_sets, space_of
from multilabelfy.formats.reading.label_space import read_label_space
from multilabelfy.formats.reading.votes import read_votes
from multilabelfy.plurals import counted
from multilabelfy.refinement.label_sources import SOURCES
from multilabelfy.refinement.model import FinalLabels
from multilabelfy.report.about_labels.class_names import Names
from multilabelfy.report.about_labels.two_labellings import TwoLabellings, two_labellings_findings
from multilabelfy.report.findings import Report, Subject, chapters_of
from multilabelfy.report.material import SEED
from multilabelfy.report.methods import intervals_of, numbers_text
from multilabelfy.workflows.reporting.gathering.naming import is_certain

ATTEMPT = "Cannot compare the labellings"


@dataclass(frozen=True)
class Compared:
    """What to compare: each labelling is a file of label sets, or the name of a rule over `votes`; `names` are for titles."""

    first: str
    second: str
    gold: Path | None = None
    votes: Path | None = None
    label_space: str | None = None
    names: tuple[str, str] = ("", "")
    subject: str = ""


def comparison_of_files(wanted: Compared, *, now: datetime) -> Report:
    """Compare over the images that both labellings have, joined by name. Raises InvalidInput."""
    files = [Path(text) for text in (wanted.first, wanted.second) if text not in RULES] + ([wanted.gold] if wanted.gold else [])
    space = read_label_space(wanted.label_space) if wanted.label_space else _shared_space(files)
    by_votes = _by_votes(wanted, space)
    a, b = (by_votes[text] if text in RULES else read_label_sets(Path(text), labels=space) for text in (wanted.first, wanted.second))
    first, second = _joined(a, b)
    names = _names(wanted)
    known = space if wanted.label_space or is_certain(space, first) else None
    gold = None
    if wanted.gold is not None:
        of_first, truth = _joined(first, read_label_sets(wanted.gold, labels=space))
        of_second, _ = _joined(second, truth)
        gold = against_gold(of_first, of_second, truth, _kin(space))
    two = TwoLabellings(names, compared(first, second, seed=SEED), gold)
    findings = tuple(two_labellings_findings(two, Names(known).of, Subject(wanted.subject)))
    return Report(
        title=f"{names[0]} and {names[1]} compared",
        summary=tuple(f"{finding.title}." for finding in findings),
        findings=findings,
        methods=(("Files", _files_text(wanted, len(first), len(a), len(b))), ("Numbers", numbers_text()), *intervals_of(findings)),
        made_at=now,
        version=__version__,
        chapters=chapters_of([("The two labellings", findings)]),
    )


def two_annotators(
    answers: Mapping[ImageId, Sequence[Annotation]], finals: Sequence[FinalLabels], space: LabelSpace
) -> TwoLabellings | None:
    """The two annotators of a study that has exactly two, over the images that both answered; experts' decisions say who is right.

    The one with more answers is the first (then the lower id), as in the rest of a report.
    """
    people: dict[AnnotatorId, int] = {}
    for of_image in answers.values():
        for answer in of_image:
            people[answer.annotator] = people.get(answer.annotator, 0) + 1
    order = sorted(people, key=lambda person: (-people[person], person))
    both = {image: {answer.annotator: answer.chosen() for answer in of_image} for image, of_image in answers.items() if len(of_image) == 2}
    if len(order) != 2 or not both:
        return None
    first, second = (_sets({str(image): chosen[person] for image, chosen in both.items()}) for person in order)
    decided = {str(final.image): final.labels for final in finals if final.image in both and SOURCES[final.source].by_experts}
    gold = None
    if decided:
        truth = _sets(decided)
        of_first, of_second = _joined(first, truth)[0], _joined(second, truth)[0]
        gold = against_gold(of_first, of_second, truth, _kin(space))
    return TwoLabellings(("Annotator 1", "Annotator 2"), compared(first, second, seed=SEED), gold, judge="the experts’ decisions")


def _sets(by_image: Mapping[str, frozenset[int] | Sequence[int]]) -> LabelSets:
    return LabelSets.from_rows(tuple(by_image), [sorted(labels) for labels in by_image.values()])


def _by_votes(wanted: Compared, space: LabelSpace | None) -> dict[str, LabelSets]:
    rules = [text for text in (wanted.first, wanted.second) if text in RULES]
    if not rules:
        return {}
    if wanted.votes is None:
        raise InvalidInput(ATTEMPT, [Problem(rules[0], "it is a rule over votes, and no votes are named")], "Name them with --votes.")
    table = read_votes(wanted.votes)
    index = {text: _index(text, space) for text in table.labels}
    unknown = [text for text, label in index.items() if label is None]
    if unknown:
        raise InvalidInput(ATTEMPT, [Problem(str(wanted.votes), f"there is no label '{text}'") for text in unknown[:5]])
    label = np.array([index[text] for text in table.labels], dtype=np.int64)[table.questions.label]
    return {rule: _voted(table.images, table.questions.image, label, is_valid(table.questions.counts(), rule)) for rule in rules}


def _voted(images: Sequence[str], image: Ints, label: Ints, valid: npt.NDArray[np.bool_]) -> LabelSets:
    rows: list[list[int]] = [[] for _ in images]
    for at, chosen in zip(image[valid].tolist(), label[valid].tolist(), strict=True):
        rows[at].append(chosen)
    return LabelSets.from_rows(images, rows)


def _index(text: str, space: LabelSpace | None) -> int | None:
    if text.isascii() and text.isdigit():
        return int(text)
    return None if space is None else space.index_by_key.get(text)


def _shared_space(files: Sequence[Path]) -> LabelSpace | None:
    """The space of the files' labels; keys that form no known space form one together."""
    spaces = [space for path in files if (space := space_of(path)) is not None]
    known = next((space for space in spaces if space.name != OWN), None)
    if known is not None or not spaces:
        return known
    keys = dict.fromkeys(label.key for space in spaces for label in space.labels)
    return LabelSpace(OWN, tuple(Label(place, key, (key,)) for place, key in enumerate(keys)))


def _joined(first: LabelSets, second: LabelSets) -> tuple[LabelSets, LabelSets]:
    """Both over the images that both have, in the first one's order; by whole name, or by file name where no whole name is shared."""
    places = _places(first.images), _places(second.images)
    if not places[0].keys() & places[1].keys():
        places = _places([Path(name).name for name in first.images]), _places([Path(name).name for name in second.images])
    shared = [name for name in places[0] if name in places[1]]
    if not shared:
        problem = f"'{first.images[0] if len(first) else '–'}' and '{second.images[0] if len(second) else '–'}' are names from each"
        raise InvalidInput(ATTEMPT, [Problem("images", f"they have no image in common: {problem}")], "Images are joined by name.")
    return _of(first, [places[0][name] for name in shared]), LabelSets.from_rows(
        [first.images[places[0][name]] for name in shared], [second.row(places[1][name]) for name in shared]
    )


def _places(names: Sequence[str]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}


def _of(sets: LabelSets, rows: Sequence[int]) -> LabelSets:
    return LabelSets.from_rows([sets.images[row] for row in rows], [sets.row(row) for row in rows])


def _kin(space: LabelSpace | None) -> AreKin:
    if space is None:
        return lambda _first, _second: False
    hierarchy = Hierarchy.of(space)

    @cache
    def are_kin(first: int, second: int) -> bool:
        return hierarchy.kinship(space[first].key, space[second].key) is not None

    return are_kin


def _names(wanted: Compared) -> tuple[str, str]:
    labellings = zip(wanted.names, (wanted.first, wanted.second), strict=True)
    first, second = (name or (text if text in RULES else Path(text).stem) for name, text in labellings)
    return (first, second) if first != second else (f"{first} (1)", f"{second} (2)")


def _files_text(wanted: Compared, n_joined: int, n_first: int, n_second: int) -> str:
    votes = f" Rules are over the votes of {wanted.votes}." if wanted.votes else ""
    gold = f" Gold is {wanted.gold}." if wanted.gold else ""
    labellings = f"{wanted.first} ({counted(n_first, 'image')}) and {wanted.second} ({counted(n_second, 'image')})"
    joined = f"{counted(n_joined, 'image')} that both have {'is' if n_joined == 1 else 'are'} compared, joined by name"
    return f"The labellings are {labellings}; {joined}.{votes}{gold}"
