"""Which images become gold: from a file, by a draw, one at a time; and what that does to the queue and the releases."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.answering import answer, person, state_of
from tests.checking import NO_CHECKS
from tests.studies import CLASS_FOLDER, FILE_STEM, NOW, Study, ready_study

from multilabelfy.annotation.checking.checks import GoldKind
from multilabelfy.annotation.model import Role
from multilabelfy.dataset.model import ImageState
from multilabelfy.errors import InvalidInput, UnknownImage
from multilabelfy.store.decisions import releases
from multilabelfy.store.handing_out import gold
from multilabelfy.workflows.owning.gold import draw_gold, gold_from_file, gold_of, gold_of_image, mark_gold, retire_gold

TEST, PRACTICE, CALIBRATION = GoldKind.TEST, GoldKind.PRACTICE, GoldKind.CALIBRATION


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path, protocol=replace(NO_CHECKS, n_practice=2), n_images=8, n_exemplars=1)
    yield ready
    ready.workspace.close()


def agree(study: Study, *numbers: int) -> None:
    """Ada and Bob agree that each of these images shows the label of its number."""
    for number in numbers:
        answer(study, "Ada", number, [number])
        answer(study, "Bob", number, [number])


def path_of(number: int) -> str:
    return f"{CLASS_FOLDER}_{number}/{FILE_STEM}_{number}.png"


def table(folder: Path, rows: dict[int, list[str]]) -> Path:
    """A file of known labels, by their keys."""
    lines = [f"{path_of(number)},{label}" for number, labels in rows.items() for label in labels]
    file = folder / "known.csv"
    file.write_text("\n".join(["image,label", *lines]), encoding="utf-8")
    return file


def test_a_file_makes_decided_images_gold_with_its_own_labels(study: Study, tmp_path: Path) -> None:
    agree(study, 0)
    found = gold_from_file(study.workspace, "pilot", table(tmp_path, {0: ["k00000", "k00004"]}), TEST, NOW)
    assert (found.counts[TEST], found.n_images, found.n_marked, found.n_taken_from_queue) == (1, 1, 1, 0)
    stored = gold_of_image(study.workspace, "pilot", study.images[0].id)
    assert stored is not None
    assert (stored.labels, stored.kind) == ((0, 4), TEST)
    assert state_of(study, 0) is ImageState.AGREED


def test_an_image_that_nobody_was_asked_about_leaves_the_queue_with_the_labels_of_the_file(study: Study, tmp_path: Path) -> None:
    found = gold_from_file(study.workspace, "pilot", table(tmp_path, {3: ["k00003"]}), PRACTICE, NOW)
    assert found.n_taken_from_queue == 1
    assert state_of(study, 3) is ImageState.IMPORTED
    with study.workspace.store.reading() as c:
        assert [(path, final.labels) for path, final in releases.labels_of(c, study.dataset.id, 1)] == [(path_of(3), (3,))]


def test_an_image_that_is_being_annotated_cannot_be_gold_and_nothing_is_stored(study: Study, tmp_path: Path) -> None:
    answer(study, "Ada", 0, [0])
    with pytest.raises(InvalidInput, match="is being annotated") as refused:
        gold_from_file(study.workspace, "pilot", table(tmp_path, {0: ["k00000"], 7: ["k00007"]}), TEST, NOW)
    assert len(refused.value.problems) == 2, "one is answered, one is held"
    assert gold_of(study.workspace, "pilot").n_images == 0
    assert state_of(study, 7) is ImageState.OPEN


def test_a_disputed_image_waits_for_its_expert(study: Study, tmp_path: Path) -> None:
    answer(study, "Ada", 0, [0])
    answer(study, "Bob", 0, [1])
    with pytest.raises(InvalidInput, match="waits for an expert"):
        gold_from_file(study.workspace, "pilot", table(tmp_path, {0: ["k00000"]}), TEST, NOW)


def test_a_file_of_unknown_images_or_labels_is_refused_with_its_line(study: Study, tmp_path: Path) -> None:
    file = tmp_path / "known.csv"
    file.write_text(f"image,label\nnobody.png,k00000\n{path_of(1)},unicorn\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"known\.csv") as refused:
        gold_from_file(study.workspace, "pilot", file, TEST, NOW)
    assert len(refused.value.problems) == 2


def test_without_a_kind_practice_gets_what_the_protocol_asks_for_and_the_rest_is_dealt_by_turns(study: Study, tmp_path: Path) -> None:
    file = table(tmp_path, {number: [f"k{number:05}"] for number in range(8)})
    found = gold_from_file(study.workspace, "pilot", file, None, NOW)
    assert found.counts == {PRACTICE: 2, CALIBRATION: 3, TEST: 3}
    kinds = kinds_of(study)
    assert gold_from_file(study.workspace, "pilot", file, None, NOW).counts == found.counts
    assert kinds_of(study) == kinds, "who is gold keeps their kind"


def test_a_draw_takes_decided_images_once_each_with_their_final_labels(study: Study) -> None:
    agree(study, 0, 1, 2, 3)
    assert draw_gold(study.workspace, "pilot", 3, TEST, NOW).counts[TEST] == 3
    assert draw_gold(study.workspace, "pilot", 1, CALIBRATION, NOW).n_images == 4
    with study.workspace.store.reading() as c:
        known = {image: known.labels for image, known in gold.of_images(c, {image.id for image in study.images}).items()}
    assert known == {study.images[number].id: (number,) for number in range(4)}


def test_a_draw_of_more_than_there_is_says_how_many_there_are(study: Study) -> None:
    agree(study, 0)
    with pytest.raises(InvalidInput, match="1 decided image can become gold, and 2 were asked for"):
        draw_gold(study.workspace, "pilot", 2, None, NOW)


def test_an_owner_marks_one_image_with_words_for_practice_and_takes_it_back(study: Study) -> None:
    agree(study, 2)
    olga = person(study, "Olga", Role.OWNER)
    mark_gold(study.workspace, "pilot", study.images[2].id, PRACTICE, "  its stripes ", NOW, by=olga)
    marked = gold_of_image(study.workspace, "pilot", study.images[2].id)
    assert marked is not None
    assert (marked.labels, marked.why) == ((2,), "its stripes")
    assert retire_gold(study.workspace, "pilot", [path_of(2)], NOW).n_retired == 1
    assert gold_of_image(study.workspace, "pilot", study.images[2].id) is None
    with pytest.raises(InvalidInput, match="no final labels yet"):
        mark_gold(study.workspace, "pilot", study.images[5].id, TEST, "", NOW, by=olga)
    with pytest.raises(UnknownImage, match=r"nobody\.png"):
        retire_gold(study.workspace, "pilot", ["nobody.png"], NOW)


def kinds_of(study: Study) -> Counter[tuple[int, str]]:
    with study.workspace.store.reading() as c:
        marked = gold.of_images(c, {image.id for image in study.images}).values()
        return Counter((known.image, known.kind.value) for known in marked if not known.is_retired)
