"""faiss's approximate search for the nearest, beside the exact one, and what is said where it is not installed."""

import sys

import numpy as np
import pytest
from tests.proposals.kin.test_alike import clusters
from tests.webs import require

from multilabelfy.errors import ExtraMissing
from multilabelfy.inference.faiss import nearest_by_faiss, require_faiss
from multilabelfy.proposals.kin.nearest import nearest_by_cosine

NEEDED = "needs the extra 'kin': pip install 'multilabelfy[kin]'"


def test_nearly_all_of_the_nearest_are_found_and_nobody_is_its_own_kin() -> None:
    require("faiss", needed=NEEDED)
    vectors = clusters(200, 20).astype(np.float16)
    exactly, about = nearest_by_cosine(vectors, 12), nearest_by_faiss(vectors, 12)
    shared = [len(set(a) & set(b)) / 12 for a, b in zip(exactly.places.tolist(), about.places.tolist(), strict=True)]
    assert np.mean(shared) > 0.95
    assert not (about.places == np.arange(len(vectors))[:, None]).any()
    assert (np.diff(about.cosines, axis=1) <= 0).all()


def test_of_a_few_vectors_all_are_found_in_the_exact_order() -> None:
    require("faiss", needed=NEEDED)
    vectors = np.concatenate([clusters(6, 9)] * 2).astype(np.float16)  # each twice, so that equals are there
    exactly, about = nearest_by_cosine(vectors, 12), nearest_by_faiss(vectors, 12)
    assert about.places[:, :1].tolist() == exactly.places[:, :1].tolist()
    assert np.abs(about.cosines - exactly.cosines).max() < 0.001


def test_without_the_extra_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "faiss", None)  # Python's own way to say that it is not there
    with pytest.raises(ExtraMissing, match=r"of 200000 images: beyond 100000 .* pip install 'multilabelfy\[kin\]'"):
        require_faiss(200_000, 100_000)
