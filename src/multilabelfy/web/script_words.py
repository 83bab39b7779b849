"""What the scripts of a page say, in the viewer's language: the page carries it as JSON, and `words.js` reads it. English needs none."""

import json
import re
from functools import cache

from markupsafe import Markup

from multilabelfy.web.languages import ENGLISH
from multilabelfy.web.static_files import static_files
from multilabelfy.web.translation import translations
from multilabelfy.web.viewer import viewer

TEXT = re.compile(r'(?<![\w.])_\(\s*"((?:[^"\\]|\\.)*)"')
PLURAL = re.compile(r'(?<![\w.])ngettext\(\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)"')


def script_words() -> Markup:
    """The element that carries the words; nothing for English."""
    language = viewer().language
    return Markup() if language == ENGLISH else _element(language)


def script_texts() -> tuple[set[str], set[tuple[str, str]]]:
    """The texts in the scripts, and the pairs of singular and plural."""
    code = "\n".join(content.decode() for name, content in static_files().contents.items() if name.startswith("js/"))
    return {_read(text) for text in TEXT.findall(code)}, {(_read(one), _read(many)) for one, many in PLURAL.findall(code)}


@cache
def _element(language: str) -> Markup:
    catalogue = translations(language)
    texts, plurals = script_texts()
    words: dict[str, str | list[str]] = {text: catalogue.gettext(text) for text in texts}
    words |= {one: [catalogue.ngettext(one, many, n) for n in (1, 2)] for one, many in plurals}
    text = json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")  # the one character that could end the element
    return Markup(f'<script type="application/json" id="words">{text}</script>')  # noqa: S704 – our own texts, with no `<` in them


def _read(literal: str) -> str:
    """A JavaScript string's text: its escapes are those of JSON."""
    return str(json.loads(f'"{literal}"'))
