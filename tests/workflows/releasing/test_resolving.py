"""Releases of final labels: what is in one, and what changed since the last."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.answering import answer, person
from tests.studies import NOW, Study, ready_study

from multilabelfy.dataset.model import ImageState
from multilabelfy.refinement.final_labels.release import Release
from multilabelfy.refinement.model import FinalLabels, LabelSource
from multilabelfy.store.dataset import images
from multilabelfy.store.decisions import releases
from multilabelfy.workflows.releasing.resolve import Resolved, resolve, unresolved


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path, n_images=4)
    yield ready
    ready.workspace.close()


def made(resolved: Resolved) -> Release:
    """A release that was made now."""
    assert resolved.is_new
    assert resolved.release is not None
    return resolved.release


def test_agreed_images_are_released_and_the_others_are_listed(study: Study) -> None:
    for who in ("Ada", "Bob"):
        answer(study, who, 0, [0, 2])
    answer(study, "Ada", 1, [1])
    answer(study, "Bob", 1, [2])
    release = made(resolve(study.workspace, "pilot", NOW))
    assert (release.number, release.n_images, release.n_unresolved, release.n_added) == (1, 1, 3, 1)
    with study.workspace.store.reading() as c:
        [(path, final)] = releases.labels_of(c, study.dataset.id, 1)
    assert path == study.images[0].path
    both = tuple(sorted(person(study, who).id for who in ("Ada", "Bob")))
    assert final == FinalLabels(study.images[0].id, (0, 2), LabelSource.AGREED, decided_by=both, before=(0, 2))
    assert [one.state for one in unresolved(study.workspace, "pilot")] == [ImageState.DISPUTED, ImageState.OPEN, ImageState.OPEN]


def test_a_second_release_says_what_changed(study: Study) -> None:
    for who in ("Ada", "Bob"):
        answer(study, who, 0, [0])
        answer(study, who, 1, [1])
    resolve(study.workspace, "pilot", NOW)
    later = NOW + timedelta(hours=1)
    answer(study, "Ada", 0, [1], now=later)  # no longer agreed
    for who in ("Ada", "Bob"):
        answer(study, who, 1, [2], now=later)
        answer(study, who, 2, [2], now=later)
    release = made(resolve(study.workspace, "pilot", later))
    assert (release.number, release.n_added, release.n_changed, release.n_removed) == (2, 1, 1, 1)


def test_imported_labels_stay_as_they_came(study: Study) -> None:
    imported = FinalLabels(study.images[3].id, (7,), LabelSource.IMPORTED)
    with study.workspace.store.writing() as c:
        images.set_state(c, study.images[3].id, ImageState.IMPORTED)
        releases.add(c, study.dataset.id, [imported], 3, NOW)
    again = resolve(study.workspace, "pilot", NOW)
    assert (again.is_new, again.release and again.release.number, again.n_unresolved) == (False, 1, 3)
    for who in ("Ada", "Bob"):
        answer(study, who, 0, [0])
    release = made(resolve(study.workspace, "pilot", NOW))
    assert (release.number, release.n_images, release.n_changed) == (2, 2, 0)


def test_nothing_new_makes_no_release(study: Study) -> None:
    assert resolve(study.workspace, "pilot", NOW) == Resolved(None, is_new=False, n_unresolved=4)
    for who in ("Ada", "Bob"):
        answer(study, who, 0, [0])
    first = made(resolve(study.workspace, "pilot", NOW))
    answer(study, "Ada", 1, [1])  # one answer of two resolves nothing
    assert resolve(study.workspace, "pilot", NOW + timedelta(hours=1)) == Resolved(first, is_new=False, n_unresolved=3)
    with study.workspace.store.reading() as c:
        assert releases.all_releases(c, study.dataset.id) == [first]
