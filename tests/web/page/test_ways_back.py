"""From every page of a dataset a link leads back: the header's section if it is one, else crumbs above the title."""

import re
from collections.abc import Callable

from fastapi.routing import APIRoute
from tests.answering import answer
from tests.studies import Study
from tests.web.conftest import Browser

from multilabelfy.annotation.model import Role

SECTIONS = re.compile(r'<nav class="sections".*?</nav>', re.DOTALL)
ABOVE_THE_TITLE = re.compile(r'<p class="crumbs">.*?</p>|<div class="inline by-which".*?</div>', re.DOTALL)
LINK = re.compile(r'href="([^"#?]*)')


def addresses(browser: Browser, study: Study) -> list[str]:
    """Every page of the dataset that stands at an address without a file's name."""
    filled = {"dataset": "pilot", "image": str(study.images[0].id), "label": "0", "number": "1", "index": "0"}
    app = browser.app
    paths = [route.path for route in app.routes if isinstance(route, APIRoute) and route.methods and "GET" in route.methods]  # type: ignore[attr-defined]
    below = [path for path in paths if path.startswith("/d/{dataset}")]
    known = [path for path in below if set(re.findall(r"{(\w+)", path)) <= filled.keys()]
    return [re.sub(r"{(\w+)[^}]*}", lambda name: filled[name[1]], path) for path in known]


def test_a_page_is_a_section_or_leads_back_to_one(browser_of: Callable[..., Browser], study: Study) -> None:
    for image, first, second in ((0, [0], [0]), (1, [1], [2])):
        answer(study, "Ann", image, first)
        answer(study, "Bob", image, second)
    olga, seen, lost = browser_of("Olga", Role.OWNER), 0, []
    for address in addresses(olga, study):
        page = olga.get(address)
        sections = SECTIONS.search(page.text) if page.status_code == 200 and "text/html" in page.headers["content-type"] else None
        if sections is None:
            continue
        seen += 1
        known = LINK.findall(sections[0])
        back = [link for part in ABOVE_THE_TITLE.findall(page.text) for link in LINK.findall(part) if link in known]
        if address not in known and not back:
            lost.append(address)
    assert lost == []
    assert seen > 12
