"""Where a bucket or a web server is away, a page says so, and tells nobody where it is."""

from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from tests.studies import Study
from tests.web.conftest import Browser
from tests.webs import Web, web

from multilabelfy.annotation.model import Role
from multilabelfy.pictures.remote import failures
from multilabelfy.store.dataset import datasets
from multilabelfy.workflows.showing.addresses import THUMB

__all__ = ["web"]


def move_pictures(study: Study, to: str) -> str:
    """Say that the pictures lie there; returns the address of one."""
    with study.workspace.store.writing() as c:
        datasets.set_images_root(c, study.dataset.id, to)
    return f"/pictures/{study.images[0].token}-{THUMB}.webp"


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_picture_whose_bucket_is_away_is_an_error_that_names_no_place(
    browser_of: Callable[..., Browser], study: Study, web: Web, accept: str
) -> None:
    address = move_pictures(study, "http://127.0.0.1:1/secret-place")

    answer = browser_of("Ada").get(address, headers={"accept": accept})

    assert answer.status_code == 502
    assert "The pictures cannot be reached now" in answer.text
    assert not [part for part in ("secret-place", "127.0.0.1:1", study.images[0].path) if part in answer.text]
    assert "max-age" not in answer.headers.get("cache-control", "")


def test_a_picture_of_a_web_server_is_served_and_a_missing_one_is_a_404(browser_of: Callable[..., Browser], study: Study, web: Web) -> None:
    address, ada = move_pictures(study, f"{web.address}/pets"), browser_of("Ada")
    assert ada.get(address).status_code == 404

    web.put_folder(Path(study.dataset.images_root), "/pets")
    assert ada.get(address).headers["content-type"] == "image/webp"


def test_owners_see_that_pictures_cannot_be_reached_once_one_could_not(browser_of: Callable[..., Browser], study: Study, web: Web) -> None:
    address, olga = move_pictures(study, "http://127.0.0.1:1/pets"), browser_of("Olga", Role.OWNER)
    olga.get(address)

    assert "The folder http://127.0.0.1:1/pets is not there now" in olga.get("/d/pilot/settings/pictures").text


def test_without_the_extra_a_page_names_no_place_either(
    browser_of: Callable[..., Browser], study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = move_pictures(study, "s3://secret-bucket/pets")
    monkeypatch.setattr(failures, "find_spec", lambda _: None)

    answer = browser_of("Ada").get(address)

    assert answer.status_code == 500
    assert "multilabelfy[remote]" in unescape(answer.text)
    assert "secret-bucket" not in answer.text
