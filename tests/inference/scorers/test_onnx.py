"""An ONNX model scores what its card says; models here are made by hand: the mean of each colour, times fixed weights."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from multilabelfy.errors import InvalidInput, ScorerUnavailable
from multilabelfy.inference.running.streaming import Manner, manner_of
from multilabelfy.inference.scorers.onnx import open_onnx
from multilabelfy.proposals.model import Scorer, embedder_of

WEIGHTS = np.array([[2.0, 0.0], [0.0, 1.0], [0.0, 0.0]], dtype=np.float32)  # logits: 2 · red, green
CARD = {
    "resize": 8,
    "crop": 8,
    "interpolation": "bilinear",
    "mean": [0, 0, 0],
    "std": [1, 1, 1],
    "output": "logits",
    "labels": ["red", "green"],
}
RED = Image.new("RGB", (16, 12), (255, 0, 0))
GREEN = Image.new("RGB", (12, 16), (0, 255, 0))
RED_SCORES = [np.exp(2) / (np.exp(2) + 1), 1 / (np.exp(2) + 1)]
GREEN_SCORES = [1 / (1 + np.e), np.e / (1 + np.e)]


def model_file(folder: Path, *, n: int | str = "n", edge: int = 8, softmax: bool = False, kind: int = TensorProto.FLOAT) -> Path:
    """Beside the scores it gives the means, as a vector (`flat`) and as they are (`means`), and the pictures (`same`)."""
    number = helper.tensor_dtype_to_np_dtype(kind)
    nodes = [
        helper.make_node("GlobalAveragePool", ["pictures"], ["means"]),
        helper.make_node("Flatten", ["means"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["logits"]),
    ]
    if softmax:
        nodes.append(helper.make_node("Softmax", ["logits"], ["scores"], axis=1))
    nodes.append(helper.make_node("Identity", ["pictures"], ["same"]))
    graph = helper.make_graph(
        nodes,
        "means",
        [helper.make_tensor_value_info("pictures", kind, [n, 3, edge, edge])],
        [
            helper.make_tensor_value_info("scores" if softmax else "logits", kind, [n, 2]),
            helper.make_tensor_value_info("flat", kind, [n, 3]),
            helper.make_tensor_value_info("means", kind, [n, 3, 1, 1]),
            helper.make_tensor_value_info("same", kind, [n, 3, edge, edge]),
        ],
        [numpy_helper.from_array(WEIGHTS.astype(number), "weights")],
    )
    path = folder / "means.onnx"
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
    return path


def with_card(path: Path, **changes: Any) -> Path:
    path.with_name(path.name + ".json").write_text(json.dumps({**CARD, **changes}))
    return path


def scores_of(scorer: Scorer, *pictures: Image.Image) -> list[list[float]]:
    scores = scorer.score(np.stack([scorer.prepare(picture) for picture in pictures]))
    assert scores.dtype == np.float32
    return [list(map(float, row)) for row in scores]


def test_logits_become_softmax(tmp_path: Path) -> None:
    scorer = open_onnx(with_card(model_file(tmp_path)))

    assert scorer.labels == ("red", "green")
    assert scores_of(scorer, RED, GREEN) == [pytest.approx(RED_SCORES), pytest.approx(GREEN_SCORES)]


def test_softmax_stays_as_it_is(tmp_path: Path) -> None:
    scorer = open_onnx(with_card(model_file(tmp_path, softmax=True), output="softmax"))

    assert scores_of(scorer, GREEN) == [pytest.approx(GREEN_SCORES)]


def test_the_cards_mean_and_std_are_used(tmp_path: Path) -> None:
    scorer = open_onnx(with_card(model_file(tmp_path), mean=[0.5, 0, 0], std=[0.5, 1, 1]))

    assert scores_of(scorer, GREEN) == [pytest.approx([np.exp(-2) / (np.exp(-2) + np.e), np.e / (np.exp(-2) + np.e)])]


def test_a_model_scores_on_threads_and_says_what_size_of_picture_it_needs(tmp_path: Path) -> None:
    scorer = open_onnx(with_card(model_file(tmp_path), resize=12))

    assert manner_of(scorer) is Manner.TOGETHER
    assert (scorer.shorter_side, scorer.batch_size) == (12, None)
    assert open_onnx(with_card(model_file(tmp_path, n=2))).batch_size == 2  # else it would score a second picture in vain


def test_a_session_has_one_thread_since_whoever_scores_has_one_a_core(tmp_path: Path) -> None:
    options = open_onnx(with_card(model_file(tmp_path))).session.get_session_options()

    assert (options.intra_op_num_threads, options.inter_op_num_threads) == (1, 1)


@pytest.mark.parametrize("n_pictures", [1, 2, 3, 4])
def test_a_model_of_a_fixed_batch_size_scores_any_number(tmp_path: Path, n_pictures: int) -> None:
    scorer = open_onnx(with_card(model_file(tmp_path, n=2)))

    assert scores_of(scorer, *[RED, GREEN, RED, GREEN][:n_pictures]) == [
        pytest.approx(row) for row in [RED_SCORES, GREEN_SCORES, RED_SCORES, GREEN_SCORES][:n_pictures]
    ]


def test_a_model_in_half_precision_gives_single_precision_scores(tmp_path: Path) -> None:
    scorer = open_onnx(with_card(model_file(tmp_path, kind=TensorProto.FLOAT16)))

    assert scores_of(scorer, RED) == [pytest.approx(RED_SCORES, abs=2e-3)]


def test_a_card_of_another_picture_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScorerUnavailable, match=r"shape \['n', 3, 16, 16\], but its card prepares one input of floats \(n, 3, 8, 8\)"):
        open_onnx(with_card(model_file(tmp_path, edge=16)))


def test_a_missing_card_is_answered_with_an_example(tmp_path: Path) -> None:
    with pytest.raises(ScorerUnavailable, match=r"Cannot read '.*means\.onnx\.json'"):
        open_onnx(model_file(tmp_path))


def test_a_card_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"means\.onnx\.json, crop"):
        open_onnx(with_card(model_file(tmp_path), crop=-1))


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "means.onnx"
    path.write_bytes(b"not a model")

    with pytest.raises(ScorerUnavailable, match="Cannot load the ONNX model"):
        open_onnx(with_card(path))


@pytest.mark.parametrize("name", ["flat", "means"])
@pytest.mark.parametrize("n", ["n", 2])
def test_an_output_that_the_card_calls_the_embedding_is_given_beside_the_scores(tmp_path: Path, name: str, n: int | str) -> None:
    scorer = open_onnx(with_card(model_file(tmp_path, n=n), embedding=name), embeddings=True)
    embed = embedder_of(scorer)
    assert embed is not None

    scores, vectors = embed(np.stack([scorer.prepare(picture) for picture in (RED, GREEN, RED)]))

    assert scores.tolist() == [pytest.approx(row) for row in [RED_SCORES, GREEN_SCORES, RED_SCORES]]
    assert (vectors.dtype, vectors.tolist()) == (np.dtype("float32"), [[1, 0, 0], [0, 1, 0], [1, 0, 0]])


def test_a_card_that_names_no_output_of_vectors_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ScorerUnavailable, match=r"calls its output 'flats' the embedding, but its outputs are 'logits', 'flat', 'means'"):
        open_onnx(with_card(model_file(tmp_path), embedding="flats"), embeddings=True)
    with pytest.raises(ScorerUnavailable, match=r"but that is of shape \['n', 3, 8, 8\], and one vector a picture is wanted, \(n, width\)"):
        open_onnx(with_card(model_file(tmp_path), embedding="same"), embeddings=True)
    assert scores_of(open_onnx(with_card(model_file(tmp_path), embedding="flats")), RED) == [pytest.approx(RED_SCORES)]
