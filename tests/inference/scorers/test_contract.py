"""The contract that every Scorer keeps: one for each runtime, with real weights where a package brings them, else with random ones.

A new scorer is added to `SCORERS`; those of transformers, which take seconds to import, are in `test_transformers.py`, which runs these
tests, too. What each of them does beyond the contract is in the test of its own.
"""

import json
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import pytest
import timm
import torch
from onnx import TensorProto, helper, numpy_helper
from PIL import Image
from PIL.Image import Image as Picture
from safetensors.torch import save_file
from tests.docs.test_models_page import examples
from tests.workflows.proposing.lite0_for_proposing import CARD, export, one_thread

from multilabelfy.inference.registry import open_scorer
from multilabelfy.inference.scorers.network import networks
from multilabelfy.inference.scorers.network.networks import AGREED, N_COMPARED, NOT_INSTALLED
from multilabelfy.inference.spec import parse_spec
from multilabelfy.proposals.columns import IMAGENET1K
from multilabelfy.proposals.model import Scorer, embedder_of
from multilabelfy.proposals.prompts import Wording

RANDOM = np.random.default_rng(0)
PICTURES = [
    Image.fromarray(RANDOM.integers(0, 256, (12, 16, 3), dtype=np.uint8)).resize(size, Image.Resampling.BICUBIC)
    for size in ((320, 240), (240, 330), (500, 300))
]


def of_timm(folder: Path, *, embeddings: bool = False) -> Scorer:
    torch.manual_seed(0)
    save_file(timm.create_model("test_resnet", pretrained=False).state_dict(), folder / "weights.safetensors")
    return opened("timm/test_resnet", folder, folder / "weights.safetensors", embeddings=embeddings)


def of_onnx(folder: Path, *, embeddings: bool = False) -> Scorer:
    """The mean of each colour, which is its embedding, times fixed weights."""
    graph = helper.make_graph(
        [
            helper.make_node("GlobalAveragePool", ["pictures"], ["means"]),
            helper.make_node("Flatten", ["means"], ["flat"]),
            helper.make_node("MatMul", ["flat", "weights"], ["logits"]),
        ],
        "means",
        [helper.make_tensor_value_info("pictures", TensorProto.FLOAT, ["n", 3, 224, 224])],
        [
            helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", 4]),
            helper.make_tensor_value_info("flat", TensorProto.FLOAT, ["n", 3]),
        ],
        [numpy_helper.from_array(RANDOM.normal(size=(3, 4)).astype(np.float32), "weights")],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), folder / "means.onnx")
    card, _ = examples("json")
    (folder / "means.onnx.json").write_text(card.replace('"imagenet1k"', '["a", "b", "c", "d"], "embedding": "flat"'))
    return opened(f"onnx:{folder / 'means.onnx'}", folder, embeddings=embeddings)


def of_ones_own(folder: Path) -> Scorer:
    """The example of docs/models.md."""
    (code,) = examples("python")
    (folder / "scorer_of_the_contract.py").write_text(code)
    return opened("python:scorer_of_the_contract:brightness", folder)


def of_lite0(folder: Path, *, embeddings: bool = False) -> Scorer:
    """Real weights, by torch for the first pictures and then by ONNX Runtime."""
    return opened("python:multilabelfy.inference.scorers.lite0:lite0", folder, embeddings=embeddings)


def of_lite0_in_torch(folder: Path) -> Scorer:
    """Real weights where ONNX Runtime is not installed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(networks, "find_spec", lambda _: None)
        return of_lite0(folder)


def of_lite0_as_onnx(folder: Path) -> Scorer:
    """Real weights in an ONNX file with its card."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch says that this exporter is the older one, and traces Python's branches
        export(folder / "lite0.onnx")
    (folder / "lite0.onnx.json").write_text(json.dumps(CARD))
    return opened(f"onnx:{folder / 'lite0.onnx'}", folder)


SCORERS: dict[str, Callable[[Path], Scorer]] = {
    "timm": of_timm,
    "onnx": of_onnx,
    "onnx: lite0": of_lite0_as_onnx,
    "python": of_ones_own,
    "python: lite0": of_lite0,
    "python: lite0 in torch": of_lite0_in_torch,
}
"""By the kind of their SPEC, and what else there is to tell."""
EMBEDDERS = {"timm": of_timm, "onnx": of_onnx, "python: lite0": of_lite0}
"""Those that embed, if asked to."""


def opened(spec: str, folder: Path, checkpoint: Path | None = None, wording: Wording | None = None, *, embeddings: bool = False) -> Scorer:
    scorer = open_scorer(parse_spec(spec), folder=folder, checkpoint=checkpoint, wording=wording, embeddings=embeddings)
    assert isinstance(scorer, Scorer)
    return scorer


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    with one_thread():
        yield


@pytest.fixture(scope="module", params=SCORERS)
def scorer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scorer:
    """One of each kind, made once."""
    return SCORERS[request.param](tmp_path_factory.mktemp("scorer"))


@pytest.fixture(scope="module", params=EMBEDDERS)
def embedder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scorer:
    """One of each kind that embeds, made once."""
    return EMBEDDERS[request.param](tmp_path_factory.mktemp("embedder"), embeddings=True)


def cosines(ours: npt.NDArray[Any], theirs: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """(n,), of each row of (n, width) with the same row of another."""
    products = (ours.astype(np.float64) * theirs).sum(axis=1)
    return np.asarray(products / np.linalg.norm(ours, axis=1) / np.linalg.norm(theirs, axis=1), dtype=np.float64)


def prepared(scorer: Scorer, pictures: list[Picture]) -> npt.NDArray[Any]:
    return np.stack([scorer.prepare(picture) for picture in pictures])


def test_every_scorer_keeps_the_contract(scorer: Scorer) -> None:
    batch = prepared(scorer, PICTURES)  # of several sizes, and yet they stack
    as_it_was = batch.copy()
    scores = scorer.score(batch)

    n_columns = 1000 if scorer.labels == (IMAGENET1K,) else len(scorer.labels)
    assert (scores.shape, scores.dtype) == ((3, n_columns), np.dtype("float32"))
    assert np.isfinite(scores).all()
    assert scores.sum(axis=1) == pytest.approx(1.0, abs=1e-5)
    assert np.array_equal(batch, as_it_was)  # a batch may be scored again, in parts, where memory runs out
    alone = np.concatenate([scorer.score(batch[row : row + 1]) for row in range(3)])
    assert np.allclose(alone, scores, atol=1e-6)
    assert np.array_equal(prepared(scorer, PICTURES), batch)


def test_every_scorer_prepares_pictures_on_several_threads_as_on_one(scorer: Scorer) -> None:
    with ThreadPoolExecutor(4) as pool:
        arrays = list(pool.map(scorer.prepare, PICTURES * 4))

    assert np.array_equal(np.stack(arrays), prepared(scorer, PICTURES * 4))


def test_a_scorer_that_promises_to_be_safe_scores_on_several_threads_as_on_one(scorer: Scorer) -> None:
    if not getattr(scorer, "thread_safe", False):
        return  # it made no promise: it is called on one thread
    batch = prepared(scorer, PICTURES)
    for _ in range(-(-N_COMPARED // len(batch))):
        expected = scorer.score(batch)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(scorer.score, [batch] * 4))

    assert all(np.allclose(each, expected, atol=1e-6) for each in found)
    assert getattr(scorer, "remark", AGREED) in ("", AGREED, NOT_INSTALLED)


def test_a_scorer_takes_a_picture_that_came_as_small_as_it_allows(scorer: Scorer) -> None:
    edge = getattr(scorer, "shorter_side", None) or 300
    smaller = PICTURES[2].resize((round(edge * 5 / 3), edge))

    assert np.asarray(scorer.prepare(smaller)).shape == np.asarray(scorer.prepare(PICTURES[2])).shape


def test_a_scorer_that_embeds_gives_a_picture_the_same_vector_in_every_batch(embedder: Scorer) -> None:
    embed = embedder_of(embedder)
    assert embed is not None
    batch = prepared(embedder, PICTURES)
    _, first = embed(batch)
    alone = np.concatenate([embed(batch[row : row + 1])[1] for row in range(3)])
    for _ in range(-(-N_COMPARED // len(batch))):
        _, backwards = embed(batch[::-1].copy())

    assert (first.ndim, len(first)) == (2, 3)
    assert np.isfinite(first).all()
    for other in (alone, backwards[::-1]):
        assert other.shape == first.shape
        assert cosines(first, other).min() >= 0.999
    assert cosines(first, first[[1, 2, 0]]).max() < 1 - 1e-6  # three pictures, three vectors


def test_a_scorer_that_embeds_gives_the_same_scores_with_embeddings_and_without(embedder: Scorer) -> None:
    embed = embedder_of(embedder)
    assert embed is not None
    batch = prepared(embedder, PICTURES)
    as_it_was = batch.copy()

    assert np.array_equal(embed(batch)[0], embedder.score(batch))
    assert np.array_equal(batch, as_it_was)


def test_a_scorer_that_embeds_and_is_safe_embeds_on_several_threads_as_on_one(embedder: Scorer) -> None:
    embed = embedder_of(embedder)
    assert embed is not None
    if not getattr(embedder, "thread_safe", False):
        return
    batch = prepared(embedder, PICTURES)
    for _ in range(-(-N_COMPARED // len(batch))):
        _, expected = embed(batch)
    rows = [row % 3 for row in range(24)]
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(embed, [batch[row : row + 1] for row in rows]))

    assert all(cosines(vectors, expected[row : row + 1]).min() >= 0.999 for row, (_, vectors) in zip(rows, outcomes, strict=True))


def test_a_scorer_that_was_not_asked_to_embed_does_no_more_than_score(scorer: Scorer) -> None:
    assert embedder_of(scorer) is None
