"""The tables of final labels, a row a label or a row an image, with where sets come from."""

from pathlib import Path

import polars as pl

from multilabelfy.annotation.model import AnnotatorId, Relation
from multilabelfy.dataset.model import ImageId, Label, LabelSpace
from multilabelfy.formats.exported.exported import FinalImage
from multilabelfy.formats.exported.provenance import Naming
from multilabelfy.formats.reading.final_labels import read_final_labels
from multilabelfy.formats.writing.parquet import write_long
from multilabelfy.formats.writing.parquet_lists import write_lists
from multilabelfy.refinement.model import EmptyReason, FinalLabels, LabelSource

SPACE = LabelSpace("letters", tuple(Label(index, f"k{index}", (f"name, {index}",)) for index in range(5)))


def called(person: AnnotatorId) -> str:
    return f"p{person}"


ANNOTATORS, EXPERT = (AnnotatorId(7), AnnotatorId(8)), (AnnotatorId(9),)
AGREED = FinalLabels(ImageId(1), (3, 0), LabelSource.AGREED, relation=Relation.BOTH, decided_by=ANNOTATORS)
REFINED = FinalLabels(ImageId(2), (), LabelSource.REFINED, EXPERT, (1, 2), reason=EmptyReason.OTHER, reason_note="a wall")
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
