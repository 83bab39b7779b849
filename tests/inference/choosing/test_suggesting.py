"""A model is suggested by what the machine can do in an hour; where that is a guess, it is called one."""

import pytest

from multilabelfy.inference.choosing.suggesting import GUESSED_GIGAMACS, MeasuredSpeed, suggested
from multilabelfy.inference.choosing.table import KnownModel

SMALL, MEDIUM, LARGE = (
    KnownModel("small", edge=224, gigamacs=1.0, real=80.0),
    KnownModel("medium", edge=224, gigamacs=36.0, real=85.0),
    KnownModel("large", edge=448, gigamacs=360.0, real=90.0),
)
TABLE = {model.model: model for model in (SMALL, MEDIUM, LARGE)}


def test_a_graphics_card_takes_the_best() -> None:
    found = suggested(TABLE, n_cores=2, has_card=True)

    assert (found.known, found.seconds, found.is_in_time) == (LARGE, None, True)


def test_what_was_measured_says_what_an_hour_holds() -> None:
    """100 GMACs a second: 10,000 images of 36 GMACs take an hour, and of 360 GMACs ten."""
    others = [MeasuredSpeed("not in the table", 9999.0), MeasuredSpeed("small@0a1b.bfloat16", 9999.0)]
    measured = [MeasuredSpeed("small@0a1b", 100.0), *others]

    found = suggested(TABLE, n_cores=2, has_card=False, measured=measured, n_images=10_000)

    assert (found.known, found.seconds, found.is_guess) == (MEDIUM, 3600.0, False)
    assert suggested(TABLE, n_cores=2, has_card=False, measured=measured, n_images=1000).known == LARGE


def test_without_a_measurement_a_guess_a_core_is_called_a_guess() -> None:
    found = suggested(TABLE, n_cores=2, has_card=False, n_images=10_000)

    assert (found.known, found.is_guess) == (MEDIUM, True)
    assert found.seconds == pytest.approx(10_000 * 36 / (2 * GUESSED_GIGAMACS))


def test_where_none_is_through_in_an_hour_the_one_with_the_least_work_is_suggested_and_not_called_in_time() -> None:
    found = suggested(TABLE, n_cores=1, has_card=False, n_images=10_000_000)

    assert (found.known, found.is_in_time) == (SMALL, False)
