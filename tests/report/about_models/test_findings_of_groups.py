"""What a report says of models by group, and of the proposer's own family: only what the intervals allow."""

import numpy as np
from tests.report.reports import labelled, models

from multilabelfy.annotation.model import Relation
from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.many_models.groups import mean_by_group
from multilabelfy.evaluation.many_models.own_family import LabelsAsked, models_under_test
from multilabelfy.evaluation.measures.by_label_count import KINDS, SOURCES, kind_groups, source_groups
from multilabelfy.refinement.model import LabelSource
from multilabelfy.report.about_models.groups import by_kind_finding, by_source_finding
from multilabelfy.report.about_models.own_family import own_family_finding
from multilabelfy.report.findings import Finding, Subject

TOYS = Subject("Toys")
RELATIONS = (None, Relation.SEVERAL_OBJECTS, Relation.SEVERAL_NAMES, None)


def test_every_image_with_labels_has_a_kind_and_a_source() -> None:
    kinds = kind_groups([1, 2, 2, 3, 0], [*RELATIONS, None])
    assert [KINDS[place].value for place in kinds[:4]] == ["one-label", "several-objects", "several-names", "not-said"]
    assert kinds[4] == -1
    assert [SOURCES[place] for place in source_groups([LabelSource.REFINED, LabelSource.AGREED])] == ["refined", "agreed"]
    assert source_groups([None]).tolist() == [-1]


def by_kind(n_times: int) -> Finding:
    """One label, two objects, two names, two that nobody related; the models are right but for those with two names."""
    images = labelled([[0], [1, 2], [3, 4], [5, 6]] * n_times, [0, 1, 3, 5] * n_times)
    found = models(images, one=[0, 1, 9, 5] * n_times, other=[0, 2, 9, 5] * n_times)
    groups = kind_groups(images.sets.counts.tolist(), RELATIONS * n_times)
    return by_kind_finding(mean_by_group(found, groups, seed=0), found, TOYS)


def test_the_kinds_that_differ_most_are_told_where_that_is_sure() -> None:
    assert by_kind(20).title == (
        "ReaL is between 84% and 100% on images with one label and between 0% and 16% on images with one object with several names"
    )
    assert by_kind(2).title == "Accuracy does not reliably differ by how labels relate"  # two images a kind have no interval


def test_the_mean_over_models_stands_by_kind() -> None:
    rows = {row["kind"]: row for row in by_kind(20).table.records()}
    objects = rows["several objects"]
    assert (objects["images"], objects["top1"], objects["real"]) == (20, 0.5, 1.0)  # one names the given label, the other the second
    assert objects["variable_topk"] is None  # one rank is too few for two labels
    assert rows["one label"]["variable_topk"] == 1.0


def test_how_labels_were_decided_is_no_merit_of_the_deciding() -> None:
    images = labelled([[0], [1]] * 20, [0, 1] * 20)
    found = models(images, m=[0, 9] * 20)
    groups = source_groups([LabelSource.AGREED, LabelSource.REFINED] * 20)
    finding = by_source_finding(mean_by_group(found, groups, seed=0), found, TOYS)
    assert finding.title == (
        "ReaL is between 84% and 100% on images decided by annotators who agreed and between 0% and 16% on images decided by an expert"
    )
    assert "not that one way of deciding is better" in finding.definition
    assert finding.subtitle.startswith("Accuracy of m by how")


def test_groups_without_given_labels_are_told_by_real_alone() -> None:
    images = labelled([[0], [1, 2]] * 20)
    found = models(images, m=[0, 9] * 20)
    finding = by_kind_finding(mean_by_group(found, kind_groups([1, 2] * 20, [None] * 40), seed=0), found, TOYS)
    assert list(finding.series) == ["real"]


def own_family(judged_by_all: bool) -> Finding:
    """60 images with two valid labels, of which the first was proposed by `eva` alone; eva names it, resnet names the other."""
    images = labelled([[0, 1]] * 60, [1] * 60)
    first = {"eva02_large": [0] * 60, "resnet50": [1] * 57 + [8] * 3}
    judged = LabelSets.from_rows(images.sets.images, [[0, 1, 8] if judged_by_all else [0, 1]] * 60)
    asked = LabelsAsked(judged, np.array([0, -1] * 60), ("eva",), np.zeros(120, dtype=bool))
    return own_family_finding(models_under_test(images, models(images, **first), asked, seed=0), TOYS)


def test_a_model_that_its_own_family_carries_is_named_with_its_ranks() -> None:
    finding = own_family(judged_by_all=False)
    assert finding.title == (
        "Nobody judged 0.0% to 5.0% of the models’ first labels; "
        "eva02_large falls from rank 1 to 2 without the labels that only its own family proposed"
    )
    assert "The proposers’ families among these models: eva." in finding.definition
    assert [(row["real"], row["real_if_valid"]) for row in finding.table.records()] == [(1.0, 1.0), (0.95, 1.0)]


def test_of_a_single_model_whose_labels_were_all_judged_the_title_says_so() -> None:
    images = labelled([[0, 1]] * 60, [1] * 60)
    tests = models_under_test(
        images, models(images, eva=[0] * 60), LabelsAsked(images.sets, np.array([0, -1] * 60), ("eva",), np.zeros(120, dtype=bool)), seed=0
    )
    assert own_family_finding(tests, TOYS).title == "People judged every first label of eva"


def test_where_everything_was_judged_only_one_value_is_drawn() -> None:
    finding = own_family(judged_by_all=True)
    assert finding.title.startswith("People judged every first label of the models; ")
    assert list(finding.series) == ["real"]
