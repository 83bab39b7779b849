"""`import` and `export`, as a person types them."""

import json
from pathlib import Path

import pytest
from PIL import Image as Pillow
from tests.packed import put_parquet
from tests.votes_elsewhere import table
from typer.testing import CliRunner

from multilabelfy.cli.main import app
from multilabelfy.errors import InvalidInput


@pytest.fixture
def pets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two class folders of a picture each, and a workspace named by the environment."""
    monkeypatch.setenv("MULTILABELFY_WORKSPACE", str(tmp_path / "workspace"))
    for name in ("cat", "dog"):
        (tmp_path / "pets" / name).mkdir(parents=True)
        Pillow.new("RGB", (8, 8), "red").save(tmp_path / "pets" / name / "1.png")
    return tmp_path / "pets"


def run(*arguments: object) -> str:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_an_import_says_what_it_did_and_under_which_protocol(pets: Path) -> None:
    text = run("import", "pets", "--images", pets)
    assert "pets: 2 new images" in text
    assert "protocol    paper, 2 annotators per image, seed 0" in text


def test_pictures_with_the_same_content_are_named(pets: Path) -> None:
    lines = run("import", "pets", "--images", pets).splitlines()
    assert "  copies      2 pictures with the content of another, in 1 group; given labels contradict in 1" in lines
    assert "    contradicting: cat/1.png (cat), dog/1.png (dog)" in lines
    Pillow.new("RGB", (8, 8), "blue").save(pets / "cat" / "2.png")
    assert "copies" not in run("import", "pets", "--images", pets)


def test_scripts_read_the_first_groups_of_copies(pets: Path) -> None:
    copies = json.loads(run("import", "pets", "--images", pets, "--json"))["copies"]
    assert (copies["n_compared"], copies["n_images"], copies["n_groups"], copies["n_contradicting"]) == (2, 2, 1, 1)
    assert copies["groups"][0]["images"][1] == {"image": "dog/1.png", "given_label": "dog"}


def test_pictures_that_were_not_compared_are_counted(pets: Path) -> None:
    rows = [(None, (pets / name / "1.png").read_bytes()) for name in ("cat", "dog")]
    put_parquet(pets.parent / "pets.parquet", rows, label=[0, 1], names=["cat", "dog"])
    text = run("import", "pets", "--images", pets.parent / "pets.parquet")
    assert "  copies      not looked for among 2 pictures: their sizes are not known before they are read" in text


def test_json_stands_alone(pets: Path) -> None:
    summary = json.loads(run("import", "pets", "--images", pets, "--protocol", "blind", "--overlap", 3, "--seed", 9, "--json"))
    assert (summary["n_images"], summary["protocol"], summary["overlap"], summary["seed"], summary["unreadable"]) == (2, "blind", 3, 9, [])


def test_an_unknown_protocol_is_told_beside_its_option(pets: Path) -> None:
    done = CliRunner().invoke(app, ["import", "pets", "--images", str(pets), "--protocol", "guess"])
    assert done.exit_code == 2
    assert "'guess' is not one of paper, blind, real" in done.stderr


def test_bad_pictures_are_refused_and_then_skipped(pets: Path) -> None:
    (pets / "cat" / "2.png").write_bytes(b"")
    with pytest.raises(InvalidInput, match="skip_bad=True"):
        run("import", "pets", "--images", pets)
    assert "cat/2.png: the file is empty (0 bytes)" in run("import", "pets", "--images", pets, "--skip-bad")


def test_final_labels_go_round_through_the_commands(pets: Path, tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text('{"dog/1.png": ["1", "0"], "cat/1.png": []}')
    run("import", "pets", "--images", pets, "--final-labels", tmp_path / "1.json")
    assert run("export", "pets", "--format", "final-labels", "--out", tmp_path / "2.json").startswith(f"{tmp_path / '2.json'}: 2 rows")
    assert (tmp_path / "2.json").read_bytes() == (tmp_path / "1.json").read_bytes()


def test_notes_go_to_standard_error_and_json_stands_alone(pets: Path, tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text('{"dog/1.png": ["1"]}')
    run("import", "pets", "--images", pets, "--final-labels", tmp_path / "1.json")
    done = CliRunner().invoke(app, ["export", "pets", "--out", str(tmp_path / "2.json"), "--json"])
    assert json.loads(done.stdout)["n_unresolved"] == 1
    assert "note: 1 image is not in it" in done.stderr


def test_votes_come_without_pictures_and_say_what_they_came_to(pets: Path, tmp_path: Path) -> None:
    votes = table(tmp_path)

    text = run("import", "pilot", "--votes", votes, "--no-pictures")
    assert "pilot: 4 new images, without pictures" in text
    assert "votes       13 in 9 answers; 3 raters in the file" in text
    assert "images      1 agreed, 3 disputed" in text
    assert "nothing to add: every vote was stored before" in run("import", "pilot", "--votes", votes, "--no-pictures")
    assert json.loads(run("import", "pilot", "--votes", votes, "--no-pictures", "--json"))["n_known"] == 4


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "name the pictures by --images"),
        (["--no-pictures"], "there must be votes"),
        (["--votes", "votes.csv"], "--no-pictures"),
        (["--images", "pets", "--no-pictures", "--votes", "votes.csv"], "not both"),
        (["--images", "pets", "--votes", "votes.csv"], "votes come without pictures for now"),
        (
            ["--no-pictures", "--votes", "votes.csv", "--verify", "--names", "names.txt"],
            "only pictures have to do with --names and --verify",
        ),
    ],
)
def test_options_that_do_not_go_together_are_refused(options: list[str], told: str) -> None:
    done = CliRunner().invoke(app, ["import", "pilot", *options])

    assert done.exit_code == 2
    assert told in " ".join(done.stderr.split())
