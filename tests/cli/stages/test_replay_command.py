"""`replay`, as a person types it and as a script reads it."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner, Result

from multilabelfy.cli.main import app
from multilabelfy.disagreement.consensus.posterior import TYPICAL
from multilabelfy.errors import InvalidInput
from multilabelfy.simulation.crowd import Crowd, voted
from multilabelfy.simulation.population import drawn, like_imagenetv2

N_IMAGES = 120


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight people who err together, four votes on each of five labels of 120 images; and the truth as gold."""
    rng = np.random.default_rng(1)
    images = drawn(like_imagenetv2(5), N_IMAGES, rng)
    questions, _ = voted(images.image, images.label, images.valid, Crowd(np.stack([TYPICAL] * 8), 0.1), 4, rng)
    image, label = questions.image[questions.question], questions.label[questions.question]
    at = tmp_path_factory.mktemp("votes")
    columns = {"image": [f"{of:03}.jpg" for of in image], "label": label, "annotator": [f"p{of}" for of in questions.rater]}
    pl.DataFrame({**columns, "vote": questions.vote}).write_csv(at / "votes.csv")
    sets = {f"{of:03}.jpg": images.label[(images.image == of) & images.valid].tolist() for of in range(N_IMAGES)}
    (at / "gold.json").write_text(json.dumps(sets))
    return at


def run(*arguments: str | float | Path) -> Result:
    return CliRunner().invoke(app, ["replay", *map(str, arguments)], catch_exceptions=False)


def found(*arguments: str | float | Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(run(*arguments, "--json").stdout)
    return read


def test_a_rule_that_stops_where_it_is_clear_takes_fewer_votes_for_the_labels_of_gold(folder: Path) -> None:
    read = found(folder / "votes.csv", "--gold", folder / "gold.json", "--bound", 0.2)
    assert (read["images"], read["questions"], read["known_questions"], read["against_gold"]) == (N_IMAGES, 600, 600, True)
    *fixed, adaptive = read["rules"]
    assert [(rule["votes_a_question"], rule["bound"]) for rule in fixed] == [(n, None) for n in (1, 2, 3, 4)]
    assert (adaptive["floor"], adaptive["cap"], adaptive["bound"]) == (2, 4, 0.2)
    assert 2 < adaptive["visits_an_image"] < 3.5
    assert adaptive["f1"]["value"] > fixed[1]["f1"]["value"]
    for rule in read["rules"]:
        assert rule["f1"]["interval"]["low"] < rule["f1"]["value"] < rule["f1"]["interval"]["high"]


def test_without_gold_labels_are_held_against_what_all_votes_come_to(folder: Path) -> None:
    read = found(folder / "votes.csv")
    assert not read["against_gold"]
    by_votes = [rule["f1"]["value"] for rule in read["rules"][:4]]
    assert by_votes == sorted(by_votes)


def test_gold_is_never_evidence(folder: Path) -> None:
    """Wrong gold makes every rule wrong; were it evidence, all would follow it."""
    wrong: dict[str, list[int]] = {f"{of:03}.jpg": [] for of in range(N_IMAGES)}
    (folder / "wrong.json").write_text(json.dumps(wrong))
    assert [rule["f1"]["value"] for rule in found(folder / "votes.csv", "--gold", folder / "wrong.json")["rules"]] == [0.0] * 7


def test_visits_that_leave_out_clear_labels_take_fewer_votes(folder: Path) -> None:
    whole, part = (found(folder / "votes.csv", "--bound", 0.1, "--clear", chance)["rules"][-1] for chance in (0, 0.03))
    assert part["votes_a_question"] < whole["votes_a_question"]


def test_people_read_a_table(folder: Path) -> None:
    lines = run(folder / "votes.csv", "--bound", 0.3, "--floor", 1).stdout.splitlines()
    assert lines[0] == "600 labels of 120 images; F1 against what all votes come to, over 600 labels."
    assert lines[2].split() == ["visits", "an", "image", "votes", "visits", "F1"]
    assert lines[-1].startswith("1 to 4, bound 0.3 ")


def test_rules_and_files_that_say_nothing_are_refused_with_the_way_out(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"The floor is from 1 to the cap, not 3 with a cap of 2"):
        run(folder / "votes.csv", "--floor", 3, "--cap", 2)
    (tmp_path / "empty.csv").write_text("image,label,annotator,vote\n")
    with pytest.raises(InvalidInput, match=r"there are no votes in it"):
        run(tmp_path / "empty.csv")


def test_a_handful_of_images_has_an_f1_without_an_interval(tmp_path: Path) -> None:
    (tmp_path / "votes.csv").write_text("image,label,annotator,vote\na,0,x,yes\na,0,y,yes\nb,1,x,no\n")
    read = found(tmp_path / "votes.csv", "--floor", 1)
    assert {rule["f1"]["interval"] for rule in read["rules"]} == {None}
    assert read["rules"][1]["visits_an_image"] == 1.5
    two = run(tmp_path / "votes.csv")
    assert "no label has more than 2 votes: with a floor of 2 nothing is left to choose. State a lower --floor." in " ".join(
        two.stderr.split()
    )
    assert [line.split()[0] for line in two.stdout.splitlines()[3:]] == ["1", "2"]
