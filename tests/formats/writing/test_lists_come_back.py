"""Label keys with any separator in them are not torn by any table of final labels."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from multilabelfy.dataset.model import ImageId, Label, LabelSpace
from multilabelfy.formats.exported.exported import CorrectedImage, FinalImage
from multilabelfy.formats.exported.provenance import Naming
from multilabelfy.formats.reading.final_labels import read_final_labels
from multilabelfy.formats.writing.corrected import write_corrected
from multilabelfy.formats.writing.parquet import write_long
from multilabelfy.formats.writing.parquet_lists import write_lists
from multilabelfy.refinement.model import EmptyReason, FinalLabels, LabelSource

in_one_folder = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])

KEY = st.text(st.sampled_from("|,;\t\"' \n\r\\ab12=–"), min_size=1, max_size=8).map(str.strip).filter(bool)
"""A key as an import knows it: without space around it."""


@st.composite
def labelled(draw: st.DrawFn) -> tuple[list[str], list[list[int]]]:
    """Up to five keys, and up to four images with sets of their labels."""
    keys = draw(st.lists(KEY, min_size=1, max_size=5, unique=True))
    sets = st.lists(st.integers(0, len(keys) - 1), unique=True)
    return keys, draw(st.lists(sets, min_size=1, max_size=4))


def write(form: str, path: Path, sets: list[list[int]], space: LabelSpace) -> None:
    finals = [
        FinalLabels(ImageId(n), tuple(labels), LabelSource.REFINED, reason=None if labels else EmptyReason.OTHER)
        for n, labels in enumerate(sets, start=1)
    ]
    if form == "corrected":
        write_corrected(path, [CorrectedImage(f"{final.image}.jpg", 0, final) for final in finals], space, 1, overwrite=True)
    else:
        writer = write_lists if form == "parquet-lists" else write_long
        images = [FinalImage(f"{final.image}.jpg", 0, final) for final in finals]
        writer(path, images, Naming(space, str, 1), overwrite=True)


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
@pytest.mark.parametrize("form", ["parquet", "parquet-lists", "corrected"])
@in_one_folder
@given(labelled())
@example((["1|2", "x", "y"], [[0], [1, 2], []]))
def test_a_table_of_final_labels_comes_back_as_it_was(
    tmp_path: Path, form: str, suffix: str, given_sets: tuple[list[str], list[list[int]]]
) -> None:
    keys, sets = given_sets
    space = LabelSpace("odd", tuple(Label(index, key, (key,)) for index, key in enumerate(keys)))
    write(form, tmp_path / f"f{suffix}", sets, space)
    read = read_final_labels(tmp_path / f"f{suffix}", [f"{n}.jpg" for n in range(1, len(sets) + 1)], space)
    assert read.problems == ()
    assert [list(row.labels) for row in read.rows] == sets
