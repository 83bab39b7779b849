"""Which checks are drawn for whom: shares that hold, lots that are independent, the same on any machine."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from multilabelfy.annotation.checking.checks import (
    CheckPolicy,
    GoldKind,
    drawn_from,
    draws_after,
    is_search_first,
    lot,
    n_checks_expected,
)
from multilabelfy.annotation.checking.gold import dealt
from multilabelfy.annotation.model import AnnotatorId
from multilabelfy.annotation.study.protocol import BLIND, PAPER, AnnotationProtocol
from multilabelfy.dataset.model import ImageId

ADA, BOB = AnnotatorId(1), AnnotatorId(2)
MANY = [ImageId(number) for number in range(20_000)]
SOME = MANY[:2_000]


def drawn(
    protocol: AnnotationProtocol, annotator: AnnotatorId = ADA, seed: int = 1, images: Sequence[ImageId] = MANY
) -> dict[CheckPolicy, set[ImageId]]:
    """The images whose answers bring a check, by its policy."""
    found: dict[CheckPolicy, set[ImageId]] = {policy: set() for policy in CheckPolicy}
    for image in images:
        for draw in draws_after(protocol, seed=seed, annotator=annotator, image=image):
            found[draw.policy].add(image)
    return found


def test_the_papers_protocol_draws_nothing() -> None:
    assert not any(drawn(PAPER, images=SOME).values())
    assert not any(is_search_first(PAPER, seed=1, image=image) for image in SOME)


def test_each_share_of_the_blind_protocol_holds_on_its_own() -> None:
    found = drawn(BLIND)
    shares = {policy: len(images) / len(MANY) for policy, images in found.items()}
    # four standard errors of a share of 5% in 20,000 are 0.6 points
    assert shares[CheckPolicy.TEST] == pytest.approx(0.05, abs=0.006)
    assert shares[CheckPolicy.CALIBRATION] == pytest.approx(0.03, abs=0.006)
    assert shares[CheckPolicy.REPEAT] == pytest.approx(0.02, abs=0.006)
    both = len(found[CheckPolicy.TEST] & found[CheckPolicy.CALIBRATION]) / len(MANY)
    assert both == pytest.approx(0.05 * 0.03, abs=0.0012), "one lot says nothing of another"


def test_people_have_lots_of_their_own_and_a_seed_gives_the_same_ones_again() -> None:
    of_ada, of_bob = drawn(BLIND, images=SOME), drawn(BLIND, BOB, images=SOME)
    assert drawn(BLIND, images=SOME) == of_ada
    assert len(of_ada[CheckPolicy.REPEAT] & of_bob[CheckPolicy.REPEAT]) < len(of_ada[CheckPolicy.REPEAT]) / 4
    assert drawn(BLIND, seed=2, images=SOME) != of_ada


def test_search_first_is_a_matter_of_the_image_alone() -> None:
    found = [image for image in MANY if is_search_first(BLIND, seed=1, image=image)]
    assert len(found) / len(MANY) == pytest.approx(0.03, abs=0.006)


def test_a_draw_says_with_which_probability_and_how_long_it_waits() -> None:
    [draw] = draws_after(replace(PAPER, repeat_share=1.0, repeat_after=30), seed=1, annotator=ADA, image=ImageId(4))
    assert (draw.policy, draw.probability, draw.wait) == (CheckPolicy.REPEAT, 1.0, 30)


def test_gold_is_drawn_evenly_whatever_its_numbers() -> None:
    pool = [ImageId(number) for number in (3, 50, 51, 52)]
    first = [drawn_from(pool, seed=1, annotator=AnnotatorId(person))[0] for person in range(4000)]
    for image in pool:
        assert first.count(image) / 4000 == pytest.approx(1 / 4, abs=0.03)
    assert drawn_from([], seed=1, annotator=ADA) == ()
    assert len(drawn_from(pool, seed=1, annotator=ADA, n=3)) == 3


def test_progress_expects_the_checks_that_there_can_be() -> None:
    protocol = replace(PAPER, test_gold_share=0.05, calibration_share=0.03, repeat_share=0.02, repeat_after=100)
    # of 1,000 images: 50 test, all 10 of the calibration gold, 2% of the 900 that have 100 answers behind them
    assert n_checks_expected(protocol, 1000, {GoldKind.TEST: 80, GoldKind.CALIBRATION: 10}) == 50 + 10 + 18
    assert n_checks_expected(protocol, 50, {}) == 0


def test_images_are_dealt_to_practice_first_and_then_by_turns() -> None:
    kinds = dealt([ImageId(number) for number in (9, 8, 7, 6, 5)], 2)
    assert list(kinds.values()) == [GoldKind.PRACTICE, GoldKind.PRACTICE, GoldKind.TEST, GoldKind.CALIBRATION, GoldKind.TEST]


def test_a_lot_lies_between_zero_and_one_and_spreads_evenly() -> None:
    lots = [lot(1, "x", number) for number in range(2000)]
    assert 0 <= min(lots) <= max(lots) < 1
    assert sum(lots) / len(lots) == pytest.approx(0.5, abs=0.03)
