"""An independent, straight loop over images gives the same measures, whatever the ties and the order of the rows."""

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.measures.by_label_count import by_label_count
from multilabelfy.evaluation.measures.joining import positions_of
from multilabelfy.evaluation.measures.metrics import ValidLabels, hits, measures, tally
from multilabelfy.evaluation.measures.model import LabelledImages, ScoredImages
from multilabelfy.evaluation.measures.score_metrics import ranked_from_scores

N_LABELS = 6
SCORES = st.sampled_from([0.0, 0.25, 0.5, 1.0])  # few values: ties abound

Image = tuple[set[int], int, list[float]]
IMAGES: st.SearchStrategy[list[Image]] = st.lists(
    st.tuples(
        st.sets(st.integers(0, N_LABELS - 1)),
        st.integers(0, N_LABELS - 1),
        st.lists(SCORES, min_size=N_LABELS, max_size=N_LABELS),
    ),
    min_size=1,
    max_size=12,
)


def ranking_by_loop(scores: list[float]) -> list[int]:
    return sorted(range(len(scores)), key=lambda label: (-scores[label], label))


def mean_by_loop(values: list[Fraction]) -> float | None:
    return float(sum(values, Fraction(0)) / len(values)) if values else None


def measures_by_loop(images: list[Image], n_ranks: int) -> dict[str, float | None]:
    top1, real, with_empty, topk, strict = [], [], [], [], []
    groups: dict[int, list[Fraction]] = {}
    for valid, given_label, scores in images:
        ranked = ranking_by_loop(scores)[:n_ranks]
        top1.append(Fraction(ranked[0] == given_label))
        with_empty.append(Fraction(ranked[0] in valid or not valid))
        if valid:
            real.append(Fraction(ranked[0] in valid))
        if valid and len(valid) <= n_ranks:
            first_k = set(ranked[: len(valid)])
            topk.append(Fraction(len(first_k & valid), len(valid)))
            strict.append(Fraction(first_k == valid))
            groups.setdefault(len(valid), []).append(topk[-1])
    group_means = [sum(group, Fraction(0)) / len(group) for group in groups.values()]
    return {
        "top1": mean_by_loop(top1),
        "real": mean_by_loop(real),
        "real_empty_counts_as_right": mean_by_loop(with_empty),
        "variable_topk": mean_by_loop(topk),
        "variable_topk_strict": mean_by_loop(strict),
        "asma": mean_by_loop(group_means),
    }


@settings(deadline=None)
@given(images=IMAGES, n_ranks=st.integers(1, N_LABELS), shuffled=st.randoms(use_true_random=False))
def test_measures_agree_with_a_straight_loop_to_the_last_digit(images: list[Image], n_ranks: int, shuffled: object) -> None:
    names = [f"{position}.jpg" for position in range(len(images))]
    order = list(range(len(images)))
    shuffled.shuffle(order)  # type: ignore[attr-defined]
    labelled = LabelledImages(LabelSets.from_rows(names, [sorted(image[0]) for image in images]), np.array([image[1] for image in images]))
    scored = ScoredImages("m", np.array([images[place][2] for place in order], dtype=np.float32), tuple(names[place] for place in order))

    ranked = ranked_from_scores(scored, n_ranks)
    assert ranked.images is not None
    rows = positions_of(names, ranked.images, attempt="join", where="predictions")
    found = measures(tally(hits(labelled, ValidLabels.of(labelled), ranked.ranked[0][rows])))

    expected = measures_by_loop(images, n_ranks)
    assert {name: getattr(found, name) for name in expected} == expected


@settings(deadline=None)
@given(images=IMAGES, n_ranks=st.integers(1, N_LABELS))
def test_rows_by_label_count_agree_with_a_straight_loop(images: list[Image], n_ranks: int) -> None:
    names = [f"{position}.jpg" for position in range(len(images))]
    labelled = LabelledImages(LabelSets.from_rows(names, [sorted(image[0]) for image in images]), np.array([image[1] for image in images]))
    ranked = ranked_from_scores(ScoredImages("m", np.array([image[2] for image in images])), n_ranks).ranked[0]

    rows = by_label_count(tally(hits(labelled, ValidLabels.of(labelled), ranked)))

    assert [row.labels for row in rows] == sorted({len(image[0]) for image in images})
    for row in rows:
        group = [image for image in images if len(image[0]) == row.labels]
        expected = measures_by_loop(group, n_ranks)
        assert row.images == len(group)
        assert (row.top1, row.real, row.variable_topk) == (expected["top1"], expected["real"], expected["variable_topk"])
