"""Where the overlap adapts, an image's page says why it is asked about again, and the overview how many are."""

import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pytest
from tests.answering import answer
from tests.studies import NOW, Study
from tests.web.conftest import Browser

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.overlap import OverlapDecision, OverlapReason
from multilabelfy.annotation.study.protocol import BLIND, PAPER
from multilabelfy.dataset.model import ImageId
from multilabelfy.web.study.image import why_asked
from multilabelfy.workflows.owning.configuring import change_protocol
from multilabelfy.workflows.settling.overlap import decide_overlap

ADAPTIVE = replace(PAPER, overlap=3, overlap_floor=2, overlap_cap=4, overlap_bound=0.2)


def adaptive(study: Study) -> None:
    """Two answers on two images; people differ about the first."""
    change_protocol(study.workspace, "pilot", ADAPTIVE, NOW)
    for number in range(2):
        answer(study, "Ada", number, [number])
        answer(study, "Bob", number, [1])


def image_page(browser: Browser, study: Study, number: int) -> str:
    return unescape(re.sub(r"<[^>]*>", " ", browser.get(f"/d/pilot/images/{study.images[number].id}").text))


def test_an_images_page_says_why_it_is_asked_about_again_or_has_had_enough(browser_of: Callable[..., Browser], study: Study) -> None:
    adaptive(study)
    olga = browser_of("Olga", Role.OWNER)
    assert "Nothing is decided yet: every image gets 2 answers, or more." in image_page(olga, study, 0)
    decide_overlap(study.workspace, "pilot", NOW)
    doubted = image_page(olga, study, 0)
    assert "2 of 3" in doubted
    assert "One more annotator is asked, since it is still in doubt." in doubted
    assert re.search(r"Wrong labels expected of it after 2 answers: \d\.\d\d \(0\.20 or less is enough\)\.", doubted)


def test_the_overview_says_how_many_wait_for_one_more(browser_of: Callable[..., Browser], study: Study) -> None:
    adaptive(study)
    olga = browser_of("Olga", Role.OWNER)
    assert "waits for one more annotator" not in olga.get("/d/pilot").text
    n = decide_overlap(study.workspace, "pilot", NOW).n_asked_again
    assert n
    words = "1 of them was answered before and waits" if n == 1 else f"{n} of them were answered before and wait"
    assert f"{words} for one more annotator" in olga.get("/d/pilot").text


def test_under_a_fixed_overlap_no_page_speaks_of_it(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ada", 0, [0])
    assert "enough" not in image_page(browser_of("Olga", Role.OWNER), study, 0)


def test_whoever_may_have_to_decide_blind_does_not_read_that_votes_leave_doubt(browser_of: Callable[..., Browser], study: Study) -> None:
    adaptive(study)
    change_protocol(study.workspace, "pilot", replace(BLIND, overlap_floor=2, overlap_cap=4, overlap_bound=0.2), NOW)
    decide_overlap(study.workspace, "pilot", NOW)
    assert "it is still in doubt" in image_page(browser_of("Olga", Role.OWNER), study, 0)
    page = image_page(browser_of("Eve", Role.EXPERT), study, 0)
    assert "in doubt" not in page
    assert "Wrong labels expected" not in page


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        (OverlapReason.ENOUGH, "It has had enough. Wrong labels expected of it after 3 answers: 0.15 (0.20 or less is enough)."),
        (OverlapReason.AT_CAP, "It is still in doubt, but nobody else is asked: the protocol allows no more than 4 annotators. Wrong"),
        (OverlapReason.WITH_EXPERT, "It is still in doubt, but nobody else is asked: an expert has it. Wrong labels"),
        (OverlapReason.PANEL, "It gets 3 answers whatever they say: it was drawn for the panel, with a probability of 25.0%."),
    ],
)
def test_each_reason_has_its_sentence(reason: OverlapReason, says: str) -> None:
    assert why_asked(OverlapDecision(ImageId(1), reason, 3, 0.15, 0.0, 0.25), ADAPTIVE).startswith(says)
