"""Which labels an image's annotators are asked about, in the paper's protocol and in the blind one."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from multilabelfy.proposals.candidates import candidates, depth
from multilabelfy.proposals.model import DECOY, GIVEN, Candidate, Proposal


def ranked(*labels: int, source: str = "a") -> list[Proposal]:
    return [Proposal(label, rank, 1 / (rank + 1), source) for rank, label in enumerate(labels, start=1)]


TWELVE = ranked(*range(100, 112))  # label 100 + i has rank i + 1


def labels_of(chosen: tuple[Candidate, ...]) -> list[int]:
    return [candidate.label for candidate in chosen]


def test_the_papers_candidates_are_the_best_ranks_whatever_the_given_label() -> None:
    chosen = candidates(TWELVE, n_candidates=4, seed=0)

    assert chosen == (Candidate(100, "a", 1), Candidate(101, "a", 2), Candidate(102, "a", 3), Candidate(103, "a", 4))


def test_a_given_label_among_the_best_changes_nothing() -> None:
    assert candidates(TWELVE, n_candidates=4, given=102, n_decoys=2, seed=0) == candidates(TWELVE, n_candidates=4, seed=0)


def test_a_given_label_that_nobody_brought_replaces_the_last_three_together_with_two_decoys() -> None:
    chosen = candidates(TWELVE, n_candidates=4, given=7, n_decoys=2, seed=0)

    assert labels_of(chosen)[0] == 100
    assert Counter(candidate.source for candidate in chosen) == {"a": 1, GIVEN: 1, DECOY: 2}
    assert Candidate(7, GIVEN, None) in chosen
    decoys = [candidate.label for candidate in chosen if candidate.source == DECOY]
    assert set(decoys) <= set(range(104, 112))  # ranks 5 to 12: k+1 … 3k


def test_a_given_label_of_a_deep_rank_keeps_its_rank_and_is_no_decoy_of_its_own() -> None:
    for seed in range(20):
        chosen = candidates(TWELVE, n_candidates=4, given=105, n_decoys=2, seed=seed)

        assert labels_of(chosen).count(105) == 1
        assert Candidate(105, GIVEN, 6) in chosen


def test_decoys_come_from_no_deeper_than_three_times_k() -> None:
    decoys = {
        candidate.label
        for seed in range(200)
        for candidate in candidates(TWELVE, n_candidates=3, given=7, n_decoys=2, seed=seed)
        if candidate.source == DECOY
    }

    assert decoys == set(range(103, 109))  # ranks 4 to 9, every one of them some time


def test_the_place_of_the_given_label_among_the_newcomers_betrays_nothing() -> None:
    places = Counter(labels_of(candidates(TWELVE, n_candidates=4, given=7, n_decoys=2, seed=seed)).index(7) for seed in range(300))

    assert set(places) == {1, 2, 3}
    assert min(places.values()) > 60  # 100 expected each, standard deviation 8


def test_the_same_seed_gives_the_same_candidates_and_seeds_may_have_parts() -> None:
    def chosen(seed: int | tuple[int, int]) -> tuple[Candidate, ...]:
        return candidates(TWELVE, n_candidates=4, given=7, n_decoys=2, seed=seed)

    assert chosen((5, 17)) == chosen((5, 17))
    assert len({chosen((5, image)) for image in range(30)}) > 10


def test_a_label_space_as_small_as_the_page_is_shown_whole() -> None:
    chosen = candidates(ranked(2, 0, 1), n_candidates=20, given=1, n_decoys=2, seed=0)

    assert labels_of(chosen) == [2, 0, 1]


def test_where_there_are_too_few_deeper_ranks_there_are_fewer_decoys() -> None:
    chosen = candidates(ranked(0, 1, 2, 3, 4), n_candidates=4, given=4, n_decoys=2, seed=0)

    assert labels_of(chosen) == [0, 1, 2, 4]  # label 4 alone lies beyond the fourth rank


def test_an_image_without_a_given_label_gets_the_best_ranks() -> None:
    assert labels_of(candidates(TWELVE, n_candidates=4, given=None, n_decoys=2, seed=0)) == [100, 101, 102, 103]


def test_several_proposers_share_the_places_by_rank() -> None:
    proposals = ranked(1, 2, 3, source="a") + ranked(4, 1, 5, source="b")

    assert candidates(proposals, n_candidates=3, seed=0) == (Candidate(1, "a", 1), Candidate(4, "b", 1), Candidate(2, "a", 2))


def test_three_times_as_many_ranks_are_kept_as_are_shown_unless_there_are_fewer_labels() -> None:
    assert (depth(20, 1000), depth(20, 30)) == (60, 30)


@given(
    order=st.permutations(range(15)),
    n_candidates=st.integers(1, 20),
    given_label=st.integers(0, 20),
    n_decoys=st.integers(0, 4),
    seed=st.integers(0, 1000),
)
def test_the_given_label_is_always_there_once_and_nothing_is_there_twice(
    order: list[int], n_candidates: int, given_label: int, n_decoys: int, seed: int
) -> None:
    chosen = labels_of(candidates(ranked(*order), n_candidates=n_candidates, given=given_label, n_decoys=n_decoys, seed=seed))

    assert chosen.count(given_label) == 1
    assert len(set(chosen)) == len(chosen)
    assert len(chosen) <= max(n_candidates, 1)
    assert len(chosen) >= min(n_candidates, 15)
