"""How far a study's images are is read from its states and its queue: only what was drawn by seed stands for the rest."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.answering import answer
from tests.deciding import agree, dispute
from tests.deciding import say as decide
from tests.studies import NOW, ready_study

from multilabelfy.annotation.model import Relation
from multilabelfy.annotation.study.protocol import PAPER
from multilabelfy.evaluation.choices.specifications import Specification, SpecifiedMeasure
from multilabelfy.evaluation.labels.unfinished import CountedImages, ImagesByProgress
from multilabelfy.report.about_labels.kinds import kinds_finding
from multilabelfy.report.about_models.specification_curve import specification_curve_finding
from multilabelfy.report.findings import Subject
from multilabelfy.store.dataset import datasets, images
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.reporting.gathering.material import material_of_study
from multilabelfy.workflows.reporting.writing import report_of_study


def test_images_that_an_owner_put_first_do_not_stand_for_the_rest(tmp_path: Path) -> None:
    study = ready_study(tmp_path)
    n_images = len(study.images)
    for image, sets in enumerate(([0, 1], [1])):
        for who in ("Ada", "Ben"):
            answer(study, who, image, sets)
    answer(study, "Ada", 2, [2])
    resolve(study.workspace, "pilot", NOW)
    whole = ImagesByProgress(drawn=CountedImages(2, 1), n_begun=1, n_untouched=n_images - 3)
    assert material_of_study(study.workspace, "pilot").progress == whole
    with study.workspace.store.writing() as c:
        first = [(study.images[image].id, -1.0) for image in (0, 2, 3)]
        images.set_queue_places(c, datasets.find(c, "pilot").id, first, policy="suspects-loss")
    assert material_of_study(study.workspace, "pilot").progress == ImagesByProgress(
        drawn=CountedImages(1, 0), chosen=CountedImages(1, 1), n_untouched=n_images - 4, n_others=2
    )
    study.workspace.close()


def test_a_study_with_an_unreadable_file_finishes_and_its_report_names_the_file(tmp_path: Path) -> None:
    study = ready_study(tmp_path)
    *others, broken = range(len(study.images))
    for image in others:
        agree(study, image)
    resolve(study.workspace, "pilot", NOW)
    assert report_of_study(study.workspace, "pilot", now=NOW).summary[0].startswith("The study is not finished: 1 of 6 images")
    with study.workspace.store.writing() as c:
        images.set_unreadable(c, study.images[broken].id, "it is empty")
    report, found = report_of_study(study.workspace, "pilot", now=NOW), material_of_study(study.workspace, "pilot")
    study.workspace.close()
    assert report.summary[0] == "All 5 images have final labels. 1 file is no readable picture and counts nowhere."
    assert study.images[broken].path in report.finding("several-labels").definition
    assert not any("finished" in finding.title for finding in report.findings)
    assert found.by_posterior is not None
    assert (found.by_posterior.n_images, found.by_posterior.n_others) == (5, 0)


def test_what_a_release_leaves_unresolved_can_still_be_resolved(tmp_path: Path) -> None:
    study = ready_study(tmp_path)
    agree(study)
    with study.workspace.store.writing() as c:
        images.set_unreadable(c, study.images[5].id, "it is empty")
    resolved = resolve(study.workspace, "pilot", NOW)
    study.workspace.close()
    assert resolved.n_unresolved == 4


def test_where_experts_differ_the_report_says_who_has_to_act(tmp_path: Path) -> None:
    study = ready_study(tmp_path, protocol=replace(PAPER, two_expert_share=1.0))
    for image in range(1, 6):
        agree(study, image)
    dispute(study)
    for label, who in enumerate(("Eve", "Fay", "Gus")):
        decide(study, who, label)
    resolve(study.workspace, "pilot", NOW)
    progress = material_of_study(study.workspace, "pilot").progress
    summary = report_of_study(study.workspace, "pilot", now=NOW).summary
    study.workspace.close()
    assert progress is not None
    assert (progress.n_begun, progress.n_contested) == (1, 1)
    assert "Experts differ on 1 of these images: it waits for an owner, who may send it to an expert again." in summary[0]


def test_titles_about_two_finished_images_of_six_say_no_more_than_these_carry(tmp_path: Path) -> None:
    study = ready_study(tmp_path)
    for image, labels in enumerate(([0, 1], [1])):
        for who in ("Ada", "Ben"):
            answer(study, who, image, labels)
    resolve(study.workspace, "pilot", NOW)
    report = report_of_study(study.workspace, "pilot", now=NOW)
    titles = {finding.slug: finding.title for finding in report.findings}
    study.workspace.close()
    assert titles["headline-by-rule"] == "By the votes alone, 50% of 2 answered images have several labels, by every rule"
    assert titles["given-on-the-way"] == (
        "Between 34% and 100% of the given labels of the finished images were ticked by every annotator; between 34% and 100% are final"
    )
    assert titles["agreement"].startswith("Two annotators of an image chose the same labels between 34% and 100% of the time")


def test_what_is_found_over_the_finished_images_alone_says_so_in_its_title() -> None:
    part = Subject("Toys", n_finished=40)
    kinds = {Relation.SEVERAL_OBJECTS: 36, Relation.SEVERAL_NAMES: 4}
    assert kinds_finding(kinds, 40, part).title.startswith("Most often several labels of the finished images mean several objects (")
    gains = [Specification(SpecifiedMeasure.GAIN, words, "", 0, value, None) for words, value in (("", 0.1), ("a", 0.05), ("b", 0.12))]
    chosen = [Specification(SpecifiedMeasure.SEVERAL, "", "", 0, 0.5, None), *gains]
    assert specification_curve_finding(chosen, part).title.startswith("Models gain 5.0–12.0 points on the finished images, depending")


@pytest.mark.parametrize(
    ("gains", "start"),
    [
        ((-0.068, -0.073, -0.067), "Models lose 6.7–7.3 points, depending on the choice; 6.8 as printed"),
        ((-0.01, 0.05, -0.02), "Models gain −2.0 to 5.0 points, depending on the choice; −1.0 as printed"),
    ],
)
def test_points_that_are_lost_are_not_called_a_gain_unless_the_choice_decides(gains: tuple[float, ...], start: str) -> None:
    of = [Specification(SpecifiedMeasure.GAIN, str(place), "", 0, value, None) for place, value in enumerate(gains)]
    several = Specification(SpecifiedMeasure.SEVERAL, "", "", 0, 0.5, None)
    assert specification_curve_finding([several, *of], Subject("Toys")).title.startswith(start)
