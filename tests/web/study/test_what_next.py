"""An image's page says what comes next, and only what is true of it now."""

from collections.abc import Callable

import pytest
from tests.answering import answer
from tests.studies import NOW, Study
from tests.web.conftest import Browser
from tests.web.owner.test_settings import VALUES

from multilabelfy.annotation.model import Role
from multilabelfy.workflows.owning import configuring, filing
from multilabelfy.workflows.releasing.resolve import resolve


@pytest.fixture
def olga(browser_of: Callable[..., Browser]) -> Browser:
    return browser_of("Olga", Role.OWNER)


def shown(olga: Browser, study: Study, image: int) -> str:
    """The image's page."""
    return olga.get(f"/d/pilot/images/{study.images[image].id}").text


def answered(study: Study, image: int, first: list[int], second: list[int]) -> None:
    """Two people answer an image."""
    answer(study, "Ann", image, first)
    answer(study, "Bob", image, second)


def test_final_labels_wait_for_a_release_only_until_one_has_them(olga: Browser, study: Study) -> None:
    answered(study, 0, [0], [0])
    assert "Its labels are final: the next release will contain them." in shown(olga, study, 0)
    resolve(study.workspace, "pilot", NOW)
    assert "Its labels are final, and in the newest release." in shown(olga, study, 0)
    answered(study, 0, [1], [1])
    assert "Its labels are final: the next release will contain them." in shown(olga, study, 0)


def test_nobody_is_promised_an_image_of_a_study_that_rests(olga: Browser, study: Study) -> None:
    answered(study, 1, [1], [2])
    configuring.set_paused(study.workspace, "pilot", True)
    for image in (0, 1):
        assert "But the study is paused: nobody gets an image now." in shown(olga, study, image)
    filing.archive(study.workspace, "pilot", NOW)
    for image in (0, 1):
        assert "But the dataset is archived: nobody gets an image of it." in shown(olga, study, image)


def test_where_releases_ask_the_posterior_an_expert_may_come_after_one(olga: Browser, study: Study) -> None:
    answered(study, 1, [1], [1, 2])
    assert "by the posterior" not in shown(olga, study, 1)
    olga.post("/d/pilot/settings/protocol", data={**VALUES, "posterior_threshold": "80", "sure": "yes"})
    assert "A release before that gives it labels by the posterior, if its chances are clear enough." in shown(olga, study, 1)
