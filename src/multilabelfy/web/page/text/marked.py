"""A text that is rendered once, with marks where it differs each time: putting it together takes microseconds, not milliseconds."""

import re
from collections.abc import Mapping

from markupsafe import Markup, escape

_MARK = re.compile("\ue000([a-z0-9-]+)\ue001")


def mark(name: str) -> str:
    """What stands in the text until something is put in there: its name between private characters, which no page contains."""
    return f"\ue000{name}\ue001"


class Marked:
    """A rendered text and its marks.

    >>> print(Marked(f"<b>{mark('name')}</b> has {mark('n')} pictures").filled({"name": "Tom & Jerry", "n": 2}))
    <b>Tom &amp; Jerry</b> has 2 pictures
    """

    def __init__(self, text: str) -> None:
        self._pieces = _MARK.split(text)

    @property
    def fixed(self) -> list[str]:
        """What stands before, between and behind the marks."""
        return self._pieces[::2]

    @property
    def names(self) -> list[str]:
        """The marks in their order; a name may occur several times."""
        return self._pieces[1::2]

    def filled(self, values: Mapping[str, object]) -> Markup:
        """The text with these values, by name; they are escaped as a template would."""
        pieces = self._pieces.copy()
        pieces[1::2] = [escaped(values[name]) for name in pieces[1::2]]
        return Markup("".join(pieces))  # noqa: S704 – a template escaped the rest


def escaped(value: object) -> str:
    """A value as it stands in a page; what is markup already stays as it is."""
    return value if isinstance(value, Markup) else str(escape(value))


CODE = re.compile(r"`([^`]+)`")


def coded(text: str) -> Markup:
    """A sentence with what stands between backticks as code, and everything else as text.

    >>> print(coded("Run `multilabelfy propose A&B`."))
    Run <code>multilabelfy propose A&amp;B</code>.
    """
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 – escaped, and only its backticks become tags
