"""A number in an address that nothing can have is not found, or does not fit: no address brings an error of the server's."""

import re
from collections.abc import Callable, Iterator

import pytest
from fastapi.routing import APIRoute
from tests.web.conftest import Browser

from multilabelfy.annotation.model import Role
from multilabelfy.web.access.access import below
from multilabelfy.web.app import PAGES

NEVER = ["-1", "x", "1.0", " 1", "2147483648", "9223372036854775808", "9" * 5000, "٣"]
ROUTES = [route for page in PAGES for route in page.router.routes if isinstance(route, APIRoute)]


def in_paths() -> Iterator[tuple[str, str]]:
    """Each method and path with numbers in it; the dataset is one that is there."""
    for route in ROUTES:
        if ":int}" in route.path:
            for method in route.methods or ():
                yield method, route.path.replace("{dataset}", "pilot")


def in_queries() -> Iterator[tuple[str, str]]:
    """Each path that is asked with a number behind the question mark, and its name there."""
    for route in ROUTES:
        for field in (field for part in below(route.dependant) for field in part.query_params):
            if "GET" in (route.methods or ()) and re.search(r"\bint\b", str(field.field_info.annotation)):
                yield re.sub(r"{\w+:int}", "1", route.path.replace("{dataset}", "pilot")), field.alias


@pytest.fixture
def olga(browser_of: Callable[..., Browser]) -> Browser:
    return browser_of("Olga", Role.OWNER)


@pytest.mark.parametrize("number", NEVER, ids=lambda number: number[:20])
def test_a_number_that_nothing_has_is_not_found_in_a_path(olga: Browser, number: str) -> None:
    for method, path in sorted(in_paths()):
        parts = re.findall(r"{\w+:int}", path)
        for part in parts:
            address = re.sub(r"{\w+:int}", "1", path.replace(part, number))
            status = olga.get(address).status_code if method == "GET" else olga.post(address, data={"id": "0" * 32}).status_code
            assert status == 404, (method, address[:80])


@pytest.mark.parametrize("number", NEVER, ids=lambda number: number[:20])
def test_a_number_that_nothing_has_is_no_error_behind_the_question_mark(olga: Browser, number: str) -> None:
    found = sorted(in_queries())
    assert {"assignment", "before", "after"} <= {name for _, name in found}
    for path, name in found:
        status = olga.get(path, params={name: number}).status_code
        assert status < 500, (path, name)
        assert status in {404, 422} or "annotate" not in path or number in {"1.0", " 1"}, (path, name)


@pytest.mark.parametrize("held", ["1.2.3", "9" * 1999, "9223372036854775808.1", "x.-1..٣", "1-2.3-4", f"1-{'9' * 30}"])
def test_what_an_open_page_says_that_it_has_is_never_an_error(olga: Browser, held: str) -> None:
    for page in ("annotate", "refine", "refine/quick"):
        assert olga.get(f"/d/pilot/{page}/ahead", params={"held": held}).status_code in {200, 204}, page
