"""The paper's JSON, ReaL's list and the tables of final labels: what is read, what is written, and that one is the other."""

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from multilabelfy.dataset.model import Label, LabelSpace
from multilabelfy.errors import InvalidInput
from multilabelfy.formats.reading.final_labels import read_final_labels, write_final_labels
from multilabelfy.formats.writing.real import write_real
from multilabelfy.refinement.model import EmptyReason

SPACE = LabelSpace("letters", tuple(Label(index, key, (key,)) for index, key in enumerate("abcde")))
in_one_folder = settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])

ROWS = st.dictionaries(
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(lambda name: not set(name) & set("/\\")),
    st.lists(st.integers(0, len(SPACE) - 1), unique=True),
    max_size=6,
)


@in_one_folder
@given(ROWS)
def test_what_is_written_is_what_json_dumps_writes_and_reads_back_the_same(tmp_path: Path, rows: dict[str, list[int]]) -> None:
    first, second = tmp_path / "1.json", tmp_path / "2.json"
    write_final_labels(first, rows.items(), overwrite=True)
    assert first.read_text() == json.dumps({image: [str(label) for label in labels] for image, labels in rows.items()})
    if rows:
        read = read_final_labels(first, tuple(sorted(rows)), SPACE)
        assert (read.problems, read.absent) == ((), ())
        write_final_labels(second, ((row.image, row.labels) for row in read.rows), overwrite=True)
        assert second.read_bytes() == first.read_bytes()


def test_the_papers_file_comes_out_byte_for_byte(shared_data: Path, tmp_path: Path) -> None:
    from multilabelfy.formats.names.imagenet1k import imagenet1k

    paper = shared_data / "imagenetv2" / "refined_labels.json"
    images = sorted(json.loads(paper.read_text()))  # in another order than the file's
    read = read_final_labels(paper, images, imagenet1k())
    assert (len(read.rows), sum(row.reason is EmptyReason.UNKNOWN for row in read.rows)) == (10_000, 129)
    write_final_labels(tmp_path / "out.json", ((row.image, row.labels) for row in read.rows))
    assert (tmp_path / "out.json").read_bytes() == paper.read_bytes()


def test_an_empty_set_has_an_unknown_reason_and_a_full_one_none(tmp_path: Path) -> None:
    (tmp_path / "f.json").write_text('{"1.jpg": [], "2.jpg": ["4", "0"]}')
    rows = read_final_labels(tmp_path / "f.json", ("1.jpg", "2.jpg"), SPACE).rows
    assert [(row.image, row.labels, row.reason) for row in rows] == [("1.jpg", (), EmptyReason.UNKNOWN), ("2.jpg", (4, 0), None)]


def test_a_long_table_adds_a_label_a_row_and_keeps_reasons(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("image,label,reason\n1.jpg,c,\n2.jpg,,unusable\n1.jpg,a,\n3.jpg,,\n")
    rows = read_final_labels(tmp_path / "f.csv", ("1.jpg", "2.jpg", "3.jpg"), SPACE).rows
    assert [(row.image, row.labels, row.reason) for row in rows] == [
        ("1.jpg", (2, 0), None),
        ("2.jpg", (), EmptyReason.UNUSABLE),
        ("3.jpg", (), EmptyReason.UNKNOWN),
    ]


def test_a_table_with_lists_is_read(tmp_path: Path) -> None:
    pl.DataFrame({"image": ["1.jpg", "2.jpg"], "label": [["b", "a"], []]}).write_parquet(tmp_path / "f.parquet")
    rows = read_final_labels(tmp_path / "f.parquet", ("1.jpg", "2.jpg"), SPACE).rows
    assert [row.labels for row in rows] == [(1, 0), ()]


def test_reals_list_is_read_in_the_order_of_the_numbers(tmp_path: Path) -> None:
    (tmp_path / "f.json").write_text("[[1], [], [0, 4]]")
    rows = read_final_labels(tmp_path / "f.json", ("v_3.JPEG", "v_1.JPEG", "v_2.JPEG"), SPACE).rows
    assert {row.image: row.labels for row in rows} == {"v_1.JPEG": (1,), "v_2.JPEG": (), "v_3.JPEG": (0, 4)}


@pytest.mark.parametrize(
    ("table", "what"),
    [
        ("1.jpg,c,\n1.jpg,c,\n", "a duplicate row: the label 'c' of '1.jpg' is there already"),
        ("1.jpg,c,\n1.jpg,,\n", "'1.jpg' is there twice, once with an empty set"),
        (
            "1.jpg,,tired\n",
            "the reason 'tired' is none of inappropriate, no-class-present, not-proposed, other, rendition, too-fine-grained",
        ),
    ],
)
def test_rows_that_contradict_each_other_are_problems(tmp_path: Path, table: str, what: str) -> None:
    (tmp_path / "f.csv").write_text("image,label,reason\n" + table)
    problems = read_final_labels(tmp_path / "f.csv", ("1.jpg",), SPACE).problems
    assert problems[0].what.startswith(what)


def test_a_label_twice_in_a_row_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "f.json").write_text('{"1.jpg": ["1", "1"]}')
    assert "the label '1' of '1.jpg'" in read_final_labels(tmp_path / "f.json", ("1.jpg",), SPACE).problems[0].what


def test_reals_list_comes_out_as_it_went_in(shared_data: Path, tmp_path: Path) -> None:
    from multilabelfy.formats.names.imagenet1k import imagenet1k
    from multilabelfy.formats.writing.real import imagenet_validation_names

    published = shared_data / "real" / "real.json"
    images = imagenet_validation_names()[::-1]
    read = read_final_labels(published, images, imagenet1k())
    write_real(tmp_path / "out.json", images, {row.image: row.labels for row in read.rows})
    assert (tmp_path / "out.json").read_bytes() == published.read_bytes()


def test_reals_list_refuses_to_leave_an_image_out(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"v_2\.png: it has no final labels yet"):
        write_real(tmp_path / "out.json", ["v_1.png", "v_2.png"], {"v_1.png": [0]})
    assert not (tmp_path / "out.json").exists()


def test_reals_list_refuses_names_without_numbers(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="not numbered"):
        write_real(tmp_path / "out.json", ["cat.png", "dog.png"], {"cat.png": [0], "dog.png": []})


def test_a_file_that_is_there_is_not_written_over_unless_asked(tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    out.write_text("mine")
    with pytest.raises(InvalidInput, match="there is a file of this name already"):
        write_final_labels(out, [("1.jpg", [0])])
    assert out.read_text() == "mine"
    write_final_labels(out, [("1.jpg", [0])], overwrite=True)
    assert out.read_text() == '{"1.jpg": ["0"]}'


def test_a_writing_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def rows() -> Iterator[tuple[str, list[int]]]:
        yield "1.jpg", [0]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_final_labels(tmp_path / "out.json", rows())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_is_no_file_to_write(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="it is a folder"):
        write_final_labels(tmp_path, [])


def test_the_folders_above_are_made(tmp_path: Path) -> None:
    assert write_final_labels(tmp_path / "x" / "y" / "out.json", [("1.jpg", [])]) == 1
