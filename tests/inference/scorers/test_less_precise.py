"""Other numbers than float32 are used where lists stay nearly the same, and else refused with what differed."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import timm
import torch
from tests.workflows.proposing.lite0_for_proposing import one_thread

from multilabelfy.errors import ScorerFailed
from multilabelfy.inference.precision import Precision
from multilabelfy.inference.scorers.lite0 import PREPARATION, TABLE, lite0_network
from multilabelfy.inference.scorers.network.last_layer import last_layer, same_directions
from multilabelfy.inference.scorers.network.less_precise import LessPrecise, difference, shared_percent
from multilabelfy.inference.scorers.network.networks import InTorch, swiftest
from multilabelfy.inference.scorers.preparation import prepare
from multilabelfy.pictures.opening import open_picture

PROCESSOR = torch.device("cpu")
SIZE = (3, 160, 160)
N_LABELS = 100


def scores(*rows: list[float]) -> npt.NDArray[np.float32]:
    return np.array(rows, dtype=np.float32)


def ranked(order: list[int]) -> npt.NDArray[np.float32]:
    """The scores of a picture whose labels come in this order, and after these the others by number."""
    rest = [label for label in range(N_LABELS) if label not in order]
    row = np.zeros(N_LABELS, dtype=np.float32)
    row[order + rest] = np.arange(N_LABELS, 0, -1)
    return np.asarray(row[None] / row.sum(), dtype=np.float32)


def small_network() -> InTorch:
    torch.manual_seed(0)
    return InTorch(timm.create_model("test_resnet", pretrained=False, num_classes=3), PROCESSOR)


def pictures(n: int) -> npt.NDArray[np.float32]:
    return np.random.default_rng(0).normal(size=(n, *SIZE)).astype(np.float32)


def test_efficientnet_lite0_in_bfloat16_passes_with_photos_and_says_what_it_costs(shared_data: Path) -> None:
    photos = sorted(path for path in (shared_data / "photos").rglob("*") if path.is_file())[:8]
    first = np.stack([prepare(open_picture(path, at_least=PREPARATION.resize), PREPARATION, TABLE) for path in photos])
    network = swiftest(lite0_network(), (3, 224, 224), Precision.BFLOAT16)
    assert isinstance(network, LessPrecise)

    with one_thread():
        network.try_out(first)
        ours, exact = network.score(first[:1]), lite0_network().score(first[:1])
        network.try_out(first[:, :, ::-1])  # of another shard: it has passed

    assert network.remark.startswith("bfloat16 as asked for: 9")
    assert network.remark.endswith("of the best labels of 8 pictures are those of float32, and every first label is")
    assert ours.dtype == np.float32
    assert 0 < np.abs(ours - exact).max() < 0.05
    assert ours.sum() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("precision", [Precision.BFLOAT16, Precision.FLOAT16])
def test_a_network_calculates_in_the_numbers_that_are_asked_for_and_not_through_onnx_runtime(precision: Precision) -> None:
    network = swiftest(small_network(), SIZE, precision)

    ours, exact = network.score(pictures(2)), small_network().score(pictures(2))

    assert isinstance(network, LessPrecise)
    assert network.precision is precision
    assert not network.on_device
    assert 0 < np.abs(ours - exact).max() < 0.05


@pytest.mark.parametrize("precision", [Precision.BFLOAT16, Precision.FLOAT16])
def test_it_embeds_in_these_numbers_nearly_what_it_embeds_in_float32(precision: Precision) -> None:
    exact = small_network()
    told = InTorch(exact.model, PROCESSOR, last=last_layer(exact.model, SIZE))
    network = swiftest(told, SIZE, precision)

    scored, vectors = network.score_and_embed(pictures(2))
    _, of_float32 = told.score_and_embed(pictures(2))

    assert network.embeds
    assert not swiftest(small_network(), SIZE, precision).embeds
    np.testing.assert_array_equal(scored, network.score(pictures(2)))
    assert vectors.dtype == np.float32
    assert not np.array_equal(vectors, of_float32)
    assert same_directions(vectors, of_float32)


def test_nobody_asks_for_float32_and_it_is_scored_as_ever() -> None:
    assert not isinstance(swiftest(small_network(), SIZE), LessPrecise)


def test_a_network_that_ranks_otherwise_is_refused_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    network = LessPrecise(small_network(), Precision.BFLOAT16)
    monkeypatch.setattr(network, "score", lambda batch: scores(*[[0.0, 0.0, 1.0]] * len(batch)))
    firsts = small_network().score(pictures(3)).argmax(axis=1)
    assert set(firsts.tolist()) <= {0, 1}

    with pytest.raises(ScorerFailed) as refused:
        network.try_out(pictures(3))

    assert str(refused.value) == (
        "In bfloat16 this model does not propose what it proposes in float32: of 3 pictures, 3 get another first label. "
        "Nothing was stored. Run the command without `--precision`: float32 takes longer and needs no such check."
    )


def test_nine_tenths_of_the_best_labels_must_be_the_same() -> None:
    exact = ranked(list(range(20)))
    two_other, three_other = ranked([*range(18), 50, 51]), ranked([*range(17), 50, 51, 52])

    assert shared_percent(two_other, exact) == 90
    assert difference(two_other, exact) == ""
    assert difference(three_other, exact) == "of the 20 best labels of 1 picture only 85.0% are the same, not 90%."
    assert difference(np.concatenate([three_other, exact]), np.concatenate([exact, exact])) == ""  # 92.5% of both pictures' labels


def test_the_order_of_the_best_does_not_count_but_the_first_label_does() -> None:
    exact = ranked([0, 1, 2, 3])

    assert difference(ranked([0, 3, 2, 1]), exact) == ""
    assert "1 gets another first label" in difference(np.concatenate([exact, ranked([1, 0])]), np.concatenate([exact, exact]))


def test_a_first_label_that_ties_in_float32_may_be_either() -> None:
    assert difference(scores([0.3, 0.4, 0.3]), scores([0.4, 0.4, 0.2])) == ""


def test_of_few_labels_the_better_half_is_compared() -> None:
    exact = scores([0.4, 0.3, 0.2, 0.1])

    assert difference(scores([0.4, 0.1, 0.2, 0.3]), exact) == "of the 2 best labels of 1 picture only 50.0% are the same, not 90%."


def test_scores_that_are_no_numbers_are_refused_where_float32_has_some() -> None:
    broken, exact = scores([np.nan, 0.5]), scores([0.5, 0.5])

    assert difference(broken, exact) == "its scores are not finite."
    assert difference(broken, broken) == ""  # of those the run says itself what is wrong, and with which picture
