"""The pages' texts that stand in constants: states, reasons, keys, refusals. Translated where they are shown, collected here."""

import ast
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from multilabelfy.annotation import answers, assignment
from multilabelfy.annotation.checking.checks import GoldKind
from multilabelfy.annotation.model import Role, Task
from multilabelfy.annotation.preferences import ACTIONS, THEMES
from multilabelfy.annotation.study import analysis_plan
from multilabelfy.annotation.study.protocol import BLIND
from multilabelfy.dataset.image_states import MEANINGS
from multilabelfy.disagreement.agreement.measures import MEASURES
from multilabelfy.disagreement.consensus.rules import RULES
from multilabelfy.disagreement.raters.concerns import SENTENCES
from multilabelfy.errors import DISK_TEXTS, FIGURES_FAILED, GUESSED, ID_USED, UNDER_WAY
from multilabelfy.formats.outputs import FORMATS
from multilabelfy.refinement import explanation
from multilabelfy.refinement.final_labels import resolution
from multilabelfy.store import people
from multilabelfy.web.annotate import annotate, answer_form, sheet_view
from multilabelfy.web.desk import looking
from multilabelfy.web.desk import page as desk_page
from multilabelfy.web.language import formatting, words
from multilabelfy.web.owner import annotators, comments, protocol_form, settings
from multilabelfy.web.page import errors, keys
from multilabelfy.web.page.jobs import worker_process
from multilabelfy.web.refine import case_view, decision_form
from multilabelfy.web.refine import keys as refine_keys
from multilabelfy.web.refine import pages as refine_pages
from multilabelfy.web.refine import states as refine_states
from multilabelfy.web.study import figures, images, labels
from multilabelfy.workflows.annotating import neighbours, practice, taking
from multilabelfy.workflows.owning import comments as commenting
from multilabelfy.workflows.owning import filing, several
from multilabelfy.workflows.refining import desk as refining
from multilabelfy.workflows.refining import one_label, talking
from multilabelfy.workflows.reporting import made
from multilabelfy.workflows.team import erasing, teams
from multilabelfy.workflows.team import people as inviting

REFUSING = (
    *(analysis_plan, answers, assignment, explanation, resolution, people, answer_form, decision_form, worker_process),
    *(taking, commenting, talking, made, neighbours, practice, one_label, refining, inviting, teams, erasing, filing, several),
)
"""Modules whose refusals are shown on a page as they are."""
WRITTEN = frozenset((*(section.default for section in analysis_plan.SECTIONS), *(part.meaning for part in explanation.PARTS)))
"""What a plan says at first, and a data card of its columns: it goes into the plan and the card, in English."""


def constant_texts() -> Iterator[tuple[str, str]]:
    """Where each text stands, and the text."""
    for name in ("STATES", "WHYS", "OUTCOMES", "UNFIT_REASONS", "SOURCES", "VOTES", "ROLES", "GOLD_KINDS", "EVENTS"):
        yield from (("words.py", text) for text in getattr(words, name).values())
    yield from (("words.py", word.value) for kind in (Role, Task, GoldKind) for word in kind)
    yield from (("explanation.py", text) for part in explanation.PARTS for text in part.words.values())
    yield from (("looking.py", text) for texts in looking.WORDS.values() for text in texts)
    yield from (("image_states.py", meaning.next_step) for meaning in MEANINGS.values())
    yield from (("concerns.py", text) for text in SENTENCES.values())
    yield from (("annotators.py", text) for text in annotators.CLASSES)
    yield from (("rules.py", rule) for rule in RULES)
    yield from (("preferences.py", text) for text in (*ACTIONS.values(), *THEMES))
    titles = (*errors.TITLES.values(), *errors.MISSING.values(), errors.NOT_SAVED, errors.NOT_YET)
    yield from (("errors.py", text) for text in (*titles, *DISK_TEXTS, ID_USED, GUESSED, UNDER_WAY, FIGURES_FAILED))
    yield from (("annotate.py", text) for text in annotate.WORDS.values())
    for module in REFUSING:
        yield from ((f"{module.__name__.rpartition('.')[2]}.py", text) for text in sentences(module) if text not in WRITTEN)
    yield from (("formatting.py", word) for word in (*formatting.MONTHS, *formatting.UNNAMED))
    for measure in MEASURES:
        told_twice = (measure.name_with_maybe,) if measure.again_with_maybe else ()
        yield from (("measures.py", text) for text in (measure.name, measure.definition, *told_twice))
    yield from (("figures.py", text) for text in (figures.WITH_MAYBE, *(text for pair in figures.OF_EXPERTS.items() for text in pair)))
    yield from (("annotate_states.py", text) for state in (*annotate.STATE_WORDS.values(), (annotate.OWNERS_STEP,)) for text in state)
    for group in (*keys.ANNOTATE_KEYS, *refine_keys.refine_keys(BLIND), *refine_keys.quick_keys()):
        yield "keys.py", group.name
        yield from (("keys.py", key.does) for key in group.keys)
    for state in (*refine_states.STATES.values(), refine_states.NO_LABEL, (refine_states.UNDISPUTED,)):
        yield from (("refine.py", text) for text in state)
    for texts in (refine_pages.WORDS, case_view.SENTENCES, comments.STATES, comments.KINDS):
        yield from (("refine.py", text) for text in texts.values())
    for choices in (desk_page.RELATIONS, sheet_view.OUTCOMES, sheet_view.REASONS):
        yield from (("sheet_view.py", choice[-1]) for choice in choices)
    yield from (("outputs.py", text) for format in FORMATS for text in (format.title, format.meaning))
    yield from (("settings.py", text) for text in settings.COMES_WITH.values())
    yield from (("images.py", text) for text in images.ORDERS.values())
    yield from (("labels.py", text) for text in labels.ORDERS.values())
    yield from (("analysis_plan.py", text) for part in analysis_plan.SECTIONS for text in (part.heading, part.hint))
    yield from (("protocol_form.py", text) for text in protocol_texts())


def protocol_texts() -> Iterator[str]:
    """The titles, hints and choices of the protocol's form."""
    for value in (*protocol_form.NUMBERS, *protocol_form.SHARES, *protocol_form.SWITCHES):
        yield from (value.title, value.hint)
    for choice in protocol_form.CHOICES:
        yield from (choice.title, *choice.options.values())


def sentences(module: ModuleType) -> Iterator[str]:
    """The whole sentences in a module's code: what it says in a refusal. Docstrings and sentences with values are none of them."""
    tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
    apart = {id(node) for outer in ast.walk(tree) if isinstance(outer, ast.JoinedStr | ast.Expr) for node in _strings_of(outer)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in apart and _is_sentence(node.value):
            yield node.value


def _strings_of(outer: ast.JoinedStr | ast.Expr) -> Iterator[ast.AST]:
    yield from ast.walk(outer) if isinstance(outer, ast.JoinedStr) else (outer.value,)


def _is_sentence(text: str) -> bool:
    return " " in text and text.endswith(".") and (text[0].isupper() or text[0] == "“")
