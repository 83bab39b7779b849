"""Display sizes are made once, whole, and hold nothing but pixels."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from multilabelfy.errors import ForbiddenPath, StoreUnavailable, UnreadablePicture
from multilabelfy.pictures import display as displays
from multilabelfy.pictures.display import Budget, display, strip
from multilabelfy.pictures.opening import open_picture

TOKEN = "0123456789abcdef" * 2
OTHER = "f" * 32


def photo(path: Path, size: tuple[int, int] = (400, 200), colour: tuple[int, int, int] = (200, 30, 30)) -> Path:
    exif = Image.Exif()
    exif[0x010E] = "taken in the secret garden"
    Image.new("RGB", size, colour).save(path, exif=exif, comment=b"class folder: n01440764")
    return path


def test_a_picture_is_made_smaller_to_its_longest_edge(tmp_path: Path) -> None:
    made = display(photo(tmp_path / "a.jpg"), tmp_path / "cache", TOKEN, 100)
    with Image.open(made) as picture:
        assert (picture.format, picture.size) == ("WEBP", (100, 50))


def test_a_small_picture_is_not_enlarged(tmp_path: Path) -> None:
    with Image.open(display(photo(tmp_path / "a.jpg", (40, 20)), tmp_path / "cache", TOKEN, 100)) as picture:
        assert picture.size == (40, 20)


def test_nothing_but_pixels_is_left(tmp_path: Path) -> None:
    made = display(photo(tmp_path / "n01440764.jpg"), tmp_path / "cache", TOKEN, 100)
    with Image.open(made) as picture:
        assert not {"exif", "icc_profile", "xmp"} & set(picture.info)
    assert b"secret" not in made.read_bytes()
    assert "n01440764" not in str(made.relative_to(tmp_path))


def test_it_is_made_once(tmp_path: Path) -> None:
    source = photo(tmp_path / "a.jpg")
    made = display(source, tmp_path / "cache", TOKEN, 100)
    source.unlink()
    assert display(source, tmp_path / "cache", TOKEN, 100) == made


def test_an_empty_file_left_by_a_loss_of_power_is_made_again(tmp_path: Path) -> None:
    source = photo(tmp_path / "a.jpg")
    made = display(source, tmp_path / "cache", TOKEN, 100)
    made.write_bytes(b"")
    assert display(source, tmp_path / "cache", TOKEN, 100).stat().st_size > 0


def test_many_at_once_get_the_same_whole_picture_and_leave_nothing_else(tmp_path: Path) -> None:
    source, cache = photo(tmp_path / "a.jpg", (1200, 900)), tmp_path / "cache"
    sizes: list[tuple[int, int]] = []

    def ask() -> None:
        with Image.open(display(source, cache, TOKEN, 300)) as picture:
            picture.load()
            sizes.append(picture.size)

    threads = [threading.Thread(target=ask) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sizes == [(300, 225)] * 12
    assert [path.name for path in cache.rglob("*") if path.is_file()] == [f"{TOKEN}-300.webp"]


@pytest.mark.parametrize("token", ["", "../../etc/passwd", TOKEN[:-1], TOKEN + "0", TOKEN.upper(), "g" * 32])
def test_a_token_that_was_never_handed_out_names_no_file(tmp_path: Path, token: str) -> None:
    with pytest.raises(ForbiddenPath):
        display(photo(tmp_path / "a.jpg"), tmp_path / "cache", token, 100)


def test_a_size_beyond_reason_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ForbiddenPath, match="100000 pixels"):
        display(photo(tmp_path / "a.jpg"), tmp_path / "cache", TOKEN, 100_000)


def test_a_picture_that_cannot_be_read_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"no picture")
    with pytest.raises(UnreadablePicture):
        display(tmp_path / "a.jpg", tmp_path / "cache", TOKEN, 100)
    assert not [file for file in (tmp_path / "cache").rglob("*") if file.is_file()]


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(StoreUnavailable, match="Cannot keep a picture"):
        display(photo(tmp_path / "a.jpg"), tmp_path / "cache", TOKEN, 100)


def test_a_strip_shows_the_pictures_side_by_side_at_one_size(tmp_path: Path) -> None:
    red = photo(tmp_path / "red.jpg", (300, 100), (255, 0, 0))
    blue = photo(tmp_path / "blue.jpg", (60, 200), (0, 0, 255))
    with Image.open(strip([red, blue], tmp_path / "cache", TOKEN, n=2, edge=96)) as picture:
        values = np.asarray(picture.convert("RGB")).astype(int)
    assert values.shape == (96, 192, 3)
    assert values[48, 48, 0] > 240
    assert values[48, 144, 2] > 240


def test_in_a_strip_the_next_picture_takes_the_place_of_an_unreadable_one(tmp_path: Path) -> None:
    (tmp_path / "bad.jpg").write_bytes(b"no picture")
    red = photo(tmp_path / "red.jpg", colour=(255, 0, 0))
    with Image.open(strip([tmp_path / "bad.jpg", red], tmp_path / "cache", TOKEN, n=2, edge=96)) as picture:
        values = np.asarray(picture.convert("RGBA")).astype(int)
    assert values[48, 48, 0] > 240
    assert values[48, 144, 3] == 0  # nothing is left for the second place


def test_two_strips_have_two_files(tmp_path: Path) -> None:
    red = photo(tmp_path / "red.jpg")
    assert strip([red], tmp_path / "c", TOKEN, n=1, edge=96) != strip([red], tmp_path / "c", OTHER, n=1, edge=96)


def test_large_pictures_are_decoded_one_at_a_time_and_small_ones_side_by_side() -> None:
    budget, seen, at_once = Budget(100), list[int](), list[int]()

    def decode(n: int) -> None:
        with budget.held(n):
            at_once.append(n)
            seen.append(sum(at_once))
            if n == 25:
                side_by_side.wait(timeout=30)
            at_once.remove(n)

    side_by_side = threading.Barrier(4)  # passed only where four small ones are held at once
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(decode, [25] * 4))
        list(pool.map(decode, [188, 60, 188, 60, 188]))
    assert max(seen) == 188


@pytest.mark.parametrize("way", ["alone", "in a strip"])
def test_while_a_picture_is_open_that_takes_all_room_no_other_one_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    n_open, most_open, second = list[object](), [0], threading.Event()

    def opened(*args: object, **kwargs: object) -> Image.Image:
        n_open.append(args)
        most_open[0] = max(most_open[0], len(n_open))
        if len(n_open) > 1:
            second.set()
        second.wait(timeout=0.3)  # as long as a large picture takes: the other one has come by then
        second.set()
        n_open.pop()
        return open_picture(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(displays, "open_picture", opened)
    monkeypatch.setattr(displays, "_PIXELS", Budget(400 * 200))
    sources = [photo(tmp_path / f"{number}.jpg") for number in range(2)]
    tokens, cache = ["0" * 32, "1" * 32], tmp_path / "cache"
    with ThreadPoolExecutor(2) as pool:
        if way == "alone":
            list(pool.map(lambda source, token: display(source, cache, token, 100), sources, tokens))
        else:
            list(pool.map(lambda source, token: strip([source], cache, token, n=1, edge=60), sources, tokens))
    assert most_open == [1]
