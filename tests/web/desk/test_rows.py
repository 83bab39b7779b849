"""Rows that are rendered once for a kind of label are those that the template draws for the label itself."""

from dataclasses import dataclass
from itertools import product

import pytest

from multilabelfy.dataset.model import Label
from multilabelfy.dataset.stored import StoredExemplar
from multilabelfy.web.desk.found_labels import Ticked
from multilabelfy.web.desk.rows import empty_chip, empty_row
from multilabelfy.web.page.rendering import environment
from multilabelfy.workflows.annotating.sheets import Option
from multilabelfy.workflows.showing.addresses import Strip

PICTURES = tuple(StoredExemplar(number, 7, f"{number}.jpg", number, f"token{number}") for number in range(3))


@dataclass(frozen=True)
class LabelWords:
    """What a label is called."""

    names: tuple[str, ...]
    definition: str


WORDS = (
    LabelWords(("cat",), ""),
    LabelWords(("cat & <dog>", 'tom\'s "cat"', "Felis catus"), "a small <b>feline</b>, 100 % tame"),
    LabelWords((), "a label without a name shows its key"),
)


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("n_pictures", [0, 1, 3])
def test_a_row_is_the_one_that_its_template_draws(words: LabelWords, n_pictures: int) -> None:
    strip = Strip("abc123", PICTURES[:n_pictures], "1.2.3") if n_pictures else None
    option = Option(Label(7, "n0&1", words.names, words.definition), strip)
    macros = environment().get_template("desk/_label_row.html").module
    for maybe, lazy in product((False, True), (False, True)):
        drawn = macros.label_row(option, 4, Ticked(frozenset()), maybe, lazy=lazy)  # type: ignore[attr-defined]  # a template's
        assert empty_row(option, 4, maybe=maybe, lazy=lazy) == drawn
    assert empty_chip(option) == macros.chip(option)  # type: ignore[attr-defined]
