"""The gallery with its filters, and one image's history: never for annotators."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.answering import answer, state_of
from tests.studies import FILE_STEM, NOW, Study, ready_study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Role
from multilabelfy.dataset.model import ImageState, Label, LabelSpace
from multilabelfy.store.dataset import images, proposals

PAGE = "/d/pilot/images"


def pictures(page: str) -> int:
    """How many tiles a page has."""
    return page.count('<li class="tile">')


def test_annotators_see_neither_the_gallery_nor_a_history(browser_of: Callable[..., Browser], study: Study) -> None:
    ada = browser_of("Ada")
    assert ada.get(PAGE).status_code == 403
    assert ada.get(f"{PAGE}/{study.images[0].id}").status_code == 403


def test_it_shows_every_image_with_what_stands(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ann", 0, [0, 2])
    answer(study, "Bob", 0, [0, 2])
    page = browser_of("Eve", Role.EXPERT).get(PAGE).text
    assert pictures(page) == 6
    assert "tabby, Egyptian cat" in page
    assert "6 images" in page


@pytest.mark.parametrize(
    ("query", "n"),
    [
        ("state=disputed", 1),
        ("state=open", 5),
        ("label=tiger", 1),
        ("label=1", 1),
        ("given=lynx", 1),
        ("text=FILE_3", 1),
        ("text=%25", 0),
        ("state=open&given=0", 0),
        ("n_labels=2", 0),
        ("final=lynx", 0),
        ("reason=unusable", 0),
    ],
)
def test_filters_narrow_it(browser_of: Callable[..., Browser], study: Study, query: str, n: int) -> None:
    answer(study, "Ann", 0, [0])
    answer(study, "Bob", 0, [1])
    page = browser_of("Eve", Role.EXPERT).get(f"{PAGE}?{query}")
    assert page.status_code == 200
    assert pictures(page.text) == n
    assert ("No image matches." in page.text) == (n == 0)


@pytest.mark.parametrize(
    ("query", "problem"), [("state=mine", "There is no state"), ("label=zzz", "No label matches"), ("n_labels=many", "whole number")]
)
def test_what_is_no_filter_is_told_beside_its_field(browser_of: Callable[..., Browser], query: str, problem: str) -> None:
    page = browser_of("Eve", Role.EXPERT).get(f"{PAGE}?{query}")
    assert page.status_code == 422
    assert problem in page.text
    assert 'aria-invalid="true"' in page.text


def test_only_owners_filter_by_person(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ann", 0, [0])
    ann = study.person("Ann").id
    assert "Answered by" in browser_of("Olga", Role.OWNER).get(PAGE).text
    assert pictures(browser_of("Olga", Role.OWNER).get(f"{PAGE}?annotator={ann}").text) == 1
    eve = browser_of("Eve", Role.EXPERT)
    assert "Answered by" not in eve.get(PAGE).text
    assert pictures(eve.get(f"{PAGE}?annotator={ann}").text) == 6


@pytest.fixture
def large_study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path / "large", n_images=60, size=(24, 16))
    yield ready
    ready.workspace.close()


def test_pages_follow_each_other_and_keep_the_filter(large_study: Study, clock: Clock) -> None:
    eve = Browser(large_study, clock).sign_in("Eve", Role.EXPERT)
    first = eve.get(f"{PAGE}?state=open").text
    assert pictures(first) == 48
    assert 'href="/d/pilot/images?state=open&amp;after=47"' in first
    second = eve.get(f"{PAGE}?state=open&after=47").text
    assert pictures(second) == 12
    assert "Next page" not in second
    assert "First page" in second


def test_a_history_tells_who_answered_what_and_when(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ann", 0, [0], note="at the left")
    answer(study, "Bob", 0, [1])
    answer(study, "Bob", 0, [0], now=NOW + timedelta(minutes=5))
    owners = browser_of("Olga", Role.OWNER).get(f"{PAGE}/{study.images[0].id}").text
    assert "at the left" in owners
    assert "revised (2)" in owners
    assert "Ann" in owners
    assert FILE_STEM in owners
    experts = browser_of("Eve", Role.EXPERT).get(f"{PAGE}/{study.images[0].id}").text
    assert "annotator 1" in experts
    assert "Ann" not in experts.replace("Annotat", "")


def test_an_untouched_image_has_an_empty_history(browser_of: Callable[..., Browser], study: Study) -> None:
    page = browser_of("Eve", Role.EXPERT).get(f"{PAGE}/{study.images[5].id}").text
    assert "Nothing has happened to this image yet." in page
    assert "Nobody has been asked" in page


def test_a_file_that_is_no_picture_says_why(browser_of: Callable[..., Browser], study: Study) -> None:
    with study.workspace.store.writing() as c:
        images.set_unreadable(c, study.images[2].id, "it has 0 bytes")
    eve = browser_of("Eve", Role.EXPERT)
    assert "it has 0 bytes" in eve.get(f"{PAGE}/{study.images[2].id}").text
    assert "no picture" in eve.get(f"{PAGE}?state=unreadable").text


def test_an_owner_sends_a_decided_image_to_an_expert_again(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ann", 0, [0])
    answer(study, "Bob", 0, [0])
    address = f"{PAGE}/{study.images[0].id}/reopen"
    why = {"id": "back-to-expert", "text": "look at the ears"}
    assert browser_of("Eve", Role.EXPERT).post(address, data=why).status_code == 403  # experts bring back what experts decided
    olga = browser_of("Olga", Role.OWNER)
    assert "Write a note first." in olga.post(address, data={**why, "text": " "}).text
    assert olga.post(address, data=why).status_code == 303
    assert "look at the ears" in olga.get(address.removesuffix("/reopen")).text
    assert state_of(study, 0) is ImageState.DISPUTED


@pytest.mark.parametrize("number", ["999", "0", "99999999999999999999", "x"])
def test_an_unknown_image_is_not_found(browser_of: Callable[..., Browser], number: str) -> None:
    assert browser_of("Eve", Role.EXPERT).get(f"{PAGE}/{number}").status_code == 404


def order_of(page: str, study: Study) -> list[int]:
    """The numbers of the shown images, in their order."""
    by_token = {image.token: number for number, image in enumerate(study.images)}
    return [by_token[token] for token in re.findall(r"/pictures/(\w{32})-320", page)]


def test_images_are_sorted_by_what_is_worth_a_look(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ann", 3, [3, 4, 5])
    answer(study, "Bob", 3, [6])
    for who in ("Ann", "Bob"):
        answer(study, who, 1, [1, 2])
    olga = browser_of("Olga", Role.OWNER)
    assert order_of(olga.get(f"{PAGE}?order=disputed").text, study)[0] == 3
    assert order_of(olga.get(f"{PAGE}?order=labels").text, study)[:2] == [3, 1]
    with study.workspace.store.writing() as c:
        run = proposals.start_run(c, study.dataset.id, "another-model", 2, NOW)
        surest = [0.9 if number == 4 else 0.1 for number in range(6)]
        believed = [number if number != 2 else 9 for number in range(6)]
        labels, scores = (
            np.array([[label, 29] for label in believed], dtype=np.int32),
            np.array([[s, 0.01] for s in surest], dtype=np.float32),
        )
        proposals.add_chunk(c, run, [image.id for image in study.images], labels, scores)
    assert order_of(olga.get(f"{PAGE}?order=score").text, study)[0] == 4
    assert order_of(olga.get(f"{PAGE}?order=suspicious").text, study)[0] == 2
    assert order_of(olga.get(f"{PAGE}?order=colour").text, study) == list(range(6))


def test_an_order_betrays_no_votes_to_those_who_may_not_see_them(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ann", 4, [4, 5])  # the image is still open: an expert may be asked to annotate it
    assert order_of(browser_of("Olga", Role.OWNER).get(f"{PAGE}?order=labels").text, study)[0] == 4
    assert order_of(browser_of("Eve", Role.EXPERT).get(f"{PAGE}?order=labels").text, study) == list(range(6))


def test_sorted_pages_follow_each_other(large_study: Study, clock: Clock) -> None:
    eve = Browser(large_study, clock).sign_in("Eve", Role.EXPERT)
    first = eve.get(f"{PAGE}?order=score").text
    assert 'href="/d/pilot/images?order=score&amp;after=47"' in first
    second = eve.get(f"{PAGE}?order=score&after=47").text
    assert sorted([*order_of(first, large_study), *order_of(second, large_study)]) == list(range(60))


def test_a_card_shows_the_given_and_the_final_labels(browser_of: Callable[..., Browser], study: Study) -> None:
    for who in ("Ann", "Bob"):
        answer(study, who, 0, [2])
    page = browser_of("Olga", Role.OWNER).get(f"{PAGE}?state=agreed").text
    assert "given: tabby" in page
    assert '<span class="quiet">final:</span> Egyptian cat' in page


def test_several_images_are_sent_to_an_expert_at_once(browser_of: Callable[..., Browser], study: Study) -> None:
    for image in range(2):
        for who in ("Ann", "Bob"):
            answer(study, who, image, [image])
    olga = browser_of("Olga", Role.OWNER)
    form = {"id": "f" * 32, "do": "send", "image": [str(image.id) for image in study.images[:3]], "why": "look at the ears"}
    assert "Say why an expert should look again." in olga.post(f"{PAGE}/several", data={**form, "why": " "}).text
    done = olga.post(f"{PAGE}/several", data=form).text
    assert "2 images were sent to an expert." in done
    assert "Image 3: It has no decision yet" in done
    assert [state_of(study, image) for image in range(3)] == [ImageState.DISPUTED, ImageState.DISPUTED, ImageState.OPEN]


def test_several_images_become_gold_at_once(browser_of: Callable[..., Browser], study: Study) -> None:
    for who in ("Ann", "Bob"):
        answer(study, who, 0, [0])
    form = {"id": "f" * 32, "do": "gold", "kind": "test", "image": [str(image.id) for image in study.images[:2]]}
    assert browser_of("Eve", Role.EXPERT).post(f"{PAGE}/several", data=form).status_code == 403
    olga = browser_of("Olga", Role.OWNER)
    done = olga.post(f"{PAGE}/several", data=form).text
    assert "1 image is gold now." in done
    assert "Image 2: it has no final labels yet" in done
    assert olga.post(f"{PAGE}/several", data={**form, "image": []}).status_code == 422


def test_a_label_is_completed_as_it_is_typed(browser_of: Callable[..., Browser]) -> None:
    assert '<option value="golden retriever">' in browser_of("Eve", Role.EXPERT).get(f"{PAGE}/labels?q=gold").text
    assert browser_of("Ada").get(f"{PAGE}/labels?q=gold").status_code == 403


def test_an_image_leads_to_its_neighbours_and_enlarges(browser_of: Callable[..., Browser], study: Study) -> None:
    first, second, third = (image.id for image in study.images[:3])
    olga = browser_of("Olga", Role.OWNER)
    page = olga.get(f"{PAGE}/{second}").text
    assert f'rel="prev" href="{PAGE}/{first}"' in page
    assert f'rel="next" href="{PAGE}/{third}"' in page
    assert f'<a href="/pictures/{study.images[1].token}-1600.webp"' in page
    assert 'rel="prev"' not in olga.get(f"{PAGE}/{first}").text
    assert 'rel="next"' not in olga.get(f"{PAGE}/{study.images[-1].id}").text


def crane(index: int, definition: str) -> Label:
    return Label(index, f"n{index}", ("crane", definition), definition)


@pytest.fixture
def cranes(tmp_path: Path) -> Iterator[Browser]:
    """An expert of a study in which two labels are called crane."""
    space = LabelSpace("cranes", (crane(0, "a bird"), crane(1, "a machine"), Label(2, "dog", ("domestic dog", "dog"))))
    ready = ready_study(tmp_path, n_labels=3, labels=space, unpictured=range(3))
    yield Browser(ready, Clock()).sign_in("Eve", Role.EXPERT)
    ready.workspace.close()


def test_a_filter_says_which_label_it_took(cranes: Browser) -> None:
    page = cranes.get(f"{PAGE}?given=dog&label=crane").text
    assert re.search(r'Given label: <a href="/d/pilot/labels/2">domestic dog</a>, dog \(number 2\)', page)
    assert re.search(r'Chosen label: <a href="/d/pilot/labels/0">crane</a>, a bird \(number 0\)', page)
    assert 'class="quiet meant"' not in cranes.get(f"{PAGE}?given=unicorn").text


def test_of_labels_with_one_name_each_can_be_completed(cranes: Browser) -> None:
    options = re.findall(r'<option value="([^"]+)">([^<]*)<', cranes.get(f"{PAGE}/labels?q=crane").text)
    assert options == [("crane", "a bird"), ("n1", "a machine")]
    assert "crane</a>, a machine (number 1)" in cranes.get(f"{PAGE}?given=n1").text


def test_an_image_says_which_label_of_the_set_its_folder_was_taken_for(cranes: Browser) -> None:
    [first, *_] = re.findall(rf'href="({PAGE}/\d+)"', cranes.get(f"{PAGE}?given=n1").text)
    assert re.search(r'/labels/1">crane</a> <span class="quiet">\(number 1, <code>n1</code>\)', cranes.get(first).text)
