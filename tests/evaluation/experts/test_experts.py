"""What experts' decisions say: how far two agree, how often they change after the reveal, and how often agreed images are wrong."""

from collections.abc import Iterable
from datetime import UTC, datetime
from math import sqrt

import pytest

from multilabelfy.annotation.model import AnnotatorId, Vote
from multilabelfy.dataset.model import ImageId
from multilabelfy.evaluation.experts.audit import Audited, audit_of, corrected_headline
from multilabelfy.evaluation.experts.expert_agreement import expert_agreement, independent_pairs
from multilabelfy.evaluation.experts.reveal import changes_after_reveal
from multilabelfy.refinement.model import Refinement
from multilabelfy.statistics.intervals import wilson
from multilabelfy.statistics.shares import Share

NOW = datetime(2024, 1, 1, tzinfo=UTC)
SHOWN = (0, 1, 2)


def votes(chosen: Iterable[int]) -> dict[int, Vote]:
    """A yes for these, a no for what else was shown."""
    return dict.fromkeys(SHOWN, Vote.NO) | dict.fromkeys(chosen, Vote.YES)


def decided(
    image: int,
    who: int,
    chosen: Iterable[int] | None,
    *,
    blind: Iterable[int] | None = None,
    policy: str = "two-experts",
    revision: int = 1,
) -> Refinement:
    """One expert's decision on an image of three labels."""
    first = None if blind is None else votes(blind)
    final = None if chosen is None else votes(chosen)
    key = f"{image}-{who}-{revision}-{chosen}"
    return Refinement(key, ImageId(image), AnnotatorId(who), (0,), SHOWN, first, final, NOW, revision=revision, policy=policy)


def test_two_experts_agree_on_half_of_two_images() -> None:
    found = expert_agreement(
        [decided(1, 8, [0]), decided(1, 9, [0]), decided(2, 8, [0, 1]), decided(2, 9, [0], policy="two-experts")], seed=1
    )
    assert found is not None
    assert (found.n_images, found.n_audited, found.n_half, found.blind) == (2, 0, 0, None)
    assert found.decided.sets["equal"].value == 0.5
    assert found.decided.sets["jaccard"].value == pytest.approx((0 + 1 / 2) / 2)  # {0, 1} and {0} share one of two
    assert found.decided.sets["masi"].value == pytest.approx((0 + 1 - 1 / 2 * 2 / 3) / 2)
    assert found.decided.n_questions == 6
    assert found.decided.answers["percent"].value == pytest.approx(5 / 6)
    assert found.decided.answers["positive"].value == pytest.approx(2 * 2 / (2 * 2 + 1))


def test_a_label_that_one_expert_added_is_a_no_of_the_other() -> None:
    found = expert_agreement([decided(1, 8, [0, 7]), decided(1, 9, [0])], seed=1)
    assert found is not None
    assert found.decided.sets["equal"].value == 0.0


def test_third_experts_reopened_images_and_single_decisions_are_left_out() -> None:
    everything = [
        decided(1, 8, [0]), decided(1, 9, [1]), decided(1, 7, [1], policy="third-expert"),
        decided(2, 8, [0]),
        decided(3, 8, [0], policy="one-expert"), decided(3, 9, [0], policy="reopened"),
        decided(4, 8, None, blind=[0]), decided(4, 9, [0]),
    ]  # fmt: skip
    assert [(one.expert, other.expert) for one, other in independent_pairs(everything)] == [(8, 9)]
    found = expert_agreement(everything, seed=1)
    assert found is not None
    assert (found.n_images, found.n_half) == (1, 2)  # of the second and the fourth image one expert has decided
    assert expert_agreement(everything[3:], seed=1) is None


def test_the_newest_decision_of_each_counts_and_audited_images_are_told_apart() -> None:
    found = expert_agreement(
        [decided(1, 8, [0], policy="audit"), decided(1, 9, [1], policy="audit"), decided(1, 8, [1], policy="audit", revision=2)], seed=1
    )
    assert found is not None
    assert (found.n_audited, found.decided.sets["equal"].value) == (1, 1.0)


def test_before_the_reveal_experts_may_agree_less() -> None:
    found = expert_agreement([decided(1, 8, [0], blind=[0]), decided(1, 9, [0], blind=[1])], seed=1)
    assert found is not None
    assert found.blind is not None
    assert (found.blind.sets["equal"].value, found.decided.sets["equal"].value) == (0.0, 1.0)


def test_one_of_three_changed_after_the_reveal() -> None:
    found = changes_after_reveal(
        [
            decided(1, 8, None, blind=[0]), decided(1, 8, [0, 1], blind=[0], revision=2),
            decided(2, 8, [0], blind=[0]), decided(2, 8, [2], blind=[0], revision=3),  # a later revision is no answer to the reveal
            decided(3, 9, [0], blind=[0]),
            decided(4, 9, [0]),  # the votes were open
            decided(5, 9, None, blind=[0]),  # waits for its reveal
        ]
    )  # fmt: skip
    assert (found.n, found.n_changed, found.n_gained, found.n_lost, found.n_experts, found.n_open) == (3, 1, 1, 0, 2, 1)
    assert found.share(found.n_changed) == Share(1, 3, n_missing=1)


def audited(agreed: Iterable[int], after: Iterable[int] | None, probability: float = 0.05) -> Audited:
    """One image of the audit."""
    return Audited(frozenset(agreed), None if after is None else frozenset(after), probability)


def test_an_audit_estimates_how_often_agreed_images_are_wrong() -> None:
    found = audit_of([audited([0], [0])] * 17 + [audited([0], [0, 1]), audited([0], [1]), audited([0, 1], [0]), audited([0], None)])
    assert found is not None
    assert (found.n_drawn, found.n_decided) == (21, 20)
    assert found.n_effective == pytest.approx(21)
    assert found.wrong.share == pytest.approx(3 / 20)
    least, most = wilson(3, 21), wilson(4, 21)  # the image that is not decided may be wrong too
    assert least is not None
    assert most is not None
    assert (found.wrong.interval.low, found.wrong.interval.high) == pytest.approx((least.low, most.high))
    assert (found.missing.n_seen, found.surplus.n_seen) == (2, 2)
    assert (found.gains_several.n_seen, found.loses_several.n_seen) == (1, 1)


def test_an_audit_without_an_error_is_no_certainty() -> None:
    found = audit_of([audited([0], [0])] * 10)
    assert found is not None
    assert (found.wrong.share, found.wrong.interval.low) == (0.0, 0.0)
    assert found.wrong.interval.high == pytest.approx(0.2775, abs=1e-4)


def test_images_drawn_with_half_the_probability_count_twice() -> None:
    found = audit_of([audited([0], [1], 0.05), audited([0], [0], 0.10)])
    assert found is not None
    assert found.wrong.share == pytest.approx(2 / 3)
    assert found.n_effective == pytest.approx((20 + 10) ** 2 / (20**2 + 10**2))


def test_nothing_decided_is_nothing_estimated() -> None:
    assert audit_of([audited([0], None)]) is None
    assert audit_of([]) is None


def test_the_headline_is_corrected_by_what_the_audit_saw() -> None:
    audit = audit_of([audited([0], [0, 1])] * 2 + [audited([0], [0])] * 8)
    assert audit is not None
    found = corrected_headline(n_several=30, n_images=100, n_unaudited=50, audit=audit)
    assert found.share == pytest.approx(0.30 + 0.5 * 0.2)
    released, gains, loses = wilson(30, 100), wilson(2, 10), wilson(0, 10)
    assert released is not None
    assert gains is not None
    assert loses is not None
    down = sqrt((0.30 - released.low) ** 2 + (0.5 * (0.2 - gains.low)) ** 2 + (0.5 * loses.high) ** 2)
    assert found.interval.low == pytest.approx(0.40 - down)
    assert found.interval.high == pytest.approx(0.40 + sqrt((released.high - 0.30) ** 2 + (0.5 * (gains.high - 0.2)) ** 2))
