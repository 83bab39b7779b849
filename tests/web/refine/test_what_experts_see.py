"""What PAGES promises an expert to see, and in which order: each promise by its own name."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.answering import answer
from tests.studies import Study, ready_study
from tests.web.conftest import Browser, Clock
from tests.web.refine.test_refine import PAGE, dispute, fields

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.protocol import BLIND
from multilabelfy.store.dataset import images


def labels(page: str) -> list[int]:
    """The labels of the case in view, in their order."""
    return [int(label) for label in re.findall(r'data-part="row" data-label="(\d+)"', page.partition("</refine-case>")[0])]


def summary(page: str) -> str:
    """What the filter says of itself."""
    [found] = re.findall(r'<details class="filter over"[^>]*><summary>([^<]*)<', page)
    return str(found)


@pytest.fixture
def eve(browser_of: Callable[..., Browser]) -> Browser:
    return browser_of("Eve", Role.EXPERT)


def test_the_union_of_what_was_chosen_added_or_disputed(eve: Browser, study: Study) -> None:
    answer(study, "Ann", 0, [0], maybe=[2])
    answer(study, "Bob", 0, [0, 1], added=[11])
    assert set(labels(eve.get(PAGE).text)) == {0, 1, 2, 11}


def test_disputed_labels_come_first_with_how_the_earlier_answers_split(eve: Browser, study: Study) -> None:
    dispute(study, 0, [0, 3], [0])
    page = eve.get(PAGE).text
    assert labels(page) == [3, 0]
    first = page[page.index('class="tally"') :].partition("</li>")[0]
    assert re.findall(r">([✓?–·]\d)<", first) == ["✓1", "–1"]


def test_in_the_papers_protocol_votes_and_notes_are_open_from_the_start(eve: Browser, study: Study) -> None:
    dispute(study, 0, [0], [1], note="only the ears")
    page = eve.get(PAGE).text
    assert "only the ears" in page
    assert page.count('class="tally"') == 2


def test_in_the_blind_protocol_labels_are_shuffled_by_expert(tmp_path: Path, clock: Clock) -> None:
    study = ready_study(tmp_path / "blind", protocol=replace(BLIND, audit_share=0.0, two_expert_share=0.0), n_images=8)
    for image in range(8):
        dispute(study, image, [image, image + 1, image + 2], [image])
    eve, orders = Browser(study, clock).sign_in("Eve", Role.EXPERT), set()
    for _ in range(8):
        page = eve.get(PAGE).text
        orders.add(tuple(label - min(labels(page)) for label in labels(page)))
        eve.post(f"{fields(page)['address']}/later")
    study.workspace.close()
    assert len(orders) > 1  # not the order of the labels, nor one order for all
    assert {tuple(sorted(order)) for order in orders} == {(0, 1, 2)}


def test_the_least_certain_image_comes_first(eve: Browser, study: Study) -> None:
    for image in range(3):
        dispute(study, image, [image], [image + 1])
    with study.workspace.store.writing() as c:
        for number, value in enumerate((0.1, 0.9, 0.5)):
            images.set_triage(c, study.images[number].id, value)
    for image in (1, 2, 0):
        page = eve.get(PAGE).text
        assert f'class="judged" src="/pictures/judged/{study.images[image].token}-1600.webp"' in page
        form = fields(page)
        eve.post(form["address"], data={"id": form["id"], "yes": [str(image)]})


def test_the_queue_is_filtered_by_label_pair_of_labels_reason_or_annotator(eve: Browser, study: Study) -> None:
    dispute(study, 0, [0], [1])
    answer(study, "Ann", 3, [3])
    answer(study, "Bob", 3, [3], maybe=[4])
    only_lynx = eve.get(f"{PAGE}?label=lynx&other=&why=&annotator=").text  # as the form sends it
    assert (summary(only_lynx), 3 in labels(only_lynx)) == ("only lynx", True)
    for query, shown in (("label=tabby&other=tiger+cat", {0, 1}), ("why=maybe", {3, 4})):
        assert set(labels(eve.get(f"{PAGE}?{query}").text)) == shown
    [people] = re.findall(r'<select name="annotator">(.*?)</select>', only_lynx)
    assert len(re.findall("<option", people)) == 3  # anybody, and two annotators without their names
    assert not re.search(r"\b(Ann|Bob)\b", people)


def test_a_cell_of_the_disagreements_leads_to_its_cases(eve: Browser, study: Study) -> None:
    dispute(study, 0, [0], [1])
    [link] = re.findall(r'href="([^"]*)"[^>]*>Decide on these', eve.get("/d/pilot/disagreements?pair=0-1").text)
    page = eve.get(link.replace("&amp;", "&")).text
    assert summary(page) == "only tabby or tiger cat"
    assert set(labels(page)) == {0, 1}
