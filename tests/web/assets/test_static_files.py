"""Styles and scripts are kept by browsers for good, under an address that names their version."""

import pytest
from tests.web.conftest import Browser

from multilabelfy.web.assets.static_files import static_files, static_url


def test_a_current_address_may_be_kept_for_a_year(visitor: Browser) -> None:
    answer = visitor.get(static_url("styles.css"))
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"


def test_an_older_version_s_address_answers_but_is_not_kept(visitor: Browser) -> None:
    answer = visitor.get("/static/0123456789ab/styles.css")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")


def test_the_layers_are_declared_before_any_sheet_uses_them() -> None:
    text = static_files().contents["styles.css"].decode()
    assert text.index("@layer tokens, base, components, pages;") < text.index("@layer tokens {")


@pytest.mark.parametrize("path", ["css/page/tokens.css", "js/page/words.js", "../app.py", "..%2fapp.py", "app.py", "/etc/passwd", ""])
def test_nothing_else_is_served(visitor: Browser, path: str) -> None:
    assert visitor.get(f"/static/{static_files().version}/{path}").status_code == 404


def test_a_wrong_name_in_a_template_is_noticed() -> None:
    with pytest.raises(LookupError, match="no static file"):
        static_url("js/none.js")
