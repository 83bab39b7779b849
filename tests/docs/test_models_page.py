"""What docs/models.md shows works as it stands there."""

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from multilabelfy.inference.registry import RECOMMENDED
from multilabelfy.inference.scorers.cards import ModelCard, ScoresCard
from multilabelfy.inference.scorers.python_function import open_function
from multilabelfy.inference.spec import FORMS

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "models.md").read_text()


def examples(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, flags=re.M | re.S)


def test_the_cards_are_cards() -> None:
    model, scores = examples("json")

    assert ModelCard.model_validate_json(model).crop == 224
    assert ScoresCard.model_validate_json(scores).images == ["b/2.jpg", "a/1.jpg"]


def test_the_scorer_scores(tmp_path: Path) -> None:
    (code,) = examples("python")
    (tmp_path / "scorer_of_the_models_page.py").write_text(code)

    scorer = open_function("scorer_of_the_models_page:brightness", folder=tmp_path)
    scores = scorer.score(np.stack([scorer.prepare(Image.new("RGB", (4, 3), (51, 51, 51)))]))

    assert scores[0].tolist() == pytest.approx([0.2, 0.8])


def test_every_kind_and_the_recommended_model_are_named() -> None:
    assert RECOMMENDED in PAGE
    assert all(f"`{form.split(' [')[0]}`" in PAGE for form in FORMS.values())
