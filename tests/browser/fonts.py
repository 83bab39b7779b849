"""Fonts of the tests' own: every letter is equally wide, as narrow or as wide as any font is that one may have.

A page must hold with any font. What is installed on the machine of the tests tells nothing: these are given to pages by `@font-face`.
"""

import struct
from base64 import b64encode

from playwright.sync_api import Page

EM = 1000
ASCENT, DESCENT = 900, 200
LETTERS = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x250),
    *range(0x370, 0x530),
    *range(0x2010, 0x2070),
    *range(0x2190, 0x2300),
    *range(0x25A0, 0x2600),
)
NARROWEST, WIDEST = 0.35, 0.75
"""How wide a letter is in these fonts, in em: as in a condensed one; as in Verdana's capitals, and wider than DejaVu's 0.64 for digits."""


SCREENS = (360, 390, 760, 1280)
PAPER = 673
"""What lies between the margins of A4, in the pixels of CSS."""
CUT_OFF = """() => [...document.querySelectorAll('table')].filter((table) => {
  const box = table.closest('.table') ?? table.parentElement;
  const scrolls = ['auto', 'scroll'].includes(getComputedStyle(box).overflowX) && box.tabIndex === 0 && !matchMedia('print').matches;
  return table.getClientRects().length && box.scrollWidth > box.clientWidth + 1 && !scrolls;
}).map((table) => `${table.closest('section')?.getAttribute('aria-labelledby')}: ${table.innerText.slice(0, 40)}`)"""
"""The tables that are wider than their box and can't be scrolled in it by keyboard: on paper none can."""

BEYOND = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('main *')]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest('.table')).map((one) => one.outerHTML.slice(0, 99))"""
"""What makes a page wider than its window."""


def set_in(page: Page, width: float) -> None:
    """Set every text of a page in the font whose letters are so wide, in em. The page's context has no content security policy."""
    address = f"data:font/ttf;base64,{b64encode(font(width)).decode()}"
    everything = "*, ::before { font-family: 'Of the test' !important }"
    page.add_style_tag(content=f"@font-face {{ font-family: 'Of the test'; src: url({address}) }} {everything}")
    assert page.evaluate("document.fonts.load('16px \"Of the test\"').then((loaded) => loaded.length)") == 1


def hold_at_every_width(page: Page) -> None:
    """Neither is a page wider than its window, nor any table cut off, on screens and on paper, with everything on it unfolded."""
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    for width in SCREENS:
        page.set_viewport_size({"width": width, "height": 740})
        odd = [*page.evaluate(CUT_OFF), *page.evaluate(BEYOND)]
        assert not odd, (page.url, width, odd)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": PAPER, "height": 740})
    odd = page.evaluate(CUT_OFF)
    assert not odd, (page.url, "on paper", odd)
    page.emulate_media(media="screen")


def font(width: float) -> bytes:
    """A TrueType font of one glyph, a box, that stands for every letter."""
    advance = round(width * EM)
    box = _box(advance)
    tables = {
        b"OS/2": _os2(advance),
        b"cmap": _cmap(),
        b"glyf": box,
        b"head": struct.pack(">IIIIHHQQhhhhHHhhh", 0x10000, 0x10000, 0, 0x5F0F3CF5, 3, EM, 0, 0, 0, 0, advance, ASCENT, 0, 8, 2, 1, 0),
        b"hhea": struct.pack(">IhhhHhhhhhhhhhhhH", 0x10000, ASCENT, -DESCENT, 0, advance, 0, 0, advance, 1, 0, 0, 0, 0, 0, 0, 0, 1),
        b"hmtx": struct.pack(">Hhh", advance, 0, 0),
        b"loca": struct.pack(">III", 0, 0, len(box)),
        b"maxp": struct.pack(">IHHHHHHHHHHHHHH", 0x10000, 2, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0),
        b"name": struct.pack(">HHH", 0, 0, 6),
        b"post": struct.pack(">IIhhIIIII", 0x30000, 0, -100, 50, 1, 0, 0, 0, 0),
    }
    return _file(tables)


def _box(advance: int) -> bytes:
    """The outline: four corners, counted from the one before."""
    left, right, top = advance // 10, advance - advance // 10, ASCENT - 200
    corners = [(left, 0), (0, top), (right - left, 0), (0, -top)]
    header = struct.pack(">hhhhh", 1, left, 0, right, top)
    outline = struct.pack(">HH4B", 3, 0, 1, 1, 1, 1) + b"".join(struct.pack(">h", corner[axis]) for axis in (0, 1) for corner in corners)
    return _padded(header + outline)


def _cmap() -> bytes:
    """Every letter is glyph 1."""
    groups = b"".join(struct.pack(">III", letter, letter, 1) for letter in LETTERS)
    return struct.pack(">HHHHI", 0, 1, 3, 10, 12) + struct.pack(">HHIII", 12, 0, 16 + len(groups), 0, len(LETTERS)) + groups


def _os2(advance: int) -> bytes:
    sizes = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
    begin = struct.pack(">HhHHH11h10B", 4, advance, 400, 5, 0, *sizes, *(0,) * 10)
    ranges = struct.pack(">IIII4sHHH", 1, 0, 0, 0, b"TEST", 0x40, LETTERS[0], 0xFFFF)
    return begin + ranges + struct.pack(">hhhHHIIhhHHH", ASCENT, -DESCENT, 0, ASCENT, DESCENT, 1, 0, 500, 700, 0, 0x20, 1)


def _file(tables: dict[bytes, bytes]) -> bytes:
    """The tables behind their directory, each with its sum."""
    at, directory, content = 12 + 16 * len(tables), b"", b""
    for tag, table in tables.items():
        directory += struct.pack(">4sIII", tag, _sum(table), at + len(content), len(table))
        content += _padded(table)
    return struct.pack(">IHHHH", 0x10000, len(tables), 128, 3, 16 * len(tables) - 128) + directory + content


def _sum(table: bytes) -> int:
    padded = _padded(table)
    return int(sum(struct.unpack(f">{len(padded) // 4}I", padded))) & 0xFFFFFFFF


def _padded(table: bytes) -> bytes:
    return table + bytes(-len(table) % 4)
