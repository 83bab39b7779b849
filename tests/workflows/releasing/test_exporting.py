"""What comes out of a study, and that it goes in again as it was."""

import json
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from PIL import Image as Pillow
from sqlalchemy import update
from tests.answering import answer, machine_says
from tests.checking import answer_again
from tests.deciding import say
from tests.studies import NOW, Study, ready_study

from multilabelfy.annotation.model import Vote
from multilabelfy.errors import InvalidInput, NotProposed, UnknownDataset, UnknownRelease
from multilabelfy.formats.outputs import FORMATS, Format, Need
from multilabelfy.settings import load_settings
from multilabelfy.store.schema import annotators
from multilabelfy.workflows.importing.applying import import_dataset
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.refining.desk import reopen
from multilabelfy.workflows.releasing.exports import export, needs_met
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.workspace import Workspace, opened


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """Four images: two agreed upon, one disputed, one that nobody answered; release 1."""
    ready = ready_study(tmp_path / "study", n_images=4)
    for who in ("Ada", "Bob"):
        answer(ready, who, 2, [2, 4])
        answer(ready, who, 0, [1])
    answer(ready, "Ada", 1, [1], maybe=[2])
    answer(ready, "Bob", 1, [3], added=[9])
    resolve(ready.workspace, "pilot", NOW)
    yield ready
    ready.workspace.close()


def decided_and_checked(study: Study) -> None:
    """Eve decides the disputed image, Ada is given her first one again, and a machine is asked."""
    say(study, "Eve", 1, 3)
    answer_again(study, "Ada", 0, [1, 2])
    machine_says(study, 0, {0: Vote.NO, 1: Vote.YES})


def test_final_labels_are_the_papers_json_in_the_order_of_the_import(study: Study, tmp_path: Path) -> None:
    summary = export(study.workspace, "pilot", "final-labels", tmp_path / "out.json")
    assert (tmp_path / "out.json").read_text() == json.dumps({study.images[0].path: ["1"], study.images[2].path: ["2", "4"]})
    assert (summary.n_rows, summary.release, summary.n_unresolved) == (2, 1, 2)
    assert summary.notes == ("2 images are not in it: they have no final labels in release 1",)


@pytest.mark.parametrize("format", FORMATS, ids=lambda format: format.name)
def test_every_format_can_be_written(study: Study, tmp_path: Path, format: Format) -> None:
    decided_and_checked(study)
    for who in ("Ada", "Bob"):
        answer(study, who, 3, [3])
    resolve(study.workspace, "pilot", NOW)
    summary = export(study.workspace, "pilot", format.name, tmp_path / format.file)
    assert (tmp_path / format.file).stat().st_size > 0
    assert (summary.format, summary.path, summary.n_unresolved) == (format.name, tmp_path / format.file, 0)
    assert summary.release == (2 if format.needs is Need.RELEASE else None)
    if format.columns():
        assert tuple(pl.read_parquet(tmp_path / format.file).columns) == format.columns()


def test_an_earlier_release_can_be_had_again(study: Study, tmp_path: Path) -> None:
    for who in ("Ada", "Bob"):
        answer(study, who, 3, [3])
    resolve(study.workspace, "pilot", NOW)
    assert export(study.workspace, "pilot", "final-labels", tmp_path / "2.json").n_rows == 3
    assert export(study.workspace, "pilot", "final-labels", tmp_path / "1.json", release=1).n_rows == 2
    with pytest.raises(UnknownRelease, match="no release 7"):
        export(study.workspace, "pilot", "final-labels", tmp_path / "7.json", release=7)


def test_votes_name_nobody_unless_asked(study: Study, tmp_path: Path) -> None:
    assert export(study.workspace, "pilot", "votes", tmp_path / "v.parquet").n_rows == 31
    anonymous = pl.read_parquet(tmp_path / "v.parquet")
    assert anonymous["annotator"].n_unique() == 2
    assert not set(anonymous["annotator"]) & {"Ada", "Bob"}
    export(study.workspace, "pilot", "votes", tmp_path / "named.parquet", with_names=True)
    named = pl.read_parquet(tmp_path / "named.parquet")
    image = study.images[1].path
    said = named.filter((pl.col("image") == image) & (pl.col("vote") != "no")).select("annotator", "label", "vote", "unprompted").rows()
    assert sorted(said) == [
        ("Ada", "k00001", "yes", False),
        ("Ada", "k00002", "maybe", False),
        ("Bob", "k00003", "yes", False),
        ("Bob", "k00009", "yes", True),
    ]


def test_pseudonyms_stay_the_same_from_export_to_export(study: Study, tmp_path: Path) -> None:
    export(study.workspace, "pilot", "votes", tmp_path / "1.csv")
    export(study.workspace, "pilot", "votes", tmp_path / "2.csv")
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()


def test_votes_have_crowd_kits_names_on_request(study: Study, tmp_path: Path) -> None:
    export(study.workspace, "pilot", "votes", tmp_path / "v.csv", crowd_kit=True)
    assert pl.read_csv(tmp_path / "v.csv").columns == ["task", "worker", "label"]
    with pytest.raises(InvalidInput, match="only votes"):
        export(study.workspace, "pilot", "parquet", tmp_path / "f.parquet", crowd_kit=True)


def test_two_people_of_one_name_stay_two_where_names_are_written(study: Study, tmp_path: Path) -> None:
    for who in ("Ada", "Bob"):
        answer(study, who, 0, [0])
    with study.workspace.store.writing() as c:
        c.execute(update(annotators).where(annotators.c.name == "Bob").values(name="Ada"))
    export(study.workspace, "pilot", "votes", tmp_path / "named-votes.csv", with_names=True)
    assert set(people_in(tmp_path, "votes", "annotator")) == {"Ada (1)", "Ada (2)"}


def test_people_bear_one_pseudonym_in_votes_decisions_and_checks(study: Study, tmp_path: Path) -> None:
    decided_and_checked(study)
    for name in ("votes", "decisions", "checks"):
        export(study.workspace, "pilot", name, tmp_path / f"{name}.csv")
        export(study.workspace, "pilot", name, tmp_path / f"named-{name}.csv", with_names=True)
        assert not any(person in (tmp_path / f"{name}.csv").read_text() for person in ("Ada", "Bob", "Eve"))
    assert dict.fromkeys(people_in(tmp_path, "decisions", "expert")) == {"Eve": None}
    assert dict.fromkeys(people_in(tmp_path, "checks", "annotator")) == {"Ada": None}
    assert pl.read_csv(tmp_path / "checks.csv")["annotator"][0] in set(pl.read_csv(tmp_path / "votes.csv")["annotator"])


def people_in(folder: Path, format: str, column: str) -> list[str]:
    return pl.read_csv(folder / f"named-{format}.csv")[column].to_list()


def test_a_reopened_decision_is_exported_and_no_longer_stands(study: Study, tmp_path: Path) -> None:
    decided_and_checked(study)
    reopen(study.workspace, "pilot", study.images[1].id)
    export(study.workspace, "pilot", "decisions", tmp_path / "d.parquet")
    rows = pl.read_parquet(tmp_path / "d.parquet").select("expert", "kind", "stands", "labels")
    assert rows.select("kind", "stands", "labels").rows()[-1] == ("one-expert", False, ["k00001", "k00003"])


def test_a_check_is_exported_as_asked_and_answered_and_adds_no_vote(study: Study, tmp_path: Path) -> None:
    n_votes = export(study.workspace, "pilot", "votes", tmp_path / "before.csv").n_rows
    decided_and_checked(study)
    export(study.workspace, "pilot", "checks", tmp_path / "c.parquet")
    row = pl.read_parquet(tmp_path / "c.parquet").select("image", "kind", "probability", "asked", "yes").row(0)
    assert row == (study.images[0].path, "repeat", 0.25, [f"k0000{label}" for label in range(5)], ["k00001", "k00002"])
    assert export(study.workspace, "pilot", "votes", tmp_path / "after.csv").n_rows == n_votes


def test_proposals_are_a_table_of_keys(study: Study, tmp_path: Path) -> None:
    export(study.workspace, "pilot", "proposals", tmp_path / "p.parquet")
    table = pl.read_parquet(tmp_path / "p.parquet")
    assert table.columns == ["image", "label", "rank", "score", "source"]
    assert table.row(0) == (study.images[0].path, "k00000", 1, 0.5, "a-secret-model")
    assert table.height == 4 * 30


def test_the_tables_of_final_labels_have_their_provenance(study: Study, tmp_path: Path) -> None:
    export(study.workspace, "pilot", "parquet", tmp_path / "f.parquet")
    long = pl.read_parquet(tmp_path / "f.parquet").select("image", "label", "source", "given_label", "release")
    assert long.rows() == [
        (study.images[0].path, "k00001", "agreed", "k00000", 1),
        (study.images[2].path, "k00002", "agreed", "k00002", 1),
        (study.images[2].path, "k00004", "agreed", "k00002", 1),
    ]
    export(study.workspace, "pilot", "parquet-lists", tmp_path / "l.parquet")
    assert pl.read_parquet(tmp_path / "l.parquet")["labels"].to_list() == [["k00001"], ["k00002", "k00004"]]


def test_reals_list_needs_final_labels_of_every_image(study: Study, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="it has no final labels yet, and a list cannot leave it out"):
        export(study.workspace, "pilot", "real", tmp_path / "r.json")
    for who in ("Ada", "Bob"):
        answer(study, who, 3, [3])
    answer(study, "Bob", 1, [1])
    answer(study, "Ada", 1, [1])
    resolve(study.workspace, "pilot", NOW)
    summary = export(study.workspace, "pilot", "real", tmp_path / "r.json")
    assert json.loads((tmp_path / "r.json").read_text()) == [[1], [1], [2, 4], [3]]
    assert summary.notes == ("the numbers in the file names do not run from 1 without a gap: entry i is not number i + 1",)  # from 0


def test_a_file_that_is_there_stays_unless_asked(study: Study, tmp_path: Path) -> None:
    (tmp_path / "out.json").write_text("mine")
    with pytest.raises(InvalidInput, match="--overwrite"):
        export(study.workspace, "pilot", "final-labels", tmp_path / "out.json")
    assert (tmp_path / "out.json").read_text() == "mine"
    export(study.workspace, "pilot", "final-labels", tmp_path / "out.json", overwrite=True)
    assert (tmp_path / "out.json").read_text() != "mine"


def test_what_there_is_not_is_said_in_words(study: Study, tmp_path: Path) -> None:
    with pytest.raises(
        InvalidInput,
        match="the formats are final-labels, real,",
    ):
        export(study.workspace, "pilot", "xml", tmp_path / "x.xml")
    with pytest.raises(UnknownDataset, match="no dataset"):
        export(study.workspace, "pilots", "votes", tmp_path / "v.csv")
    with pytest.raises(InvalidInput, match=r"\.parquet or \.csv"):
        export(study.workspace, "pilot", "votes", tmp_path / "v.xlsx")


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Workspace]:
    with opened(load_settings(tmp_path / "fresh"), create=True) as workspace:
        yield workspace


def test_final_labels_go_into_a_fresh_workspace_and_come_out_byte_for_byte(study: Study, fresh: Workspace, tmp_path: Path) -> None:
    export(study.workspace, "pilot", "final-labels", tmp_path / "1.json")
    import_dataset(
        fresh,
        ImportRequest(
            "copy", Path(study.dataset.images_root), labels=str(_labels(tmp_path)), no_given=True, final_labels=tmp_path / "1.json"
        ),
        now=NOW,
    )
    export(fresh, "copy", "final-labels", tmp_path / "2.json")
    assert (tmp_path / "2.json").read_bytes() == (tmp_path / "1.json").read_bytes()


def _labels(folder: Path) -> Path:
    (folder / "labels.txt").write_text("\n".join(f"k{index:05}" for index in range(30)))
    return folder / "labels.txt"


def test_any_order_of_rows_and_labels_and_empty_sets_survive(fresh: Workspace, tmp_path: Path) -> None:
    rows = {"d/9.png": ["3", "1"], "a/10.png": [], "Ä/ü 1.png": ["29"], 'a/q"uote.png': ["0"], "b.png": []}
    for name in (*rows, "zz.png", "0.png"):
        (tmp_path / "images" / name).parent.mkdir(parents=True, exist_ok=True)
        Pillow.new("RGB", (4, 4), "red").save(tmp_path / "images" / name)
    (tmp_path / "1.json").write_text(json.dumps(rows))
    labels = str(_labels(tmp_path))
    import_dataset(
        fresh, ImportRequest("copy", tmp_path / "images", labels=labels, no_given=True, final_labels=tmp_path / "1.json"), now=NOW
    )
    export(fresh, "copy", "final-labels", tmp_path / "2.json")
    assert (tmp_path / "2.json").read_bytes() == (tmp_path / "1.json").read_bytes()


def test_without_a_release_or_proposals_the_next_step_is_named(fresh: Workspace, tmp_path: Path) -> None:
    for name in ("cat/1.png", "dog/1.png"):
        (tmp_path / "images" / name).parent.mkdir(parents=True, exist_ok=True)
        Pillow.new("RGB", (4, 4), "red").save(tmp_path / "images" / name)
    import_dataset(fresh, ImportRequest("pets", tmp_path / "images"), now=NOW)
    with pytest.raises(UnknownRelease, match="multilabelfy resolve"):
        export(fresh, "pets", "final-labels", tmp_path / "f.json")
    with pytest.raises(NotProposed, match="multilabelfy propose pets"):
        export(fresh, "pets", "proposals", tmp_path / "p.csv")
    with pytest.raises(InvalidInput, match="pets: nobody has answered yet"):
        export(fresh, "pets", "votes", tmp_path / "v.csv")
    with pytest.raises(InvalidInput, match="pets: no expert has decided yet"):
        export(fresh, "pets", "decisions", tmp_path / "d.csv")
    with pytest.raises(InvalidInput, match="pets: nobody has answered a quality check yet"):
        export(fresh, "pets", "checks", tmp_path / "c.csv")
    assert not list(tmp_path.glob("*.csv"))
    assert needs_met(fresh, "pets") == frozenset()


def test_what_formats_need_is_known_of_a_study(study: Study) -> None:
    assert needs_met(study.workspace, "pilot") == set(Need) - {Need.DECISIONS, Need.CHECKS, Need.MACHINES}
    decided_and_checked(study)
    assert needs_met(study.workspace, "pilot") == set(Need)


def test_both_databases_take_in_and_give_out_the_same(tables_url: str, tmp_path: Path) -> None:
    rows = {"dog/2.png": ["1", "0"], "cat/1.png": [], "dog/1.png": ["0"]}
    for name in (*rows, "cat/2.png"):
        (tmp_path / "images" / name).parent.mkdir(parents=True, exist_ok=True)
        Pillow.new("RGB", (4, 4), "red").save(tmp_path / "images" / name)
    (tmp_path / "images" / "cat" / "3.png").write_bytes(b"")
    (tmp_path / "1.json").write_text(json.dumps(rows))
    with opened(load_settings(tmp_path / "workspace", database_url=tables_url), create=True) as workspace:
        for expected in ((5, 0), (0, 5)):
            summary = import_dataset(
                workspace,
                ImportRequest("pets", tmp_path / "images", reference=tmp_path / "images", final_labels=tmp_path / "1.json", skip_bad=True),
                now=NOW,
            )
            assert (summary.n_images, summary.n_known) == expected
        export(workspace, "pets", "final-labels", tmp_path / "2.json")
        export(workspace, "pets", "parquet", tmp_path / "f.csv")
    assert (tmp_path / "2.json").read_bytes() == (tmp_path / "1.json").read_bytes()
