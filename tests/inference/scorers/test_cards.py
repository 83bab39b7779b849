"""The JSON file beside a model is read strictly, and all that is wrong with it is said at once."""

import json
from pathlib import Path
from typing import Any

import pytest

from multilabelfy.errors import InvalidInput, ScorerUnavailable
from multilabelfy.inference.scorers.cards import EXAMPLE, ModelCard, ScoresCard, read_card
from multilabelfy.inference.scorers.preparation import Preparation

GOOD = {
    "resize": 256,
    "crop": 224,
    "interpolation": "bicubic",
    "mean": [0.5, 0.5, 0.5],
    "std": [0.5, 0.5, 0.5],
    "output": "softmax",
    "labels": "imagenet1k",
}


def card_file(folder: Path, content: Any) -> Path:
    path = folder / "m.onnx.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def problems_of(folder: Path, content: Any) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        read_card(card_file(folder, content), ModelCard)
    return [str(problem) for problem in refused.value.problems]


def test_a_card_says_how_to_prepare_a_picture_and_what_comes_out(tmp_path: Path) -> None:
    card = read_card(card_file(tmp_path, GOOD), ModelCard)

    assert card.preparation == Preparation(256, 224, "bicubic", (0.5, 0.5, 0.5), (0.5, 0.5, 0.5))
    assert (card.output, card.label_keys) == ("softmax", ("imagenet1k",))


def test_labels_may_be_named_one_by_one(tmp_path: Path) -> None:
    assert read_card(card_file(tmp_path, {**GOOD, "labels": ["cat", "dog"]}), ModelCard).label_keys == ("cat", "dog")


def test_the_example_in_the_messages_is_a_card(tmp_path: Path) -> None:
    assert read_card(card_file(tmp_path, EXAMPLE), ModelCard).crop == 224


def test_all_problems_are_named_together(tmp_path: Path) -> None:
    wrong = {**GOOD, "resize": "256", "interpolation": "cubic", "std": [0.5, 0, 0.5], "colour": "bgr"}
    del wrong["output"]

    found = problems_of(tmp_path, wrong)

    assert len(found) == 5
    assert all(problem.startswith("m.onnx.json, ") for problem in found)
    named = "\n".join(found)
    for part in ("resize: ", "interpolation: ", "std.1: ", "colour: ", "output: Field required"):
        assert part in named


def test_a_crop_larger_than_the_picture_is_named(tmp_path: Path) -> None:
    assert problems_of(tmp_path, {**GOOD, "resize": 224, "crop": 256}) == [
        "m.onnx.json: crop is 256 and resize 224: a square cannot be cut from a smaller picture"
    ]


def test_a_label_named_twice_is_named(tmp_path: Path) -> None:
    assert "a label is named more than once" in problems_of(tmp_path, {**GOOD, "labels": ["cat", "cat"]})[0]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"mean": NaN}'])
def test_what_is_no_card_at_all_is_said(tmp_path: Path, content: str) -> None:
    assert problems_of(tmp_path, content)


def test_a_missing_card_is_answered_with_an_example(tmp_path: Path) -> None:
    with pytest.raises(ScorerUnavailable, match=r'for example\n  \{"resize": 256'):
        read_card(tmp_path / "m.onnx.json", ModelCard)


def test_a_card_of_scores_may_say_nothing(tmp_path: Path) -> None:
    card = read_card(card_file(tmp_path, {}), ScoresCard)

    assert (card.output, card.label_keys) == ("softmax", ())
