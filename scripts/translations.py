"""Collect the pages' texts into the gettext files and compile them: run it after a text changed, then translate what is empty.

    python scripts/translations.py            update src/multilabelfy/web/locales/*/LC_MESSAGES/multilabelfy.{po,mo}
    python scripts/translations.py --missing  say what has no translation yet

A new language: a line in web/language/languages.py, then this script with `--new CODE`.
"""

import argparse
import re
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from multilabelfy.web.assets.script_words import script_texts

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from scripts.page_texts import constant_texts  # noqa: E402 – a script finds its neighbours only now

WEB = ROOT / "src" / "multilabelfy" / "web"
LOCALES = WEB / "locales"
DOMAIN = "multilabelfy"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext.babel_extract")]
OPTIONS = {"templates/**.html": {"newstyle_gettext": "true", "trimmed": "true", "silent": "false"}}
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
PLURAL = re.compile(r"""(?:\|\s*plural\(|\bplural\([\w.]+,)\s*"([^"]+)"(?:\s*,\s*"([^"]+)")?\s*\)""")
TITLE = re.compile(r"""\btitle="([^"]+)\"""")


def texts() -> Catalog:
    """Every text of the pages, without translations."""
    catalog = Catalog(domain=DOMAIN, project="Multilabelfy", charset="utf-8")
    for file, _, message, _, context in extract_from_dir(WEB, METHODS, OPTIONS, keywords=KEYWORDS):
        catalog.add(message, locations=[(file, 0)], context=context)
    for file, singular, many in counted_things():
        catalog.add((f"%(n)s {singular}", f"%(n)s {many}"), locations=[(file, 0)])
    texts_of_scripts, counted = script_texts()
    for text in sorted(texts_of_scripts):
        catalog.add(text, locations=[("static/js", 0)])
    for pair in sorted(counted):
        catalog.add(pair, locations=[("static/js", 0)])
    for file, message in (*constant_texts(), *titles()):
        catalog.add(message, locations=[(file, 0)])
    return catalog


def counted_things() -> Iterator[tuple[str, str, str]]:
    """What pages count with `plural`: file, singular and plural."""
    for name, text in sources():
        for singular, many in PLURAL.findall(text):
            yield name, singular, many or f"{singular}s"


def titles() -> Iterator[tuple[str, str]]:
    """The titles of the pages: file and title."""
    for name, text in sources():
        for title in TITLE.findall(text) if name.endswith(".py") else ():
            yield name, title


def sources() -> Iterator[tuple[str, str]]:
    """The files of the pages: name and text."""
    for path in sorted([*WEB.rglob("*.py"), *(WEB / "templates").rglob("*.html")]):
        yield str(path.relative_to(WEB)), path.read_text("utf-8")


def po_file(language: str) -> Path:
    """Where the messages of a language stand."""
    return LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def updated(language: str) -> Catalog:
    """The language's messages as they stand, with the texts that the pages have now: new ones are empty, old ones go."""
    path = po_file(language)
    if path.is_file():
        with path.open("rb") as file:
            catalogue = read_po(file, language, DOMAIN)
    else:
        catalogue = Catalog(language, DOMAIN, project="Multilabelfy", charset="utf-8")
    catalogue.update(texts(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    return catalogue


def po_bytes(catalogue: Catalog) -> bytes:
    """The catalogue as a .po file: sorted by text and without places or dates, so that a moved text changes nothing."""
    out = BytesIO()
    write_po(out, catalogue, width=120, sort_output=True, omit_header=True, no_location=True)
    head = (
        f'msgid ""\nmsgstr ""\n"Project-Id-Version: Multilabelfy\\n"\n"Language: {catalogue.locale_identifier}\\n"\n'
        f'"Content-Type: text/plain; charset=utf-8\\n"\n"Plural-Forms: {catalogue.plural_forms}\\n"\n\n'
    )
    return head.encode() + out.getvalue()


def mo_bytes(po: bytes, language: str) -> bytes:
    """The compiled form that gettext reads."""
    out = BytesIO()
    catalogue = read_po(BytesIO(po), language, DOMAIN)
    catalogue.creation_date = datetime(2000, 1, 1, tzinfo=UTC)  # one that never changes: the same messages make the same file
    write_mo(out, catalogue)
    return out.getvalue()


def missing(catalogue: Catalog) -> list[str]:
    """The texts without a translation."""
    return [str(message.id) for message in catalogue if message.id and not all(_strings(message.string))]


def languages() -> Iterable[str]:
    """The languages that have a folder."""
    return sorted(folder.name for folder in LOCALES.iterdir() if (folder / "LC_MESSAGES").is_dir())


def _strings(translation: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (translation or "",) if translation is None or isinstance(translation, str) else tuple(translation)


def main() -> None:
    """Update, or say what is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--missing", action="store_true", help="list what has no translation, and change nothing")
    parser.add_argument("--new", metavar="CODE", help="begin a language")
    options = parser.parse_args()
    if options.new:
        po_file(options.new).parent.mkdir(parents=True, exist_ok=True)
    for language in languages():
        catalogue = updated(language)
        if options.missing:
            print(*missing(catalogue), sep="\n")
            continue
        po = po_bytes(catalogue)
        po_file(language).write_bytes(po)
        po_file(language).with_suffix(".mo").write_bytes(mo_bytes(po, language))
        print(f"{language}: {len(catalogue)} texts, {len(missing(catalogue))} without a translation")


if __name__ == "__main__":
    main()
