"""No browser stores a page that needs a session, apart from those that annotate without a connection and what bears no person's data."""

import re
from collections.abc import Iterator

from fastapi.routing import APIRoute
from tests.studies import Study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Role
from multilabelfy.web.access.access import CurrentPerson, below
from multilabelfy.web.app import PAGES

KEPT = re.compile(r"/d/\{dataset\}/(annotate|images/labels|neighbours)|/pictures/|/strips/|/charts/")
"""What annotates without a connection, names of labels, pictures under opaque names, and a script for figures."""

NEEDED = {"assignment": "1", "of": "1", "after": "1"}
"""What some addresses need: without it they say so, and nothing about anybody."""


def addresses(study: Study) -> Iterator[tuple[str, str]]:
    """Each page that needs a session, with an address of it; the numbers are those of rows that are there or not."""
    values = {
        "dataset": "pilot",
        "token": study.images[0].token,
        "edge": "320",
        "name": "x",
        "suffix": "csv",
        "format": "votes",
        "file": "x",
    }
    for page in PAGES:
        for route in page.router.routes:
            needs = isinstance(route, APIRoute) and any(isinstance(dependant.call, CurrentPerson) for dependant in below(route.dependant))
            if needs and "GET" in route.methods:
                yield route.path, re.sub(r"\{(\w+)(:\w+)?\}", lambda name: values.get(name[1], "1"), route.path)


def test_a_page_that_may_show_peoples_data_is_stored_nowhere(study: Study, clock: Clock) -> None:
    olga = Browser(study, clock).sign_in("Olga", Role.OWNER)
    kept = {path for path, address in addresses(study) if olga.get(address, params=NEEDED).headers["cache-control"] != "no-store"}
    assert {path for path in kept if not KEPT.match(path)} == set()
    assert "/d/{dataset}/annotate" in kept


def test_a_page_that_is_kept_names_nobody_else(study: Study, clock: Clock) -> None:
    olga = Browser(study, clock).sign_in("Olga", Role.OWNER)
    Browser(study, clock).sign_in("Zacharias").get("/d/pilot/annotate")
    shown = [(olga.get(address).text, path) for path, address in addresses(study) if KEPT.match(path)]
    assert [path for text, path in shown if "Zacharias" in text] == []
    assert "Zacharias" in olga.get("/team").text
