"""`copies`, and what `propose` says of near copies at its end, as a person reads it and as a script does."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow
from PIL import ImageDraw
from tests.studies import Study, ready_study
from tests.workflows.proposing.studies_for_proposing import HERE, NAME, add_study, settings, spec
from typer.testing import CliRunner, Result

from multilabelfy.cli.copies import MOST_BITS
from multilabelfy.cli.main import app
from multilabelfy.pictures.likeness import MOST_BITS_APART
from multilabelfy.store.dataset.looks import fingerprints
from multilabelfy.workflows.workspace import Workspace, opened

CAT, FAR = 0x0F0F_0F0F_0F0F_0F0F, 0xFFFF_0000_FFFF_0000
LOOKS = {0: CAT, 1: FAR, 2: CAT ^ 0b111, 3: FAR ^ 1}
"""The fingerprints of the first four images by number; the others have none. Image i has the given label i."""


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path)
    yield ready
    ready.workspace.close()


def set_looks(study: Study, looks: Mapping[int, int]) -> None:
    """These images have these fingerprints, and no other has any."""
    with study.workspace.store.writing() as c:
        c.exec_driver_sql("UPDATE images SET fingerprint = NULL")
        fingerprints.set_of_images(c, {study.images[number].id: f"{code:016x}" for number, code in looks.items()})


def run(workspace: Workspace, *arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments, "--workspace", str(workspace.folder)], catch_exceptions=False)


def as_text(workspace: Workspace, *arguments: str) -> str:
    done = run(workspace, *arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


def as_json(workspace: Workspace, *arguments: str) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(as_text(workspace, *arguments, "--json"))
    return parsed


def test_people_read_which_images_are_copies_and_what_their_labels_say(study: Study) -> None:
    set_looks(study, LOOKS)
    lines = as_text(study.workspace, "copies", "pilot").splitlines()
    assert lines[0] == "pilot: 4 of 4 images are near copies of another, in 2 groups; in 2 of them given labels contradict."
    assert lines[1] == "Where they contradict, at least one given label is wrong, or both are valid."
    assert lines[2].strip() == "1 ! 2 images: tabby, Egyptian cat"
    assert lines[3].strip() == f"{study.images[0].path} – tabby"


def test_scripts_read_the_groups_and_a_table_has_all(study: Study, tmp_path: Path) -> None:
    set_looks(study, LOOKS)
    table = tmp_path / "copies.csv"
    result = as_json(study.workspace, "copies", "pilot", "--top", "1", "--csv", str(table))
    assert result == {
        "dataset": "pilot",
        "within": 10,
        "n_compared": 4,
        "n_images": 4,
        "n_groups": 2,
        "n_contradicting": 2,
        "csv": str(table),
        "groups": [
            {
                "contradicts": True,
                "images": [
                    {"image": study.images[0].path, "given_label": "k00000"},
                    {"image": study.images[2].path, "given_label": "k00002"},
                ],
            }
        ],
    }
    assert table.read_text().splitlines() == [
        "group,image,given_label,contradicts",
        f"1,{study.images[0].path},k00000,true",
        f"1,{study.images[2].path},k00002,true",
        f"2,{study.images[1].path},k00001,true",
        f"2,{study.images[3].path},k00003,true",
    ]


def test_fewer_bits_find_closer_copies_alone(study: Study) -> None:
    set_looks(study, LOOKS)
    assert as_json(study.workspace, "copies", "pilot", "--within", "1")["n_groups"] == 1


def test_a_picture_that_cannot_be_read_is_not_compared(study: Study) -> None:
    set_looks(study, LOOKS)
    with study.workspace.store.writing() as c:
        fingerprints.set_of_images(c, {study.images[5].id: "unreadable"})
    assert as_json(study.workspace, "copies", "pilot")["n_compared"] == len(LOOKS)


def test_near_is_as_near_as_a_reference_picture_may_not_be_to_the_judged_one() -> None:
    assert MOST_BITS == MOST_BITS_APART


def test_where_nothing_was_proposed_the_way_out_is_named(study: Study) -> None:
    set_looks(study, {})
    done = CliRunner().invoke(app, ["copies", "pilot", "--workspace", str(study.workspace.folder)])
    assert "Run `multilabelfy propose pilot --model SPEC`." in str(done.exception)


def test_a_dataset_without_copies_says_so(study: Study) -> None:
    set_looks(study, {0: CAT, 1: FAR})
    assert as_text(study.workspace, "copies", "pilot") == "pilot: none of 2 images is a near copy of another.\n"


@pytest.fixture
def drawn(tmp_path: Path) -> Iterator[Workspace]:
    """A red scene, the same one smaller under green, and another scene: nothing proposed."""
    for folder in ("red", "green", "blue"):
        (tmp_path / "pictures" / folder).mkdir(parents=True)
    scene(3).save(tmp_path / "pictures" / "red" / "large.png")
    scene(3).resize((60, 60)).save(tmp_path / "pictures" / "green" / "small.png")
    scene(11).save(tmp_path / "pictures" / "blue" / "other.png")
    with opened(settings(tmp_path), create=True) as workspace:
        add_study(workspace, tmp_path / "pictures")
        yield workspace


def scene(step: int) -> Pillow.Image:
    """Rectangles whose places depend on `step` alone."""
    picture = Pillow.new("RGB", (120, 120), "white")
    pen = ImageDraw.Draw(picture)
    for number in range(8):
        x, y = number * step * 17 % 100, number * step * 29 % 90
        pen.rectangle((x, y, x + 20, y + 30), fill=(number * 30, 20, 90))
    return picture


def test_propose_says_at_its_end_which_images_are_near_copies(drawn: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)
    propose = ("propose", NAME, "--model", spec("colours"), "-k", "2")
    first, again = as_text(drawn, *propose), as_text(drawn, *propose)
    in_words = "2 of 3 images are near copies of another, in 1 group; in 1 of them given labels contradict."
    assert f"Near copies: {in_words} List them: multilabelfy copies {NAME}" in first.splitlines()
    assert "Near copies" not in again
    assert as_text(drawn, "copies", NAME).startswith(f"{NAME}: {in_words}")


def test_a_script_that_proposes_reads_how_many_near_copies_there_are(drawn: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)
    summary = as_json(drawn, "propose", NAME, "--model", spec("colours"), "-k", "2")
    assert summary["near_copies"] == {"n_compared": 3, "n_images": 2, "n_groups": 1, "n_contradicting": 1}
