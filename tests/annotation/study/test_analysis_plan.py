"""An analysis plan is one text in one form: the same words give the same hash, on any machine."""

from dataclasses import replace
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.letters import ANY

from multilabelfy.annotation.study.analysis_plan import (
    SECTIONS,
    canonical,
    changed_since,
    default_sections,
    plan_hash,
    plan_text,
    sections_of,
)
from multilabelfy.annotation.study.protocol import BLIND, PAPER
from multilabelfy.errors import AnswerRefused


def test_the_defaults_say_something_about_parts_depictions_toys_background_and_measures() -> None:
    text = plan_text("pilot", BLIND, default_sections())
    assert text.startswith("# Analysis plan: pilot\n\n## Protocol\n\n- preset: blind\n- n_candidates: 20\n")
    assert "- audit_share: 0.05\n" in text
    for heading in ("Question", "Valid: parts", "Valid: depictions", "Valid: toys and models", "Measures", "Exclusions and stopping"):
        assert f"\n## {heading}\n\n" in text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_the_hash_is_that_of_the_file() -> None:
    text = plan_text("pilot", PAPER, default_sections())
    assert plan_hash(text) == sha256(text.encode("utf-8")).hexdigest()


def test_ends_of_lines_and_forms_of_letters_do_not_change_the_hash() -> None:
    one = plan_text("pilot", PAPER, {"parts": "café  \r\n\r\n\r\nyes\r\n"})
    other = plan_text("pilot", PAPER, {"parts": "cafe\u0301\n\nyes"})
    assert one == other


def test_another_protocol_is_another_plan() -> None:
    assert plan_hash(plan_text("pilot", PAPER, default_sections())) != plan_hash(plan_text("pilot", BLIND, default_sections()))


def test_a_section_without_words_says_so() -> None:
    assert "## Measures\n\nNothing is said.\n" in plan_text("pilot", PAPER, {"measures": "  \n"})


@pytest.mark.parametrize("text", ["# Measures", "fine\n## Protocol\n- overlap: 9", "x" * 20_001])
def test_a_section_holds_no_heading_that_parts_sections_and_no_book(text: str) -> None:
    with pytest.raises(AnswerRefused) as refused:
        plan_text("pilot", PAPER, {"parts": text})
    assert set(refused.value.problems) == {"parts"}


def test_a_text_with_another_heading_is_refused_with_the_headings_there_are() -> None:
    with pytest.raises(AnswerRefused, match=r"“Budget” is not a section of a plan\. The sections are: Question, Valid: parts"):
        sections_of("# Plan\n\n## Budget\n\nnone")


@given(st.dictionaries(st.sampled_from([section.name for section in SECTIONS]), st.text(ANY, max_size=60)))
def test_what_is_written_is_read_back_and_written_alike(sections: dict[str, str]) -> None:
    try:
        text = plan_text("pilot", BLIND, sections)
    except AnswerRefused:
        return
    again = sections_of(text)
    assert plan_text("pilot", BLIND, again) == text
    assert all(again[name] == (canonical(said) or "Nothing is said.") for name, said in sections.items())


def test_a_plan_from_before_a_value_was_there_has_not_changed() -> None:
    text = "\n".join(line for line in plan_text("pilot", PAPER, {}).split("\n") if not line.startswith(("- overlap_", "- panel")))
    assert changed_since(text, PAPER) == ()
    assert changed_since(text, replace(PAPER, overlap=3, overlap_cap=4)) == ("overlap", "overlap_cap")
