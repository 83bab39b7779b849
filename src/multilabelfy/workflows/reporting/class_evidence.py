"""The evidence for a class set's findings: counts from the votes, and example images."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from multilabelfy.annotation.model import Annotation
from multilabelfy.dataset.model import ImageId, LabelSets
from multilabelfy.disagreement.confusion import Pair, pairs_confused
from multilabelfy.evaluation.labels.label_errors import replacements
from multilabelfy.evaluation.labels.label_pairs import LabelPair, images_with_both, labels_without_images
from multilabelfy.evaluation.measures.model import LabelledImages
from multilabelfy.refinement.model import Refinement
from multilabelfy.report.about_labels.class_names import Names
from multilabelfy.report.about_labels.class_set import MOST_PAIRS_SHOWN
from multilabelfy.report.about_labels.label_gaps import MOST_NAMES_SHOWN, MissingName, Unused
from multilabelfy.report.about_labels.mixed_up import Mixed
from multilabelfy.report.findings import Picture

MOST_OF_A_PAIR = 4


@dataclass(frozen=True)
class Seen:
    """Annotators' answers by image, the images' paths, and the images that must not be shown."""

    answers: Mapping[ImageId, Sequence[Annotation]]
    paths: Mapping[ImageId, str]
    withheld: frozenset[ImageId] = frozenset()

    def to_show(self, images: Sequence[ImageId]) -> list[ImageId]:
        """The first few of these images that may be shown, each once."""
        return list(islice((image for image in dict.fromkeys(images) if image not in self.withheld), MOST_OF_A_PAIR))


def pictures_of_pairs(
    sets: LabelSets, pairs: Sequence[LabelPair], names: Names, withheld: Collection[str]
) -> dict[Pair, tuple[Picture, ...]]:
    """The first images with both labels that may be shown, for the first pairs of each kind of co-occurrence; `withheld` are paths."""
    by_pair: dict[Pair, tuple[Picture, ...]] = {}
    of_each: Counter[str] = Counter()
    for pair in pairs:
        if pair.together is None or of_each[pair.together] >= MOST_PAIRS_SHOWN:
            continue
        of_each[pair.together] += 1
        rows = (row for row in images_with_both(sets, pair.first, pair.second).tolist() if sets.images[row] not in withheld)
        shown = islice(rows, MOST_OF_A_PAIR)
        by_pair[pair.first, pair.second] = tuple(Picture(sets.images[row], (_valid(sets, row, names),)) for row in shown)
    return by_pair


def mixed_up(seen: Seen, names: Names) -> list[Mixed]:
    """The pairs of labels that annotators confused, the most frequent first, then by label."""
    images: defaultdict[Pair, list[ImageId]] = defaultdict(list)
    chosen_in: defaultdict[int, set[ImageId]] = defaultdict(set)
    for image, annotations in seen.answers.items():
        for pair in pairs_confused(annotations):
            images[pair].append(image)
        for label in frozenset().union(*(annotation.chosen() for annotation in annotations)):
            chosen_in[label].add(image)
    ordered = sorted(images.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        Mixed(
            *pair,
            len(images_of_pair),
            len(chosen_in[pair[0]] | chosen_in[pair[1]]),
            _mixed_pictures(seen, images_of_pair, names) if place < MOST_PAIRS_SHOWN else (),
        )
        for place, (pair, images_of_pair) in enumerate(ordered)
    ]


def replaced(labelled: LabelledImages) -> list[Mixed]:
    """The pairs of which one label was given and the other is valid instead; both directions count together."""
    n_images: Counter[Pair] = Counter()
    for replacement in replacements(labelled):
        n_images[min(replacement.given, replacement.instead), max(replacement.given, replacement.instead)] += replacement.n_images
    given: Counter[int] = Counter() if labelled.given is None else Counter(np.asarray(labelled.given)[labelled.sets.counts > 0].tolist())
    return [Mixed(a, b, n, given[a] + given[b]) for (a, b), n in sorted(n_images.items(), key=lambda item: (-item[1], item[0]))]


def unused(labelled: LabelledImages, n_labels: int, seen: Seen | None = None) -> list[Unused]:
    """The labels that no image has, with how often they were given, shown and ticked, as far as known."""
    given = None if labelled.given is None else Counter(np.asarray(labelled.given).tolist())
    shown, ticked = (None, None) if seen is None else _shown_and_ticked(seen)
    return [
        Unused(
            label,
            None if given is None else given[label],
            None if shown is None else shown[label],
            None if ticked is None else ticked[label],
        )
        for label in labels_without_images(labelled.sets, n_labels)
    ]


def missing_names(seen: Seen, answers: Iterable[Annotation | Refinement]) -> list[MissingName]:
    """The label names that annotators and experts missed, the most frequent first, with example images; case is ignored."""
    images_of: defaultdict[str, list[ImageId]] = defaultdict(list)
    for answer in answers:
        if answer.missing_label.strip():
            images_of[answer.missing_label.strip().casefold()].append(answer.image)
    ordered = sorted(images_of.items(), key=lambda item: (-len(item[1]), item[0]))
    return [
        MissingName(name, len(of), tuple(Picture(seen.paths[image], ()) for image in seen.to_show(of)) if place < MOST_NAMES_SHOWN else ())
        for place, (name, of) in enumerate(ordered)
    ]


def _shown_and_ticked(seen: Seen) -> tuple[Counter[int], Counter[int]]:
    """In how many images each label was shown to anybody, and ticked by anybody."""
    shown: Counter[int] = Counter()
    ticked: Counter[int] = Counter()
    for annotations in seen.answers.values():
        shown.update(frozenset().union(*(annotation.screen.shown() for annotation in annotations)))
        ticked.update(frozenset().union(*(annotation.chosen() for annotation in annotations)))
    return shown, ticked


def _mixed_pictures(seen: Seen, images: Sequence[ImageId], names: Names) -> tuple[Picture, ...]:
    """The first images with each annotator's choice, without names."""
    return tuple(
        Picture(
            seen.paths[image],
            tuple(f"chosen: {', '.join(map(names.of, sorted(annotation.chosen()))) or 'nothing'}" for annotation in seen.answers[image]),
        )
        for image in seen.to_show(images)
    )


def _valid(sets: LabelSets, row: int, names: Names) -> str:
    return f"valid: {', '.join(map(names.of, sets.row(row)))}"
