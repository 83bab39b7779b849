"""A picture of a web server is the file itself, or a clear reason; no answer leads elsewhere, hangs, or fills the memory."""

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from PIL import Image
from tests.webs import Web, require, web

from multilabelfy.errors import ExtraMissing, PicturesUnreachable, UnreadablePicture
from multilabelfy.pictures.opening import open_picture
from multilabelfy.pictures.remote import asking, failures, pictures
from multilabelfy.pictures.remote.addresses import RemoteAddress, remote_address
from multilabelfy.pictures.remote.pictures import RemoteRoot

__all__ = ["web"]


def red(size: int = 8) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (size, size), "red").save(file, "PNG")
    return file.getvalue()


def root_of(web: Web, seconds: float = 20.0, folder: str = "pets") -> RemoteRoot:
    address = remote_address(f"{web.address}/{folder}")
    assert address is not None
    return RemoteRoot(address, seconds)


def test_pictures_are_fetched_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of two waits for the other one's request."""
    require("aiohttp")
    both = Barrier(2, timeout=20)
    monkeypatch.setattr(pictures, "fetch_page", lambda *_: str(both.wait()).encode())
    root = RemoteRoot(RemoteAddress("https", "host"), 20.0)

    with ThreadPoolExecutor(2) as threads:
        contents = set(threads.map(lambda path: root.picture(path).content, ("1.png", "2.png")))
    assert contents == {b"0", b"1"}


def test_a_picture_is_opened_as_from_a_folder_and_fetched_once(web: Web) -> None:
    web.put("/pets/my cat/1?.png", red())
    picture = root_of(web).picture("my cat/1?.png")

    assert open_picture(picture).size == open_picture(picture).size == (8, 8)
    assert web.asked == ["/pets/my cat/1?.png"]


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (None, "there is no such file"),
        (b"", "the file is empty"),
        (b"<!doctype html><p>Please sign in", "it is a web page, not a picture"),
        (red()[:30], "header is damaged|truncated|no picture"),
    ],
)
def test_what_is_no_picture_is_named_as_in_a_folder(web: Web, body: bytes | None, why: str) -> None:
    if body is not None:
        web.put("/pets/1.png", body)

    with pytest.raises(UnreadablePicture, match=why) as refused:
        open_picture(root_of(web).picture("1.png"))
    assert "1.png" in str(refused.value)
    assert "1.png" not in refused.value.why


def test_a_redirect_below_the_root_is_followed(web: Web) -> None:
    web.lead("/pets/1.png", "/pets/new/1.png")
    web.put("/pets/new/1.png", red())

    assert root_of(web).fetched("1.png") == red()


@pytest.mark.parametrize(
    "target", ["/other/1.png", "http://localhost:{port}/pets/1.png", "https://127.0.0.1:{port}/pets/1.png", "../1.png", ""]
)
def test_a_redirect_to_another_place_is_refused_and_never_asked_for(web: Web, target: str) -> None:
    web.lead("/pets/1.png", target.format(port=web.address.rpartition(":")[2]))
    for path in ("/other/1.png", "/1.png"):
        web.put(path, red())

    with pytest.raises(PicturesUnreachable, match="redirect"):
        root_of(web).fetched("1.png")
    assert set(web.asked) == {"/pets/1.png"}


def test_a_redirect_in_a_circle_ends(web: Web) -> None:
    web.lead("/pets/1.png", "/pets/1.png")

    with pytest.raises(PicturesUnreachable, match="again and again"):
        root_of(web).fetched("1.png")
    assert len(web.asked) == 4


@pytest.mark.parametrize(
    ("status", "why", "n_asked"), [(401, "denies access", 1), (403, "denies access", 1), (418, "418", 1), (503, "503", 2)]
)
def test_a_refusal_is_no_property_of_the_picture_and_only_a_passing_one_is_tried_again(
    web: Web, status: int, why: str, n_asked: int
) -> None:
    web.pages["/pets/1.png"] = (status, {}, b"<Secret>hunter2</Secret>")

    with pytest.raises(PicturesUnreachable, match=why) as refused:
        root_of(web).fetched("1.png")
    assert "hunter2" not in str(refused.value)
    assert len(web.asked) == n_asked


def test_a_server_that_is_silent_is_named_and_left_alone_for_a_while(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "REST_SECONDS", 1000)
    web.silent.add("/pets/1.png")
    web.put("/pets/2.png", red())
    root = root_of(web, seconds=0.3)

    with pytest.raises(PicturesUnreachable, match=r"did not answer within 0\.3 seconds"):
        root.fetched("1.png")
    with pytest.raises(PicturesUnreachable, match=r"did not answer within 0\.3 seconds"):
        root.fetched("2.png")
    assert web.asked == ["/pets/1.png"]
    assert root.why_closed() == "it did not answer within 0.3 seconds"
    asking._UNREACHABLE.clear()
    assert root_of(web).fetched("2.png") == red()


def test_a_server_that_is_not_there_is_named(web: Web) -> None:
    root = RemoteRoot(RemoteAddress("http", "127.0.0.1:1", ("pets",)), 5.0)

    with pytest.raises(PicturesUnreachable, match=r"Cannot read pictures in 'http://127\.0\.0\.1:1/pets': it cannot be reached"):
        root.fetched("1.png")


def test_a_file_that_is_larger_than_any_picture_is_not_taken_in(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_BYTES", 1 << 20)
    web.put("/pets/1.png", bytes(5 << 20))

    with pytest.raises(UnreadablePicture, match="larger than 1 MB"):
        root_of(web).fetched("1.png")


def test_a_password_comes_from_the_environment_and_goes_nowhere_else(web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ann password hunter2\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    web.put("/pets/1.png", red())

    assert root_of(web).fetched("1.png") == red()
    assert web.headers[0]["Authorization"].startswith("Basic ")


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failures, "find_spec", lambda _: None)
    for address in (RemoteAddress("s3", "pets"), RemoteAddress("https", "host", ("pets",))):
        with pytest.raises(ExtraMissing, match=r"pip install 'multilabelfy\[remote\]'"):
            RemoteRoot(address, 1.0).fetched("1.png")
