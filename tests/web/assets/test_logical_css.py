"""The styles turn with the language: sides are named by where a line begins and ends, never by left and right."""

import re
from collections.abc import Iterator

import pytest

from multilabelfy.web.assets.static_files import static_files

SHEETS = {name: content.decode() for name, content in static_files().contents.items() if name.endswith(".css")}
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
PHYSICAL = re.compile(r"(?:^|[;\s])((?:(?:margin|padding|border|scroll-margin|scroll-padding)-)?(?:left|right)(?:-\w+)*)\s*:")
SIDE = re.compile(r"(?:^|[;\s])((?:float|clear|text-align)\s*:\s*(?:left|right))\b")
FOUR = re.compile(r"(?:^|[;\s])((?:margin|padding|inset|border-width|border-style|border-color)\s*:\s*([^;]+))")
PLACED_BY_SCRIPT = (".zoom-stage img", ".lens")
"""What a script moves over a picture, in the picture's own coordinates: it has a left in every language."""


def physical_sides(css: str) -> Iterator[str]:
    """Each declaration that names a side of the screen, with its selector.

    >>> list(physical_sides(".a { margin-left: 1px; margin-inline: 1px } .b { padding: 1px 2px } .c { inset: 0 1px 0 2px; float: left }"))
    ['.a margin-left', '.c float: left', '.c inset: 0 1px 0 2px']
    """
    for selector, body in RULE.findall(COMMENT.sub("", css)):
        name = selector.strip().split("\n")[-1].strip()
        if name.endswith(PLACED_BY_SCRIPT):
            continue
        yield from (f"{name} {found}" for found in (*PHYSICAL.findall(body), *SIDE.findall(body)))
        for declaration, value in FOUR.findall(body):
            parts = re.findall(r"(?:[^\s()]|\([^()]*\))+", value.replace("!important", ""))
            if len(parts) == 4 and parts[1] != parts[3]:
                yield f"{name} {declaration.strip()}"


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_a_sheet_of_styles_names_no_side_of_the_screen(name: str) -> None:
    assert list(physical_sides(SHEETS[name])) == []


def test_what_is_excepted_is_there() -> None:
    everything = "\n".join(SHEETS.values())
    for selector in PLACED_BY_SCRIPT:
        assert re.search(rf"{re.escape(selector)} \{{", everything), selector
