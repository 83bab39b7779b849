"""Sentences that quote a command between backticks, as messages on a terminal do, show it on a page as code."""

import re

from markupsafe import Markup, escape

CODE = re.compile(r"`([^`]+)`")


def coded(text: str) -> Markup:
    """A sentence with what stands between backticks as code, and everything else as text.

    >>> print(coded("Run `multilabelfy propose A&B`."))
    Run <code>multilabelfy propose A&amp;B</code>.
    """
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 – escaped, and only its backticks become tags
