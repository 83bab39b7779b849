"""Read a posted form: only text fields, and no more than a person could have typed."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from urllib.parse import unquote_plus

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from multilabelfy.annotation.response_times import MOST_MS
from multilabelfy.errors import AnswerRefused, InvalidInput
from multilabelfy.web.language.translation import gettext as _

MOST_BYTES = 200_000
MOST_FIELDS = 500
LABEL = re.compile(r"\d{1,8}")
"""A label's number, or a person's, as forms send it."""


async def form_of(request: Request) -> FormData:
    """The form of a request, for a handler that runs on a thread. A body that is too large is refused with 413 before it is read."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise HTTPException(413 if length.isdecimal() else 411)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/x-www-form-urlencoded":
        return _typed(await request.body())
    return await request.form(max_fields=MOST_FIELDS, max_files=0)


def _typed(body: bytes) -> FormData:
    """The fields of an ordinary form, as `urllib.parse.parse_qsl` reads them, but a field is decoded only if it has something to decode.
    Raises HTTPException 400 if there are too many."""
    parts = body.decode("latin-1").split("&")
    if len(parts) > MOST_FIELDS:
        raise HTTPException(400)
    named = [part.partition("=") for part in parts if part]
    return FormData([(_decoded(name), _decoded(value)) for name, _equals, value in named])


def _decoded(text: str) -> str:
    return unquote_plus(text, errors="replace") if "%" in text or "+" in text else text


Form = Annotated[FormData, Depends(form_of)]


def text(form: FormData, name: str) -> str:
    """One field as text; a missing one, or a file, is empty."""
    value = form.get(name)
    return _storable(value) if isinstance(value, str) else ""


def _storable(value: str) -> str:
    """The text without what no database accepts: zero bytes are removed, and half a character becomes a question mark."""
    return value if value.isascii() and "\0" not in value else value.replace("\0", "").encode("utf-8", "replace").decode()


def texts(form: FormData, name: str) -> list[str]:
    """Every value of a field that may occur several times."""
    return [value for value in form.getlist(name) if isinstance(value, str)]


@contextmanager
def about(field: str) -> Iterator[None]:
    """What is refused in here as an input is wrong with this field of the form: raises AnswerRefused instead of InvalidInput."""
    try:
        yield
    except InvalidInput as refused:
        raise AnswerRefused({field: "; ".join(str(problem) for problem in refused.problems)}) from None


def pressed(form: FormData, *buttons: str) -> str:
    """Which of these buttons, named `do`, a form was sent with. It stands behind the fields, so that a browser sends it last: a form
    without it was cut off on the way. Raises AnswerRefused."""
    button = text(form, "do")
    if button not in buttons:
        raise AnswerRefused({"do": _("The form did not arrive whole, and nothing was saved: go back and send it again.")})
    return button


def is_scripted(form: FormData) -> bool:
    """Whether the page's scripts ran."""
    return text(form, "scripted") == "1"


def milliseconds(field: str) -> int:
    """The time in a form's field; 0 if there is none."""
    return min(int(field), MOST_MS) if field.isascii() and field.isdecimal() and len(field) < 16 else 0
