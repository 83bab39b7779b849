"""The service worker and the page that it keeps, as the server gives them."""

from collections.abc import Callable

from sqlalchemy import func, select
from tests.studies import Study
from tests.web.conftest import Browser

from multilabelfy.store.schema import assignments
from multilabelfy.web.assets.static_files import static_files

SHELL = "/d/pilot/annotate/shell"


def test_the_worker_comes_from_the_root_and_is_asked_for_anew_each_time(visitor: Browser) -> None:
    answer = visitor.get("/service-worker.js")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert answer.headers["cache-control"] == "no-cache"
    assert "connect-src 'self'" in answer.headers["content-security-policy"]


def test_the_worker_names_the_version_of_the_files_that_it_keeps(visitor: Browser) -> None:
    assert visitor.get("/service-worker.js").text.startswith(f'const VERSION = "{static_files().version}";\n')


def test_the_page_that_is_kept_has_a_place_for_sheets_and_none_of_them(browser_of: Callable[..., Browser]) -> None:
    page = browser_of("Ada").get(SHELL).text
    assert page.count("<!-- sheets -->") == 1
    assert page.index("<annotate-desk") < page.index("<!-- sheets -->") < page.index("</annotate-desk>")
    assert "<answer-sheet" not in page


def test_asking_for_it_hands_nothing_out(browser_of: Callable[..., Browser], study: Study) -> None:
    browser_of("Ada").get(SHELL)
    with study.workspace.store.reading() as c:
        assert c.execute(select(func.count()).select_from(assignments)).scalar_one() == 0


def test_nobody_gets_it_without_a_session(visitor: Browser) -> None:
    assert visitor.get(SHELL).status_code == 303


def test_a_browser_s_store_knows_one_workspace_from_another_but_no_secret(browser_of: Callable[..., Browser], study: Study) -> None:
    page = browser_of("Ada").get("/d/pilot/annotate").text
    assert f'data-workspace="{study.workspace.token("browser")}"' in page
    assert study.workspace.key.hex() not in page
