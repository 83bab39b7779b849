"""Suspects before annotation: who is ranked, by whom, what is written, and who sees them first."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from PIL import Image
from sqlalchemy import select

from multilabelfy.annotation.model import Role
from multilabelfy.demo.drawing.picture import draw
from multilabelfy.demo.making import scenes
from multilabelfy.demo.scorer import demo_labels
from multilabelfy.errors import InvalidInput, NotProposed, UnknownDataset
from multilabelfy.proposals.suspects import SuspectBy
from multilabelfy.settings import Settings
from multilabelfy.store import schema
from multilabelfy.store.dataset import datasets, images
from multilabelfy.store.handing_out import assignments, handing_out
from multilabelfy.workflows.annotating import desk
from multilabelfy.workflows.importing.applying import import_dataset
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.proposing.runs import propose
from multilabelfy.workflows.proposing.suspects import Suspects, queue_first, suspects, write_suspects
from multilabelfy.workflows.team import people
from multilabelfy.workflows.workspace import Workspace, opened

NOW = datetime(2030, 5, 6, 8, 0, tzinfo=UTC)
NAMES = ("cat/1.png", "cat/2.png", "cow/1.png", "dog/1.png", "dog/2.png")
SCORES = np.array(
    [
        [0.90, 0.05, 0.05],  # a cat, and the model agrees
        [0.10, 0.10, 0.80],  # given as a cat, rather a dog
        [0.30, 0.40, 0.30],  # a cow, barely
        [0.02, 0.97, 0.01],  # given as a dog, surely a cow
        [0.10, 0.20, 0.70],
    ],
    dtype=np.float32,
)
MOST_SUSPICIOUS_FIRST = ["dog/1.png", "cat/2.png", "cow/1.png", "dog/2.png", "cat/1.png"]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Five pictures in three class folders; nobody has proposed."""
    for number, name in enumerate(NAMES):
        (tmp_path / "pictures" / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), (40 * number, 90, 200)).save(tmp_path / "pictures" / name)
    with opened(Settings(workspace=tmp_path / "workspace"), create=True) as fresh:
        import_dataset(fresh, ImportRequest("pets", tmp_path / "pictures"), now=NOW)
        yield fresh


def scores_file(folder: Path, scores: np.ndarray = SCORES, name: str = "scores.npy") -> str:
    np.save(folder / name, scores)
    return f"scores:{folder / name}"


def names(found: Suspects) -> list[str]:
    return [one.image for one in found.ranked()]


def test_whole_scores_of_a_file_rank_before_anything_is_proposed(workspace: Workspace, tmp_path: Path) -> None:
    found = suspects(workspace, "pets", models=[scores_file(tmp_path)])
    assert names(found) == MOST_SUSPICIOUS_FIRST
    first = next(found.ranked())
    assert (first.rank, first.given_label, first.suggested_label, first.flagged) == (1, "dog", "cow", None)
    assert (first.suspicion, first.given_score, first.suggested_score) == pytest.approx((-np.log(0.01), 0.01, 0.97), rel=1e-5)


def test_what_a_run_keeps_ranks_alike(workspace: Workspace, tmp_path: Path) -> None:
    propose(workspace, "pets", [scores_file(tmp_path)], k=1, now=NOW)
    found = suspects(workspace, "pets")
    assert names(found) == MOST_SUSPICIOUS_FIRST
    assert found.models[0].startswith("scores:scores.npy@")


def test_several_models_are_asked_together(workspace: Workspace, tmp_path: Path) -> None:
    """The second model thinks that the first picture shows a cow, so firmly that the mean of both does too."""
    other = SCORES.copy()
    other[0] = [0.0, 1.0, 0.0]
    specs = [scores_file(tmp_path), scores_file(tmp_path, other, "other.npy")]
    found = suspects(workspace, "pets", models=specs)
    by_name = {one.image: one for one in found.ranked()}
    assert (by_name["cat/1.png"].given_score, by_name["cat/1.png"].suggested_score) == pytest.approx((0.45, 0.525))


def test_a_model_is_named_by_its_run_or_as_it_was_for_proposing(workspace: Workspace, tmp_path: Path) -> None:
    specs = [scores_file(tmp_path), scores_file(tmp_path, SCORES[:, ::-1].copy(), "other.npy")]
    propose(workspace, "pets", specs, now=NOW)
    source = suspects(workspace, "pets").models[0]
    assert suspects(workspace, "pets", models=[source]).models == suspects(workspace, "pets", models=specs[:1]).models == (source,)


def test_cleanlab_ranks_too_and_says_which_it_takes_for_wrong(workspace: Workspace, tmp_path: Path) -> None:
    found = suspects(workspace, "pets", by=SuspectBy.NORMALIZED_MARGIN, models=[scores_file(tmp_path)])
    assert set(names(found)[:2]) == {"dog/1.png", "cat/2.png"}
    assert found.n_flagged is not None
    assert all(one.flagged is not None for one in found.ranked())


def test_without_proposals_or_with_a_model_that_has_none_the_next_step_is_named(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(NotProposed, match="multilabelfy propose pets --model SPEC"):
        suspects(workspace, "pets")
    propose(workspace, "pets", [scores_file(tmp_path)], now=NOW)
    for unknown in ("resnet", "timm/resnet50"):
        with pytest.raises(NotProposed, match=f"no proposals by '{unknown}'. There are those of “scores:scores.npy@"):
            suspects(workspace, "pets", models=[unknown])
    with pytest.raises(UnknownDataset):
        suspects(workspace, "birds")


def test_images_without_a_given_label_are_no_suspects(workspace: Workspace, tmp_path: Path) -> None:
    labels = tmp_path / "labels.txt"
    labels.write_text("cat\ndog\n")
    import_dataset(workspace, ImportRequest("blank", tmp_path / "pictures", labels=str(labels), no_given=True), now=NOW)
    with pytest.raises(InvalidInput, match="no image came with one"):
        suspects(workspace, "blank")


def test_the_table_has_a_row_an_image(workspace: Workspace, tmp_path: Path) -> None:
    found = suspects(workspace, "pets", models=[scores_file(tmp_path)])
    assert write_suspects(found, tmp_path / "suspects.csv") == 5
    table = pl.read_csv(tmp_path / "suspects.csv")
    assert table["image"].to_list() == MOST_SUSPICIOUS_FIRST
    assert table["rank"].to_list() == [1, 2, 3, 4, 5]
    with pytest.raises(InvalidInput, match="--overwrite"):
        write_suspects(found, tmp_path / "suspects.csv")


def handed(workspace: Workspace) -> list[tuple[str, str]]:
    """What a newcomer is given, in order: each picture with the policy that chose it."""
    who = people.invite(workspace, "Ada", Role.ANNOTATOR, NOW).person
    work = desk.next_work(workspace, "pets", who, NOW)
    with workspace.store.reading() as c:
        given = [assignments.get(c, sheet.assignment) for sheet in work.sheets]
        return [(images.get(c, one.image).path, one.policy) for one in given]


def test_the_most_suspicious_are_handed_out_first_and_the_assignments_say_why(workspace: Workspace, tmp_path: Path) -> None:
    propose(workspace, "pets", [scores_file(tmp_path)], now=NOW)
    assert queue_first(workspace, suspects(workspace, "pets"), 1) == 1
    first, second, *_ = handed(workspace)
    assert first == ("dog/1.png", "suspects:loss")
    assert second[1] == handing_out.FIXED_OVERLAP


def test_queueing_none_gives_every_image_its_own_place_again(workspace: Workspace, tmp_path: Path) -> None:
    propose(workspace, "pets", [scores_file(tmp_path)], now=NOW)
    before = queue_of(workspace)
    queue_first(workspace, suspects(workspace, "pets"), 3)
    assert queue_of(workspace)[:3] == MOST_SUSPICIOUS_FIRST[:3]
    assert queue_first(workspace, suspects(workspace, "pets"), 0) == 0
    assert queue_of(workspace) == before


def queue_of(workspace: Workspace) -> list[str]:
    with workspace.store.reading() as c:
        dataset = datasets.find(c, "pets").id
        query = select(schema.images.c.path).where(schema.images.c.dataset_id == dataset).order_by(schema.images.c.queue_place)
        return list(c.execute(query).scalars())


@pytest.mark.parametrize("by", list(SuspectBy))
def test_of_drawn_scenes_the_first_tenth_holds_most_of_the_labels_made_wrong(drawn: tuple[Workspace, set[str]], by: SuspectBy) -> None:
    """6 of 60 labels are wrong: a random order finds 0.6 of them among the first six."""
    workspace, wrong = drawn
    first = names(suspects(workspace, "scenes", by=by))[:6]
    assert len(wrong & set(first)) >= 3


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workspace, set[str]]]:
    """Sixty of the demo's scenes; six of those that have a valid label are given as one that is not valid for them."""
    folder = tmp_path_factory.mktemp("suspects")
    (folder / "images").mkdir()
    keys = demo_labels()
    shown = scenes(11, 60)
    given = {one.name: one.given for one in shown}
    wrong = {one.name for one in [one for one in shown if one.truth][5::10][:6]}
    for number, one in enumerate(shown):
        draw(one.composition).save(folder / "images" / one.name, "JPEG")
        if one.name in wrong:
            given[one.name] = next(label for label in range(2 * number, len(keys)) if label not in one.truth)
    rows = "".join(f"{image},{keys[label]}\n" for image, label in given.items())
    (folder / "given.csv").write_text(f"image,label\n{rows}", encoding="utf-8")
    (folder / "labels.txt").write_text("\n".join(keys), encoding="utf-8")
    with opened(Settings(workspace=folder / "workspace"), create=True) as workspace:
        import_dataset(
            workspace, ImportRequest("scenes", folder / "images", given=folder / "given.csv", labels=str(folder / "labels.txt")), now=NOW
        )
        propose(workspace, "scenes", ["python:multilabelfy.demo.scorer:looker"], now=NOW)
        yield workspace, wrong
