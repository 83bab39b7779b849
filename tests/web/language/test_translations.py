"""The pages in two languages: nothing is left untranslated or said outside of the gettext files, and numbers are a language's own."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from gettext import GNUTranslations
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from scripts.translations import WEB, counted_things, languages, missing, mo_bytes, po_bytes, po_file, updated
from tests.web.annotate.test_annotate import form_in
from tests.web.bare_texts import TAG, bare_texts
from tests.web.conftest import Browser

from multilabelfy.annotation.model import Role
from multilabelfy.web.assets.script_bundles import imports
from multilabelfy.web.assets.script_words import plural_forms, script_texts
from multilabelfy.web.language import formatting, viewer
from multilabelfy.web.language.languages import ENGLISH, LANGUAGES

TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
SCRIPTS = sorted((WEB / "static" / "js").rglob("*.js"))
TRANSLATED = sorted(set(LANGUAGES) - {ENGLISH})
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|%s")
MARKUP = re.compile(r"<[^>]*>")
SENTENCE = re.compile(r"""(?<!_\()(?<!ngettext\()(["'`])[A-Z][a-z]+ [a-z][^"'`]*\.\1""")
"""A string of a script that is a sentence, where it is not translated."""
ENGLISH_WORDS = re.compile(r"\b(the|and|your|picture|answer|next|previous|save|saved|which|keys|note|leave|search|of|is)\b", re.IGNORECASE)
GERMAN = {"Accept-Language": "de-AT, en;q=0.3"}


@cache
def up_to_date(language: str) -> Catalog:
    """Its messages as the script would write them now, collected once. No test changes them."""
    return updated(language)


def messages(language: str) -> Iterator[Message]:
    return (message for message in up_to_date(language) if message.id)


def forms(said: str | list[str] | tuple[str, ...] | None) -> list[str]:
    return [said or ""] if said is None or isinstance(said, str) else list(said)


def said_by(compiled: bytes) -> dict[str, str]:
    """What a compiled file translates; its header names the program that made it."""
    return {repr(message.id): repr(message.string) for message in read_mo(BytesIO(compiled)) if message.id}


def shown_words(page: str) -> str:
    """What of a page is read or heard, without the scripts' words and what people wrote themselves: here definitions and the plan."""
    heard = re.findall(r"""(?:alt|title|placeholder|aria-label)="([^"]*)\"""", page)
    body = re.sub(r"<(script|style|kbd|code|head|textarea)\b.*?</\1>", " ", page, flags=re.DOTALL)
    body = re.sub(r"the thing called \w+", " ", body)
    return unescape(" ".join([*heard, TAG.sub(" ", body)]))


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_messages_are_those_of_the_pages_and_all_are_translated(language: str) -> None:
    assert missing(up_to_date(language)) == []
    assert po_file(language).read_bytes() == po_bytes(up_to_date(language)), "run `python scripts/translations.py`"


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_gettext_reads_is_compiled_from_the_messages(language: str) -> None:
    compiled = po_file(language).with_suffix(".mo").read_bytes()
    assert said_by(compiled) == said_by(mo_bytes(po_file(language).read_bytes(), language)), "run `python scripts/translations.py`"


@pytest.mark.parametrize("language", TRANSLATED)
def test_an_apostrophe_within_a_word_is_a_typographic_one(language: str) -> None:
    said = [text for message in messages(language) for text in (*forms(message.id), *forms(message.string))]
    assert [text for text in said if re.search(r"\w'\w|s' ", text)] == []


def test_scripts_get_every_form_that_a_language_has_for_numbers() -> None:
    """Polish says one thing for 1, another for 2 to 4, and a third for 5."""
    polish = Catalog("pl")
    polish.add(("%(n)s answer", "%(n)s answers"), ("%(n)s odpowiedź", "%(n)s odpowiedzi", "%(n)s odpowiedzi!"))
    compiled = GNUTranslations(BytesIO(mo_bytes(po_bytes(polish), "pl")))
    assert plural_forms(compiled, "%(n)s answer", "%(n)s answers") == ["%(n)s odpowiedź", "%(n)s odpowiedzi", "%(n)s odpowiedzi!"]


def test_each_language_has_its_folder() -> None:
    assert list(languages()) == TRANSLATED


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_places_and_the_markup_of_its_text(language: str) -> None:
    for message in (message for message in messages(language) if not message.context):
        texts_of_it = forms(message.id)
        for at, said in enumerate(forms(message.string)):
            text = texts_of_it[min(at, len(texts_of_it) - 1)]
            assert sorted(PLACEHOLDER.findall(said)) == sorted(PLACEHOLDER.findall(text)), text
            assert sorted(MARKUP.findall(said)) == sorted(MARKUP.findall(text)), text
            assert ('"' in MARKUP.sub("", said)) <= ('"' in MARKUP.sub("", text)), text  # it would end an attribute
            assert said[:1].isspace() == text[:1].isspace(), text
            assert said[-1:].isspace() == text[-1:].isspace(), text


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_says_nothing_outside_of_gettext(template: Path) -> None:
    assert bare_texts(template.read_text("utf-8")) == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_says_no_sentence_outside_of_gettext(script: Path) -> None:
    code = re.sub(r"^\s*//.*$", "", script.read_text("utf-8"), flags=re.MULTILINE)
    assert SENTENCE.findall(code) == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_that_says_something_imports_its_words(script: Path) -> None:
    code = script.read_text("utf-8")
    used = {word for word in ("_", "ngettext") if re.search(rf"(?<![\w.]){word}\(\"", code)}
    taken = imports(script.relative_to(WEB / "static" / "js").as_posix(), code)
    words = {word.strip() for names, module in taken if module == "page/words.js" for word in names.split(",")}
    assert script.name == "words.js" or used <= words


def test_refusals_of_the_pages_are_said_in_functions_never_in_constants() -> None:
    """A constant is made once, for whoever asks first: `_("…")` at a module's top would keep the first viewer's language."""
    for path in sorted(WEB.rglob("*.py")):
        for statement in ast.parse(path.read_text("utf-8")).body:
            if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                calls = [node for node in ast.walk(statement) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
                assert not any(call.func.id in {"_", "ngettext", "pgettext"} for call in calls if isinstance(call.func, ast.Name)), (
                    path.name
                )


def test_every_text_has_one_meaning_in_each_form() -> None:
    """gettext keeps one message for a singular: two plurals of it would fight."""
    kept = {message.id for message in messages(TRANSLATED[0]) if isinstance(message.id, tuple) and not message.context}
    counted = {(f"%(n)s {one}", f"%(n)s {many}") for _, one, many in counted_things()}
    singulars = [pair[0] for pair in kept | counted | script_texts()[1]]
    assert len(singulars) > 40
    assert sorted(singulars) == sorted(set(singulars))


def test_numbers_shares_and_times_are_written_as_the_language_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("multilabelfy.web.language.translation.viewer", lambda: viewer.Viewer("de"))
    assert formatting.number(1_234_567) == "1.234.567"
    assert formatting.share(0.4788) == "47,9\u00a0%"
    assert formatting.figure(-0.1) == "−0,10"
    assert formatting.decimal(12.34) == "12,3"
    assert formatting.plural(1, "image") == "1 Bild"
    assert formatting.plural(2000, "image") == "2.000 Bilder"
    assert formatting.who("annotator 2") == "Person 2"
    assert formatting.who("Ada") == "Ada"


@pytest.mark.parametrize(
    ("role", "address"),
    [
        (Role.ANNOTATOR, "/"),
        (Role.ANNOTATOR, "/d/pilot"),
        (Role.ANNOTATOR, "/d/pilot/annotate"),
        (Role.ANNOTATOR, "/me"),
        (Role.ANNOTATOR, "/answers"),
        (Role.OWNER, "/d/pilot"),
        (Role.OWNER, "/d/pilot/refine"),
        (Role.OWNER, "/d/pilot/refine/quick"),
        (Role.OWNER, "/d/pilot/disagreements"),
        (Role.OWNER, "/d/pilot/disagreements/posterior"),
        (Role.OWNER, "/d/pilot/images"),
        (Role.OWNER, "/d/pilot/labels"),
        (Role.OWNER, "/d/pilot/labels/1"),
        (Role.OWNER, "/d/pilot/comments"),
        (Role.OWNER, "/d/pilot/report"),
        (Role.OWNER, "/d/pilot/settings"),
        (Role.OWNER, "/d/pilot/plan"),
        (Role.OWNER, "/d/pilot/guidelines"),
        (Role.OWNER, "/team"),
        (Role.OWNER, "/team/answers"),
    ],
)
def test_a_page_in_german_says_nothing_in_english(browser_of: Callable[..., Browser], role: Role, address: str) -> None:
    page = browser_of("Ada" if role is Role.ANNOTATOR else "Olga", role).get(address, headers=GERMAN)
    assert page.status_code == 200
    assert '<html lang="de" dir="ltr">' in page.text
    assert ENGLISH_WORDS.findall(shown_words(page.text)) == []


def test_what_goes_wrong_is_said_in_german(browser_of: Callable[..., Browser], visitor: Browser) -> None:
    ada = browser_of("Ada")
    assert "Hier ist nichts" in ada.get("/nowhere", headers=GERMAN).text
    refused = ada.get("/team", headers=GERMAN)
    assert refused.status_code == 403
    assert "Diese Seite ist für die Rolle „Leitung“, und Ada hat die Rolle „annotierende Person“." in unescape(refused.text)
    unknown = visitor.get("/sign-in/AAAAAAAAAAAAAAAA", headers=GERMAN)
    assert "Dieser Link gilt nicht oder nicht mehr." in unknown.text


def test_a_refused_answer_tells_a_script_why_in_german(browser_of: Callable[..., Browser]) -> None:
    ada = browser_of("Ada")
    form = form_in(ada.get("/d/pilot/annotate").text)
    answer = ada.post(form.pop("action"), data=form, headers={**GERMAN, "Accept": "application/json"})
    assert answer.status_code == 422
    assert "Noch ist nichts gewählt." in answer.json()["problems"]["answers"]
