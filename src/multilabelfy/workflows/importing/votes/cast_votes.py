"""Votes of a file laid out image by image: which labels each rater was asked about, and what each said."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from multilabelfy.disagreement.questions import Ints
from multilabelfy.formats.reading.votes import VoteTable


@dataclass(frozen=True)
class ImageVotes:
    """An image's votes: the labels that anybody was asked about, in the order of the file, and each rater's votes as (label, vote)."""

    image: str
    labels: tuple[int, ...]
    by_rater: tuple[tuple[str, tuple[tuple[int, int], ...]], ...]


@dataclass(frozen=True)
class CastVotes:
    """A file's votes over the labels of a dataset, ordered by image (of first appearance in the file), rater and place in the file.

    `images` and `raters` are names; `image`, `rater`, `label` and `vote` are (n_votes,): codes of these, the label's index, and no 0,
    maybe 1, yes 2. The votes on image i are those from `starts[i]` to before `starts[i + 1]`.
    """

    images: tuple[str, ...]
    raters: tuple[str, ...]
    image: Ints
    rater: Ints
    label: Ints
    vote: Ints
    row: Ints
    starts: Ints

    def of_image(self, place: int) -> ImageVotes:
        """The votes on the image at this place."""
        at = slice(int(self.starts[place]), int(self.starts[place + 1]))
        raters, labels, votes = self.rater[at].tolist(), self.label[at].tolist(), self.vote[at].tolist()
        by_rater: dict[int, list[tuple[int, int]]] = {}
        for rater, label, vote in zip(raters, labels, votes, strict=True):
            by_rater.setdefault(rater, []).append((label, vote))
        first = dict(sorted(zip(self.row[at].tolist(), labels, strict=True)))
        cast = tuple((self.raters[rater], tuple(of_rater)) for rater, of_rater in by_rater.items())
        return ImageVotes(self.images[place], tuple(dict.fromkeys(first.values())), cast)

    def each(self, places: Sequence[int]) -> Iterator[ImageVotes]:
        """The votes on each of these images."""
        return (self.of_image(place) for place in places)

    def n_answers(self) -> Ints:
        """How many raters voted on each image, (n_images,)."""
        pairs = np.unique(self.image * (len(self.raters) + 1) + self.rater)
        return np.bincount(pairs // (len(self.raters) + 1), minlength=len(self.images))

    def twice(self) -> list[tuple[str, str, int]]:
        """The image, rater and label of each vote that repeats another one, however the label is written."""
        order = np.lexsort((self.label, self.rater, self.image))
        columns = [column[order] for column in (self.image, self.rater, self.label)]
        again = order[1:][np.logical_and.reduce([column[1:] == column[:-1] for column in columns])]
        return [(self.images[self.image[at]], self.raters[self.rater[at]], int(self.label[at])) for at in np.sort(again).tolist()]


def cast_votes(read: VoteTable, label_of: Ints) -> CastVotes:
    """The votes of a file; `label_of` is (n_labels of the file,): the index of each of its labels."""
    asked, rows = read.questions, read.order_in_file()
    first = np.full(len(read.images), np.iinfo(np.int64).max)
    np.minimum.at(first, asked.image, rows)
    by_appearance = np.argsort(first, kind="stable")
    place_of = np.empty(len(first), dtype=np.int64)
    place_of[by_appearance] = np.arange(len(first))
    image, row = place_of[asked.image[asked.question]], rows[asked.question]
    order = np.lexsort((row, asked.rater, image))
    label = label_of[asked.label[asked.question]]
    starts = np.searchsorted(image[order], np.arange(len(first) + 1))
    names = tuple(read.images[code] for code in by_appearance.tolist())
    return CastVotes(names, read.raters, image[order], asked.rater[order], label[order], asked.vote[order], row[order], starts)
