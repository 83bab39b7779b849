"""What experts say to each other and answer one label at a time, on both databases: appended once, the newest counts."""

import pytest
from tests.store.campaigns import NOW, Campaign, after, new_campaign
from tests.store.decisions.test_refinements import decide, decided

from multilabelfy.annotation.assignment import Assignment
from multilabelfy.annotation.model import Annotator, AnnotatorId, Role, Task, Vote
from multilabelfy.dataset.model import ImageId, ImageState
from multilabelfy.errors import AnswerIdUsed
from multilabelfy.refinement.discussion import Remark, RemarkKind
from multilabelfy.store import people
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import images
from multilabelfy.store.decisions import quick_answers, remarks
from multilabelfy.store.decisions.quick_answers import QuickAnswer
from multilabelfy.store.handing_out import passed_on, queue


@pytest.fixture
def campaign(store: Store) -> Campaign:
    made = new_campaign(store, 2)
    with store.writing() as c:
        for number in range(2):
            images.set_state(c, made.image(number), ImageState.DISPUTED)
    return made


@pytest.fixture
def eva(campaign: Campaign) -> Annotator:
    return campaign.person("Eva", Role.EXPERT)


@pytest.fixture
def fay(campaign: Campaign) -> Annotator:
    return campaign.person("Fay", Role.EXPERT)


def say(campaign: Campaign, author: Annotator, kind: RemarkKind, id: str, to: AnnotatorId | None = None) -> bool:
    """A remark on the first image."""
    with campaign.store.writing() as c:
        return remarks.append(c, Remark(id, campaign.image(0), author.id, kind, "hm", NOW, to), campaign.dataset)


def offered(campaign: Campaign, expert: Annotator) -> list[ImageId]:
    """The images that this expert could be given."""
    with campaign.store.reading() as c:
        return queue.available_among(c, campaign.dataset, expert.id, [campaign.image(0), campaign.image(1)])


def test_a_remark_sent_twice_is_kept_once_and_read_back(campaign: Campaign, eva: Annotator) -> None:
    assert say(campaign, eva, RemarkKind.NOTE, "one")
    assert not say(campaign, eva, RemarkKind.NOTE, "one")
    with campaign.store.reading() as c:
        assert remarks.of_image(c, campaign.image(0)) == [Remark("one", campaign.image(0), eva.id, RemarkKind.NOTE, "hm", NOW)]


def test_an_image_that_was_passed_on_is_for_anybody_else(campaign: Campaign, eva: Annotator, fay: Annotator) -> None:
    say(campaign, eva, RemarkKind.PASSED, "one")
    assert (campaign.image(0) in offered(campaign, eva), campaign.image(0) in offered(campaign, fay)) == (False, True)
    say(campaign, fay, RemarkKind.PASSED, "two")
    assert (campaign.image(0) in offered(campaign, eva), campaign.image(0) in offered(campaign, fay)) == (True, False)


def test_a_named_expert_alone_has_it_until_they_may_not_any_more(campaign: Campaign, eva: Annotator, fay: Annotator) -> None:
    gil = campaign.person("Gil", Role.EXPERT)
    say(campaign, eva, RemarkKind.PASSED, "one", to=fay.id)
    assert [campaign.image(0) in offered(campaign, one) for one in (eva, fay, gil)] == [False, True, False]
    with campaign.store.reading() as c:
        assert passed_on.passed_by_name(c, campaign.dataset, fay.id) == [campaign.image(0)]
    with campaign.store.writing() as c:
        people.set_active(c, fay.id, False)
    assert [campaign.image(0) in offered(campaign, one) for one in (eva, gil)] == [False, True]


def test_an_image_that_was_brought_back_is_for_everybody(campaign: Campaign, eva: Annotator, fay: Annotator) -> None:
    say(campaign, eva, RemarkKind.PASSED, "one", to=fay.id)
    say(campaign, fay, RemarkKind.REOPENED, "two")
    assert campaign.image(0) in offered(campaign, eva)


def quick(campaign: Campaign, held: Assignment, id: str, label: int, vote: Vote, minutes: float = 0) -> bool:
    """One answer about one label."""
    with campaign.store.writing() as c:
        answer = QuickAnswer(id, held.id, held.image, held.annotator, label, vote, after(minutes), 900)
        return quick_answers.append(c, answer, campaign.dataset)


def test_the_newest_answer_to_a_label_counts_and_one_sent_twice_is_kept_once(campaign: Campaign, eva: Annotator) -> None:
    (held,) = campaign.hand_out(eva, task=Task.REFINE)
    assert quick(campaign, held, "a", 3, Vote.YES)
    assert not quick(campaign, held, "a", 3, Vote.YES)
    with pytest.raises(AnswerIdUsed):
        quick(campaign, held, "a", 3, Vote.NO)
    quick(campaign, held, "b", 5, Vote.YES)
    quick(campaign, held, "c", 3, Vote.NO)
    with campaign.store.reading() as c:
        found = quick_answers.standing(c, [held.id])[held.id]
        assert {label: one.vote for label, one in found.items()} == {3: Vote.NO, 5: Vote.YES}
        assert quick_answers.last_label(c, campaign.dataset, eva.id) == 3
        before = quick_answers.before(c, campaign.dataset, eva.id, (held.id, 3))
        assert before is not None
        assert before.label == 5


def test_answers_that_went_into_a_decision_are_not_asked_of_the_next(campaign: Campaign, eva: Annotator) -> None:
    (held,) = campaign.hand_out(eva, task=Task.REFINE)
    quick(campaign, held, "a", 3, Vote.YES, minutes=1)
    decide(campaign, held, decided(held, "d", {3: Vote.YES}, submitted_at=after(2)))
    quick(campaign, held, "b", 5, Vote.NO, minutes=3)
    with campaign.store.reading() as c:
        assert quick_answers.standing(c, [held.id])[held.id].keys() == {5}


@pytest.mark.parametrize("minutes", [2, 1, 0])
def test_an_answer_after_a_decision_counts_whatever_the_clock_says(campaign: Campaign, eva: Annotator, minutes: int) -> None:
    """The clock is set back between a decision and the next answer, or both come in one instant."""
    (held,) = campaign.hand_out(eva, task=Task.REFINE)
    quick(campaign, held, "a", 3, Vote.YES, minutes=1)
    decide(campaign, held, decided(held, "d", {3: Vote.YES}, submitted_at=after(2)))
    quick(campaign, held, "b", 5, Vote.NO, minutes=minutes)
    with campaign.store.reading() as c:
        assert quick_answers.standing(c, [held.id])[held.id].keys() == {5}


@pytest.mark.parametrize("minutes", [2, 3, 4])
def test_a_decision_includes_what_was_answered_before_it_whatever_the_clock_says(campaign: Campaign, eva: Annotator, minutes: int) -> None:
    (held,) = campaign.hand_out(eva, task=Task.REFINE)
    quick(campaign, held, "a", 3, Vote.YES, minutes=minutes)
    decide(campaign, held, decided(held, "d", {3: Vote.YES}, submitted_at=after(2)))
    with campaign.store.reading() as c:
        assert quick_answers.standing(c, [held.id]) == {}
