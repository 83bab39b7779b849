"""The paper's JSON comes out as it went in."""

import json
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from multilabelfy.dataset.model import Label, LabelSpace
from multilabelfy.formats.imagenet1k import imagenet1k
from multilabelfy.formats.reading.final_labels import read_final_labels
from multilabelfy.formats.writing.final_labels import write_final_labels
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
    paper = shared_data / "imagenetv2" / "refined_labels.json"
    images = sorted(json.loads(paper.read_text()))  # in another order than the file's
    read = read_final_labels(paper, images, imagenet1k())
    assert (len(read.rows), sum(row.reason is EmptyReason.UNKNOWN for row in read.rows)) == (10_000, 129)
    write_final_labels(tmp_path / "out.json", ((row.image, row.labels) for row in read.rows))
    assert (tmp_path / "out.json").read_bytes() == paper.read_bytes()
