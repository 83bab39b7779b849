"""The long table of votes, under our names and under crowd-kit's."""

from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from multilabelfy.annotation.model import Annotation, AnnotatorId, Candidate, Outcome, Screen, Vote
from multilabelfy.dataset.model import ImageId, Label, LabelSpace
from multilabelfy.formats.reading.votes import read_votes
from multilabelfy.formats.writing.votes import write_crowd_kit_votes, write_votes

SPACE = LabelSpace("letters", tuple(Label(index, f"k{index}", (f"name, {index}",)) for index in range(5)))
NOON = datetime(2030, 5, 6, 12, tzinfo=UTC)


def called(person: AnnotatorId) -> str:
    return f"p{person}"


def answer(outcome: Outcome = Outcome.LABELLED, answers: dict[int, Vote] | None = None) -> Annotation:
    """Candidates 2 and 0 in the first group, 1 in the second, which was never opened; label 4 was found by search."""
    screen = Screen(
        candidates=(Candidate(2, "model", 1), Candidate(0, "given"), Candidate(1, "model", 2)),
        group_size=2,
        opened_at=(NOON, None),
        protocol_version=3,
        guidelines_version=2,
    )
    chosen = {2: Vote.YES, 4: Vote.MAYBE} if answers is None else answers
    return Annotation("id", ImageId(1), AnnotatorId(7), outcome, chosen, screen, NOON, unprompted=(4,), present_ms=1500)


def test_a_vote_has_a_row_and_what_was_never_shown_has_none(tmp_path: Path) -> None:
    assert write_votes(tmp_path / "v.parquet", [("a/1.jpg", answer())], SPACE, called) == 3
    rows = (
        pl.read_parquet(tmp_path / "v.parquet")
        .select("image", "label", "annotator", "vote", "unprompted", "source", "rank", "place")
        .rows()
    )
    assert rows == [
        ("a/1.jpg", "k2", "p7", "yes", False, "model", 1, 1),
        ("a/1.jpg", "k0", "p7", "no", False, "given", None, 2),
        ("a/1.jpg", "k4", "p7", "maybe", True, None, None, None),
    ]


def test_a_vote_knows_when_and_under_what_it_was_given(tmp_path: Path) -> None:
    write_votes(tmp_path / "v.parquet", [("1.jpg", answer())], SPACE, called)
    columns = ("outcome", "revision", "surplus", "submitted_at", "present_ms", "protocol_version", "guidelines_version")
    assert pl.read_parquet(tmp_path / "v.parquet").select(columns).row(0) == ("labelled", 1, False, NOON, 1500, 3, 2)


def test_who_cannot_tell_has_no_votes(tmp_path: Path) -> None:
    assert write_votes(tmp_path / "v.csv", [("1.jpg", answer(Outcome.CANNOT_TELL, {}))], SPACE, called) == 0
    assert (tmp_path / "v.csv").read_text().startswith("image,label,annotator,vote,")


@pytest.mark.parametrize("name", ["v.csv", "v.parquet"])
def test_what_is_written_can_be_aggregated(tmp_path: Path, name: str) -> None:
    write_votes(tmp_path / name, [("1.jpg", answer())], SPACE, called)
    table = read_votes(tmp_path / name)
    assert (table.images, table.labels, table.raters) == (("1.jpg",), ("k0", "k2", "k4"), ("p7",))


def test_crowd_kits_names_make_a_task_of_each_question(tmp_path: Path) -> None:
    write_crowd_kit_votes(tmp_path / "v.csv", [("a/1.jpg", answer())], SPACE, called)
    assert (tmp_path / "v.csv").read_text() == "task,worker,label\na/1.jpg|k2,p7,yes\na/1.jpg|k0,p7,no\na/1.jpg|k4,p7,maybe\n"
