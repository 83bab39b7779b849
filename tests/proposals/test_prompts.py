"""Labels become prompts, template by template."""

import pytest

from multilabelfy.dataset.model import Label
from multilabelfy.proposals.prompts import TEMPLATES, Wording, problem_of

CRANE = Label(0, "n1", ("crane", "Grus_grus"), "large wading bird with {name} on its ring")
OWL = Label(1, "owl", ())


def test_each_name_has_a_prompt_of_each_template_and_the_first_one_its_definition() -> None:
    wording = Wording((CRANE, OWL), ("a {name}.", "{name}: {definition}"))

    assert list(wording.prompts()) == [
        (0, "a crane."),
        (0, "a Grus grus."),
        (1, "a owl."),
        (0, "crane: large wading bird with {name} on its ring"),
    ]


def test_a_label_that_no_template_fits_is_its_name() -> None:
    wording = Wording((CRANE, Label(1, "owl", ("snowy_owl",))), ("{definition} ({name})",))

    assert list(wording.prompts()) == [(0, "large wading bird with {name} on its ring (crane)"), (1, "snowy owl")]


def test_other_words_have_another_digest() -> None:
    wordings = [Wording((CRANE, OWL)), Wording((OWL,)), Wording((CRANE, OWL), TEMPLATES[:1]), Wording((CRANE, Label(1, "emu", ())))]

    assert len({wording.digest for wording in wordings}) == 4
    assert Wording((CRANE, OWL)).digest == wordings[0].digest


@pytest.mark.parametrize("template", ["a photo", "{definition}", "a {name} {}", "{name.key}", "{{name}}", "{name} {colour}"])
def test_a_template_needs_a_place_for_the_name_and_no_other_braces(template: str) -> None:
    assert problem_of(template)


def test_our_own_templates_have_no_fault() -> None:
    assert [problem_of(template) for template in TEMPLATES] == [None] * len(TEMPLATES)
