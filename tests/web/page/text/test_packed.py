"""An answer in JSON that is put together from pieces which were compressed before."""

import gzip
import json
from typing import Any

from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response

from multilabelfy.web.page.text.marked import Marked, mark
from multilabelfy.web.page.text.packed import MOST_STORED, PackedText, deflated, in_json, json_with_text, stored

GREETING = PackedText(Marked(f'<p title="{mark("who")}">Hello {mark("who")},\nwelcome to {mark("where")}: über 1 000 Bilder</p>'))
WHO = {"who": "Tom & Jerry", "where": "Łódź"}
HTML = '<p title="Tom &amp; Jerry">Hello Tom &amp; Jerry,\nwelcome to Łódź: über 1 000 Bilder</p>'


def answer(accepted: str, *texts: PackedText) -> Response:
    """The answer to a request of a browser that accepts this encoding."""
    request = Request({"type": "http", "headers": [(b"accept-encoding", accepted.encode())]})
    return json_with_text(request, {"saved": 'ü"', "n": 3}, "ahead", [piece for text in texts for piece in text.filled(WHO)])


def test_a_browser_that_takes_gzip_reads_the_same_as_one_that_does_not() -> None:
    packed, plain = answer("gzip, br", GREETING, GREETING), answer("identity", GREETING, GREETING)
    said = {"saved": 'ü"', "n": 3, "ahead": HTML + HTML}
    assert json.loads(gzip.decompress(bytes(packed.body))) == said
    assert json.loads(bytes(plain.body)) == said
    assert (packed.headers["content-encoding"], packed.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-length"] == str(len(packed.body))


def test_an_answer_without_a_text_has_an_empty_one() -> None:
    assert json.loads(gzip.decompress(bytes(answer("gzip").body)))["ahead"] == ""


def test_what_is_always_the_same_is_compressed_once() -> None:
    first, second = (GREETING.filled({"who": who, "where": "here"}) for who in ("Ada", "Ben"))
    assert [a is b for a, b in zip(first, second, strict=True)] == [True, False, True, False, True, False, True]


@given(st.lists(st.tuples(st.text(max_size=50), st.booleans()), max_size=8))
def test_any_pieces_come_out_as_they_went_in(texts: list[tuple[str, bool]]) -> None:
    pieces: list[Any] = [(deflated if is_fixed else stored)(in_json(text)) for text, is_fixed in texts]
    request = Request({"type": "http", "headers": [(b"accept-encoding", b"gzip")]})
    body = bytes(json_with_text(request, {}, "text", pieces).body)
    assert json.loads(gzip.decompress(body))["text"] == "".join(text for text, _ in texts)


def test_a_value_longer_than_a_stored_block_is_compressed() -> None:
    long = stored(b"x" * (MOST_STORED + 1))
    assert len(long.blocks) < 1000
    assert len(stored(b"x" * MOST_STORED).blocks) == MOST_STORED + 5
