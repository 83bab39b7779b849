"""Every measure has an interval that holds it; the bootstrap over cases is the bootstrap over images."""

import numpy as np
import pytest

from multilabelfy.dataset.model import LabelSets
from multilabelfy.evaluation.measures.metrics import Hits, ValidLabels, hits, measures, tally
from multilabelfy.evaluation.measures.model import LabelledImages
from multilabelfy.evaluation.measures.table import MODEL_MEASURES, measure_intervals
from multilabelfy.statistics.intervals import interval_of, wilson
from multilabelfy.statistics.resampling import resampled_counts


def some_hits(n_images: int = 400, n_ranks: int = 3) -> Hits:
    generator = np.random.default_rng(0)
    rows = [generator.choice(8, size=generator.integers(0, 4), replace=False).tolist() for _ in range(n_images)]
    labelled = LabelledImages(LabelSets.from_rows([f"{i}" for i in range(n_images)], rows), generator.integers(0, 8, n_images))
    ranked = np.stack([generator.permutation(8)[:n_ranks] for _ in range(n_images)])
    return hits(labelled, ValidLabels.of(labelled), ranked)


def test_each_interval_holds_its_measure() -> None:
    of = some_hits()
    found, intervals = measures(tally(of)), measure_intervals(of, seed=1)
    assert list(intervals) == [measure.key for measure in MODEL_MEASURES]
    for key, interval in intervals.items():
        value = getattr(found, key)
        if value is not None:  # no subgroup of these has 100 images with enough ranks to be sure
            assert interval is not None
            assert interval.low <= value <= interval.high


def test_a_model_that_finds_every_label_or_none_is_not_certain_to_find_those_of_further_images() -> None:
    labelled = LabelledImages(LabelSets.from_rows([f"{i}" for i in range(20)], [[0], [0, 1]] * 10), np.zeros(20, dtype=int))
    for ranked, n_right in (([0, 1], 20), ([2, 3], 0)):
        of = hits(labelled, ValidLabels.of(labelled), np.tile(ranked, (20, 1)))
        intervals = measure_intervals(of, seed=1)
        assert {intervals[key] for key in ("top1", "real", "variable_topk", "asma")} == {wilson(n_right, 20)}


def test_resampling_cases_is_resampling_images() -> None:
    of = some_hits()
    interval = measure_intervals(of, seed=1)["variable_topk"]
    defined = of.found >= 0
    values = of.found[defined] / of.n_valid[defined]
    by_image = interval_of(np.concatenate([counts @ values for counts in resampled_counts(len(values), seed=2)]) / len(values))
    assert interval is not None
    assert by_image is not None
    assert interval.low == pytest.approx(by_image.low, abs=0.005)
    assert interval.high == pytest.approx(by_image.high, abs=0.005)


def test_what_is_not_defined_has_no_interval() -> None:
    labelled = LabelledImages(LabelSets.from_rows(["a", "b"], [[], [1, 2]]))
    intervals = measure_intervals(hits(labelled, ValidLabels.of(labelled), np.array([[0], [1]])), seed=0)
    assert (intervals["top1"], intervals["variable_topk"], intervals["asma"]) == (None, None, None)
    assert intervals["real"] is not None
