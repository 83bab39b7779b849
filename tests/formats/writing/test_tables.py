"""The tables that come out: votes, proposals, final labels; as Parquet and as CSV."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from multilabelfy.annotation.model import Annotation, AnnotatorId, Candidate, Outcome, Relation, Screen, Vote
from multilabelfy.dataset.model import ImageId, Label, LabelSpace
from multilabelfy.errors import InvalidInput
from multilabelfy.formats.files.write_tables import CHUNK, Kind, write_table
from multilabelfy.formats.reading.final_labels import read_final_labels
from multilabelfy.formats.reading.votes import read_votes
from multilabelfy.formats.writing.final_tables import FinalImage, Naming, write_lists, write_long
from multilabelfy.formats.writing.proposals import write_proposals
from multilabelfy.formats.writing.votes import write_crowd_kit_votes, write_votes
from multilabelfy.proposals.model import Proposal
from multilabelfy.refinement.model import EmptyReason, FinalLabels, LabelSource

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


def test_proposals_are_a_row_each(tmp_path: Path) -> None:
    proposed = [("1.jpg", [Proposal(3, 1, 0.75, "m"), Proposal(0, 2, 0.25, "m")]), ("2.jpg", [])]
    assert write_proposals(tmp_path / "p.csv", proposed, SPACE) == 2
    assert (tmp_path / "p.csv").read_text() == "image,label,rank,score,source\n1.jpg,k3,1,0.75,m\n1.jpg,k0,2,0.25,m\n"


ANNOTATORS, EXPERT = (AnnotatorId(7), AnnotatorId(8)), (AnnotatorId(9),)
AGREED = FinalLabels(ImageId(1), (3, 0), LabelSource.AGREED, relation=Relation.BOTH, decided_by=ANNOTATORS)
REFINED = FinalLabels(ImageId(2), (), LabelSource.REFINED, EmptyReason.OTHER, "a wall", None, EXPERT, (1, 2))
FINALS = [FinalImage("1.jpg", 0, AGREED), FinalImage("2.jpg", None, REFINED)]
NAMING = Naming(SPACE, called, release=4)


def test_the_long_table_has_a_row_a_label_and_one_for_an_empty_set(tmp_path: Path) -> None:
    assert write_long(tmp_path / "f.parquet", FINALS, NAMING) == 3
    assert pl.read_parquet(tmp_path / "f.parquet").rows() == [
        ("1.jpg", "k3", 3, "name, 3", 2, "agreed", None, None, "both", ["p7", "p8"], [], "k0", 4),
        ("1.jpg", "k0", 0, "name, 0", 2, "agreed", None, None, "both", ["p7", "p8"], [], "k0", 4),
        ("2.jpg", None, None, None, 0, "refined", "other", "a wall", None, ["p9"], ["k1", "k2"], None, 4),
    ]


def test_the_table_with_lists_has_a_row_an_image(tmp_path: Path) -> None:
    assert write_lists(tmp_path / "f.parquet", FINALS, NAMING) == 2
    assert pl.read_parquet(tmp_path / "f.parquet").select("image", "labels", "n_labels").rows() == [
        ("1.jpg", ["k3", "k0"], 2),
        ("2.jpg", [], 0),
    ]


def test_a_long_table_comes_back_as_final_labels_with_its_reasons(tmp_path: Path) -> None:
    write_long(tmp_path / "f.parquet", FINALS, NAMING)
    rows = read_final_labels(tmp_path / "f.parquet", ("1.jpg", "2.jpg"), SPACE).rows
    assert [(row.labels, row.reason) for row in rows] == [((3, 0), None), ((), EmptyReason.OTHER)]


def test_more_rows_than_one_piece_stream_through(tmp_path: Path) -> None:
    n = 2 * CHUNK + 1
    assert write_table(tmp_path / "t.parquet", {"i": Kind.INTEGER}, ((i,) for i in range(n))) == n
    read = pl.read_parquet(tmp_path / "t.parquet")
    assert (read.height, read["i"].is_sorted(), read["i"].sum()) == (n, True, n * (n - 1) // 2)


def test_a_table_without_rows_has_its_columns(tmp_path: Path) -> None:
    assert write_table(tmp_path / "t.parquet", {"a": Kind.TEXT, "b": Kind.NUMBER}, []) == 0
    assert pl.read_parquet(tmp_path / "t.parquet").schema == {"a": pl.String, "b": pl.Float32}


def test_csv_writes_nothing_truth_lists_and_times_plainly(tmp_path: Path) -> None:
    columns = {"a": Kind.TEXT, "b": Kind.TRUTH, "c": Kind.TEXTS, "d": Kind.TIME}
    write_table(tmp_path / "t.csv", columns, [('say "hi", you', True, ["x", "y"], NOON), (None, False, [], None)])
    assert (tmp_path / "t.csv").read_text() == ('a,b,c,d\n"say ""hi"", you",true,x|y,2030-05-06T12:00:00+00:00\n,false,,\n')


@pytest.mark.parametrize("name", ["t.csv", "t.parquet"])
def test_rows_that_break_off_leave_no_file_and_their_own_error(tmp_path: Path, name: str) -> None:
    def rows() -> Iterator[tuple[int]]:
        yield (1,)
        raise InvalidInput("Cannot go on", [])

    with pytest.raises(InvalidInput, match="Cannot go on"):
        write_table(tmp_path / name, {"i": Kind.INTEGER}, rows())
    assert list(tmp_path.iterdir()) == []


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"\.parquet or \.csv"):
        write_table(tmp_path / "t.xlsx", {"i": Kind.INTEGER}, [])
