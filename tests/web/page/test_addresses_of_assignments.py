"""A number in an address that no assignment can have: the desks of annotators and of experts answer alike, and never with an error."""

from collections.abc import Callable

import pytest
from tests.web.conftest import Browser

from multilabelfy.annotation.model import Role

HUGE = 10**20
LOST = 2**31 - 1


@pytest.mark.parametrize("desk", ["annotate", "refine"])
@pytest.mark.parametrize("number", [LOST, LOST + 1, HUGE])
def test_a_number_that_no_assignment_has_is_not_found(browser_of: Callable[..., Browser], desk: str, number: int) -> None:
    browser = browser_of("Eve", Role.EXPERT)
    part = {"annotate": "sheet", "refine": "case"}[desk]
    page = f"/d/pilot/{desk}/{number}"
    refused = 403 if number == LOST else 404  # a number that a row can have is answered as somebody else's
    assert [browser.get(page).status_code, browser.get(f"{page}/{part}").status_code] == [refused, refused]
    assert [browser.post(page, data={}).status_code, browser.post(f"{page}/later").status_code] != [500, 500]
    assert browser.post(f"{page}/later").status_code == refused


@pytest.mark.parametrize(
    "address", ["annotate/search?assignment=", "annotate/previous?before=", "refine/search?assignment=", "refine/previous?before="]
)
def test_behind_a_question_mark_it_is_refused(browser_of: Callable[..., Browser], address: str) -> None:
    assert browser_of("Eve", Role.EXPERT).get(f"/d/pilot/{address}{HUGE}").status_code == 422
