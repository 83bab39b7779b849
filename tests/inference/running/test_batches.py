"""Scores come in batches and are written in chunks of about a second; what is scored is not lost to an error."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from multilabelfy.errors import InvalidScores, UnreadablePicture
from multilabelfy.inference.running.batches import MOST_ROWS, ScoredBatch, Spent, in_chunks, joined, read_rows
from multilabelfy.inference.scorers.scores_file import open_scores


def batch(*items: int, width: int = 2) -> ScoredBatch[int]:
    return ScoredBatch(items, np.full((len(items), width), sum(items), dtype=np.float32), spent=Spent(0.5, 2.0))


class Clock:
    """A second passes whenever somebody looks."""

    seconds = 0.0

    def __call__(self) -> float:
        self.seconds += 1
        return self.seconds


def items_of(chunk: tuple[ScoredBatch[int], ...]) -> list[tuple[int, ...]]:
    return [each.items for each in chunk]


def test_a_chunk_holds_what_was_scored_in_its_time() -> None:
    chunks = in_chunks([batch(1), batch(2), batch(3), batch(4), batch(5)], seconds=2, clock=Clock())

    assert [items_of(chunk) for chunk in chunks] == [[(1,), (2,)], [(3,), (4,)], [(5,)]]


def test_a_chunk_is_bounded_however_fast_a_scorer_is() -> None:
    rows = tuple(range(MOST_ROWS // 2))

    assert [len(chunk) for chunk in in_chunks([batch(*rows)] * 5, clock=lambda: 0.0)] == [2, 2, 1]
    wide = ScoredBatch((1,), np.zeros((1, 3 * 2**20), dtype=np.float32))  # 12 MiB
    assert [len(chunk) for chunk in in_chunks([wide] * 3, clock=lambda: 0.0)] == [2, 1]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_what_was_scored_before_an_error_is_given_before_it(error: type[BaseException]) -> None:
    def breaking() -> Iterator[ScoredBatch[int]]:
        yield batch(1)
        yield batch(2)
        raise error

    chunks = in_chunks(breaking(), clock=lambda: 0.0)

    assert items_of(next(chunks)) == [(1,), (2,)]
    with pytest.raises(error):
        next(chunks)


def test_several_batches_become_one() -> None:
    error = UnreadablePicture("It is truncated.")
    lost: ScoredBatch[int] = ScoredBatch((), np.zeros((0, 0), dtype=np.float32), ((9, error),))

    whole = joined([batch(1, 2), lost, batch(4)])

    assert whole.items == (1, 2, 4)
    assert whole.scores.tolist() == [[3, 3], [3, 3], [4, 4]]
    assert whole.unreadable == ((9, error),)
    assert whole.spent == Spent(1.0, 4.0)
    assert joined([lost]).items == ()


def test_scores_of_several_widths_do_not_become_one_batch() -> None:
    with pytest.raises(ValueError, match="concatenation"):
        joined([batch(1), batch(2, width=3)])


def test_rows_of_a_file_come_in_the_same_batches_by_row(tmp_path: Path) -> None:
    np.save(tmp_path / "scores.npy", np.array([[0.5, 0.5], [0.75, 0.25], [1.0, 0.0]], dtype=np.float32))

    batches = list(read_rows(open_scores(tmp_path / "scores.npy"), ["c", "a", "b"], row_of=lambda name: "abc".index(name), batch_size=2))

    assert [batch.items for batch in batches] == [("c", "a"), ("b",)]
    assert batches[0].scores.tolist() == [[1.0, 0.0], [0.5, 0.5]]


def embedded(*items: int, width: int = 3) -> ScoredBatch[int]:
    return ScoredBatch(items, np.zeros((len(items), 2), np.float32), embeddings=np.full((len(items), width), sum(items), np.float32))


def test_embeddings_are_joined_with_their_scores_and_count_as_bytes() -> None:
    lost: ScoredBatch[int] = ScoredBatch((), np.zeros((0, 0), dtype=np.float32))

    whole = joined([embedded(1, 2), lost, embedded(4)])

    assert whole.embeddings is not None
    assert whole.embeddings.tolist() == [[3] * 3, [3] * 3, [4] * 3]
    assert joined([batch(1), batch(2)]).embeddings is None
    wide = embedded(1, width=3 * 2**20)  # 12 MiB
    assert [len(chunk) for chunk in in_chunks([wide] * 3, clock=lambda: 0.0)] == [2, 1]


def test_embeddings_of_several_widths_are_refused() -> None:
    with pytest.raises(InvalidScores, match=r"several widths, \(1, 3\) and \(1, 4\)"):
        joined([embedded(1), embedded(2, width=4)])
