"""Pages hold whatever font one has: no page is wider than its window, and each table fits, or scrolls in a box of its own.

The fonts are the tests' own, the narrowest and the widest: what is installed here says nothing of what others have.
"""

from contextlib import closing

import pytest
from tests.browser.fonts import NARROWEST, WIDEST, hold_at_every_width, set_in
from tests.browser.scenes import Scenes

from multilabelfy.annotation.model import Role

pytestmark = pytest.mark.browser
PAGES = {
    "worked": (
        *(
            "/d/pilot",
            "/d/pilot/disagreements",
            "/d/pilot/disagreements/posterior",
            "/d/pilot/report",
            "/d/pilot/labels",
            "/d/pilot/settings",
        ),
        *("/d/pilot/plan", "/d/pilot/images", "/d/pilot/proposals", "/team/log", "/team", "/"),
    ),
    "careless": ("/d/pilot/annotators", "/d/pilot/planner"),
}


@pytest.fixture(params=[NARROWEST, WIDEST])
def letters(request: pytest.FixtureRequest) -> float:
    """How wide a letter is."""
    return float(request.param)


@pytest.mark.parametrize("scene", PAGES)
def test_every_page_with_a_table_holds(scenes: Scenes, letters: float, scene: str) -> None:
    with closing(scenes.page(scene, Role.OWNER, own=True, bypass_csp=True)) as page:
        for path in PAGES[scene]:
            page.goto(path)
            set_in(page, letters)
            hold_at_every_width(page)


def test_an_image_with_all_its_tables_holds(scenes: Scenes, letters: float) -> None:
    with closing(scenes.page("worked", Role.OWNER, own=True, bypass_csp=True)) as page:
        page.goto("/d/pilot/images")
        page.locator(".tile a").first.click()
        page.wait_for_url("**/images/*")
        set_in(page, letters)
        hold_at_every_width(page)
