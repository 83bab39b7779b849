"""The texts of a page's scripts, in the viewer's language: the page carries it as JSON, and `words.js` reads it. English needs none."""

import json
import re
from collections.abc import Callable
from functools import cache
from gettext import NullTranslations

from markupsafe import Markup

from multilabelfy.web.assets.static_files import static_files
from multilabelfy.web.language.languages import ENGLISH
from multilabelfy.web.language.translation import translations
from multilabelfy.web.language.viewer import viewer

TEXT = re.compile(r'(?<![\w.])_\(\s*"((?:[^"\\]|\\.)*)"')
UP_TO = 200
"""A number below this one has each form that a language has: their rules look at the last two digits."""
PLURAL = re.compile(r'(?<![\w.])ngettext\(\s*"((?:[^"\\]|\\.)*)",\s*"((?:[^"\\]|\\.)*)"')


def script_words() -> Markup:
    """The element that carries the words; nothing for English."""
    language = viewer().language
    return Markup() if language == ENGLISH else _element(language)


def script_texts() -> tuple[set[str], set[tuple[str, str]]]:
    """The texts in the scripts, and the pairs of singular and plural."""
    code = "\n".join(content.decode() for name, content in static_files().contents.items() if name.startswith("js/"))
    return {_read(text) for text in TEXT.findall(code)}, {(_read(singular), _read(plural)) for singular, plural in PLURAL.findall(code)}


@cache
def _element(language: str) -> Markup:
    catalogue = translations(language)
    texts, plurals = script_texts()
    words: dict[str, str | list[str]] = {text: catalogue.gettext(text) for text in texts}
    words |= {singular: plural_forms(catalogue, singular, plural) for singular, plural in plurals}
    text = json.dumps(words, ensure_ascii=False).replace("<", "\\u003c")  # the one character that could end the element
    return Markup(f'<script type="application/json" id="words">{text}</script>')  # noqa: S704 – our own texts, with no `<` in them


def plural_forms(catalogue: NullTranslations, singular: str, plural: str) -> list[str]:
    """The forms that a language has for one thing, for two, for few and so on, in the order of its gettext file."""
    form_of: Callable[[int], int] = vars(catalogue)["plural"]
    forms = {form_of(n): catalogue.ngettext(singular, plural, n) for n in range(UP_TO)}
    return [forms[form] for form in sorted(forms)]


def _read(literal: str) -> str:
    """A JavaScript string's text: its escapes are those of JSON."""
    return str(json.loads(f'"{literal}"'))
