"""How people did on checks, gathered from the store: what counts, what does not, and that no vote comes of it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from tests.answering import person
from tests.checking import LATER, NO_CHECKS, assignment_of, gold_study, next_sheet, say, work_through
from tests.databases import only_sqlite
from tests.studies import Study

from multilabelfy.annotation.checking.checks import GoldKind
from multilabelfy.annotation.model import Vote
from multilabelfy.statistics.shares import Share
from multilabelfy.store.handing_out import gold
from multilabelfy.workflows.analysing.answer_quality import answer_quality, quality_by_person
from multilabelfy.workflows.annotating.sheets import Sheet
from multilabelfy.workflows.releasing.exports import export

TEST, PRACTICE, CALIBRATION = GoldKind.TEST, GoldKind.PRACTICE, GoldKind.CALIBRATION
ALL = replace(NO_CHECKS, n_practice=1, test_gold_share=1.0, calibration_share=1.0, repeat_share=1.0, repeat_after=1, search_first_share=1.0)


@pytest.fixture
def study(tmp_path: Path, tables_url: str) -> Iterator[Study]:
    """Image 0 is practice, 1 calibration, 2 test gold; of each its own number is the one valid label."""
    known = {0: (PRACTICE, (0,)), 1: (CALIBRATION, (1,)), 2: (TEST, (2,))}
    ready = gold_study(tmp_path, ALL, known, n_images=6, database_url=tables_url)
    yield ready
    ready.workspace.close()


def annotate(study: Study, who: str) -> None:
    """The first label of each picture, and the second one when it comes again."""
    seen: dict[int, int] = defaultdict(int)

    def says(sheet: Sheet) -> list[int]:
        image = assignment_of(study, sheet).image
        seen[image] += 1
        return [sheet.options()[seen[image] - 1].label.index]

    work_through(study, who, says)


@only_sqlite("tables_url")
def test_gold_counts_by_calibration_and_test_and_repeats_against_the_vote(study: Study) -> None:
    annotate(study, "Ada")
    ada = person(study, "Ada")
    with study.workspace.store.reading() as c:
        found = quality_by_person(c, study.dataset)[ada.id]
    # both gold images were answered with their one valid label; two of three votes came again, with another label of twenty
    assert (found.gold.precision, found.gold.recall, found.gold.n_images) == (Share(2, 2), Share(2, 2), 2)
    assert (found.again.n_images, found.again.alike, found.again.positive) == (2, Share(36, 40), Share(0, 4))


@only_sqlite("tables_url")
def test_gold_that_was_taken_back_counts_no_more(study: Study) -> None:
    annotate(study, "Ada")
    ada = person(study, "Ada")
    with study.workspace.store.writing() as c:
        gold.retire(c, [study.images[1].id], LATER)
        assert quality_by_person(c, study.dataset)[ada.id].gold.n_images == 1


def test_everybody_together_is_what_a_report_tells(study: Study) -> None:
    annotate(study, "Ada")
    annotate(study, "Bob")
    with study.workspace.store.reading() as c:
        found = answer_quality(c, study.dataset)
    assert (found.n_tested, found.n_again, found.gold.n_images, found.again.n_images) == (2, 2, 4, 4)
    assert found.suggested.n_answers == 0, "nobody searched first"


def test_what_was_found_by_search_alone_is_held_against_the_answer(tmp_path: Path) -> None:
    study = gold_study(tmp_path, replace(NO_CHECKS, search_first_share=1.0), {}, n_images=3)
    for first in ({5: Vote.YES}, {}, {9: Vote.YES}):
        sheet = next_sheet(study, "Ada")
        assert sheet is not None
        say(study, "Ada", sheet, [5], first=first)
    with study.workspace.store.reading() as c:
        found = answer_quality(c, study.dataset).suggested
    study.workspace.close()
    assert (found.n_answers, found.found, found.given_up) == (3, Share(1, 3), Share(1, 2))


@only_sqlite("tables_url")
def test_no_check_is_among_the_exported_votes(study: Study, tmp_path: Path) -> None:
    annotate(study, "Ada")
    export(study.workspace, "pilot", "votes", tmp_path / "votes.parquet")
    votes = pl.read_parquet(tmp_path / "votes.parquet")
    assert set(votes["image"]) == {image.path for image in study.images[3:]}
    assert votes.height == 3 * 20


def test_without_checks_there_is_nobody_to_tell_of(tmp_path: Path) -> None:
    study = gold_study(tmp_path, NO_CHECKS, {}, n_images=2)
    annotate(study, "Ada")
    with study.workspace.store.reading() as c:
        assert quality_by_person(c, study.dataset) == {}
        assert answer_quality(c, study.dataset).gold.n_images == 0
    study.workspace.close()
