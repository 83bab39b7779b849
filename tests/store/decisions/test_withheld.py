"""Which pictures are withheld, by what experts said last and what releases and imports hold."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.answering import answer, person
from tests.deciding import again, dispute, say
from tests.studies import NOW, Study, ready_study

from multilabelfy.annotation.model import Role
from multilabelfy.dataset.model import ImageId, ImageState
from multilabelfy.refinement.model import EmptyReason, FinalLabels, LabelSource
from multilabelfy.store.dataset import images
from multilabelfy.store.decisions import releases, withheld
from multilabelfy.workflows.refining.talking import bring_back
from multilabelfy.workflows.releasing.resolve import resolve

BAD = EmptyReason.INAPPROPRIATE


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path)
    yield ready
    ready.workspace.close()


def found(study: Study) -> list[int]:
    """The places of the withheld images, asked for in both ways."""
    with study.workspace.store.reading() as c:
        of_dataset = withheld.of_dataset(c, study.dataset.id)
        assert withheld.among(c, [image.id for image in study.images]) == of_dataset
    return [place for place, image in enumerate(study.images) if image.id in of_dataset]


def send_again(study: Study, image: int) -> None:
    """An owner sends an image to an expert again."""
    bring_back(study.workspace, "pilot", person(study, "Olga", Role.OWNER), study.images[image].id, "client-of-olga-1", "look again", NOW)


def import_release(study: Study, reason: EmptyReason | None, *, labels: tuple[int, ...] = (), image: int = 1) -> None:
    """A release of one image that came with final labels."""
    with study.workspace.store.writing() as c:
        images.set_state(c, study.images[image].id, ImageState.IMPORTED)
        final = FinalLabels(study.images[image].id, labels, LabelSource.IMPORTED, reason=reason)
        releases.add(c, study.dataset.id, [final], 0, NOW)


def test_a_decision_withholds_at_once_and_until_its_expert_decides_otherwise(study: Study) -> None:
    dispute(study)
    assert found(study) == []
    case = say(study, "Eve", reason=BAD)
    assert found(study) == [0]
    again(study, "Eve", case, reason=EmptyReason.UNUSABLE)
    assert found(study) == []


def test_a_reopened_image_stays_withheld_until_somebody_decides_anew_even_if_it_was_never_released(study: Study) -> None:
    dispute(study)
    say(study, "Eve", reason=BAD)
    send_again(study, 0)
    assert found(study) == [0]
    say(study, "Eve", 0)
    assert found(study) == []


def test_a_decision_that_is_newer_than_the_release_counts_and_a_release_that_leaves_the_image_out_decides_nothing(study: Study) -> None:
    dispute(study)
    say(study, "Eve", reason=BAD)
    resolve(study.workspace, "pilot", NOW)
    send_again(study, 0)
    answer(study, "Ada", 2, [2])
    answer(study, "Bob", 2, [2])
    resolve(study.workspace, "pilot", NOW)
    assert found(study) == [0]
    say(study, "Eve", 0)
    assert found(study) == []


def test_imported_final_labels_withhold_until_a_later_release_says_otherwise(study: Study) -> None:
    import_release(study, BAD)
    assert found(study) == [1]
    import_release(study, None, labels=(1,))
    assert found(study) == []


def test_nothing_is_withheld_for_any_other_reason_or_in_another_dataset(study: Study) -> None:
    import_release(study, EmptyReason.UNUSABLE)
    assert found(study) == []
    with study.workspace.store.reading() as c:
        assert withheld.among(c, [ImageId(10**6)]) == frozenset()
