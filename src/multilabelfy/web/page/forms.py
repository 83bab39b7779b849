"""Read a posted form: text fields alone, and no more of it than a person could have typed."""

from fastapi import Request
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

MOST_BYTES = 200_000
MOST_FIELDS = 500


async def form_of(request: Request) -> FormData:
    """The form of a request, for a handler that runs on a thread. A body that is too large is refused with 413 before it is read."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        raise HTTPException(413 if length.isdecimal() else 411)
    return await request.form(max_fields=MOST_FIELDS, max_files=0)
