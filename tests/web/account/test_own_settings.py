"""A person's own settings: the language of their pages and their keys; for themselves alone."""

from collections.abc import Callable

import pytest
from tests.web.conftest import Browser

from multilabelfy.annotation.preferences import ACTIONS
from multilabelfy.web.language.viewer import COOKIE, THEME_COOKIE

USUAL = {f"key-{usual}": usual for usual in ACTIONS} | {"do": "save"}
ANNOTATE = "/d/pilot/annotate"


@pytest.fixture
def ada(browser_of: Callable[..., Browser]) -> Browser:
    return browser_of("Ada")


def test_pages_speak_the_language_that_the_browser_asks_for(visitor: Browser) -> None:
    assert '<html lang="en" dir="ltr">' in visitor.get("/sign-in").text
    assert '<html lang="de" dir="ltr">' in visitor.get("/sign-in", headers={"Accept-Language": "de-CH, en;q=0.5"}).text


def test_a_chosen_language_follows_the_person_and_stays_in_the_browser(ada: Browser, browser_of: Callable[..., Browser]) -> None:
    answer = ada.post("/me", data={**USUAL, "language": "de", "keys_on": "yes", "back": ANNOTATE})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/me?saved=true&back=%2Fd%2Fpilot%2Fannotate"
    assert ada.cookies[COOKIE] == "de"
    assert '<html lang="de"' in browser_of("Ada").get(ANNOTATE).text
    assert '<html lang="en"' in browser_of("Ben").get(ANNOTATE).text


def test_the_page_says_that_it_saved_and_leads_back(ada: Browser) -> None:
    page = ada.get("/me?saved=true&back=/d/pilot/annotate").text
    assert "Saved." in page
    assert 'href="/d/pilot/annotate"' in page
    assert "evil" not in ada.get("/me?saved=true&back=https://evil.test/").text


def test_moved_keys_stand_on_the_controls_and_their_caps(ada: Browser) -> None:
    ada.post("/me", data={**USUAL, "key-u": "X", "keys_on": "yes"})
    page = ada.get(ANNOTATE).text
    assert '<kbd>X</kbd><input type="checkbox" name="outcome" value="cannot-tell" data-part="outcome" data-key="x"' in page
    assert "<kbd>U</kbd>" not in page


def test_keys_can_be_switched_off_and_on(ada: Browser) -> None:
    ada.post("/me", data=USUAL)
    assert 'data-keys="off"' in ada.get(ANNOTATE).text
    ada.post("/me", data={**USUAL, "keys_on": "yes"})
    assert 'data-keys="off"' not in ada.get(ANNOTATE).text


def test_one_button_brings_the_usual_keys_back(ada: Browser) -> None:
    ada.post("/me", data={**USUAL, "key-u": "x", "keys_on": "yes"})
    ada.post("/me", data={**USUAL, "key-u": "x", "keys_on": "yes", "do": "usual"})
    assert 'value="cannot-tell" data-part="outcome" data-key="u"' in ada.get(ANNOTATE).text


def test_keys_that_do_not_fit_change_nothing_and_keep_what_was_typed(ada: Browser) -> None:
    answer = ada.post("/me", data={**USUAL, "key-u": "f", "key-c": "“", "keys_on": "yes"})
    assert answer.status_code == 422
    assert "the key F would mean cannot tell and unfit picture" in answer.text
    assert 'name="key-u" value="F"' in answer.text
    assert 'value="cannot-tell" data-part="outcome" data-key="u"' in ada.get(ANNOTATE).text


def test_a_language_that_there_is_not_is_none(ada: Browser) -> None:
    ada.post("/me", data={**USUAL, "language": "<script>", "keys_on": "yes"})
    assert '<html lang="en"' in ada.get(ANNOTATE).text


def test_nobody_without_a_session_has_settings(visitor: Browser) -> None:
    assert visitor.get("/me").headers["location"].startswith("/sign-in")
    assert visitor.post("/me", data=USUAL).status_code == 401


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_look_is_in_the_page_as_it_comes_and_stays_in_the_browser(
    ada: Browser, browser_of: Callable[..., Browser], theme: str
) -> None:
    ada.post("/me", data={**USUAL, "theme": theme, "keys_on": "yes"})
    for page in (ada.get(ANNOTATE).text, browser_of("Ada").get("/").text):
        assert f'data-theme="{theme}">' in page
        assert f'<meta name="color-scheme" content="{theme}">' in page
    assert f'<option value="{theme}" selected>' in ada.get("/me").text
    assert "data-theme" not in browser_of("Ben").get("/").text
    ada.post("/sign-out")
    assert ada.cookies[THEME_COOKIE] == theme
    assert f'data-theme="{theme}">' in ada.get("/sign-in").text


@pytest.mark.parametrize("theme", ["", "<script>"])
def test_every_other_look_is_the_system_s(ada: Browser, theme: str) -> None:
    ada.post("/me", data={**USUAL, "theme": "dark", "keys_on": "yes"})
    ada.post("/me", data={**USUAL, "theme": theme, "keys_on": "yes"})
    assert THEME_COOKIE not in ada.cookies
    page = ada.get(ANNOTATE).text
    assert "data-theme" not in page
    assert '<meta name="color-scheme" content="light dark">' in page


def test_the_key_that_takes_an_answer_back_stands_among_the_others(ada: Browser) -> None:
    assert 'id="key-t" name="key-t" value="T"' in ada.get("/me").text
