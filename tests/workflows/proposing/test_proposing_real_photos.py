"""EfficientNet-lite0 proposes for 63 real photos: through `python:` and through ONNX alike, and as a plain torch loop does."""

import json
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from tests.workflows.proposing.studies_for_proposing import HERE, NOW

from multilabelfy.inference.scorers.onnx import OnnxScorer, open_onnx
from multilabelfy.pictures.opening import check_header, open_picture
from multilabelfy.proposals.model import Proposal
from multilabelfy.proposals.ranking import top_k
from multilabelfy.settings import Settings
from multilabelfy.store.dataset import datasets, images, proposals
from multilabelfy.workflows.importing.applying import import_dataset
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.proposing.runs import ProposalSummary, propose
from multilabelfy.workflows.workspace import opened

pytestmark = [pytest.mark.real_data, pytest.mark.long("networks score real photos")]
N_PHOTOS = 63  # of 250, every fourth one
EVERY = 3  # the plain loop looks at each third of them

K = 20
PYTHON = "python:lite0_for_proposing:lite0"
Ranked = dict[str, list[Proposal]]


class Study:
    """The photos with both models' proposals."""

    def __init__(self, photos: Path, summary: ProposalSummary, found: Ranked, given: dict[str, int]) -> None:
        self.photos, self.summary, self.found, self.given = photos, summary, found, given

    def ranked(self, source_begins: str) -> dict[str, list[Proposal]]:
        return {path: [one for one in both if one.source.startswith(source_begins)] for path, both in self.found.items()}


@pytest.fixture(scope="module")
def lite0() -> ModuleType:
    module: ModuleType = pytest.importorskip("tests.workflows.proposing.lite0_for_proposing", reason="needs torch and EfficientNet-lite0")
    return module


@pytest.fixture(scope="module")
def onnx_model(lite0: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The network as ONNX, with its card."""
    model = tmp_path_factory.mktemp("model") / "lite0.onnx"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch says that this exporter is the older one, and traces Python's branches
        lite0.export(model)
    model.with_name("lite0.onnx.json").write_text(json.dumps(lite0.CARD))
    return model


@pytest.fixture(scope="module")
def study(shared_data: Path, lite0: ModuleType, onnx_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    """Import the photos, and let both propose."""
    with lite0.one_thread():
        yield from _studied(onnx_model, shared_data, tmp_path_factory.mktemp("real"))


def _studied(model: Path, shared_data: Path, folder: Path) -> Iterator[Study]:
    photos = folder / "photos"
    for of_class in sorted((shared_data / "photos").iterdir())[::4]:
        shutil.copytree(of_class, photos / of_class.name)
    with opened(Settings(workspace=folder / "workspace"), create=True) as workspace:
        import_dataset(workspace, ImportRequest("photos", photos, labels="imagenet1k", reference=shared_data / "reference"), now=NOW)
        summary = propose(workspace, "photos", [PYTHON, f"onnx:{model}"], k=K, folder=HERE, now=NOW)
        with workspace.store.reading() as c:
            dataset = datasets.find(c, "photos").id
            found = dict(proposals.iterate(c, dataset))
            given = {image.path: int(image.given_label or 0) for image in images.iterate(c, dataset)}
        yield Study(photos, summary, found, given)


def labels_of(ranked: list[Proposal]) -> list[int]:
    return [one.label for one in ranked]


def test_every_photo_has_twenty_proposals_of_each_model_in_softmax_order(study: Study) -> None:
    assert len(study.found) == N_PHOTOS
    assert study.summary.unreadable == ()
    for source in ("python:", "onnx:lite0.onnx@"):
        for ranked in study.ranked(source).values():
            assert [one.rank for one in ranked] == list(range(1, K + 1))
            assert [one.score for one in ranked] == sorted((one.score for one in ranked), reverse=True)


def test_both_ways_give_the_same_lists_but_where_two_scores_are_equal_to_four_digits(study: Study) -> None:
    """All lists of all 250 photos were identical when this was written (torch 2.13, ONNX Runtime 1.32).

    The engines sum in other orders, so scores differ in their last digits: only labels that score alike may change places.
    """
    ours, theirs = study.ranked("python:"), study.ranked("onnx:")

    n_same = sum(labels_of(ours[path]) == labels_of(theirs[path]) for path in ours)

    assert n_same / len(ours) >= 0.98, n_same
    for path, ranked in ours.items():
        for one, other in zip(ranked, theirs[path], strict=True):
            assert one.score == pytest.approx(other.score, rel=1e-3, abs=1e-7)
            assert one.label == other.label or _neighbours_alike(ranked, one.rank - 1), path


def _neighbours_alike(ranked: list[Proposal], place: int) -> bool:
    """Whether a neighbour in the ranking has nearly the same score (the one after the last is not known: it may)."""
    score = ranked[place].score
    around = [ranked[near].score for near in (place - 1, place + 1) if 0 <= near < len(ranked)]
    return place == len(ranked) - 1 or any(near == pytest.approx(score, rel=1e-4) for near in around)


@pytest.mark.parametrize("source", ["python:", "onnx:"])
def test_the_given_label_is_among_the_twenty_for_at_least_99_percent(study: Study, source: str) -> None:
    paths = sorted(study.found)
    ranked = study.ranked(source)
    n_held = sum(study.given[path] in labels_of(ranked[path])[:K] for path in paths)

    assert len(paths) == N_PHOTOS
    assert n_held >= 0.99 * N_PHOTOS  # 248 of all 250
    run = next(run for run in study.summary.runs if run.source.startswith(source))
    assert (run.n_given, run.n_held) == (N_PHOTOS, n_held)


@pytest.mark.parametrize("source", ["python:", "onnx:"])
def test_top_1_is_within_a_point_of_a_plain_torch_loop(study: Study, source: str, straight: npt.NDArray[np.int64]) -> None:
    paths = sorted(study.found)[::EVERY]
    given = np.array([study.given[path] for path in paths])
    ours = np.array([labels_of(study.ranked(source)[path])[0] for path in paths])

    assert abs((ours == given).mean() - (straight[:, 0] == given).mean()) <= 0.01


def test_the_lists_are_those_of_the_plain_loop(study: Study, straight: npt.NDArray[np.int64]) -> None:
    paths = sorted(study.found)[::EVERY]
    ours = np.array([labels_of(study.ranked("onnx:")[path]) for path in paths])

    assert (ours == straight).all(axis=1).mean() >= 0.98  # all of them, when this was written


def test_photos_that_are_decoded_smaller_keep_their_first_label_and_nearly_all_of_the_twenty(shared_data: Path, onnx_model: Path) -> None:
    """Over all 250 photos. Eight are large enough for it; the others are decoded as ever, and so their lists are the same."""
    scorer = open_onnx(onnx_model)
    photos = sorted(path for path in (shared_data / "photos").rglob("*") if path.is_file())
    overlaps = [_overlap(scorer, path) for path in photos if min(check_header(path)) >= 2 * scorer.shorter_side]

    assert len(photos) == 250
    assert len(overlaps) == 8
    assert all(is_first for is_first, _ in overlaps)
    assert (len(photos) - len(overlaps) + sum(shared for _, shared in overlaps)) / len(photos) >= 0.995  # 0.998


def _overlap(scorer: OnnxScorer, path: Path) -> tuple[bool, float]:
    """Whether both pictures have the same first label, and the share of their first twenty that they have in common."""
    small, full = (
        top_k(scorer.score(scorer.prepare(open_picture(path, at_least=edge))[None]), K)[0][0] for edge in (scorer.shorter_side, None)
    )
    return bool(small[0] == full[0]), len(np.intersect1d(small, full)) / K


@pytest.fixture(scope="module")
def straight(study: Study) -> npt.NDArray[np.int64]:
    from tests.workflows.proposing.lite0_for_proposing import straight_loop

    return straight_loop([study.photos / path for path in sorted(study.found)[::EVERY]], Image.open)
