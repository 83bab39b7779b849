"""Translate the pages' texts into the viewer's language, with the ordinary gettext files in `locales`.

In a template write `_("Save and next")`, `ngettext("%(num)d image", "%(num)d images", n)` or `{% trans %}…{% endtrans %}`; in Python
`from multilabelfy.web.language.translation import gettext as _`, always inside a function, since the language is known only while a page is
made. Words that stand in a constant (states, reasons, keys) are written there in English, named in `scripts/page_texts.py`, and translated
where they are shown: `{{ page.state | translated }}`. Scripts translate theirs with `words.js`. In `_("…")` of a template a `%` is written
`%%`. `scripts/translations.py` collects every text into the .po files and compiles them; a test holds them complete.
"""

import gettext as gnu
from functools import cache
from pathlib import Path

from multilabelfy.web.language.languages import ENGLISH
from multilabelfy.web.language.viewer import viewer

LOCALES = Path(__file__).parents[1] / "locales"


def gettext(message: str) -> str:
    """The message in the viewer's language; unchanged if it has no translation or is empty."""
    return translations(viewer().language).gettext(message) if message else message


def ngettext(singular: str, plural: str, n: int) -> str:
    """The message for n things in the viewer's language."""
    return translations(viewer().language).ngettext(singular, plural, n)


def pgettext(context: str, message: str) -> str:
    """As `gettext`, for a word that means several things."""
    return translations(viewer().language).pgettext(context, message)


@cache
def translations(language: str) -> gnu.NullTranslations:
    """The messages of a language, read once."""
    if language == ENGLISH:
        return gnu.NullTranslations()
    return gnu.translation("multilabelfy", LOCALES, languages=[language])
