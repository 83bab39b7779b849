"""The images that a study is simulated on: which of their labels are valid, drawn from a pilot's chances or from a published data set."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from multilabelfy.disagreement.questions import Ints, Questions

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
IMAGENETV2 = (129, 5083, 2385, 1306, 628, 237, 127, 48, 23, 18, 13, 1, 2)
"""How many of ImageNetV2's images have 0, 1, … 12 valid labels (arXiv 2401.17736)."""


@dataclass(frozen=True)
class Population:
    """Kinds of images, each with the labels that are asked and the chance that each is valid, and how common each kind is.

    `image` and `chance` are (n_questions,), kinds from 0 on, in order; `weight` (n_kinds,) need not sum to 1.
    """

    image: Ints
    chance: Floats
    weight: Floats


@dataclass(frozen=True)
class Images:
    """Images whose truth is known, as columns (n_questions,): their places from 0 on, the labels' places, and which are valid."""

    image: Ints
    label: Ints
    valid: Bools

    @property
    def n_images(self) -> int:
        """How many images there are."""
        return int(self.image.max(initial=-1)) + 1

    @property
    def n_valid(self) -> Ints:
        """How many labels of each image are valid, (n_images,)."""
        return np.bincount(self.image, weights=self.valid, minlength=self.n_images).astype(np.int64)


def like_imagenetv2(n_labels: int) -> Population:
    """Images with as many valid labels as ImageNetV2's have, each asked about `n_labels`; what is more than that is cut."""
    counts = np.arange(len(IMAGENETV2)).clip(max=n_labels)
    chance = np.arange(n_labels) < counts[:, np.newaxis]
    kinds = np.repeat(np.arange(len(counts)), n_labels)
    return Population(kinds, chance.ravel().astype(np.float64), np.array(IMAGENETV2, dtype=np.float64))


def like_pilot(questions: Questions, chance: Floats) -> Population:
    """Images like those of a pilot that have votes, all as common; `chance` (n_questions,) is what its votes come to."""
    order = np.argsort(questions.image, kind="stable")
    _, kind = np.unique(questions.image[order], return_inverse=True)
    return Population(kind.astype(np.int64), chance[order], np.ones(int(kind.max(initial=-1)) + 1))


def drawn(population: Population, n_images: int, rng: np.random.Generator) -> Images:
    """So many images, drawn by how common their kinds are, and what is valid on each, label by label."""
    kinds = rng.choice(len(population.weight), size=n_images, p=population.weight / population.weight.sum())
    n_labels = np.bincount(population.image, minlength=len(population.weight))
    start = np.concatenate([[0], np.cumsum(n_labels)[:-1]])
    image = np.repeat(np.arange(n_images), n_labels[kinds])
    first = np.concatenate([[0], np.cumsum(n_labels[kinds])[:-1]]) if n_images else np.zeros(0, dtype=np.int64)
    label = np.arange(len(image)) - first[image]
    chance = population.chance[start[kinds][image] + label]
    return Images(image, label, rng.random(len(image)) < chance)
