"""What an annotator finds when asking for work."""

from dataclasses import replace

from multilabelfy.annotation.assignment import Desk, Supply, desk

BUSY = Supply(is_paused=False, n_handed=2, n_may_come=7, n_unproposed=0, n_proposed=100)


def test_a_handed_picture_is_work() -> None:
    assert desk(BUSY) is Desk.WORK


def test_a_pause_hides_the_work() -> None:
    assert desk(replace(BUSY, is_paused=True)) is Desk.PAUSED


def test_without_any_proposals_there_is_nothing_to_label_yet() -> None:
    assert desk(Supply(is_paused=False, n_handed=0, n_may_come=0, n_unproposed=50, n_proposed=0)) is Desk.UNPROPOSED


def test_pictures_that_others_hold_may_come_back() -> None:
    assert desk(replace(BUSY, n_handed=0)) is Desk.WAITING
    assert desk(replace(BUSY, n_handed=0, n_may_come=0, n_unproposed=3)) is Desk.WAITING


def test_when_nothing_may_come_any_more_the_work_is_finished() -> None:
    assert desk(replace(BUSY, n_handed=0, n_may_come=0)) is Desk.FINISHED
