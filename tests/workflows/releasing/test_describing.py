"""Data cards say of a study what it did, validate as what they claim to be, and describe the table that lies beside them."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from tests.answering import answer
from tests.studies import HIERARCHY, NOW, Study, ready_study

from multilabelfy.errors import InvalidInput, UnknownDataset, UnknownRelease
from multilabelfy.formats.exported import data_card
from multilabelfy.formats.exported.data_card import TABLE, About
from multilabelfy.formats.writing import corrected, croissant
from multilabelfy.formats.writing.dataset_card import size_category
from multilabelfy.workflows.proposing.suspects import queue_first, suspects
from multilabelfy.workflows.releasing.cards import write_cards
from multilabelfy.workflows.releasing.exports import export
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.reporting.gathering.material import material_of_study

ABOUT = About("CC-BY-4.0", ("A. Author", "B. Author"), "https://example.org/labels", "@misc{labels}")


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """Four images: one label stands, one is one of two, one is disputed, one is open; release 1."""
    ready = ready_study(tmp_path / "study", n_images=4, concepts=HIERARCHY)
    for who in ("Ada", "Bob"):
        answer(ready, who, 0, [0])
        answer(ready, who, 2, [2, 4])
    answer(ready, "Ada", 1, [1])
    answer(ready, "Bob", 1, [3])
    resolve(ready.workspace, "pilot", NOW)
    yield ready
    ready.workspace.close()


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's own
def test_a_croissant_is_valid_and_nothing_recommended_is_missing(study: Study, tmp_path: Path) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    export(study.workspace, "pilot", "croissant", tmp_path / "croissant.json", about=ABOUT)
    dataset = mlcroissant.Dataset(str(tmp_path / "croissant.json"))
    assert (dataset.metadata.issues.errors, dataset.metadata.issues.warnings) == (set(), set())
    assert dataset.metadata.annotations_per_item.startswith("2 annotators, blind to each other")
    assert dataset.metadata.data_annotation_platform[0].startswith("Multilabelfy ")


def test_its_file_is_the_table_beside_it(study: Study, tmp_path: Path) -> None:
    summary = export(study.workspace, "pilot", "croissant", tmp_path / "croissant.json", about=ABOUT)
    table = tmp_path / TABLE
    (file,) = read(tmp_path / "croissant.json")["distribution"]
    assert (file["contentUrl"], file["sha256"]) == (TABLE, hashlib.sha256(table.read_bytes()).hexdigest())
    assert file["contentSize"] == f"{table.stat().st_size} B"
    assert pl.read_parquet(table)["labels"].to_list() == [["k00000"], ["k00002", "k00004"]]
    assert (summary.n_rows, summary.release, summary.n_unresolved) == (2, 1, 2)
    assert summary.notes == (
        "2 images are not in it: they have no final labels in release 1",
        f"the labels that the card describes are in {table}",
    )


def test_its_fields_are_the_columns_of_the_table(study: Study, tmp_path: Path) -> None:
    export(study.workspace, "pilot", "croissant", tmp_path / "croissant.json")
    images, labels, _parents = read(tmp_path / "croissant.json")["recordSet"]
    table = pl.read_parquet(tmp_path / TABLE)
    assert [field["source"]["extract"]["column"] for field in images["field"]] == table.columns
    repeated = [field["name"] for field in images["field"] if field.get("repeated")]
    assert repeated == [name for name, kind in table.schema.items() if kind == pl.List(pl.String)]
    assert len(labels["data"]) == 30
    assert labels["data"][0] == {"labels/index": 0, "labels/key": "k00000", "labels/name": "tabby, tabby cat"}


def test_it_says_what_each_label_and_each_concept_is_a_kind_of(study: Study, tmp_path: Path) -> None:
    export(study.workspace, "pilot", "croissant", tmp_path / "croissant.json")
    parents = {(row["parents/key"], row["parents/parent"]) for row in read(tmp_path / "croissant.json")["recordSet"][2]["data"]}
    assert {("k00003", "feline"), ("k00004", "thing"), ("feline", "all"), ("thing", "all")} <= parents
    assert len(parents) == 32


def test_every_column_has_a_meaning() -> None:
    assert list(data_card.COLUMNS) == list(corrected.COLUMNS)
    assert set(corrected.COLUMNS.values()) <= set(croissant.TYPES)


def test_it_says_what_the_study_did(study: Study, tmp_path: Path) -> None:
    export(study.workspace, "pilot", "croissant", tmp_path / "croissant.json")
    card = read(tmp_path / "croissant.json")
    assert card["description"].endswith("Several labels are valid for 1 of them, none for 0.")
    assert (card["version"], card["datePublished"]) == ("1.0.0", "2030-05-06")
    assert card["rai:machineAnnotationTools"] == ["a-secret-model"]
    assert "protocol “paper”" in card["rai:dataAnnotationProtocol"][0]
    assert card["rai:annotatorDemographics"] == [
        "2 annotators and 0 experts, who worked 0.0 hours in all. Nothing else about them was recorded."
    ]
    assert card["rai:dataAnnotationAnalysis"][0].startswith("Equal sets: 0.667")  # two of three images
    assert "Without final labels yet, and therefore not in the table: 2 images." in card["rai:dataLimitations"]
    assert "license" not in card


def test_suspects_that_were_annotated_first_are_a_limit(study: Study, tmp_path: Path) -> None:
    queue_first(study.workspace, suspects(study.workspace, "pilot"), 1)
    export(study.workspace, "pilot", "croissant", tmp_path / "croissant.json")
    assert any(
        "Annotated first, because their given labels looked wrong: 1 image." in limit
        for limit in read(tmp_path / "croissant.json")["rai:dataLimitations"]
    )


def test_the_head_of_a_dataset_card_is_yaml_in_the_hubs_words(study: Study, tmp_path: Path) -> None:
    export(study.workspace, "pilot", "dataset-card", tmp_path / "README.md", about=ABOUT)
    _, head, body = (tmp_path / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    assert yaml.safe_load(head) == {
        "pretty_name": "pilot",
        "license": "cc-by-4.0",
        "task_categories": ["image-classification"],
        "task_ids": ["multi-label-image-classification"],
        "annotations_creators": ["other"],
        "multilinguality": ["monolingual"],
        "size_categories": ["n<1K"],
        "tags": ["multi-label", "label-errors", "croissant"],
        "configs": [{"config_name": "default", "data_files": TABLE}],
    }
    sections = ["Licence", "Source", "Columns", "How many", "What became of the given labels", "How labels were decided"]
    sections += ["How it was annotated", "Who annotated", "Agreement", "Known limits", "Citation"]
    assert [line.removeprefix("## ") for line in body.splitlines() if line.startswith("## ")] == sections
    assert "| stands | 1 |\n| one-of-several | 1 |" in body


def test_a_licence_that_is_not_stated_is_unknown_and_one_by_address_is_linked(study: Study, tmp_path: Path) -> None:
    notes = export(study.workspace, "pilot", "dataset-card", tmp_path / "1.md").notes
    assert notes[-1] == "the card states no licence: name one with --license"
    assert 'license: "unknown"\n' in (tmp_path / "1.md").read_text(encoding="utf-8")
    export(study.workspace, "pilot", "dataset-card", tmp_path / "2.md", about=About("https://example.org/terms"))
    head = yaml.safe_load((tmp_path / "2.md").read_text(encoding="utf-8").split("---\n")[1])
    assert (head["license"], head["license_link"]) == ("other", "https://example.org/terms")


def test_both_forms_share_one_table_but_another_one_is_not_written_over(study: Study, tmp_path: Path) -> None:
    export(study.workspace, "pilot", "croissant", tmp_path / "croissant.json")
    export(study.workspace, "pilot", "dataset-card", tmp_path / "README.md")
    (tmp_path / TABLE).write_text("mine")
    with pytest.raises(InvalidInput, match="--overwrite"):
        export(study.workspace, "pilot", "croissant", tmp_path / "other.json")
    assert not (tmp_path / "other.json").exists()
    assert (tmp_path / TABLE).read_text() == "mine"
    export(study.workspace, "pilot", "croissant", tmp_path / "croissant.json", overwrite=True)
    assert pl.read_parquet(tmp_path / TABLE).height == 2


def test_cards_are_of_the_newest_release_alone(study: Study, tmp_path: Path) -> None:
    for who in ("Ada", "Bob"):
        answer(study, who, 3, [3])
    resolve(study.workspace, "pilot", NOW)
    with pytest.raises(InvalidInput, match="1 is not the newest, 2"):
        export(study.workspace, "pilot", "croissant", tmp_path / "croissant.json", release=1)
    assert export(study.workspace, "pilot", "croissant", tmp_path / "croissant.json", release=2).n_rows == 3


def test_what_only_a_card_says_is_refused_elsewhere(study: Study, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="they go into croissant or dataset-card"):
        export(study.workspace, "pilot", "corrected", tmp_path / "c.parquet", about=ABOUT)
    with pytest.raises(InvalidInput, match="the table that the card describes is written beside it"):
        export(study.workspace, "pilot", "croissant", tmp_path / TABLE)
    with pytest.raises(InvalidInput, match="only votes have crowd-kit"):
        export(study.workspace, "pilot", "croissant", tmp_path / "c.json", crowd_kit=True)


def test_without_a_release_or_a_dataset_the_way_out_is_named(tmp_path: Path) -> None:
    ready = ready_study(tmp_path / "fresh", n_images=1)
    with pytest.raises(UnknownRelease, match="multilabelfy resolve pilot"):
        export(ready.workspace, "pilot", "croissant", tmp_path / "croissant.json")
    with pytest.raises(UnknownDataset):
        export(ready.workspace, "pilots", "dataset-card", tmp_path / "README.md")
    assert not (tmp_path / TABLE).exists()
    ready.workspace.close()


def test_what_a_report_gathered_serves_its_cards_until_there_is_a_newer_release(study: Study, tmp_path: Path) -> None:
    material = material_of_study(study.workspace, "pilot")
    gathered = write_cards(study.workspace, "pilot", tmp_path / "gathered", material)
    anew = write_cards(study.workspace, "pilot", tmp_path / "anew")
    assert {form: path.read_bytes() for form, path in gathered.items()} == {form: path.read_bytes() for form, path in anew.items()}
    for who in ("Ada", "Bob"):
        answer(study, who, 3, [1])
    resolve(study.workspace, "pilot", NOW)
    newer = write_cards(study.workspace, "pilot", tmp_path / "newer", material)
    anew = write_cards(study.workspace, "pilot", tmp_path / "newer-anew")
    assert newer["dataset-card"].read_bytes() == anew["dataset-card"].read_bytes() != gathered["dataset-card"].read_bytes()


def test_beside_a_report_lie_both_forms_and_their_table(study: Study, tmp_path: Path) -> None:
    for _ in range(2):  # the second replaces the first
        written = write_cards(study.workspace, "pilot", tmp_path)
    assert written == {
        "croissant": tmp_path / "croissant.json",
        "dataset-card": tmp_path / "dataset-card.md",
        "table": tmp_path / TABLE,
    }
    assert all(path.is_file() for path in written.values())


@pytest.mark.parametrize(
    ("n_images", "word"), [(1, "n<1K"), (9_999, "1K<n<10K"), (10_000, "10K<n<100K"), (10**6, "1M<n<10M"), (10**8, "100M<n<1B")]
)
def test_sizes_have_the_hubs_words(n_images: int, word: str) -> None:
    assert size_category(n_images) == word
