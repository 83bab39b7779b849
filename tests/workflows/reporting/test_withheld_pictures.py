"""A picture that an expert marked inappropriate is in no report, whether that is released yet or not."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.answering import answer, person
from tests.deciding import dispute, say
from tests.studies import NOW, Study, ready_study
from tests.workflows.reporting.test_report_pictures import illustrated

from multilabelfy.annotation.model import Role
from multilabelfy.errors import InvalidInput
from multilabelfy.refinement.model import EmptyReason
from multilabelfy.report.findings import Report
from multilabelfy.workflows.refining.talking import bring_back
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.reporting.class_set import class_set_of_study
from multilabelfy.workflows.reporting.made import made_report, report_file, report_folder
from multilabelfy.workflows.reporting.thumbnails import images_shown, thumbnails
from multilabelfy.workflows.reporting.writing import report_of_study, write_report


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """Image 0 is disputed, and image 1 agreed to show something else than its given label."""
    ready = ready_study(tmp_path)
    dispute(ready)
    answer(ready, "Ada", 1, [2], missing_label="ocelot")
    answer(ready, "Bob", 1, [2], missing_label="ocelot")
    answer(ready, "Ada", 0, [0], missing_label="ocelot")
    yield ready
    ready.workspace.close()


def mark(study: Study) -> None:
    """An expert calls image 0 inappropriate."""
    say(study, "Eve", reason=EmptyReason.INAPPROPRIATE)


def test_a_class_set_shows_no_picture_that_was_marked_after_the_newest_release(study: Study) -> None:
    resolve(study.workspace, "pilot", NOW)
    path = study.images[0].path
    assert path in images_shown(class_set_of_study(study.workspace, "pilot", now=NOW))
    mark(study)
    shown = images_shown(class_set_of_study(study.workspace, "pilot", now=NOW))
    assert path not in shown
    assert study.images[1].path in shown


def test_a_class_set_shows_no_such_picture_with_both_labels_of_twins(tmp_path: Path) -> None:
    study = ready_study(tmp_path, n_images=12)
    for image in range(12):
        for who in ("Ada", "Bob"):
            answer(study, who, image, [0, 1], added=[0, 1])
    resolve(study.workspace, "pilot", NOW)
    mark_agreed(study, 0)
    [group] = class_set_of_study(study.workspace, "pilot", now=NOW).finding("twins").pictures
    assert [picture.image for picture in group.shown] == [image.path for image in study.images[1:5]]
    study.workspace.close()


def mark_agreed(study: Study, image: int) -> None:
    """An owner sends an agreed image to an expert, who calls it inappropriate; the newest release still has its labels."""
    bring_back(study.workspace, "pilot", person(study, "Olga", Role.OWNER), study.images[image].id, "client-of-olga-1", "look again", NOW)
    mark(study)


def test_a_report_shows_no_picture_that_was_marked_after_the_release_that_it_is_about(study: Study) -> None:
    say(study, "Eve", 9)
    resolve(study.workspace, "pilot", NOW)
    path = study.images[0].path
    before = report_of_study(study.workspace, "pilot", now=NOW)
    assert path in images_shown(before)
    mark_agreed(study, 0)
    assert path not in thumbnails(study.workspace, "pilot", before)
    assert path not in images_shown(report_of_study(study.workspace, "pilot", now=NOW))


def made(study: Study) -> Report:
    """A report that is on the page and shows image 0."""
    say(study, "Eve", 9)
    resolve(study.workspace, "pilot", NOW)
    report = illustrated(report_of_study(study.workspace, "pilot", now=NOW))
    write_report(report, report_folder(study.workspace, "pilot"), thumbnails(study.workspace, "pilot", report))
    return report


def test_a_report_that_was_made_before_shows_it_no_more_and_its_file_is_not_handed_out(study: Study) -> None:
    assert study.images[0].path in images_shown(made(study))
    assert report_file(study.workspace, "pilot", "report.html").is_file()
    mark_agreed(study, 0)
    standing = made_report(study.workspace, "pilot")
    assert standing is not None
    shown = {picture.image.path for finding in standing.findings for group in finding.pictures for picture in group.shown}
    assert shown == {study.images[1].path}
    with pytest.raises(InvalidInput, match="withheld since"):
        report_file(study.workspace, "pilot", "report.html")
    assert report_file(study.workspace, "pilot", "label-errors.csv").is_file()
