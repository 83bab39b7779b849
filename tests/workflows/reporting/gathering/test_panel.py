"""A report on a study whose overlap adapts has the headline of its panel, from final labels and the logged draw."""

from dataclasses import replace
from pathlib import Path

from tests.answering import answer
from tests.studies import NOW, ready_study

from multilabelfy.annotation.study.protocol import PAPER
from multilabelfy.store.dataset import images
from multilabelfy.workflows.owning.configuring import change_protocol
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.reporting.writing import report_of_study
from multilabelfy.workflows.settling.overlap import decide_overlap

ADAPTIVE = replace(PAPER, overlap_floor=2, overlap_cap=3, overlap_bound=0.2, panel_share=1.0)


def test_the_report_prints_the_panels_headline_beside_the_plain_one(tmp_path: Path) -> None:
    """All six images are in the panel; the first of three that are answered has two labels."""
    study = ready_study(tmp_path)
    change_protocol(study.workspace, "pilot", ADAPTIVE, NOW)
    for number, sets in enumerate(([0, 1], [1], [2])):
        for who in ("Ada", "Ben"):
            answer(study, who, number, sets)
    decide_overlap(study.workspace, "pilot", NOW)
    resolve(study.workspace, "pilot", NOW)
    report = report_of_study(study.workspace, "pilot", now=NOW)
    study.workspace.close()
    [finding] = [finding for finding in report.findings if finding.slug == "panel"]
    weighted, plain = finding.table.records()
    assert (weighted["images"], weighted["share"], plain["images"], plain["share"]) == (3, 1 / 3, 3, 1 / 3)
    assert finding.subtitle.startswith("Images with several valid labels; 3 of 6 images of the panel finished")
    assert any("weighted, 33.3%" in line for line in report.summary)
    methods = dict(report.methods)
    assert any("A panel of 100% of the images, drawn by seed before anybody looks" in text for text in methods.values())
    assert "Kish’s effective sample size for the panel" in methods["Intervals"]


def test_an_unreadable_image_of_the_panel_is_waited_for_by_nobody(tmp_path: Path) -> None:
    study = ready_study(tmp_path)
    change_protocol(study.workspace, "pilot", ADAPTIVE, NOW)
    for number in range(5):
        for who in ("Ada", "Ben"):
            answer(study, who, number, [number])
    decide_overlap(study.workspace, "pilot", NOW)
    with study.workspace.store.writing() as c:
        images.set_unreadable(c, study.images[5].id, "it is empty")
    resolve(study.workspace, "pilot", NOW)
    panel = report_of_study(study.workspace, "pilot", now=NOW).finding("panel")
    study.workspace.close()
    assert panel.subtitle.startswith("Images with several valid labels; 5 of 5 images of the panel finished")
    assert "still wait" not in panel.definition


def test_under_a_fixed_overlap_there_is_no_panel(tmp_path: Path) -> None:
    study = ready_study(tmp_path)
    for who in ("Ada", "Ben"):
        answer(study, who, 0, [0])
    resolve(study.workspace, "pilot", NOW)
    report = report_of_study(study.workspace, "pilot", now=NOW)
    study.workspace.close()
    assert "panel" not in {finding.slug for finding in report.findings}
