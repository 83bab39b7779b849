"""An answer in JSON, most of whose text is the same again and again: what is the same is escaped and compressed once, not at each answer.

A compressed stream is a row of blocks, each of which may be made on its own, as long as none refers to what came before it. So fixed pieces
are deflated as they are first needed; what differs each time is short, and stands between them as it is. A body is put together from
them in microseconds. It is some percent larger than one that is compressed as a whole.

Source: RFC 1951 (blocks, stored ones in 3.2.4) and RFC 1952 (the frame of gzip around them).
"""

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.responses import Response

from multilabelfy.web.page.text.marked import Marked, escaped

LEVEL = 6
MOST_STORED = 65_535
"""Bytes in one stored block."""
HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
LAST_BLOCK = b"\x03\x00"


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes, and whole blocks of a compressed stream that stand for them."""

    plain: bytes
    blocks: bytes


class PackedText:
    """A marked text inside a text of JSON: its fixed pieces are made once."""

    def __init__(self, marked: Marked) -> None:
        self._fixed = [deflated(in_json(text)) for text in marked.fixed]
        self._names = marked.names

    def filled(self, values: Mapping[str, object]) -> list[Piece]:
        """Its pieces with these values, by name; they are escaped as a template would."""
        between = {name: stored(in_json(escaped(value))) for name, value in values.items()}
        pieces = self._fixed[:1]
        for name, fixed in zip(self._names, self._fixed[1:], strict=True):
            pieces += (between[name], fixed)
        return pieces


def json_with_text(request: Request, values: Mapping[str, Any], name: str, text: Iterable[Piece]) -> Response:
    """The JSON object of these values and, under the last name, of a long text; compressed if the browser takes that."""
    begin = json.dumps({**values, name: ""}, ensure_ascii=False).removesuffix('"}')
    pieces = [stored(begin.encode()), *text, stored(b'"}')]
    plain = b"".join([piece.plain for piece in pieces])
    if "gzip" not in request.headers.get("accept-encoding", ""):
        return Response(plain, media_type="application/json")
    frame = zlib.crc32(plain).to_bytes(4, "little") + (len(plain) % 2**32).to_bytes(4, "little")
    body = b"".join([HEAD, *[piece.blocks for piece in pieces], LAST_BLOCK, frame])
    return Response(body, media_type="application/json", headers={"Content-Encoding": "gzip", "Vary": "Accept-Encoding"})


def in_json(text: str) -> bytes:
    """What stands for a text between the quotation marks of JSON."""
    return json.dumps(text, ensure_ascii=False)[1:-1].encode()


def deflated(plain: bytes) -> Piece:
    """Bytes as blocks that refer to nothing before them and end at a whole byte."""
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return Piece(plain, packer.compress(plain) + packer.flush(zlib.Z_FULL_FLUSH))


def stored(plain: bytes) -> Piece:
    """A few bytes as a block that holds them as they are."""
    n = len(plain)
    return (
        Piece(plain, b"\x00" + n.to_bytes(2, "little") + (n ^ 0xFFFF).to_bytes(2, "little") + plain)
        if n <= MOST_STORED
        else deflated(plain)
    )
