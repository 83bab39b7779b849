"""The disagreements by the posterior: what a cut would do, on a page that needs no script, and what it never tells whom."""

import re
from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.answering import answer
from tests.deciding import case, expert
from tests.studies import NOW, Study, ready_study
from tests.web.conftest import Browser, Clock
from tests.web.language.test_translations import ENGLISH_WORDS, GERMAN, shown_words

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.protocol import PAPER, REAL, RefinementStyle
from multilabelfy.refinement.cases.decision import Decision
from multilabelfy.store.dataset import datasets
from multilabelfy.web.language.formatting import plural, share
from multilabelfy.workflows.refining.desk import decide
from multilabelfy.workflows.releasing.by_posterior import PosteriorWanted
from multilabelfy.workflows.releasing.preview import Previews
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.reporting.gathering.proposers import proposers_measured
from multilabelfy.workflows.reporting.gathering.released import released

PAGE = "/d/pilot/disagreements/posterior"


def disputes(study: Study) -> None:
    """One image agreed, three disputed."""
    for image, first, second in ((0, [0], [0]), (1, [1], [1, 2]), (2, [2, 3], [2]), (3, [3], [4])):
        answer(study, "Ann", image, first)
        answer(study, "Bob", image, second)


def decided_in(study: Study, present_ms: int) -> None:
    """An expert decides the first case, and takes so long for it."""
    found = case(study, "Fay")
    assert found is not None
    decide(study.workspace, "pilot", expert(study, "Fay"), found.assignment, Decision("fay-1", frozenset({1}), present_ms=present_ms), NOW)


def counted(page: str, name: str) -> int:
    """A count that the page shows."""
    shown = re.search(rf'data-count="{name}">([^<]*)<', page)
    assert shown is not None
    return int(shown[1])


def test_annotators_may_not_see_it(browser_of: Callable[..., Browser]) -> None:
    assert browser_of("Ada").get(PAGE).status_code == 403


@pytest.mark.parametrize("n_answers", [0, 1])
def test_as_long_as_nothing_waits_for_an_expert_it_says_so(browser_of: Callable[..., Browser], study: Study, n_answers: int) -> None:
    for image in range(n_answers):
        answer(study, "Ann", image, [0])
    page = browser_of("Eve", Role.EXPERT).get(PAGE)
    assert (page.status_code, "No image waits for an expert." in page.text) == (200, True)


def test_each_way_leads_to_the_other(browser_of: Callable[..., Browser], study: Study) -> None:
    disputes(study)
    eve = browser_of("Eve", Role.EXPERT)
    assert f'href="{PAGE}"' in eve.get("/d/pilot/disagreements").text
    assert 'href="/d/pilot/disagreements"' in eve.get(PAGE).text


@pytest.mark.parametrize("cut", [(50, 0), (30, 10), (90, 9), (5, 0)])
def test_without_scripts_the_server_counts_what_a_release_would_do(
    browser_of: Callable[..., Browser], study: Study, cut: tuple[int, int]
) -> None:
    disputes(study)
    page = browser_of("Olga", Role.OWNER).get(f"{PAGE}?threshold={cut[0]}&margin={cut[1]}").text
    made = resolve(study.workspace, "pilot", NOW, PosteriorWanted(cut[0] / 100, cut[1] / 100)).by_posterior
    assert made is not None
    assert [counted(page, name) for name in ("settled", "below", "in-doubt", "left")] == [
        made.n_settled, made.n_below, made.n_in_doubt, made.n_left,
    ]  # fmt: skip
    assert f"--threshold {cut[0] / 100:g} --margin {cut[1] / 100:g}" in page


def test_without_a_cut_the_page_begins_with_that_of_the_protocol(tmp_path: Path) -> None:
    study = ready_study(tmp_path / "study", n_images=4, protocol=replace(REAL, overlap=2, posterior_threshold=0.7, posterior_margin=0.1))
    disputes(study)
    page = Browser(study, Clock()).sign_in("Olga", Role.OWNER).get(PAGE).text
    assert re.search(r'name="threshold"[^>]* value="70"', page)
    assert re.search(r'name="margin"[^>]* value="10"', page)
    study.workspace.close()


@pytest.mark.parametrize(
    ("written", "cut"),
    [
        ("threshold=80&margin=40", (80, 19)),
        ("threshold=200", (99, 0)),
        ("threshold=-5&margin=-1", (1, 0)),
        ("threshold=abc&margin=10", (50, 10)),
        ("threshold=&margin=", (50, 0)),
        ("threshold=0.8&margin=x", (50, 0)),
        (f"threshold={'9' * 5000}", (50, 0)),
    ],
)
def test_a_cut_beyond_the_sliders_is_drawn_back_and_nonsense_is_left_out(
    browser_of: Callable[..., Browser], study: Study, written: str, cut: tuple[int, int]
) -> None:
    disputes(study)
    page = browser_of("Olga", Role.OWNER).get(f"{PAGE}?{written}")
    shown = tuple(int(at) for at in re.findall(r'name="(?:threshold|margin)"[^>]* value="(\d+)"', page.text))
    assert (page.status_code, shown) == (200, cut)


def test_the_page_carries_every_chance_so_that_no_move_asks_the_server(browser_of: Callable[..., Browser], study: Study) -> None:
    disputes(study)
    packed = re.search(r'data-chances="([^"]*)"', browser_of("Eve", Role.EXPERT).get(PAGE).text)
    assert packed is not None
    assert b64decode(packed[1]).count(0) == 3


def test_models_are_measured_on_the_release_that_the_cut_makes(browser_of: Callable[..., Browser], study: Study) -> None:
    disputes(study)
    olga = browser_of("Olga", Role.OWNER)
    page = olga.get(f"{PAGE}?threshold=30&margin=10").text
    resolve(study.workspace, "pilot", NOW, PosteriorWanted(0.3, 0.1))
    with study.workspace.store.reading() as c:
        measured = released(c, datasets.find(c, "pilot"))
        (model,) = proposers_measured(c, study.dataset, measured.labelled, [final.image for _, final in measured.finals]).models
    assert model.measures.real is not None
    row = f'<tr><th scope="row">{model.model}</th><td class="n"><b>{share(model.measures.real)}</b>'
    assert row in page
    assert f"Only images with labels count: {plural(int((measured.labelled.sets.counts > 0).sum()), 'image')}." in page
    part = olga.get(f"{PAGE}/models?threshold=30&margin=10")
    assert (part.status_code, part.text in page) == (200, True)


def test_annotators_may_not_ask_for_the_models_alone(browser_of: Callable[..., Browser]) -> None:
    assert browser_of("Ada").get(f"{PAGE}/models").status_code == 403


def test_thin_votes_are_warned_of(browser_of: Callable[..., Browser], study: Study) -> None:
    disputes(study)
    page = browser_of("Eve", Role.EXPERT).get(PAGE).text
    assert "too few to know how people err" in page
    assert "Hardly any label has three votes" in page


def test_how_long_experts_need_is_told_after_their_first_decision(browser_of: Callable[..., Browser], study: Study) -> None:
    disputes(study)
    eve = browser_of("Eve", Role.EXPERT)
    assert "After their first decision, this page says how long" in eve.get(PAGE).text
    decided_in(study, 60_000)
    assert 'data-count="time">2 min<' in eve.get(f"{PAGE}?threshold=45&margin=10").text


def test_a_sentence_says_who_chose_what_and_how_likely_it_is(browser_of: Callable[..., Browser], study: Study) -> None:
    disputes(study)
    eve = browser_of("Eve", Role.EXPERT)
    said = "1 of 2 who were asked chose “remote control”."
    assert said in eve.get("/d/pilot/disagreements").text
    assert said in eve.get(f"/d/pilot/images/{study.images[3].id}").text
    assert re.search(r"who were asked chose “[^”]*”\. It is valid with a chance of [\d.]+%\.", eve.get(PAGE).text)


def test_it_is_german_throughout(browser_of: Callable[..., Browser], study: Study) -> None:
    disputes(study)
    for address in (PAGE, "/d/pilot/disagreements"):
        page = browser_of("Olga", Role.OWNER).get(address, headers=GERMAN).text
        assert "1 von 2 Gefragten dafür." in page
        assert ENGLISH_WORDS.findall(shown_words(page)) == []


def test_a_maybe_and_an_agreed_empty_set_are_said_in_words(browser_of: Callable[..., Browser], study: Study) -> None:
    for who in ("Ann", "Bob"):
        answer(study, who, 0)
    answer(study, "Ann", 1, [1], maybe=[2])
    answer(study, "Bob", 1, [1])
    page = browser_of("Eve", Role.EXPERT).get("/d/pilot/disagreements").text
    assert "0 of 2 who were asked chose “Egyptian cat”, and 1 said maybe." in page
    assert "They agree that no label fits: the reason is missing." in page


def test_who_may_still_decide_blind_reads_no_sentence(tmp_path: Path) -> None:
    study = ready_study(tmp_path / "study", n_images=4, protocol=replace(PAPER, refinement=RefinementStyle.BLIND))
    disputes(study)
    for role, n_seen in ((Role.OWNER, 3), (Role.EXPERT, 0)):
        page = Browser(study, Clock()).sign_in(role.value, role).get(PAGE).text
        assert page.count('<p class="sentence">') == n_seen
        assert counted(page, "settled") + counted(page, "left") == 3  # figures over many images are for all
    study.workspace.close()


def test_it_is_fitted_once_until_somebody_answers(study: Study) -> None:
    disputes(study)
    previews = Previews()
    first = previews.of(study.workspace, "pilot")
    assert previews.of(study.workspace, "pilot") is first
    answer(study, "Ann", 4, [4])
    assert previews.of(study.workspace, "pilot") is not first
