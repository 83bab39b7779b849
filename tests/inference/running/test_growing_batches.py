"""Beside a device, the batches that a scorer gets grow as `BatchSize` says, and where a person or the scorer names a size they do not."""

from types import SimpleNamespace
from typing import Any

import numpy.typing as npt
import pytest
from tests.inference.running.test_streaming import OnDevice, grey

from multilabelfy.inference.running import streaming
from multilabelfy.inference.running.streaming import score_pictures
from multilabelfy.proposals.model import Scores


def sizes(monkeypatch: pytest.MonkeyPatch, scorer: type[OnDevice], n: int, batch_size: int | None = None) -> list[int]:
    """The batches of a device that takes a second for any batch: twice as many pictures are worth it."""
    seconds = [0.0]

    class OneSecond(scorer):  # type: ignore[misc, valid-type]
        def score(self, batch: npt.NDArray[Any]) -> Scores:
            seconds[0] += 1
            return super().score(batch)  # type: ignore[no-any-return]

    monkeypatch.setattr(streaming, "time", SimpleNamespace(perf_counter=lambda: seconds[0]))
    values = [value % 90 for value in range(n)]
    return [
        len(batch.items) for batch in score_pictures(OneSecond(), values, open_item=grey, name_of=str, batch_size=batch_size, n_threads=2)
    ]


def test_batches_double_from_eight_on_as_long_as_that_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sizes(monkeypatch, OnDevice, 8 + 8 + 16 + 32 + 64 + 5) == [8, 8, 16, 32, 64, 5]


def test_batches_of_a_named_size_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    class Wishful(OnDevice):
        batch_size = 4

    assert sizes(monkeypatch, OnDevice, 48, batch_size=16) == [16, 16, 16]
    assert sizes(monkeypatch, Wishful, 12) == [4, 4, 4]
