"""Models of transformers score from a folder; they are drawn at random here, and kept small. What every scorer promises they promise too.

All tests that need transformers are here: to import it takes seconds.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from tests.inference.scorers.test_contract import (
    PICTURES,
    opened,
    test_a_scorer_takes_a_picture_that_came_as_small_as_it_allows,
    test_a_scorer_that_promises_to_be_safe_scores_on_several_threads_as_on_one,
    test_every_scorer_keeps_the_contract,
    test_every_scorer_prepares_pictures_on_several_threads_as_on_one,
)
from tests.workflows.proposing.studies_for_proposing import NAME, NOW, add_study, paint, proposed, runs, settings
from transformers import (
    ConvNextImageProcessorPil,
    PreTrainedModel,
    ResNetConfig,
    ResNetForImageClassification,
    ViTConfig,
    ViTForImageClassification,
    ViTImageProcessorPil,
    ViTModel,
)

from multilabelfy.errors import InvalidScores, ScorerUnavailable
from multilabelfy.inference.scorers.pretrained import shorter_side
from multilabelfy.inference.scorers.transformers import IMAGENET_CLASSES, labels_of, open_transformers
from multilabelfy.proposals.model import Scorer
from multilabelfy.workflows.proposing.runs import propose
from multilabelfy.workflows.workspace import Workspace
from multilabelfy.workflows.workspace import opened as opened_workspace

__all__ = [
    "test_a_scorer_takes_a_picture_that_came_as_small_as_it_allows",
    "test_a_scorer_that_promises_to_be_safe_scores_on_several_threads_as_on_one",
    "test_every_scorer_keeps_the_contract",
    "test_every_scorer_prepares_pictures_on_several_threads_as_on_one",
]

SMALL: dict[str, Any] = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
COLOURS = ("blue", "green", "red")


def vit(folder: Path, *labels: str, kind: type[PreTrainedModel] = ViTForImageClassification) -> Path:
    """A tiny vision transformer with these labels, or with as many numbers, and its preparation of pictures."""
    torch.manual_seed(0)
    named = {"id2label": dict(enumerate(labels)), "label2id": {label: place for place, label in enumerate(labels)}}
    kind(ViTConfig(**SMALL, image_size=32, patch_size=8, **named)).save_pretrained(folder)
    ViTImageProcessorPil(size={"height": 32, "width": 32}).save_pretrained(folder)
    return folder


def of_a_transformer(folder: Path) -> Scorer:
    return opened(f"transformers:{vit(folder, *COLOURS)}", folder)


def of_a_convolutional_network(folder: Path) -> Scorer:
    torch.manual_seed(0)
    ResNetForImageClassification(ResNetConfig(embedding_size=8, hidden_sizes=[8, 16], depths=[1, 1], num_labels=5)).save_pretrained(folder)
    ConvNextImageProcessorPil(size={"shortest_edge": 64}).save_pretrained(folder)
    own = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(own | {"id2label": {str(place): f"kind {place}" for place in range(5)}}))
    return opened(f"transformers:{folder}", folder)


SCORERS: dict[str, Callable[[Path], Scorer]] = {"ViT": of_a_transformer, "ResNet": of_a_convolutional_network}


@pytest.fixture(scope="module", params=SCORERS)
def scorer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scorer:
    """One of each kind, made once."""
    return SCORERS[request.param](tmp_path_factory.mktemp("scorer"))


def refusal(folder: Path) -> str:
    with pytest.raises(ScorerUnavailable) as refused:
        open_transformers(str(folder))
    return str(refused.value)


def test_it_scores_as_transformers_does_with_its_preparation(tmp_path: Path) -> None:
    scorer = open_transformers(str(vit(tmp_path, *COLOURS)))

    model = ViTForImageClassification.from_pretrained(tmp_path).eval()
    pixels = ViTImageProcessorPil.from_pretrained(tmp_path)(images=PICTURES[0], return_tensors="pt")
    with torch.inference_mode():
        expected = model(**pixels).logits.softmax(dim=1).numpy()
    assert scorer.labels == COLOURS
    assert np.allclose(scorer.score(scorer.prepare(PICTURES[0])[None]), expected, atol=1e-6)


def test_weights_in_half_precision_score_in_single_precision(tmp_path: Path) -> None:
    ViTForImageClassification.from_pretrained(vit(tmp_path, *COLOURS)).half().save_pretrained(tmp_path)
    scorer = open_transformers(str(tmp_path))

    assert scorer.prepare(PICTURES[0]).dtype == np.float32
    assert scorer.score(scorer.prepare(PICTURES[0])[None]).dtype == np.float32


def test_numbers_instead_of_names_mean_the_datasets_own_order(tmp_path: Path) -> None:
    config = ViTForImageClassification.from_pretrained(vit(tmp_path, "LABEL_0", "LABEL_1")).config

    assert labels_of(config) == ()


def test_imagenets_classes_are_known_by_their_names() -> None:
    names = {place: IMAGENET_CLASSES.get(place, "crane") for place in range(1000)}

    assert labels_of(ViTConfig(id2label=names, label2id={})) == ("imagenet1k",)
    assert labels_of(ViTConfig(id2label={**names, 999: "zebra"}, label2id={}))[-1] == "zebra"


def test_a_picture_needs_the_pixels_that_it_is_resized_to() -> None:
    processor = ViTImageProcessorPil(size={"height": 32, "width": 48})

    assert shorter_side(processor) == 48
    assert shorter_side(ConvNextImageProcessorPil(size={"shortest_edge": 224}, crop_pct=0.875)) == 256
    assert shorter_side(ViTImageProcessorPil(do_resize=False)) is None


def test_a_network_without_a_classifier_is_refused_instead_of_getting_a_random_one(tmp_path: Path) -> None:
    answer = refusal(vit(tmp_path, *COLOURS, kind=ViTModel))

    assert f"Cannot use 'transformers:{tmp_path}': its file lacks weights of a classifier of images (classifier." in answer


def test_a_network_that_knows_no_classes_is_refused(tmp_path: Path) -> None:
    assert "it knows no classes" in refusal(vit(tmp_path, kind=ViTModel))


def test_weights_cut_off_are_refused(tmp_path: Path) -> None:
    weights = vit(tmp_path, *COLOURS) / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])

    assert "transformers cannot load it as a classifier of images: " in refusal(tmp_path)


def test_code_that_comes_with_a_model_is_not_run(tmp_path: Path) -> None:
    config = json.loads((vit(tmp_path, *COLOURS) / "config.json").read_text())
    config |= {"model_type": "their_own", "auto_map": {"AutoConfig": "theirs.Config", "AutoModelForImageClassification": "theirs.Model"}}
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "theirs.py").write_text(f"open({str(tmp_path / 'was-run')!r}, 'w')")

    assert "transformers cannot load it as a classifier of images: " in refusal(tmp_path)
    assert not (tmp_path / "was-run").exists()


def test_a_missing_preparation_is_named(tmp_path: Path) -> None:
    (vit(tmp_path, *COLOURS) / "preprocessor_config.json").unlink()

    assert "there is no preparation of pictures (preprocessor_config.json) that transformers can read" in refusal(tmp_path)


def test_a_preparation_into_several_shapes_is_refused(tmp_path: Path) -> None:
    ViTImageProcessorPil(do_resize=False).save_pretrained(vit(tmp_path, *COLOURS))

    assert "makes (3, 240, 320) of a wide picture and (3, 320, 240) of a tall one" in refusal(tmp_path)


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Workspace]:
    """Two pictures of each colour, one of which cannot be read."""
    with opened_workspace(settings(tmp_path), create=True) as workspace:
        pictures = paint(tmp_path, n_of_each=2)
        add_study(workspace, pictures)
        (pictures / "red" / "1.png").write_bytes(b"no picture")
        yield workspace


def test_it_proposes_beside_an_unreadable_picture_and_its_files_name_the_run(study: Workspace, tmp_path: Path) -> None:
    model = vit(tmp_path / "my-vit", "Blue things, blue", "green", "red")  # the dataset's order is another

    done = propose(study, NAME, [f"transformers:{model}"], k=2, now=NOW)
    again = propose(study, NAME, [f"transformers:{model}"], k=2, now=NOW)

    scorer = open_transformers(str(model))
    scores = scorer.score(scorer.prepare(Image.open(tmp_path / "pictures" / "green" / "0.png"))[None])[0]
    first = proposed(study)["green/0.png"][0]
    assert [path for path, _ in done.unreadable] == ["red/1.png"]
    assert [(run.n_new, run.n_before) for run in (*done.runs, *again.runs)] == [(5, 0), (0, 5)]
    assert first.label == 2 - int(scores.argmax())
    assert first.score == pytest.approx(scores.max(), abs=1e-6)
    assert re.fullmatch(r"transformers:my-vit@[0-9a-f]{8}", runs(study)[0].source)


def test_weights_that_give_a_nan_end_the_run(study: Workspace, tmp_path: Path) -> None:
    broken = ViTForImageClassification.from_pretrained(vit(tmp_path / "broken", *COLOURS))
    broken.classifier.bias.data[0] = torch.nan
    broken.save_pretrained(tmp_path / "broken")

    with pytest.raises(InvalidScores, match="hold a NaN or an infinite number"):
        propose(study, NAME, [f"transformers:{tmp_path / 'broken'}"], k=2, now=NOW)


def test_classes_that_do_not_fit_are_refused_before_a_picture_is_opened(study: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InvalidScores, match=r"1 are not among the scorer's 2 \('red'; the scorer's begin with 'blue'"):
        propose(study, NAME, [f"transformers:{vit(tmp_path / 'two', 'blue', 'green')}"], k=2, now=NOW)
