"""Scorers that the tests of proposing name as `python:scorers_for_proposing:…`; they need nothing beyond NumPy."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image
from PIL.Image import Image as Picture

from multilabelfy.inference.scorers.softmax import softmax
from multilabelfy.proposals.model import Scores

CALLS: list[int] = []
"""The size of every batch that a `Colours` scored, in all tests: a test clears it."""

SIZES: list[tuple[int, int]] = []
"""The size of every picture that `together` prepared: a test clears it."""


class Colours:
    """Scores the mean of red, green and blue: the softmax of eight times each."""

    labels: tuple[str, ...] = ("red", "green", "blue")

    def prepare(self, picture: Picture) -> npt.NDArray[Any]:
        means: npt.NDArray[Any] = np.asarray(picture, dtype=np.float32).mean(axis=(0, 1))
        return means / 255

    def score(self, batch: npt.NDArray[Any]) -> Scores:
        CALLS.append(len(batch))
        return softmax(8 * batch)


def colours() -> Colours:
    return Colours()


def in_any_order() -> Colours:
    """The columns of red and blue have changed places, and so have their names."""

    class Shuffled(Colours):
        labels = ("blue", "green", "red")

        def score(self, batch: npt.NDArray[Any]) -> Scores:
            return super().score(batch)[:, ::-1]

    return Shuffled()


def of_other_labels() -> Colours:
    class Other(Colours):
        labels = ("cat", "dog", "owl")

    return Other()


def interrupted_at_the_second_batch() -> Colours:
    class Interrupted(Colours):
        n = 0

        def score(self, batch: npt.NDArray[Any]) -> Scores:
            Interrupted.n += 1
            if Interrupted.n == 2:
                raise KeyboardInterrupt
            return super().score(batch)

    return Interrupted()


def not_a_number_at_the_second_batch() -> Colours:
    class Broken(Colours):
        n = 0

        def score(self, batch: npt.NDArray[Any]) -> Scores:
            Broken.n += 1
            scores = super().score(batch)
            return scores * np.float32(np.nan) if Broken.n == 2 else scores

    return Broken()


def too_few_columns() -> Colours:
    class Narrow(Colours):
        def score(self, batch: npt.NDArray[Any]) -> Scores:
            return super().score(batch)[:, :2]

    return Narrow()


def whose_pictures_vanish() -> Colours:
    """Removes the file VANISHES as it scores its first batch."""

    class Vanishing(Colours):
        def score(self, batch: npt.NDArray[Any]) -> Scores:
            Path(os.environ["VANISHES"]).unlink(missing_ok=True)
            return super().score(batch)

    return Vanishing()


def with_a_remark() -> Colours:
    class Remarkable(Colours):
        remark = f"by hand, in process {os.getpid()}"

    return Remarkable()


def logits() -> Colours:
    class Logits(Colours):
        def score(self, batch: npt.NDArray[Any]) -> Scores:
            return (8 * batch).astype(np.float32)

    return Logits()


def slow() -> Colours:
    """As long a time a batch as SECONDS_A_BATCH says."""

    class Slow(Colours):
        def score(self, batch: npt.NDArray[Any]) -> Scores:
            time.sleep(float(os.environ.get("SECONDS_A_BATCH", "0")))
            return super().score(batch)

    return Slow()


def slow_together() -> Colours:
    """As slow, on several threads at once."""

    class SlowTogether(Colours):
        thread_safe = True

        def score(self, batch: npt.NDArray[Any]) -> Scores:
            time.sleep(float(os.environ.get("SECONDS_A_BATCH", "0")))
            return super().score(batch)

    return SlowTogether()


def together() -> Colours:
    """Colours on several threads at once, which needs no more than eight pixels a side."""

    class Together(Colours):
        thread_safe = True
        shorter_side = 8

        def prepare(self, picture: Picture) -> npt.NDArray[Any]:
            SIZES.append(picture.size)
            return super().prepare(picture)

    return Together()


def on_device() -> Colours:
    """Colours as a device scores them: placed on one thread, scored on another."""

    class OnDevice(Colours):
        on_device = True

        def place(self, batch: npt.NDArray[Any]) -> npt.NDArray[Any]:
            return batch.copy()

    return OnDevice()


def by_place() -> Colours:
    """Sees where each colour is: 4 × 4 pixels, weighed by fixed numbers."""

    class ByPlace(Colours):
        weights = np.random.default_rng(0).normal(size=(48, 3)).astype(np.float32)

        def prepare(self, picture: Picture) -> npt.NDArray[Any]:
            small = picture.resize((4, 4), Image.Resampling.BOX)
            return np.asarray(small, dtype=np.float32).reshape(-1) / 255

        def score(self, batch: npt.NDArray[Any]) -> Scores:
            return softmax(batch @ self.weights)

    return ByPlace()


class Embedding(Colours):
    """Its vectors are the mean colours themselves."""

    def score(self, batch: npt.NDArray[Any]) -> Scores:
        raise AssertionError("one pass gives both")

    def score_and_embed(self, batch: npt.NDArray[Any]) -> tuple[Scores, npt.NDArray[Any]]:
        return super().score(batch), batch.copy()


def embedding(embeddings: bool = False) -> Colours:
    return Embedding() if embeddings else Colours()


def slow_embedding() -> Colours:
    """As long a time a batch as SECONDS_A_BATCH says."""

    class SlowEmbedding(Embedding):
        def score_and_embed(self, batch: npt.NDArray[Any]) -> tuple[Scores, npt.NDArray[Any]]:
            time.sleep(float(os.environ.get("SECONDS_A_BATCH", "0")))
            return super().score_and_embed(batch)

    return SlowEmbedding()


def embedding_interrupted_at_the_second_batch(embeddings: bool = False) -> Colours:
    class Interrupted(Embedding):
        n = 0

        def score_and_embed(self, batch: npt.NDArray[Any]) -> tuple[Scores, npt.NDArray[Any]]:
            Interrupted.n += 1
            if Interrupted.n == 2:
                raise KeyboardInterrupt
            return super().score_and_embed(batch)

    return Interrupted() if embeddings else interrupted_at_the_second_batch()


def embedding_not_a_number() -> Colours:
    class Broken(Embedding):
        def score_and_embed(self, batch: npt.NDArray[Any]) -> tuple[Scores, npt.NDArray[Any]]:
            scores, vectors = super().score_and_embed(batch)
            return scores, vectors * np.float32(np.nan)

    return Broken()


def deadly() -> Colours:
    """As `by_place`, but where it sees a red picture it kills its process, as often as the folder DEATHS allows (`dead`, `allowed`)."""

    class Deadly(type(by_place())):  # type: ignore[misc]
        def score(self, batch: npt.NDArray[Any]) -> Scores:
            deaths = Path(os.environ["DEATHS"])
            if dead(deaths) < allowed(deaths) and (batch[:, 0] > 0.9).any():
                (deaths / f"{dead(deaths)}.dead").touch()
                os.kill(os.getpid(), signal.SIGKILL)
            scores: Scores = super().score(batch)
            return scores

    return Deadly()


def dead(deaths: Path) -> int:
    """How many workers died."""
    return len(list(deaths.glob("*.dead")))


def allowed(deaths: Path) -> int:
    """How many may die."""
    return int((deaths / "allowed").read_text())
