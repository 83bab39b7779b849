"""A label is found by any name, by what stands above it, and in spite of a typo; the hierarchy can be looked through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.letters import ANY

from multilabelfy.dataset.label_hierarchy import Found
from multilabelfy.dataset.label_index import LabelIndex
from multilabelfy.dataset.label_names import fold, names_text
from multilabelfy.dataset.model import Concept

NAMES = {
    0: ("tabby", "tabby cat"),
    1: ("lynx", "catamount"),
    2: ("beagle",),
    3: ("remote control", "remote"),
    4: ("elephant",),
    5: ("hot dog",),
}
PARENTS = {0: ("cat",), 1: ("wildcat",), 2: ("dog",), 3: ("device",), 4: ("animal",), 5: ("food",)}
CONCEPTS = (
    Concept("entity", ("entity",)),
    Concept("thing", ("thing",), ("entity",)),  # says nothing that `entity` does not
    Concept("animal", ("animal", "beast"), ("thing",)),
    Concept("feline", ("feline", "felid"), ("animal",)),
    Concept("cat", ("cat", "true cat"), ("feline",)),
    Concept("wildcat", ("wildcat",), ("cat",)),
    Concept("dog", ("dog", "domestic dog"), ("animal",)),
    Concept("device", ("device",), ("thing",)),
    Concept("food", ("food",), ("thing",)),
    Concept("mineral", ("mineral",), ("thing",)),  # no label below
)


@pytest.fixture(scope="module")
def index() -> LabelIndex:
    return LabelIndex([(i, names_text(names)) for i, names in NAMES.items()], PARENTS, {x.key: x for x in CONCEPTS})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("remote", (3,)),
        ("remote con", (3,)),
        ("cat", (0, 1)),
        ("feline", (0, 1)),
        ("felid", (0, 1)),
        ("beast", (4, 2, 0, 1)),  # the nearest below it first
        ("dog", (2, 5)),  # a beagle is one, a hot dog ends with the word
        ("mineral", ()),
    ],
)
def test_a_label_is_found_by_its_names_and_by_what_stands_above_it(index: LabelIndex, text: str, found: tuple[int, ...]) -> None:
    assert index.find(text, 12).labels == found


@pytest.mark.parametrize(
    ("typo", "label"),
    [
        ("elefant", None),  # two letters away
        ("elephnt", 4),
        ("elephantt", 4),
        ("elpehant", 4),
        ("elechant", 4),
        ("xlephant", 4),
        ("elphan", 4),  # still being typed
        ("remtoe contorl", 3),
        ("bea", 2),
        ("baeg", 2),
        ("bxa", None),  # too short to guess
    ],
)
def test_one_wrong_letter_in_a_word_does_not_matter(index: LabelIndex, typo: str, label: int | None) -> None:
    assert index.find(typo, 12).labels == (() if label is None else (label,))


def test_what_is_written_right_is_no_typo_of_something_else() -> None:
    index = LabelIndex([(0, names_text(["boat"])), (1, names_text(["goat"]))], {}, {})
    assert index.find("goat", 12).labels == (1,)
    assert index.find("moat", 12).labels == (0, 1)


def test_concepts_that_are_called_so_are_offered_the_smallest_first(index: LabelIndex) -> None:
    assert index.find("cat", 12).concepts == ("cat",)
    assert index.find("d", 12).concepts == ("device", "dog")
    assert index.find("animal", 12).concepts == ("animal",)


def test_the_hierarchy_begins_where_it_says_something(index: LabelIndex) -> None:
    assert index.roots() == Found((), ("animal", "device", "food"))


def test_below_a_concept_are_its_labels_and_the_concepts_that_have_some(index: LabelIndex) -> None:
    assert index.children("animal") == Found((4,), ("cat", "dog"))  # `feline` says no more than `cat`
    assert index.children("cat") == Found((0,), ("wildcat",))
    assert index.children("nowhere") == Found(())


def test_the_way_up_leads_past_concepts_that_say_nothing(index: LabelIndex) -> None:
    assert index.way_up("wildcat") == "cat"
    assert index.way_up("cat") == "animal"
    assert index.way_up("animal") is None  # the roots are what stands below `thing`
    assert index.way_up("entity") is None
    assert index.way_up("nowhere") is None


def test_without_a_hierarchy_there_is_nothing_to_look_through() -> None:
    assert LabelIndex([(0, names_text(["mug"]))], {0: ()}, {}).roots() == Found(())


def test_a_circle_in_the_hierarchy_ends() -> None:
    circle = {"a": Concept("a", ("a",), ("b",)), "b": Concept("b", ("b",), ("a",))}
    index = LabelIndex([(0, names_text(["mug"]))], {0: ("a",)}, circle)
    assert index.find("b", 12).labels == (0,)
    assert index.way_up("a") in {"a", "b", None}
    assert index.roots() == Found(())


@given(st.text(ANY, max_size=30))
def test_any_text_finds_something_or_nothing(text: str) -> None:
    index = LabelIndex([(i, names_text(names)) for i, names in NAMES.items()], PARENTS, {x.key: x for x in CONCEPTS})
    found = index.find(text, 3)
    assert len(found.labels) <= 3
    assert len(set(found.labels)) == len(found.labels)


@given(st.sampled_from([name for names in NAMES.values() for name in names]))
def test_every_name_finds_its_label_first(name: str) -> None:
    index = LabelIndex([(i, names_text(names)) for i, names in NAMES.items()], PARENTS, {x.key: x for x in CONCEPTS})
    first = index.find(name.upper(), 12).labels[0]
    assert fold(name) in {fold(other) for other in NAMES[first]}
