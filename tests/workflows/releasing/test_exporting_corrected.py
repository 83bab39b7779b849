"""The corrected dataset leaves with every image once, and comes in again with the same sets and reasons."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from tests.answering import answer
from tests.studies import NOW, Study, ready_study

from multilabelfy.annotation.model import AnnotatorId, Relation
from multilabelfy.dataset.model import ImageId, Label, LabelSpace
from multilabelfy.formats.exported.exported import CorrectedImage
from multilabelfy.formats.reading.label_sets import read_label_sets
from multilabelfy.formats.writing.corrected import write_corrected
from multilabelfy.refinement.model import EmptyReason, FinalLabels, LabelSource
from multilabelfy.settings import load_settings
from multilabelfy.workflows.importing.applying import import_dataset
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.releasing.exports import export
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.workspace import opened

ANIMALS = LabelSpace("animals", tuple(Label(i, key, (key,)) for i, key in enumerate(("cat", "dog", "hen"))))


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """Five images, given as labels 0 to 4: the first stands, the second is replaced, the third is one of several, two are open."""
    ready = ready_study(tmp_path / "study", n_images=5)
    for who in ("Ada", "Bob"):
        answer(ready, who, 0, [0])
        answer(ready, who, 1, [4])
        answer(ready, who, 2, [2, 5])
    answer(ready, "Ada", 3, [3])
    answer(ready, "Bob", 3, [6])
    resolve(ready.workspace, "pilot", NOW)
    yield ready
    ready.workspace.close()


def test_a_row_says_what_became_of_the_given_label(study: Study, tmp_path: Path) -> None:
    summary = export(study.workspace, "pilot", "corrected", tmp_path / "c.parquet")
    table = pl.read_parquet(tmp_path / "c.parquet")
    assert table.select("given_label", "correction", "corrected_label", "labels", "n_labels", "source").rows() == [
        ("k00000", "stands", "k00000", ["k00000"], 1, "agreed"),
        ("k00001", "replaced", "k00004", ["k00004"], 1, "agreed"),
        ("k00002", "one-of-several", None, ["k00002", "k00005"], 2, "agreed"),
    ]
    assert table.select("n_annotators", "certainty", "given_support", "release").rows() == [
        (2, 1.0, 1.0, 1),
        (2, 1.0, 0.0, 1),
        (2, 1.0, 1.0, 1),
    ]
    assert (summary.n_rows, summary.release, summary.n_unresolved) == (3, 1, 2)
    assert summary.notes == (
        "2 images are not in it: they have no final labels in release 1",
        "1 given label stands, 1 is replaced by one label, 1 is one of several",
    )


def image(
    path: str, given: int | None, *labels: int, reason: EmptyReason | None = None, chosen: tuple[set[int], ...] = ()
) -> CorrectedImage:
    final = FinalLabels(ImageId(1), labels, LabelSource.REFINED, reason=reason, decided_by=(AnnotatorId(1),))
    return CorrectedImage(path, given, final, tuple(frozenset(one) for one in chosen))


def test_how_sure_a_set_is_comes_from_the_annotators() -> None:
    """Of three, one chose exactly cat and dog; two chose the given cat."""
    one = image("a.png", 0, 0, 1, chosen=({0, 1}, {0}, {1}))
    assert [one.certainty, one.given_support] == pytest.approx([1 / 3, 2 / 3])
    nobody, none_given = image("b.png", 0, 0), image("c.png", None, 0, chosen=({0},))
    assert (nobody.certainty, nobody.given_support) == (None, None)
    assert (none_given.certainty, none_given.given_support) == (1.0, None)


def test_what_experts_choose_beside_the_labels_is_in_it_but_not_what_they_write(tmp_path: Path) -> None:
    empty, two = image("a.png", 0, reason=EmptyReason.OTHER), image("b.png", 0, 0, 1)
    found = [
        replace(empty, final=replace(empty.final, reason_note="a wall")),
        replace(two, final=replace(two.final, relation=Relation.BOTH)),
    ]
    write_corrected(tmp_path / "c.parquet", found, ANIMALS, 3)
    table = pl.read_parquet(tmp_path / "c.parquet")
    assert table.columns[5:9] == ["n_labels", "reason", "relation", "source"]
    assert table.select("n_labels", "reason", "relation").rows() == [(0, "other", None), (2, None, "both")]


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_label_sets_are_read_from_it(tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"c{suffix}"
    found = [image("b.png", 0, 2, 1), image("a.png", 1, 1), image("c.png", 1, reason=EmptyReason.UNUSABLE)]
    assert write_corrected(out, found, ANIMALS, 3) == 3
    sets = read_label_sets(out, labels=ANIMALS)
    assert (sets.images, sets.rows()) == (("b.png", "a.png", "c.png"), [(2, 1), (1,), ()])


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_it_goes_in_as_final_labels_and_comes_out_the_same(study: Study, tmp_path: Path, suffix: str) -> None:
    first, second = tmp_path / f"1{suffix}", tmp_path / f"2{suffix}"
    export(study.workspace, "pilot", "corrected", first)
    labels = tmp_path / "labels.txt"
    labels.write_text("\n".join(f"k{index:05}" for index in range(30)))
    with opened(load_settings(tmp_path / "fresh"), create=True) as fresh:
        root = Path(study.dataset.images_root)
        import_dataset(fresh, ImportRequest("copy", root, labels=str(labels), no_given=True, final_labels=first), now=NOW)
        export(fresh, "copy", "corrected", second)
    read = pl.read_csv if suffix == ".csv" else pl.read_parquet
    columns = ["image", "corrected_label", "labels", "n_labels", "reason"]
    assert read(second).select(columns).rows() == read(first).select(columns).rows()
