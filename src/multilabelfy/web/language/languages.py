"""The languages of the pages, and which of them a browser asks for (its Accept-Language header, RFC 9110, section 12.5.4)."""

from collections.abc import Mapping
from types import MappingProxyType

ENGLISH = "en"
LANGUAGES: Mapping[str, str] = MappingProxyType({ENGLISH: "English", "de": "Deutsch"})
"""What each language calls itself. A further one is a folder of `locales` and a line here."""
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})
"""Languages whose pages run from right to left."""


def best_language(header: str) -> str:
    """The language of ours that the header prefers; English where it names none of them.

    >>> best_language("de-AT,de;q=0.9,en;q=0.8"), best_language("fr, en;q=0.5, de;q=0.4"), best_language("zz"), best_language("")
    ('de', 'en', 'en', 'en')
    """
    wishes = sorted((_wish(part) for part in header.split(",")), key=lambda wish: -wish[1])
    return next((language for language, weight in wishes if language in LANGUAGES and weight > 0), ENGLISH)


def _wish(part: str) -> tuple[str, float]:
    tag, _, parameter = part.strip().partition(";")
    try:
        weight = float(parameter.strip().removeprefix("q=") or 1)
    except ValueError:
        weight = 0.0
    return tag.strip().partition("-")[0].lower(), weight
