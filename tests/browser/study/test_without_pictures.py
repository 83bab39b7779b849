"""A study without pictures in a browser: every way to look at its votes opens, nothing is missing, and the console stays clean."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.live import LiveServer, served
from tests.votes_elsewhere import study_of_votes

from multilabelfy.annotation.model import Role


@pytest.fixture
def votes_served(tmp_path: Path) -> Iterator[LiveServer]:
    study = study_of_votes(tmp_path)
    with contextlib.closing(study.workspace), served(study) as server:
        yield server


def test_votes_are_looked_at_without_a_single_request_for_a_picture(votes_served: LiveServer, page_as: Callable[..., Page]) -> None:
    page = page_as(Role.OWNER, server=votes_served)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/d/pilot/images")
    page.get_by_role("link", name="a.jpg").click()
    expect(page.get_by_role("heading", level=1, name="Image 2")).to_be_visible()
    expect(page.get_by_role("note")).to_contain_text("This study has no pictures")
    page.get_by_role("link", name="Next image").click()
    expect(page.get_by_role("heading", level=1, name="Image 3")).to_be_visible()
    page.goto("/d/pilot/disagreements")
    expect(page.get_by_text("d.jpg").first).to_be_visible()
    page.get_by_role("link", name="By posterior").click()
    expect(page.get_by_role("heading", name="The least certain pictures")).to_be_visible()
    expect(page.get_by_role("img")).to_have_count(0)
    assert [url for url in asked if "/pictures/" in url or "/strips/" in url] == []
