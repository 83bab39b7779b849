"""A study part of whose images came among their kin: its report says what that did to people's pace."""

from pathlib import Path

import numpy as np
import pytest
from tests.answering import person
from tests.proposals.kin.test_alike import clusters
from tests.studies import NOW, Study, ready_study

from multilabelfy.annotation.model import Annotation, Outcome, Screen, Task, Vote
from multilabelfy.annotation.study.protocol import AnnotationProtocol
from multilabelfy.proposals.kin.groups import KIN_POLICY
from multilabelfy.store.answers import annotations
from multilabelfy.store.dataset import proposals
from multilabelfy.store.dataset.looks import embeddings
from multilabelfy.store.handing_out import handing_out
from multilabelfy.workflows.alike.kin import put_kin_together
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.reporting.writing import report_of_study
from multilabelfy.workflows.settling.answers import settle

N = 64
SECONDS = {True: 4.0, False: 5.0}
"""An image among its kin takes everybody a fifth less time."""


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return ready_study(tmp_path, protocol=AnnotationProtocol("mine"), n_images=N)


def embed(study: Study) -> None:
    with study.workspace.store.writing() as c:
        [run, *_] = proposals.runs(c, study.dataset.id)
        embeddings.add_chunk(c, run.id, [image.id for image in study.images], clusters(8, 8))


def work_through(study: Study, name: str) -> None:
    """A person answers every image that they are given, until there is none."""
    draws, store = np.random.default_rng(len(name)), study.workspace.store
    asked = {"task": Task.ANNOTATE, "n": 1, "overlap": 2, "now": NOW, "lease": NOW - NOW.replace(hour=0)}
    who = person(study, name)
    while True:
        with store.writing() as c:
            taken = handing_out.hand_out(c, study.dataset.id, who.id, **asked)  # type: ignore[arg-type]
            if not taken:
                return
            took = SECONDS[taken[0].policy == KIN_POLICY] * draws.lognormal(0, 0.2)
            annotation = Annotation(
                client_id=f"{name} {taken[0].image}",
                image=taken[0].image,
                annotator=who.id,
                outcome=Outcome.LABELLED,
                answers={0: Vote.YES},
                screen=Screen(candidates=(), group_size=5, opened_at=()),
                submitted_at=NOW,
                present_ms=round(1000 * took),
            )
            annotations.append(c, annotation, assignment=taken[0].id)
            settle(c, study.dataset, taken[0].image)


def test_the_report_compares_images_among_their_kin_with_single_ones(study: Study) -> None:
    embed(study)
    put_kin_together(study.workspace, "pilot")
    for name in ("Ada", "Bobby"):
        work_through(study, name)
    resolve(study.workspace, "pilot", NOW)
    told = report_of_study(study.workspace, "pilot", now=NOW).finding("kin-pace")
    everybody, *each = told.table.records()
    assert (everybody["among_kin"], everybody["singly"], len(each)) == (64, 64, 2)
    low, high = (everybody[column] for column in ("change_low", "change_high"))
    assert isinstance(low, float)
    assert isinstance(high, float)
    assert low < -0.2 < high < 0
    assert "100.0% of the images among their kin" in told.definition


def test_without_kin_in_the_queue_nothing_is_said(study: Study) -> None:
    work_through(study, "Ada")
    work_through(study, "Bobby")
    resolve(study.workspace, "pilot", NOW)
    report = report_of_study(study.workspace, "pilot", now=NOW)
    assert "kin-pace" not in {finding.slug for finding in report.findings}
