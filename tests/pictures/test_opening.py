"""Every kind of picture is opened as people and models should see it, tested by the values of its pixels."""

import io
import os
import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, features

from multilabelfy.errors import UnreadablePicture
from multilabelfy.pictures.opening import check_header, open_picture, verify

RED, GREEN, BLUE, WHITE, BLACK = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)
CORRUPT_METADATA = pytest.mark.filterwarnings("ignore::UserWarning")


def pixel(picture: Image.Image, x: int, y: int) -> tuple[int, ...]:
    value = picture.getpixel((x, y))
    assert isinstance(value, tuple)
    return tuple(int(part) for part in value)


def close_to(value: tuple[int, ...], wanted: tuple[int, ...], by: int = 6) -> bool:
    return all(abs(a - b) <= by for a, b in zip(value, wanted, strict=True))


def left_red_right_blue() -> Image.Image:
    """32 × 16: the left half red, the right half blue."""
    picture = Image.new("RGB", (32, 16), BLUE)
    picture.paste(RED, (0, 0, 16, 16))
    return picture


def saved(picture: Image.Image, path: Path, **options: object) -> Path:
    picture.save(path, **options)  # type: ignore[arg-type]
    return path


@pytest.mark.parametrize("name", ["a.png", "a.bmp", "a.gif", "a.webp", "a.tiff", "a.ppm", "a.jp2"])
def test_a_coloured_picture_of_every_kind_keeps_its_colours(tmp_path: Path, name: str) -> None:
    options = {"lossless": True} if name == "a.webp" else {}
    picture = open_picture(saved(left_red_right_blue(), tmp_path / name, **options))
    assert (picture.mode, picture.size) == ("RGB", (32, 16))
    assert (pixel(picture, 4, 8), pixel(picture, 28, 8)) == (RED, BLUE)


@pytest.mark.skipif(not features.check("avif"), reason="this Pillow was built without AVIF")
def test_avif_keeps_its_colours_but_for_its_losses(tmp_path: Path) -> None:
    picture = open_picture(saved(left_red_right_blue(), tmp_path / "a.avif", quality=95))
    assert close_to(pixel(picture, 4, 8), RED, by=12)
    assert close_to(pixel(picture, 28, 8), BLUE, by=12)


def test_a_jpeg_keeps_its_colours_but_for_its_losses(tmp_path: Path) -> None:
    picture = open_picture(saved(left_red_right_blue(), tmp_path / "a.jpg", quality=95))
    assert close_to(pixel(picture, 4, 8), RED)
    assert close_to(pixel(picture, 28, 8), BLUE)


def test_the_kind_comes_from_the_content_and_not_from_the_name(tmp_path: Path) -> None:
    saved(left_red_right_blue(), tmp_path / "a.png").rename(tmp_path / "a.JPEG")
    assert pixel(open_picture(tmp_path / "a.JPEG"), 4, 8) == RED


@pytest.mark.parametrize(
    ("orientation", "size", "top_left", "bottom_right"),
    [
        (1, (32, 16), RED, BLUE),
        (2, (32, 16), BLUE, RED),  # mirrored
        (3, (32, 16), BLUE, RED),  # upside down
        (6, (16, 32), RED, BLUE),  # its left side is up: turned clockwise
        (8, (16, 32), BLUE, RED),  # its right side is up: turned anti-clockwise
    ],
)
@pytest.mark.parametrize("name", ["a.png", "a.tiff", "a.jpg", "a.webp"])
def test_a_picture_turned_by_exif_stands_upright(
    tmp_path: Path, name: str, orientation: int, size: tuple[int, int], top_left: tuple[int, ...], bottom_right: tuple[int, ...]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = open_picture(saved(left_red_right_blue(), tmp_path / name, exif=exif, quality=95))
    assert picture.size == size
    assert close_to(pixel(picture, 1, 1), top_left, by=12)
    assert close_to(pixel(picture, size[0] - 2, size[1] - 2), bottom_right, by=12)


@CORRUPT_METADATA
@pytest.mark.parametrize("exif", [b"Exif\0\0MM\0*\0\0\0\x08\xff\xff", b"Exif\0\0garbage", b""])
def test_damaged_metadata_does_not_hide_a_good_picture(tmp_path: Path, exif: bytes) -> None:
    picture = open_picture(saved(left_red_right_blue(), tmp_path / "a.jpg", exif=exif, quality=95))
    assert picture.size == (32, 16)


def test_an_orientation_that_does_not_exist_is_taken_as_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 77
    assert open_picture(saved(left_red_right_blue(), tmp_path / "a.jpg", exif=exif)).size == (32, 16)


def test_grey_is_the_same_in_all_three_channels(tmp_path: Path) -> None:
    assert pixel(open_picture(saved(Image.new("L", (2, 2), 77), tmp_path / "a.png")), 0, 0) == (77, 77, 77)


def test_one_bit_is_black_or_white(tmp_path: Path) -> None:
    picture = Image.new("1", (2, 1))
    picture.putpixel((1, 0), 1)
    opened = open_picture(saved(picture, tmp_path / "a.png"))
    assert (pixel(opened, 0, 0), pixel(opened, 1, 0)) == (BLACK, WHITE)


@pytest.mark.parametrize("name", ["a.png", "a.tiff"])
def test_sixteen_bits_are_scaled_and_not_cut_off(tmp_path: Path, name: str) -> None:
    values = np.array([[0, 257, 32896, 65535]], dtype=np.uint16)  # 257 × (0, 1, 128, 255)
    picture = open_picture(saved(Image.fromarray(values), tmp_path / name))
    assert [pixel(picture, x, 0)[0] for x in range(4)] == [0, 1, 128, 255]


def test_a_sixteen_bit_portable_greymap_is_scaled_by_its_own_white(tmp_path: Path) -> None:
    (tmp_path / "a.pgm").write_bytes(b"P5 3 1 1000\n" + struct.pack(">3H", 0, 500, 1000))
    picture = open_picture(tmp_path / "a.pgm")
    assert [pixel(picture, x, 0)[0] for x in range(3)] == [0, 128, 255]


def test_a_transparent_grey_of_sixteen_bits_shows_white(tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.fromarray(np.array([[0, 5140]], dtype=np.uint16)).save(file, "PNG")
    data = file.getvalue()
    header_end = 8 + 25  # signature and IHDR
    body = b"tRNS" + struct.pack(">H", 5140)
    chunk = struct.pack(">I", 2) + body + struct.pack(">I", zlib.crc32(body))
    (tmp_path / "a.png").write_bytes(data[:header_end] + chunk + data[header_end:])
    picture = open_picture(tmp_path / "a.png")
    assert (pixel(picture, 0, 0), pixel(picture, 1, 0)) == (BLACK, WHITE)


@pytest.mark.parametrize("mode", ["F", "I"])
def test_values_without_a_known_white_are_refused(tmp_path: Path, mode: str) -> None:
    with pytest.raises(UnreadablePicture, match="name no white"):
        open_picture(saved(Image.new(mode, (2, 2)), tmp_path / "a.tiff"))


@pytest.mark.parametrize("name", ["adobe.jpg", "plain.tiff"])
def test_cmyk_is_shown_in_its_colours_whether_stored_inverted_or_not(tmp_path: Path, name: str) -> None:
    picture = Image.new("CMYK", (32, 16), (255, 255, 0, 0))  # cyan and magenta ink: blue
    picture.paste((0, 255, 255, 0), (0, 0, 16, 16))  # magenta and yellow ink: red
    opened = open_picture(saved(picture, tmp_path / name, quality=95))
    assert close_to(pixel(opened, 4, 8), RED)
    assert close_to(pixel(opened, 28, 8), BLUE)


def test_the_jpeg_of_the_cmyk_test_is_inverted_as_adobe_does(tmp_path: Path) -> None:
    saved(Image.new("CMYK", (8, 8)), tmp_path / "a.jpg")
    assert b"Adobe" in (tmp_path / "a.jpg").read_bytes()[:200]


def test_a_palette_is_looked_up(tmp_path: Path) -> None:
    picture = left_red_right_blue().quantize(4)
    assert picture.mode == "P"
    assert pixel(open_picture(saved(picture, tmp_path / "a.png")), 28, 8) == BLUE


def test_transparent_parts_show_white_and_half_transparent_ones_half(tmp_path: Path) -> None:
    picture = Image.new("RGBA", (3, 1), (255, 0, 0, 255))
    picture.putpixel((1, 0), (0, 0, 0, 0))
    picture.putpixel((2, 0), (0, 0, 0, 128))
    opened = open_picture(saved(picture, tmp_path / "a.png"))
    assert (pixel(opened, 0, 0), pixel(opened, 1, 0)) == (RED, WHITE)
    assert pixel(opened, 2, 0) == (127, 127, 127)


def test_a_transparent_colour_of_a_palette_shows_white(tmp_path: Path) -> None:
    picture = Image.new("P", (2, 1))
    picture.putpalette([255, 0, 0, 0, 0, 255])
    picture.putpixel((1, 0), 1)
    opened = open_picture(saved(picture, tmp_path / "a.png", transparency=1))
    assert (pixel(opened, 0, 0), pixel(opened, 1, 0)) == (RED, WHITE)


@pytest.mark.parametrize("name", ["a.gif", "a.png", "a.webp", "a.tiff"])
def test_of_a_moving_picture_the_first_frame_is_shown(tmp_path: Path, name: str) -> None:
    first, second = Image.new("RGB", (8, 8), RED), Image.new("RGB", (8, 8), BLUE)
    options: dict[str, object] = {"lossless": True} if name == "a.webp" else {}
    saved(first, tmp_path / name, save_all=True, append_images=[second], **options)
    assert pixel(open_picture(tmp_path / name), 0, 0) == RED


def test_a_phones_jpeg_of_several_pictures_shows_the_first(tmp_path: Path) -> None:
    saved(Image.new("RGB", (8, 8), RED), tmp_path / "a.jpg", format="MPO", save_all=True, append_images=[Image.new("RGB", (8, 8), BLUE)])
    assert close_to(pixel(open_picture(tmp_path / "a.jpg"), 0, 0), RED)


def test_lab_is_turned_into_rgb(tmp_path: Path) -> None:
    opened = open_picture(saved(Image.new("LAB", (2, 2), (255, 128, 128)), tmp_path / "a.tiff"))
    assert close_to(pixel(opened, 0, 0), WHITE)


def profile_that_swaps_red_and_blue() -> bytes:
    """sRGB with the primaries of red and blue exchanged, under another name."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")
    return swapped.replace("sRGB".encode("utf-16-be"), "BGRs".encode("utf-16-be"))


def test_a_profile_is_followed_for_eyes_and_left_alone_for_models(tmp_path: Path) -> None:
    path = saved(left_red_right_blue(), tmp_path / "a.png", icc_profile=profile_that_swaps_red_and_blue())
    assert pixel(open_picture(path), 4, 8) == RED
    assert close_to(pixel(open_picture(path, managed=True), 4, 8), BLUE)


def test_a_profile_that_does_not_fit_the_picture_is_passed_over(tmp_path: Path) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    path = saved(left_red_right_blue(), tmp_path / "a.png", icc_profile=lab)
    assert pixel(open_picture(path, managed=True), 4, 8) == RED


def test_a_profile_that_is_none_is_passed_over(tmp_path: Path) -> None:
    path = saved(left_red_right_blue(), tmp_path / "a.png", icc_profile=b"no profile at all")
    assert pixel(open_picture(path, managed=True), 4, 8) == RED


def test_a_big_jpeg_may_be_decoded_smaller(tmp_path: Path) -> None:
    path = saved(Image.new("RGB", (800, 400), RED), tmp_path / "a.jpg")
    assert open_picture(path, at_least=100).size == (200, 100)


def bomb(path: Path) -> Path:
    """A PNG of 60,000 × 60,000 pixels in its header, and nothing of it in its body."""
    header = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header)) + b"\0\0\0\0IDAT\0\0\0\0"
    )
    return path


def test_a_decompression_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePicture, match=r"60,000 × 60,000 pixels, and at most 200,000,000"):
        check_header(bomb(tmp_path / "a.png"))


def test_the_limit_is_what_the_caller_says_and_nothing_warns_below_it(tmp_path: Path) -> None:
    path = saved(Image.new("1", (10_000, 10_000)), tmp_path / "a.png")  # beyond Pillow's own limit of 89 million
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert check_header(path, max_pixels=100_000_000) == (10_000, 10_000)
    with pytest.raises(UnreadablePicture, match="at most 99,999,999"):
        check_header(path, max_pixels=99_999_999)


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.gif", "a.webp", "a.tiff", "a.bmp", "a.jp2"])
def test_a_truncated_picture_has_a_good_header_and_is_found_by_decoding(tmp_path: Path, name: str) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8))
    path = saved(noise, tmp_path / name)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    with pytest.raises(UnreadablePicture, match="Cannot open the picture"):
        verify(path)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"hello", "its content is not a picture"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "SVG drawing"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "web page"),
        (b"%PDF-1.7\n%%EOF", "its content is not a picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "its content is not a picture"),
        (b"\x89PNG\r\n\x1a\nIHDR", "header"),
    ],
)
def test_what_is_no_picture_is_refused_with_the_reason(tmp_path: Path, content: bytes, why: str) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(content)
    with pytest.raises(UnreadablePicture, match=why) as caught:
        check_header(path)
    assert str(path) not in caught.value.why


def test_a_missing_file_a_folder_and_a_pipe_are_no_pictures(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")  # opening it would wait for ever
    for path, why in ((tmp_path / "none.jpg", "no such file"), (tmp_path, "not a file"), (tmp_path / "pipe.jpg", "not a file")):
        with pytest.raises(UnreadablePicture, match=why):
            check_header(path)


def test_the_real_photos_are_all_readable(shared_data: Path) -> None:
    photos = sorted((shared_data / "photos").glob("*/*"))
    assert len(photos) == 250
    assert {open_picture(photo, at_least=32).mode for photo in photos} == {"RGB"}
