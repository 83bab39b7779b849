"""The demo's scorers are real, small models: good on pictures that they never saw, and never fitted on the demo's own."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from multilabelfy.demo import scorer
from multilabelfy.demo.catalogue import label_space
from multilabelfy.demo.drawing.picture import draw
from multilabelfy.demo.drawing.references import REFERENCE_SEED
from multilabelfy.demo.drawing.scenes import Scene
from multilabelfy.demo.features import EDGES, cells, fitted, glance, places, size_bounds, small_cells, windows
from multilabelfy.demo.making import scenes
from multilabelfy.demo.running import SEED
from multilabelfy.proposals.model import Scorer

N_SCENES = 60


@pytest.fixture(scope="module")
def pictures() -> list[tuple[Scene, Image.Image]]:
    return [(one, draw(one.composition)) for one in scenes(SEED, N_SCENES)]


def scores_of(model: Scorer, pictures: Sequence[tuple[Scene, Image.Image]]) -> npt.NDArray[np.float32]:
    return model.score(np.stack([model.prepare(picture) for _, picture in pictures]))


def best(scores: npt.NDArray[np.float32], k: int) -> list[set[int]]:
    return [set(row) for row in np.argsort(-scores, axis=1, kind="stable")[:, :k].tolist()]


def test_the_lessons_came_from_other_seeds_than_the_demo_and_its_references() -> None:
    first, last = map(int, scorer.fitted_weights()["seeds"])
    assert first <= last
    assert not first <= SEED <= last
    assert not first <= REFERENCE_SEED <= last


def test_the_looker_has_most_valid_labels_and_nearly_every_given_label_among_its_20(pictures: list[tuple[Scene, Image.Image]]) -> None:
    known = [(one, picture) for one, picture in pictures if one.truth]
    top = best(scores_of(scorer.looker(), known), 20)
    held = sum(len(chosen & set(one.truth)) for chosen, (one, _) in zip(top, known, strict=True))
    assert held / sum(len(one.truth) for one, _ in known) >= 0.93
    assert sum(one.given in chosen for chosen, (one, _) in zip(top, known, strict=True)) / len(known) >= 0.93


def test_the_looker_is_a_better_model_than_the_glancer_and_neither_is_perfect(pictures: list[tuple[Scene, Image.Image]]) -> None:
    def first_is_valid(model: Scorer) -> float:
        top = best(scores_of(model, pictures), 1)
        return sum(bool(chosen & set(one.truth)) for chosen, (one, _) in zip(top, pictures, strict=True)) / len(pictures)

    looker, glancer = first_is_valid(scorer.looker()), first_is_valid(scorer.glancer())
    assert 2 / len(label_space()) < glancer < looker < 1


@pytest.mark.parametrize("make", [scorer.looker, scorer.glancer])
def test_it_keeps_the_port_of_a_scorer(make: type[Scorer], pictures: list[tuple[Scene, Image.Image]]) -> None:
    model = make()
    assert isinstance(model, Scorer)
    scores = scores_of(model, pictures[:3])
    assert scores.dtype == np.float32
    assert scores.shape == (3, len(model.labels))
    assert np.isfinite(scores).all()
    assert scores.sum(axis=1) == pytest.approx(1.0, abs=1e-4)
    assert model.labels == tuple(label.key for label in label_space().labels)


def test_a_picture_scores_the_same_alone_and_in_a_batch(pictures: list[tuple[Scene, Image.Image]]) -> None:
    model = scorer.looker()
    assert scores_of(model, pictures[:1])[0] == pytest.approx(scores_of(model, pictures[:4])[0], abs=1e-6)


def test_a_picture_of_any_size_is_fitted_into_the_square_in_proportion() -> None:
    square = fitted(Image.new("RGB", (400, 100), (255, 0, 0)))
    assert square.size == (EDGES[0], EDGES[0])
    reds = np.asarray(square)[:, EDGES[0] // 2, 0] == 255
    assert reds.sum() == EDGES[0] // 4
    assert np.flatnonzero(reds)[0] == EDGES[0] * 3 // 8


def test_a_window_is_the_eight_by_eight_cells_from_its_corner_on() -> None:
    grids = np.arange(sum((edge // 4) ** 2 for edge in EDGES), dtype=np.float32)[:, None].repeat(9, axis=1)
    first, second = windows(grids)[:2]
    across = EDGES[0] // 4
    assert first.reshape(8, 8, 9)[1, 2, 0] == across + 2
    assert second.reshape(8, 8, 9)[0, 0, 0] == 2
    assert len(places()) == sum(((edge // 4 - 8) // 2 + 1) ** 2 for edge in EDGES)
    assert size_bounds()[0] == ((EDGES[0] // 4 - 8) // 2 + 1) ** 2


def test_a_grey_picture_has_no_colour_and_no_edge_but_its_frame() -> None:
    found = cells(Image.new("RGB", (300, 300), (128, 128, 128)))
    assert found[:, 1:] == pytest.approx(0, abs=1e-6)


def test_an_upright_edge_answers_at_its_own_angle() -> None:
    picture = Image.new("RGB", (EDGES[0], EDGES[0]))
    picture.paste((255, 255, 255), (EDGES[0] // 2, 0, EDGES[0], EDGES[0]))
    across = EDGES[0] // 4
    beside = cells(picture)[across * (across // 2) + across // 2]
    assert beside[3:].argmax() == 0


def test_a_glance_needs_the_smallest_size_alone(pictures: list[tuple[Scene, Image.Image]]) -> None:
    picture = pictures[0][1]
    assert glance(small_cells(picture)) == pytest.approx(glance(cells(picture)))
