"""On a phone a wide table scrolls in its own box, by keyboard too, and a shadow shows at which edge there is more."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image as Pillow
from PIL import ImageStat
from playwright.sync_api import Locator, expect
from tests.browser.scenes import Scenes

from multilabelfy.annotation.model import Role

pytestmark = pytest.mark.browser
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "locale": "de-DE"}
EDGE = 4


def brightness(table: Locator) -> tuple[float, float]:
    """Of the box's first and last pixels, from 0 to 255."""
    picture = Pillow.open(BytesIO(table.screenshot())).convert("L")
    width, height = picture.size
    first, last = picture.crop((0, 0, EDGE, height)), picture.crop((width - EDGE, 0, width, height))
    return ImageStat.Stat(first).mean[0], ImageStat.Stat(last).mean[0]


def test_what_lies_beyond_the_edge_is_hinted_at_and_reached_by_keyboard(scenes: Scenes) -> None:
    page = scenes.page("worked", Role.OWNER, **PHONE)
    page.goto("/d/pilot")
    table = page.get_by_role("group", name="Tabelle")
    begins, ends = brightness(table)
    assert ends < begins - 20
    table.focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    expect(table.get_by_role("columnheader").last).to_be_in_viewport(ratio=0.9)
    begins, ends = brightness(table)
    assert begins < ends - 20
    page.close()


@pytest.mark.parametrize("path", ["/d/pilot/disagreements", "/team/log"])
def test_definitions_and_events_need_no_scrolling(scenes: Scenes, path: str) -> None:
    page = scenes.page("worked", Role.OWNER, **PHONE)
    page.goto(path)
    wider = page.locator(".table:has(.definitions)").evaluate_all("all => all.map(one => one.scrollWidth - one.clientWidth)")
    page.close()
    assert wider
    assert max(wider) <= 0
