"""Images like this one, on an image's page: what experts and owners see of them, and that it is never an answer."""

from collections.abc import Callable

import numpy as np
from tests.answering import answer
from tests.studies import NOW, Study
from tests.web.conftest import Browser

from multilabelfy.annotation.model import Role
from multilabelfy.dataset.model import ImageState
from multilabelfy.store.dataset import images, proposals
from multilabelfy.store.dataset.looks import embeddings
from multilabelfy.workflows.alike.kin import find_kin

HEADING = "Images like this one"
ANGLES = np.array([0, 30, 10, 60, 90, 85]) * np.pi / 180


def work_out(study: Study) -> None:
    """Every image's kin: the first image's are 2, 1, 3, 5, 4, by their angles."""
    with study.workspace.store.writing() as c:
        run = proposals.start_run(c, study.dataset.id, "a-model", 5, NOW)
        vectors = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)
        embeddings.add_chunk(c, run, [image.id for image in study.images], vectors)
    find_kin(study.workspace, "pilot")


def section(page: str) -> str:
    """What stands below the heading."""
    return page.split(f"<h2>{HEADING}</h2>")[1].split("<h2>")[0]


def address(study: Study, number: int) -> str:
    return f"/d/pilot/images/{study.images[number].id}"


def test_the_nearest_come_first_with_their_cosine_and_their_given_label(browser_of: Callable[..., Browser], study: Study) -> None:
    work_out(study)
    alike = section(browser_of("Eve", Role.EXPERT).get(address(study, 0)).text)
    places = [alike.index(f'href="{address(study, number)}"') for number in (2, 1, 3, 5, 4)]
    assert places == sorted(places)
    assert alike.count("<li") == 5
    assert [f"alike: {cosine}" in alike for cosine in ("0.98", "0.87", "0.50", "0.09")] == [True] * 4
    assert "given: Egyptian cat" in alike
    assert 'alt="Image 3"' in alike


def test_owners_read_the_commands_where_nothing_was_worked_out_and_experts_nothing(
    browser_of: Callable[..., Browser], study: Study
) -> None:
    owner, expert = (browser_of(name, role).get(address(study, 0)).text for name, role in (("Olga", Role.OWNER), ("Eve", Role.EXPERT)))
    assert "&amp;&amp; multilabelfy copies pilot --alike</code>" in owner
    assert "--alike" not in expert
    assert HEADING not in owner + expert


def test_what_people_answered_about_them_is_not_shown_and_annotators_see_no_such_page(
    browser_of: Callable[..., Browser], study: Study
) -> None:
    work_out(study)
    eve = browser_of("Eve", Role.EXPERT)
    before = section(eve.get(address(study, 0)).text)
    for name in ("Ann", "Bob"):
        answer(study, name, 2, [3], note="the left one")
    assert section(eve.get(address(study, 0)).text) == before
    assert browser_of("Ada").get(address(study, 0)).status_code == 403


def test_an_image_that_cannot_be_read_is_nobodys_kin(browser_of: Callable[..., Browser], study: Study) -> None:
    work_out(study)
    with study.workspace.store.writing() as c:
        images.set_state(c, study.images[2].id, ImageState.UNREADABLE)
    alike = section(browser_of("Eve", Role.EXPERT).get(address(study, 0)).text)
    assert alike.count("<li") == 4
    assert address(study, 2) not in alike


def test_the_section_speaks_german(browser_of: Callable[..., Browser], study: Study) -> None:
    work_out(study)
    eve = browser_of("Eve", Role.EXPERT)
    page = eve.get(address(study, 0), headers={"Accept-Language": "de"}).text
    assert "<h2>Bilder wie dieses</h2>" in page
    assert "Ähnlichkeit: 0,98" in page
