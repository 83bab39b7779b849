"""Show guidelines: a small subset of Markdown, without raw HTML, pictures or links that run anything.

The parser escapes every text; links lead to http, https, mailto or this site alone (CVE-2026-65986 and its like came through assets and
raw HTML of guidelines).
"""

from collections.abc import Sequence
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape

from multilabelfy.web.language.translation import gettext as _

RULES = ("emphasis", "link", "list", "heading", "blockquote", "code", "fence", "backticks", "hr", "newline", "escape", "entity", "table")
SCHEMES = frozenset({"", "http", "https", "mailto"})


def shown(text: str) -> Markup:
    """The guidelines as HTML; headings begin at the second level, since the page has its own first one."""
    tokens = _parser().parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 4)}"
    return Markup(_parser().renderer.render(tokens, _parser().options, {}))  # noqa: S704 – the parser escapes all text


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 – the parser's own name
        return is_harmless(url)


@cache
def _parser() -> MarkdownIt:
    parser = _Parser("zero", {"html": False, "linkify": False, "typographer": False}).enable(list(RULES))
    parser.add_render_rule("table_open", _in_its_box)
    parser.add_render_rule("table_close", _out_of_its_box)
    return parser


def _in_its_box(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    """A table that is wider than a phone scrolls by itself."""
    table = renderer.renderToken(tokens, at, options, env)
    return f'<div class="table" role="group" aria-label="{escape(_("Table"))}" tabindex="0">{table}'


def _out_of_its_box(renderer: Any, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    return f"{renderer.renderToken(tokens, at, options, env)}</div>"


def is_harmless(address: str) -> bool:
    """
    >>> links = ("https://a.org/x", "/d/pilot", "mailto:a@b.org", "javascript:alert(1)", "data:text/html,x", "//evil")
    >>> [is_harmless(link) for link in links]
    [True, True, True, False, False, False]
    """
    plain = "".join(address.split())
    return not plain.startswith("//") and urlsplit(plain).scheme.lower() in SCHEMES
