"""How labels are related above them."""

from multilabelfy.dataset.hierarchy import Hierarchy, Kinship
from multilabelfy.dataset.model import Concept, Label, LabelSpace

SPACE = LabelSpace(
    "animals",
    (
        Label(0, "tabby", ("tabby",), parents=("cat",)),
        Label(1, "persian", ("Persian",), parents=("cat",)),
        Label(2, "lynx", ("lynx",), parents=("feline",)),
        Label(3, "poodle", ("poodle",), parents=("dog",)),
        Label(4, "feline", ("feline",), parents=("carnivore",)),
    ),
    (
        Concept("cat", ("cat",), ("feline",)),
        Concept("dog", ("dog",), ("canine",)),
        Concept("canine", ("canine",), ("carnivore",)),
        Concept("carnivore", ("carnivore",)),
    ),
)
ABOVE = Hierarchy.of(SPACE)


def test_siblings_have_the_same_parent() -> None:
    assert ABOVE.kinship("tabby", "persian") is Kinship.SAME_PARENT


def test_a_parent_of_one_may_be_a_grandparent_of_the_other() -> None:
    assert ABOVE.kinship("tabby", "lynx") is Kinship.SAME_GRANDPARENT


def test_a_label_may_be_a_kind_of_another() -> None:
    assert ABOVE.kinship("tabby", "feline") is ABOVE.kinship("feline", "tabby") is Kinship.KIND_OF


def test_a_common_ancestor_further_up_is_no_relation() -> None:
    assert ABOVE.kinship("tabby", "poodle") is None


def test_a_flat_label_space_has_no_relations() -> None:
    assert Hierarchy({}).kinship("a", "b") is None
