"""Reading a form: every field as it was typed, whatever the characters, and no more fields than a page has."""

from typing import Any

import pytest
from fastapi import Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import FormParser
from tests.loops import on_a_loop_of_its_own

from multilabelfy.web.page.forms import MOST_FIELDS, form_of

TYPED = "application/x-www-form-urlencoded"
BODIES = (
    b"",
    b"a=1",
    b"yes=3&yes=7&note=",
    b"note=two+words%26more&empty",
    b"note=%C3%A4%0D%0Aline",
    b"bad=%FF%zz&a=b=c",
    b"&&a=1&",
    "ä=ö".encode(),
)


@pytest.mark.parametrize("body", BODIES, ids=repr)
@pytest.mark.parametrize("kind", [TYPED, f"{TYPED}; charset=utf-8"])
def test_an_ordinary_form_has_the_fields_that_starlette_finds(body: bytes, kind: str) -> None:
    async def pieces() -> Any:
        yield body
        yield b""

    request = sent(body, kind)
    expected = on_a_loop_of_its_own(FormParser(request.headers, pieces()).parse())
    assert read(request).multi_items() == expected.multi_items()


def test_as_many_fields_as_a_page_has_are_read_and_no_more() -> None:
    most = b"&".join(b"a=1" for _ in range(MOST_FIELDS))
    assert len(read(sent(most, TYPED)).multi_items()) == MOST_FIELDS
    with pytest.raises(HTTPException) as refused:
        read(sent(most + b"&a=1", TYPED))
    assert refused.value.status_code == 400


def read(request: Request) -> FormData:
    return on_a_loop_of_its_own(form_of(request))


def sent(body: bytes, kind: str) -> Request:
    """A request with this body, which is declared to be of this kind."""

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    return Request({"type": "http", "method": "POST", "headers": headers, "path": "/", "query_string": b""}, receive)
