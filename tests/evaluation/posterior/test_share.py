"""An interval made of parts: Wilson's where images alone count, wider with everything that may be wrong, and never without its value."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multilabelfy.evaluation.posterior.share import PosteriorShare, WidthPart, share_of_parts
from multilabelfy.statistics.intervals import wilson

shares, doubts = st.floats(0.0, 1.0), st.floats(0.0, 0.01)
N = 200


def width(share: PosteriorShare) -> float:
    return share.interval.high - share.interval.low


def binomial(share: float) -> dict[WidthPart, float]:
    return {WidthPart.IMAGES: share * (1 - share) / N}


@pytest.mark.parametrize("n_several", [0, 1, 60, 199, 200])
def test_certain_images_have_wilson_s_interval(n_several: int) -> None:
    found, known = share_of_parts(n_several / N, N, binomial(n_several / N)).interval, wilson(n_several, N)
    assert known is not None
    assert (found.low, found.high) == pytest.approx((known.low, known.high))


@given(shares, doubts, doubts)
@settings(max_examples=100, deadline=None)
def test_more_doubt_of_any_kind_widens_it(share: float, doubt: float, more: float) -> None:
    for part in (WidthPart.DOUBT, WidthPart.ANNOTATORS):
        with_doubt = share_of_parts(share, N, {**binomial(share), part: doubt})
        with_more = share_of_parts(share, N, {**binomial(share), part: doubt + more})
        assert with_more.interval.low <= with_doubt.interval.low + 1e-12
        assert with_more.interval.high >= with_doubt.interval.high - 1e-12
        assert width(with_more) > width(with_doubt) or more < 1e-6


@given(shares, doubts, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
@settings(max_examples=100, deadline=None)
def test_it_holds_its_value_and_its_parts_are_all_of_it(share: float, doubt: float, down: float, up: float) -> None:
    found = share_of_parts(share, N, {**binomial(share), WidthPart.ANNOTATORS: doubt}, {WidthPart.MISSED: (down, up)})
    assert 0 <= found.interval.low <= share <= found.interval.high <= 1
    assert sum(found.parts.values()) == pytest.approx(1) or not found.parts
    assert min(found.parts.values(), default=0.0) >= 0


def test_a_bound_moves_an_end_by_what_it_allows() -> None:
    bounded = share_of_parts(0.3, N, binomial(0.3), {WidthPart.UNFINISHED: (0.1, 0.2)})
    assert bounded.interval.low == pytest.approx(wilson(40, N).low)  # type: ignore[union-attr]
    assert bounded.interval.high == pytest.approx(wilson(100, N).high)  # type: ignore[union-attr]
    by_images = wilson(60, N)
    assert by_images is not None
    alone = by_images.high - by_images.low
    assert bounded.parts[WidthPart.UNFINISHED] == pytest.approx(0.3 / (0.3 + alone))


def test_annotators_may_move_a_share_that_is_zero() -> None:
    still, moved = (share_of_parts(0.0, N, {WidthPart.ANNOTATORS: variance}) for variance in (0.0, 0.001))
    assert (still.interval.low, moved.interval.low) == (0.0, 0.0)
    assert moved.interval.high > still.interval.high
