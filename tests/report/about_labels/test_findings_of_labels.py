"""What a report says of the label sets, the images without labels and the given labels."""

import numpy as np
from tests.report.reports import labelled

from multilabelfy.annotation.model import Relation
from multilabelfy.evaluation.labels.label_counts import several_labels
from multilabelfy.evaluation.labels.label_errors import given_against_final, replacements, wrongly_given
from multilabelfy.refinement.model import EmptyReason
from multilabelfy.report.about_given.given_labels import given_finding, replacements_finding
from multilabelfy.report.about_given.label_errors import errors_by_class_finding, errors_finding
from multilabelfy.report.about_labels.kinds import kinds_finding
from multilabelfy.report.about_labels.label_counts import empty_finding, headline, several_labels_finding
from multilabelfy.report.findings import Subject

TOYS = Subject("Toys")


def test_the_headline_states_both_shares_with_their_intervals() -> None:
    found = several_labels(labelled([[0], [1, 2], [3, 4, 5], []] * 25).sets)
    assert headline(found, TOYS) == (
        "In Toys, 50.0% of all 100 images (95% interval 40.4–59.6%) and 66.7% of the 75 with any label (55.4–76.3%) "
        "have at least two valid labels; the mean is 1.500 labels per image."
    )


def test_a_wide_interval_takes_the_place_of_the_share_in_the_title() -> None:
    found = several_labels(labelled([[0], [1, 2]] * 20).sets)
    assert several_labels_finding(found, TOYS).title == "Between 35% and 65% of Toys’ images have several valid labels"


def test_a_narrow_interval_lets_the_title_state_the_share_with_two_decimals() -> None:
    found = several_labels(labelled([[0], [1, 2], [0]] * 1000).sets)
    assert several_labels_finding(found, Subject()).title == "33.33% of the images have several valid labels"


def test_images_are_counted_by_their_number_of_labels_without_a_gap() -> None:
    finding = several_labels_finding(several_labels(labelled([[0], [1, 2, 3], []]).sets), TOYS)
    assert [(row["labels"], row["images"]) for row in finding.table.records()] == [(0, 1), (1, 1), (2, 0), (3, 1)]


def test_reasons_stand_with_the_most_frequent_first() -> None:
    finding = empty_finding({EmptyReason.OTHER: 1, EmptyReason.UNUSABLE: 3}, 100, TOYS)
    assert finding.title == "4 of Toys’ images have no valid label (4.0%)"
    assert [row["images"] for row in finding.table.records()] == [3, 1]


def test_one_image_without_labels_has_one() -> None:
    assert empty_finding({EmptyReason.OTHER: 1}, 50, TOYS).title == "1 of Toys’ images has no valid label (2.0%)"


def test_given_labels_that_are_valid_are_counted_alone_and_among_others() -> None:
    found = given_against_final(labelled([[0], [0, 1], [2], []] * 100, [0, 0, 0, 0] * 100))
    assert found is not None
    finding = given_finding(found, TOYS)
    assert finding.title == "50.0% of the given labels are valid"
    assert [row["images"] for row in finding.table.records()] == [100, 100, 100, 100]


def test_the_most_frequent_replacement_is_named_with_its_count() -> None:
    images = labelled([[1], [1], [1], [2]], [0, 0, 0, 0])
    finding = replacements_finding(replacements(images), lambda label: ["cat", "lynx", "dog"][label], 4, TOYS)
    assert finding.title == "4 given labels were rejected; most often replaced: cat by lynx (3 images)"
    assert finding.subtitle.endswith("the first occurs in 3 images")


def test_one_or_two_images_are_no_frequent_replacement() -> None:
    images = labelled([[1], [2]], [0, 0])
    assert replacements_finding(replacements(images), str, 1, TOYS).title == "1 given label was rejected; no replacement is frequent"


def test_wrong_images_stand_with_the_surest_first() -> None:
    images = labelled([[1], [0], [2], [1]], [0, 0, 0, 0])
    finding = errors_finding(images, wrongly_given(images), np.array([0.2, 0.0, 0.9, 0.2]), "the share of models", str, TOYS)
    assert [(row["image"], row["final"]) for row in finding.table.records()] == [("2.jpg", "2"), ("0.jpg", "1"), ("3.jpg", "1")]
    assert finding.title == "The given labels of these 3 images were rejected"
    assert "models and people disagree" not in finding.definition
    doubted = errors_finding(images, wrongly_given(images), np.zeros(4), "the share of models", str, TOYS, n_doubted=2)
    assert doubted.definition.endswith("On 2 of the 3, most models name the rejected label first: there, models and people disagree.")


def test_a_class_of_few_images_makes_no_headline() -> None:
    named = ["vulture", "common", *(f"other {i}" for i in range(20))]
    counts = {0: (1, 1), 1: (60, 100), **dict.fromkeys(range(2, 22), (5, 100))}
    finding = errors_by_class_finding(counts, named.__getitem__, TOYS)
    assert finding.title.startswith("One given label is reliably rejected more often than the mean of 8%: common, 4")
    assert finding.table.records()[0]["given"] == "common"
    alone = errors_by_class_finding({0: (1, 1), 2: (5, 100)}, named.__getitem__, TOYS)
    assert alone.title == "No given label is reliably rejected more often than the others"


def test_given_labels_that_tie_are_named_as_ties() -> None:
    counts = {0: (60, 100), 1: (60, 100), **dict.fromkeys(range(2, 22), (5, 100))}
    title = errors_by_class_finding(counts, lambda label: {0: "cat", 1: "lynx"}.get(label, "other"), TOYS).title
    assert title.startswith("2 given labels are reliably rejected more often than the mean of 10%, first cat and lynx, ")
    images = labelled([[1]] * 3 + [[2]] * 3, [0] * 6)
    finding = replacements_finding(replacements(images), lambda label: ["cat", "lynx", "dog"][label], 6, TOYS)
    assert finding.title == "6 given labels were rejected; most often replaced: cat by lynx and cat by dog (3 images each)"


def test_kinds_are_said_to_differ_only_where_they_surely_do() -> None:
    sure = kinds_finding({Relation.SEVERAL_OBJECTS: 90, Relation.SEVERAL_NAMES: 10}, 120, TOYS)
    unsure = kinds_finding({Relation.SEVERAL_OBJECTS: 6, Relation.SEVERAL_NAMES: 4}, 12, TOYS)
    assert sure.title == "Most often several labels mean several objects (between 83% and 94%)"
    few = kinds_finding({Relation.SEVERAL_OBJECTS: 2}, 12, TOYS)
    assert few.title == "How several labels of an image relate"
    assert unsure.title == (
        "Several labels mean several objects (between 31% and 83%) or one object with several names (between 17% and 69%)"
    )
