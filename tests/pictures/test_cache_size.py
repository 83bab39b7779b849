"""The cache of display sizes stays within its bound, and what is looked at stays in it."""

import os
import time
from pathlib import Path

from PIL import Image

from multilabelfy.pictures.cache_files import UNFINISHED
from multilabelfy.pictures.cache_size import KEPT, Bound, asked_for, trim
from multilabelfy.pictures.display import display

HOUR = 3600.0


def cached(cache: Path, name: str, hours_ago: float, n_bytes: int = 100) -> Path:
    file = cache / name[:2] / f"{name}.webp"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(bytes(n_bytes))
    os.utime(file, (time.time() - hours_ago * HOUR, 0))
    return file


def left(cache: Path) -> list[str]:
    return sorted(file.stem for file in cache.rglob("*.webp"))


def test_what_was_asked_for_longest_ago_goes_first_until_a_tenth_is_free(tmp_path: Path) -> None:
    for hours, name in enumerate(["aa1", "bb2", "aa3", "cc4"], start=1):
        cached(tmp_path, name, hours)

    assert trim(tmp_path, 350) == 1
    assert left(tmp_path) == ["aa1", "aa3", "bb2"]
    assert trim(tmp_path, 250) == 1
    assert left(tmp_path) == ["aa1", "bb2"]
    assert KEPT == 0.9


def test_within_the_bound_nothing_is_removed(tmp_path: Path) -> None:
    cached(tmp_path, "aa1", 100)

    assert (trim(tmp_path, 100), left(tmp_path)) == (0, ["aa1"])


def test_what_was_asked_for_again_outlives_what_was_not(tmp_path: Path) -> None:
    old, newer = cached(tmp_path, "aa1", 9), cached(tmp_path, "bb2", 3)

    asked_for(old)

    trim(tmp_path, 150)
    assert (old.exists(), newer.exists()) == (True, False)


def test_what_is_on_its_way_to_a_browser_stays_whatever_the_bound(tmp_path: Path) -> None:
    cached(tmp_path, "aa1", 0)

    assert (trim(tmp_path, 1), left(tmp_path)) == (0, ["aa1"])


def test_what_is_being_written_and_what_is_no_picture_of_the_cache_is_left_alone(tmp_path: Path) -> None:
    unfinished = cached(tmp_path / UNFINISHED, "aa1", 9)
    other = tmp_path / "notes.txt"
    other.write_text("mine")
    cached(tmp_path, "bb2", 9)

    assert trim(tmp_path, 1) == 1
    assert unfinished.exists()
    assert other.exists()


def test_a_cache_is_looked_through_at_the_first_picture_and_then_only_as_it_grows(tmp_path: Path) -> None:
    bound = Bound()
    cached(tmp_path, "aa1", 9)
    bound.grew(tmp_path, 1, most_bytes=99)
    assert left(tmp_path) == []

    cached(tmp_path, "aa2", 9)
    bound.grew(tmp_path, 1, most_bytes=99)
    assert left(tmp_path) == ["aa2"]
    bound.grew(tmp_path, 1, most_bytes=99)
    assert left(tmp_path) == []


def test_a_picture_that_left_the_cache_is_drawn_again(tmp_path: Path) -> None:
    source, cache = tmp_path / "a.png", tmp_path / "cache"
    Image.new("RGB", (40, 20), "red").save(source)
    made = [display(source, cache, token, 100, most_bytes=1) for token in ("a" * 32, "b" * 32)]
    before = made[0].read_bytes()
    for file in made:
        os.utime(file, (time.time() - HOUR, 0))

    display(source, cache, "c" * 32, 100, most_bytes=1)

    assert not [file for file in made if file.exists()]
    assert display(source, cache, "a" * 32, 100, most_bytes=1).read_bytes() == before
