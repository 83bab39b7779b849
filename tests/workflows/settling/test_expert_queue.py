"""Which case experts get first where the protocol asks for what a second of their time gains most."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.answering import answer, state_of
from tests.deciding import case, say
from tests.studies import NOW, Study, ready_study

from multilabelfy.annotation.study.protocol import BLIND, PAPER, ExpertOrder
from multilabelfy.dataset.model import ImageId, ImageState
from multilabelfy.errors import InvalidInput
from multilabelfy.refinement.lots import RefinePolicy
from multilabelfy.store.handing_out import queue
from multilabelfy.store.handing_out.queue import WaitingCase
from multilabelfy.workflows.owning.configuring import change_protocol
from multilabelfy.workflows.settling.behind import queues_behind
from multilabelfy.workflows.settling.expert_queue import hidden_among, order_queue

BY_GAIN = replace(PAPER, overlap=3, expert_order=ExpertOrder.GAIN)
AGAINST_CEM, AGAINST_BOB = range(12, 20), 20


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """Three people answer every image. On many all agree, on some Cem alone differs, and on a single one Bob alone."""
    ready = ready_study(tmp_path, n_images=21, protocol=BY_GAIN)
    for number in range(21):
        answer(ready, "Ada", number, [number])
        answer(ready, "Bob", number, [number + 1 if number == AGAINST_BOB else number])
        answer(ready, "Cem", number, [number + 1 if number in AGAINST_CEM else number])
    yield ready
    ready.workspace.close()


def in_order(study: Study) -> list[ImageId]:
    """The cases that wait, the one that is handed out first at the front."""
    with study.workspace.store.reading() as c:
        waiting = queue.waiting_cases(c, study.dataset.id)
        return queue.available_among(c, study.dataset.id, -1, [waits.image for waits in waiting])  # type: ignore[arg-type]


def test_the_case_where_somebody_differs_who_is_mostly_right_comes_first(study: Study) -> None:
    assert order_queue(study.workspace, "pilot").n_waiting == len(AGAINST_CEM) + 1
    assert in_order(study)[0] == study.images[AGAINST_BOB].id
    found = case(study, "Eve")
    assert found is not None
    assert found.image.id == study.images[AGAINST_BOB].id


def test_a_case_that_was_not_weighed_yet_comes_behind_those_that_were_and_the_queue_is_to_be_ordered_again(study: Study) -> None:
    assert queues_behind(study.workspace) == ["pilot"]
    order_queue(study.workspace, "pilot")
    assert queues_behind(study.workspace) == []
    answer(study, "Bob", 0, [1])  # a revision: Bob changes his mind
    assert state_of(study, 0) is ImageState.DISPUTED
    assert in_order(study)[-1] == study.images[0].id
    assert queues_behind(study.workspace) == ["pilot"]
    order_queue(study.workspace, "pilot")
    assert in_order(study)[-1] != study.images[0].id


def test_the_same_votes_give_the_same_order(study: Study) -> None:
    order_queue(study.workspace, "pilot")
    before = in_order(study)
    order_queue(study.workspace, "pilot")
    assert in_order(study) == before


def test_what_an_expert_has_decided_is_weighed_no_more(study: Study) -> None:
    order_queue(study.workspace, "pilot")
    say(study, "Eve", AGAINST_BOB)
    assert order_queue(study.workspace, "pilot").n_waiting == len(AGAINST_CEM)


def test_back_to_the_other_order_every_case_has_the_place_that_its_votes_give_it(study: Study) -> None:
    by_votes = replace(BY_GAIN, expert_order=ExpertOrder.VOTES)
    change_protocol(study.workspace, "pilot", by_votes, NOW)
    before = in_order(study)
    change_protocol(study.workspace, "pilot", BY_GAIN, NOW)
    order_queue(study.workspace, "pilot")
    assert in_order(study) != before
    change_protocol(study.workspace, "pilot", by_votes, NOW)
    assert in_order(study) == before
    assert queues_behind(study.workspace) == []


def test_a_queue_that_the_protocol_orders_by_votes_is_left_alone(study: Study) -> None:
    change_protocol(study.workspace, "pilot", replace(BY_GAIN, expert_order=ExpertOrder.VOTES), NOW)
    with pytest.raises(InvalidInput, match="Choose the other order on the settings page"):
        order_queue(study.workspace, "pilot")


def test_every_preset_keeps_the_order_by_votes() -> None:
    assert PAPER.expert_order is BLIND.expert_order is ExpertOrder.VOTES


def test_an_audited_image_stands_where_the_next_disputed_one_does() -> None:
    audited, disputed = RefinePolicy.AUDIT.value, RefinePolicy.ONE_EXPERT.value
    waiting = [WaitingCase(ImageId(n), policy) for n, policy in enumerate([audited, disputed, audited, disputed, audited])]
    own = {ImageId(0): 9.0, ImageId(1): 0.3, ImageId(3): 0.1}
    assert hidden_among(waiting, own) == {0: 0.3, 1: 0.3, 2: 0.1, 3: 0.1, 4: 0.3}  # behind the last one comes the first


def test_audited_images_alone_have_nothing_to_hide_among() -> None:
    waiting = [WaitingCase(ImageId(1), RefinePolicy.AUDIT.value)]
    assert hidden_among(waiting, {}) == {1: 0.0}
    assert hidden_among([], {}) == {}
