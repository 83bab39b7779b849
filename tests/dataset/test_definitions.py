"""A definition in a line: a first sentence, or as much of it as fits in whole words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multilabelfy.dataset.definitions import A_LINE, in_a_line

EGRET = "A tall, long-legged wading bird with a very long S-curved neck, small head, and a thick downcurved bill. It is pink."


@pytest.mark.parametrize(
    ("definition", "line"),
    [
        ("", ""),
        ("A kind of\n wading bird.", "A kind of wading bird."),
        ("It barks. It bites.", "It barks."),
        (EGRET, "A tall, long-legged wading bird with a very long S-curved neck …"),
        ("e" * 100, "e" * (A_LINE - 1) + " …"),
        ("word " * 40, " ".join(["word"] * 14) + " …"),
    ],
)
def test_a_definition_in_a_line(definition: str, line: str) -> None:
    assert in_a_line(definition) == line


@given(st.text(st.sampled_from("ab ,.;:-(")))
def test_it_is_no_longer_than_a_line_and_begins_as_the_definition_does(definition: str) -> None:
    line = in_a_line(definition, 20)
    assert len(line) <= 21
    assert " ".join(definition.split()).startswith(line.removesuffix("…").rstrip())
