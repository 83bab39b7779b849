"""A study's report shows the images it speaks of: on the page by their opaque names, inside the file as small pictures."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update
from tests.answering import answer, person
from tests.studies import NOW, Study, ready_study

from multilabelfy.annotation.model import Role
from multilabelfy.refinement.cases.decision import Decision
from multilabelfy.refinement.model import EmptyReason
from multilabelfy.report.findings import Report
from multilabelfy.store.schema import datasets
from multilabelfy.workflows.refining.desk import decide, next_work
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.reporting.made import made_report, report_folder
from multilabelfy.workflows.reporting.thumbnails import images_shown, thumbnails
from multilabelfy.workflows.reporting.writing import report_of_study, write_report


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path)
    yield ready
    ready.workspace.close()


def decided(study: Study, reason: EmptyReason = EmptyReason.UNUSABLE) -> Report:
    """Images 0 and 1: the given label 0 and 1 should be 9; image 4 is empty, though one of two ticked its given label."""
    for who in ("Ada", "Ben"):
        answer(study, who, 0, [9], added=[9])
        answer(study, who, 1, [2])
    answer(study, "Ada", 4, [4])
    answer(study, "Ben", 4)
    expert = person(study, "Eve", Role.EXPERT)
    case = next_work(study.workspace, "pilot", expert, NOW).case
    assert case is not None
    decide(study.workspace, "pilot", expert, case.assignment, Decision("decision", frozenset(), reason=reason), NOW)
    resolve(study.workspace, "pilot", NOW)
    return report_of_study(study.workspace, "pilot", now=NOW)


def illustrated(report: Report) -> Report:
    """The same with those findings alone that show images: the figures of the others need not be drawn."""
    return replace(report, findings=tuple(finding for finding in report.findings if finding.pictures))


def test_an_image_without_labels_is_told_with_what_speaks_for_its_given_label(study: Study) -> None:
    finding = decided(study).finding("images-without-labels-one-by-one")
    assert finding.title == "Annotators ticked the given label of the image without labels"
    [row] = finding.table.records()
    assert [row[name] for name in ("given", "named", "proposed", "ticked", "answers")] == ["“remote control”", 1, "yes", 1, 2]
    [group] = finding.pictures
    assert group.heading == "The image is unusable (blurred, tiny, edited): 1 image"
    assert [picture.image for picture in group.shown] == [study.images[4].path]
    assert group.shown[0].lines == ("given: “remote control”", "named by 1 of 1 model", "proposed, ticked by 1 of 2")


def test_an_inappropriate_image_is_counted_and_never_shown(study: Study) -> None:
    [group] = decided(study, EmptyReason.INAPPROPRIATE).finding("images-without-labels-one-by-one").pictures
    assert group.heading == "Inappropriate: 1 image, not shown here"
    assert group.shown == ()


def test_wrong_given_labels_are_shown_the_surest_first(study: Study) -> None:
    [group] = decided(study).finding("label-errors").pictures
    assert [picture.image for picture in group.shown] == [study.images[0].path, study.images[1].path]
    assert group.shown[1].lines[:2] == ("given: “tiger cat”", "valid: “Egyptian cat”")


def test_the_file_carries_its_pictures_and_nothing_else_of_them(study: Study, tmp_path: Path) -> None:
    report = illustrated(decided(study))
    small = thumbnails(study.workspace, "pilot", report)
    assert list(small) == images_shown(report)
    html = write_report(report, tmp_path / "out", small).read_text(encoding="utf-8")
    assert len(images_shown(report)) == 3
    assert html.count("data:image/webp;base64,") == len(images_shown(report))
    assert all(file[:4] == b"RIFF" for file in small.values())


def test_without_pictures_nothing_is_left_of_them(study: Study, tmp_path: Path) -> None:
    html = write_report(illustrated(decided(study)), tmp_path / "out").read_text(encoding="utf-8")
    assert 'class="pictures"' not in html
    assert "ticked by 1 of 2" not in html


def test_a_picture_that_is_gone_leaves_its_place(study: Study, tmp_path: Path) -> None:
    report = decided(study)
    with study.workspace.store.writing() as c:
        c.execute(update(datasets).values(images_root=str(tmp_path / "empty")))
    assert study.images[0].path not in thumbnails(study.workspace, "pilot", report)


def test_the_page_knows_the_images_that_a_made_report_shows(study: Study) -> None:
    write_report(illustrated(decided(study)), report_folder(study.workspace, "pilot"))
    made = made_report(study.workspace, "pilot")
    assert made is not None
    [finding] = [one for one in made.findings if one.slug == "label-errors"]
    assert [picture.image.id for picture in finding.pictures[0].shown] == [study.images[0].id, study.images[1].id]


def test_a_report_of_before_there_were_pictures_is_still_shown(study: Study) -> None:
    report = replace(decided(study), findings=())
    folder = report_folder(study.workspace, "pilot")
    write_report(report, folder)
    assert made_report(study.workspace, "pilot") is not None
