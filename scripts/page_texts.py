"""The pages' texts that stand in constants: states, reasons, keys, refusals. Translated where they are shown, collected here."""

from collections.abc import Iterator

from multilabelfy.annotation import answers
from multilabelfy.annotation.model import Role
from multilabelfy.annotation.preferences import ACTIONS
from multilabelfy.annotation.protocol import BLIND
from multilabelfy.web import (
    annotate,
    annotate_states,
    case_view,
    comments,
    errors,
    formatting,
    keys,
    refine,
    refine_keys,
    refine_quick,
    sheet_view,
    words,
)


def constant_texts() -> Iterator[tuple[str, str]]:
    """Where each text stands, and the text."""
    for name in ("STATES", "REASONS", "WHYS", "OUTCOMES", "UNFIT_REASONS", "RELATIONS", "SOURCES", "VOTES", "ROLES"):
        yield from (("words.py", text) for text in getattr(words, name).values())
    yield from (("words.py", role.value) for role in Role)
    yield from (("preferences.py", text) for text in ACTIONS.values())
    yield from (("errors.py", text) for text in errors.TITLES.values())
    yield from (("annotate.py", text) for text in annotate.WORDS.values())
    yield from (("answers.py", text) for name, text in vars(answers).items() if name.isupper() and isinstance(text, str))
    yield from (("formatting.py", month) for month in formatting.MONTHS)
    yield from (("annotate_states.py", text) for state in annotate_states.WORDS.values() for text in state)
    for group in (*keys.ANNOTATE_KEYS, *refine_keys.refine_keys(BLIND), *refine_keys.quick_keys()):
        yield "keys.py", group.name
        yield from (("keys.py", key.does) for key in group.keys)
    for state in (*refine.STATES.values(), refine_quick.NOTHING):
        yield from (("refine.py", text) for text in state)
    for texts in (refine.MESSAGES, refine_quick.MESSAGES, case_view.SENTENCES, comments.STATES, comments.KINDS):
        yield from (("refine.py", text) for text in texts.values())
    for choices in (sheet_view.RELATIONS, sheet_view.OUTCOMES, sheet_view.REASONS):
        yield from (("sheet_view.py", choice[-1]) for choice in choices)
