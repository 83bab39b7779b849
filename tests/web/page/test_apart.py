"""What stands in one line stays apart: no number runs into the next ("2 11 by the posterior"), and no time is "0 min"."""

from collections.abc import Callable
from html.parser import HTMLParser

import pytest
from tests.answering import answer
from tests.deciding import say
from tests.studies import NOW, Study
from tests.web.conftest import Browser

from multilabelfy.annotation.model import Role
from multilabelfy.workflows.releasing.by_posterior import PosteriorWanted
from multilabelfy.workflows.releasing.resolve import resolve

INLINE = frozenset({"span", "b", "strong", "a", "code", "small", "sup", "i", "em", "label"})
PAGES = ["", "/settings", "/disagreements", "/annotators", "/images", "/labels", "/team", "/comments", "/proposals", "/plan"]
APART_BY_STYLE = frozenset({"stage-number", "interval", "n", "visually-hidden"})
"""Classes of what stands in a column, or a line, of its own."""


class Texts(HTMLParser):
    """Each piece of text with the piece before it in the same block, where only an inline element's border lies between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.before = ""
        self.pairs: list[tuple[str, str]] = []
        self.is_apart = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins anew."""
        self._border(tag, set((dict(attrs).get("class") or "").split()))

    def handle_endtag(self, tag: str) -> None:
        """A block ends."""
        self._border(tag, set())

    def handle_data(self, data: str) -> None:
        """Keep what stood before."""
        if data.strip():
            self.pairs.append((self.before, data.strip()))
            self.before = data.strip()

    def _border(self, tag: str, classes: set[str]) -> None:
        if tag not in INLINE or classes & APART_BY_STYLE:
            self.before = ""


@pytest.fixture
def olga(browser_of: Callable[..., Browser], study: Study) -> Browser:
    for image, first, second in ((0, [0], [0]), (1, [1], [1, 2]), (2, [2], [3]), (3, [3], [3])):
        answer(study, "Ann", image, first, note="12 ears")
        answer(study, "Bob", image, second)
    say(study, "Eve", 2)
    resolve(study.workspace, "pilot", NOW, PosteriorWanted(0.5))
    return browser_of("Olga", Role.OWNER)


def test_no_number_runs_into_the_next_and_no_time_is_zero_minutes(olga: Browser) -> None:
    for page in PAGES:
        html = olga.get(f"/d/pilot{page}").text
        pairs = Texts(html[html.index("<main") :]).pairs
        assert [pair for pair in pairs if pair[0][-1:].isdigit() and pair[1][:1].isdigit()] == [], page
        assert "0 min<" not in html, page
    assert "1 by the posterior, from 0.50)" in olga.get("/d/pilot/settings").text
