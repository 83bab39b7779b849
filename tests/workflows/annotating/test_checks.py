"""Gold and repeats among what people annotate: handed out like any image, kept apart from every vote."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.answering import answer, person, state_of
from tests.checking import LATER, NO_CHECKS, assignment_of, checks_among, gold_study, next_sheet, say, work_through
from tests.databases import only_sqlite
from tests.deciding import say as decide
from tests.studies import NOW, Study

from multilabelfy.annotation.assignment import Assignment
from multilabelfy.annotation.checking.checks import GoldKind
from multilabelfy.annotation.checking.gold import Gold
from multilabelfy.annotation.model import Task
from multilabelfy.dataset.model import ImageState
from multilabelfy.refinement.model import EmptyReason
from multilabelfy.store.answers import annotations, check_answers, rebuild
from multilabelfy.store.dataset import datasets as stored_datasets
from multilabelfy.store.dataset import images, progress
from multilabelfy.store.handing_out import checks, gold
from multilabelfy.workflows.analysing.analysis import analyse
from multilabelfy.workflows.annotating import desk
from multilabelfy.workflows.releasing.resolve import resolve

TEST, PRACTICE, CALIBRATION = GoldKind.TEST, GoldKind.PRACTICE, GoldKind.CALIBRATION
ALWAYS_TEST = replace(NO_CHECKS, test_gold_share=1.0)
ALWAYS_AGAIN = replace(NO_CHECKS, repeat_share=1.0, repeat_after=3)


@pytest.fixture
def study(tmp_path: Path, tables_url: str) -> Iterator[Study]:
    """Images 0 and 1 are test gold; each answer draws one."""
    ready = gold_study(tmp_path, ALWAYS_TEST, {0: (TEST, (0,)), 1: (TEST, (1, 2))}, database_url=tables_url)
    yield ready
    ready.workspace.close()


@pytest.fixture
def again(tmp_path: Path) -> Iterator[Study]:
    """Each image comes back after three more answers."""
    ready = gold_study(tmp_path, ALWAYS_AGAIN, {})
    yield ready
    ready.workspace.close()


def numbers(study: Study, done: list[Assignment]) -> list[int]:
    """Which images they were of."""
    place = {image.id: number for number, image in enumerate(study.images)}
    return [place[one.image] for one in done]


@only_sqlite("tables_url")
def test_test_gold_lies_between_ordinary_images_once_to_a_person_and_leaves_its_trace(study: Study) -> None:
    done = work_through(study, "Ada")
    found = checks_among(done)
    assert sorted(numbers(study, found)) == [0, 1]
    assert [(one.policy, one.inclusion_probability) for one in found] == [("gold-test", 1.0)] * 2
    assert len(done) == 10 + 2
    assert done[0].task is Task.ANNOTATE, "it follows an answer"
    assert done[-1].task is Task.ANNOTATE, "and does not wait for the end"


def test_an_answer_to_gold_is_no_vote_and_moves_nothing(study: Study) -> None:
    work_through(study, "Ada", lambda sheet: [sheet.options()[0].label.index])
    assert state_of(study, 0) is ImageState.REFINED
    with study.workspace.store.reading() as c:
        assert annotations.history(c, study.images[0].id) == []
        assert {image for image in study.images if annotations.latest_of_image(c, image.id)} == set(study.images[2:])
        assert images.get(c, study.images[0].id).n_answers == 0
        [one, two] = [checked.answer for checked in check_answers.iterate_latest(c, study.dataset.id)]
        assert {one.image, two.image} == {study.images[0].id, study.images[1].id}
        assert (one.surplus, one.revision) == (False, 1)
        assert progress.n_given(c, study.dataset.id, NOW) == 10, "the pace is that of the votes"
        assert rebuild.stored_summaries(c, study.dataset.id) == rebuild.recomputed(c, study.dataset.id)
    work_through(study, "Bob", lambda sheet: [sheet.options()[0].label.index])
    found = analyse(study.workspace, "pilot")
    assert not {study.images[0].id, study.images[1].id} & found.disagreements.keys()
    resolved = resolve(study.workspace, "pilot", LATER).release
    assert resolved is not None
    assert resolved.n_images == 10, "no gold image is resolved by answers to it"


@only_sqlite("tables_url")
def test_gold_is_revised_and_gone_back_to_like_any_answer(study: Study) -> None:
    done = work_through(study, "Ada")
    ada = person(study, "Ada")
    back, at = [], None
    while (at := desk.answer_before(study.workspace, "pilot", ada, at)) is not None:
        back.append(at)
    assert back == [one.id for one in reversed(done)]
    check = checks_among(done)[0]
    [sheet] = desk.open_sheet(study.workspace, "pilot", ada, check.id, LATER).sheets
    assert sheet.earlier is not None
    assert say(study, "Ada", sheet, [sheet.options()[1].label.index]).revision == 2
    with study.workspace.store.reading() as c:
        standing = check_answers.latest_of(c, check.id)
    assert standing is not None
    assert standing.chosen() == {sheet.options()[1].label.index}


def test_the_same_answer_sent_twice_is_one(study: Study) -> None:
    say(study, "Ada", sheet := next_sheet(study, "Ada") or pytest.fail("no work"))
    check = next(one for one in work_through(study, "Ada") if one.task is Task.CHECK)
    with study.workspace.store.writing() as c:
        standing = check_answers.latest_of(c, check.id)
        assert standing is not None
        assert check_answers.append(c, standing, assignment=check.id) == standing
        assert len(list(check_answers.iterate_latest(c, study.dataset.id))) == 2
    assert assignment_of(study, sheet).task is Task.ANNOTATE


@only_sqlite("tables_url")
def test_each_step_of_progress_is_one_whatever_was_answered(study: Study) -> None:
    ada, seen = person(study, "Ada"), []
    while (sheet := next_sheet(study, "Ada")) is not None:
        say(study, "Ada", sheet)
        with study.workspace.store.reading() as c:
            seen.append(desk.progress_of(c, stored_datasets.find(c, "pilot"), ada))
    assert [step.n_answered for step in seen] == list(range(1, 13))
    assert {step.n_images for step in seen} == {12 + 2}, "2 gold images are to be expected among 12 answerable ones"


@only_sqlite("tables_url")
def test_gold_is_never_an_image_that_its_person_had(study: Study) -> None:
    with study.workspace.store.writing() as c:
        images.set_state(c, study.images[0].id, ImageState.OPEN)
    answer(study, "Ada", 0, [0])
    bob = person(study, "Bob")
    with study.workspace.store.writing() as c:
        images.set_state(c, study.images[0].id, ImageState.REFINED)
        assert gold.pool(c, study.dataset.id, TEST, bob.id) == [study.images[0].id, study.images[1].id]
    assert numbers(study, checks_among(work_through(study, "Ada"))) == [1]


@only_sqlite("tables_url")
def test_retired_gold_is_handed_out_no_more(study: Study) -> None:
    with study.workspace.store.writing() as c:
        assert gold.retire(c, [study.images[0].id], LATER) == 1
        assert gold.counts(c, study.dataset.id)[TEST] == 1
    assert numbers(study, checks_among(work_through(study, "Ada"))) == [1]


def test_gold_without_proposals_waits_for_them(tmp_path: Path) -> None:
    study = gold_study(tmp_path, ALWAYS_TEST, {0: (TEST, (0,))}, proposed=False)
    with study.workspace.store.reading() as c:
        assert gold.n_without_proposals(c, study.dataset.id) == 1
        assert gold.pool(c, study.dataset.id, TEST, person(study, "Ada").id) == []
    study.workspace.close()


def test_a_check_whose_lease_lapsed_comes_again_and_so_does_one_left_for_later(study: Study) -> None:
    say(study, "Ada", next_sheet(study, "Ada") or pytest.fail("no work"))
    ada = person(study, "Ada")
    soon = NOW + timedelta(minutes=1)
    held = desk.next_work(study.workspace, "pilot", ada, soon).sheets
    check = next(sheet for sheet in held if assignment_of(study, sheet).task is Task.CHECK)
    after_lunch = NOW + timedelta(hours=5)
    assert check.assignment in {sheet.assignment for sheet in desk.next_work(study.workspace, "pilot", ada, after_lunch).sheets}
    desk.leave_for_later(study.workspace, "pilot", ada, check.assignment)
    assert checks_among(work_through(study, "Ada"))[-1].id == check.assignment


def test_an_image_comes_back_after_so_many_answers_and_is_no_revision(again: Study) -> None:
    done = work_through(again, "Ada", lambda sheet: [sheet.options()[0].label.index])
    found = checks_among(done)
    order = numbers(again, [one for one in done if one.task is Task.ANNOTATE])
    assert numbers(again, found) == order[:9], "the last three have nothing after them"
    assert {one.policy for one in found} == {"repeat"}
    for one in found:
        first = next(at for at, other in enumerate(done) if other.image == one.image)
        between = [other for other in done[first + 1 : done.index(one)] if other.task is Task.ANNOTATE]
        assert len(between) >= 3
    with again.workspace.store.reading() as c:
        assert [said.revision for said in annotations.history(c, found[0].image)] == [1]
        assert images.get(c, found[0].image).n_answers == 1, "overlap counts people, not occasions"


def test_an_image_that_an_expert_calls_inappropriate_comes_back_to_nobody(again: Study) -> None:
    first = next_sheet(again, "Ada")
    assert first is not None
    image = assignment_of(again, first).image
    say(again, "Ada", first, [first.options()[0].label.index])
    with again.workspace.store.writing() as c:
        images.set_state(c, image, ImageState.DISPUTED)
    decide(again, "Eve", reason=EmptyReason.INAPPROPRIATE)
    checked = checks_among(work_through(again, "Ada", lambda sheet: [sheet.options()[0].label.index]))
    assert checked
    assert image not in [check.image for check in checked]


def test_a_repeat_opens_empty_and_does_not_replace_the_first_answer(again: Study) -> None:
    sheet = next_sheet(again, "Ada")
    while sheet is not None and assignment_of(again, sheet).task is Task.ANNOTATE:
        say(again, "Ada", sheet, [sheet.options()[0].label.index])
        sheet = next_sheet(again, "Ada")
    assert sheet is not None
    assert sheet.earlier is None
    say(again, "Ada", sheet, [sheet.options()[1].label.index])
    with again.workspace.store.reading() as c:
        image = assignment_of(again, sheet).image
        [standing] = annotations.latest_of_image(c, image)
    assert standing.chosen() == {sheet.options()[0].label.index}


def test_a_new_annotator_practises_first_and_counts_from_zero_after_it(tmp_path: Path) -> None:
    known = {number: (PRACTICE, (number,)) for number in range(4)}
    study = gold_study(tmp_path, replace(NO_CHECKS, n_practice=3), known)
    first = desk.next_work(study.workspace, "pilot", person(study, "Ada"), NOW)
    assert [sheet.is_practice for sheet in first.sheets] == [True, True, True], "nothing else lies ahead meanwhile"
    done = work_through(study, "Ada", most=3)
    assert {one.policy for one in done} == {"practice"}
    with study.workspace.store.reading() as c:
        assert desk.progress_of(c, study.dataset, person(study, "Ada")) == desk.Progress(0, 12)
        assert rebuild.stored_summaries(c, study.dataset.id) == rebuild.recomputed(c, study.dataset.id)
    assert not any(one.policy == "practice" for one in work_through(study, "Ada"))
    study.workspace.close()


def test_who_began_before_there_was_practice_gold_goes_on_without_it(tmp_path: Path) -> None:
    study = gold_study(tmp_path, replace(NO_CHECKS, n_practice=3), {})
    work_through(study, "Ada", most=1)
    with study.workspace.store.writing() as c:
        images.set_state(c, study.images[9].id, ImageState.REFINED)
        gold.add(c, study.dataset.id, [Gold(study.images[9].id, PRACTICE, (9,))], NOW)
    assert checks_among(work_through(study, "Ada")) == []
    assert [one.policy for one in checks_among(work_through(study, "Bob"))] == ["practice"]
    study.workspace.close()


def test_the_kinds_of_gold_are_disjoint_and_calibration_is_drawn_by_a_lot_of_its_own(tmp_path: Path) -> None:
    known = {0: (CALIBRATION, (0,)), 1: (CALIBRATION, (1,)), 2: (TEST, (2,))}
    study = gold_study(tmp_path, replace(NO_CHECKS, calibration_share=1.0), known)
    found = checks_among(work_through(study, "Ada"))
    assert (sorted(numbers(study, found)), {one.policy for one in found}) == ([0, 1], {"gold-calibration"})
    study.workspace.close()


def test_the_same_seed_draws_the_same_checks(tmp_path: Path) -> None:
    shares = replace(NO_CHECKS, test_gold_share=0.3, repeat_share=0.3, repeat_after=2)
    runs = []
    for folder in ("one", "two"):
        study = gold_study(tmp_path / folder, shares, {0: (TEST, (0,)), 1: (TEST, (1,))}, n_images=20)
        done = work_through(study, "Ada")
        runs.append([(number, one.policy) for one, number in zip(done, numbers(study, done), strict=True)])
        study.workspace.close()
    assert runs[0] == runs[1]
    assert {"gold-test", "repeat"} < {policy for _, policy in runs[0]}


def test_no_check_waits_where_the_shares_are_zero(tmp_path: Path) -> None:
    study = gold_study(tmp_path, NO_CHECKS, {0: (TEST, (0,)), 1: (PRACTICE, (1,))})
    assert checks_among(work_through(study, "Ada")) == []
    with study.workspace.store.reading() as c:
        assert not checks.is_due(c, study.dataset.id, person(study, "Ada").id)
    study.workspace.close()
