"""Guidelines: Markdown in versions, and nothing in them that could run."""

from collections.abc import Callable

import pytest
from tests.studies import Study
from tests.web.conftest import Browser

from multilabelfy.annotation.model import Role
from multilabelfy.store.dataset import guidelines
from multilabelfy.web.page.text.markdown import shown

PAGE = "/d/pilot/guidelines"


def test_everybody_reads_them_and_only_owners_write(browser_of: Callable[..., Browser]) -> None:
    olga, ada = browser_of("Olga", Role.OWNER), browser_of("Ada")
    assert "There are no guidelines yet." in ada.get(PAGE).text
    assert olga.post(PAGE, data={"text": "**Parts** count.", "do": "save"}).status_code == 303
    page = ada.get(PAGE).text
    assert "<strong>Parts</strong>" in page
    assert "<textarea" not in page
    assert ada.post(PAGE, data={"text": "anything goes"}).status_code == 403


def test_each_change_is_a_version_and_earlier_ones_can_be_read(browser_of: Callable[..., Browser], study: Study) -> None:
    olga = browser_of("Olga", Role.OWNER)
    for text in ("first", "second", "second"):
        olga.post(PAGE, data={"text": text, "do": "save"})
    with study.workspace.store.reading() as c:
        assert guidelines.latest(c, study.dataset.id).version == 2
    earlier = olga.get(f"{PAGE}?version=1").text
    assert "<p>first</p>" in earlier
    assert "The current one is" in earlier


def test_a_preview_saves_nothing(browser_of: Callable[..., Browser], study: Study) -> None:
    page = browser_of("Olga", Role.OWNER).post(PAGE, data={"text": "# Draft", "do": "preview"})
    assert "<h2>Draft</h2>" in page.text
    with study.workspace.store.reading() as c:
        assert guidelines.latest(c, study.dataset.id).version == 0


def test_a_text_that_is_too_long_is_refused_and_kept(browser_of: Callable[..., Browser]) -> None:
    page = browser_of("Olga", Role.OWNER).post(PAGE, data={"text": "word " * 11_000, "do": "save"})
    assert page.status_code == 422
    assert "at most 50,000 are allowed" in page.text


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[here](javascript:alert(1))",
        "[here](JaVaScRiPt:alert(1))",
        "[here](java\tscript:alert(1))",
        "[here](data:text/html;base64,PHNjcmlwdD4=)",
        "[here](vbscript:x)",
        "[here](//evil.test/x)",
        "[here](/\\evil.test)",
        "<javascript:alert(1)>",
        "![pixel](https://evil.test/p.png)",
        "[x]: javascript:alert(1)\n[x]",
    ],
)
def test_nothing_in_them_runs_or_loads(text: str) -> None:
    html = str(shown(text))
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="java' not in html.lower()
    assert 'href="data' not in html
    assert 'href="vb' not in html
    assert 'href="//' not in html
    assert 'href="/\\' not in html


def test_what_is_allowed_looks_as_it_should() -> None:
    html = str(shown("# Rules\n\n1. one\n2. **two**\n\n> quoted\n\n[paper](https://arxiv.org/abs/2401.17736)\n\n`code`"))
    for part in (
        "<h2>Rules</h2>",
        "<ol>",
        "<strong>two</strong>",
        "<blockquote>",
        'href="https://arxiv.org/abs/2401.17736"',
        "<code>code</code>",
    ):
        assert part in html
