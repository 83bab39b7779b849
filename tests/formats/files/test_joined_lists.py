"""A list in one cell of a CSV file comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from multilabelfy.formats.files.joined_lists import join, split


@given(st.lists(st.text(st.sampled_from("|\"\\,;a \t\n\r'“"), max_size=6)))
def test_a_list_comes_back_as_it_was(values: list[str]) -> None:
    assert split(join(values)) == tuple(values)


@given(st.text(st.sampled_from('|"a '), max_size=8))
def test_whatever_stands_in_a_cell_is_read(cell: str) -> None:
    assert split(join(split(cell))) == split(cell)


@given(st.lists(st.text(st.characters(categories=("L", "N")), min_size=1)))
def test_plain_values_are_only_joined(values: list[str]) -> None:
    assert join(values) == "|".join(values)


@pytest.mark.parametrize(
    ("cell", "values"),
    [
        ("cat | dog", ("cat", "dog")),
        ('5" disk|floppy', ('5" disk', "floppy")),
        ('"cat|dog', ('"cat', "dog")),
        ('"cat"|dog', ("cat", "dog")),
        ("cat||dog", ("cat", "", "dog")),
        ("cat|", ("cat", "")),
    ],
)
def test_marks_that_quote_nothing_are_letters(cell: str, values: tuple[str, ...]) -> None:
    assert split(cell) == values
