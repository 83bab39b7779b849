"""What simulated studies came to is kept beside a dataset for each of its reports, and goes with it."""

from pathlib import Path

import pytest
from tests.studies import NOW, ready_study

from multilabelfy.errors import InvalidInput
from multilabelfy.evaluation.labels.ways_to_ask import ImageAsked, WayOfAsking, ways_compared
from multilabelfy.report.material import SEED
from multilabelfy.workflows.owning.filing import delete_dataset
from multilabelfy.workflows.reporting.gathering.ways_to_ask import keep_ways_to_ask, kept_ways_to_ask

LABELS = frozenset({1, 2})
ROWS = [ImageAsked(0, way, f"{n:02}.jpg", 2, 9_000, 0, None, True, LABELS, LABELS) for way in WayOfAsking for n in range(12)]


def test_what_was_kept_is_compared_for_a_report_until_the_dataset_is_deleted(tmp_path: Path) -> None:
    study = ready_study(tmp_path)
    assert kept_ways_to_ask(study.workspace, study.dataset) is None
    place = keep_ways_to_ask(study.workspace, "pilot", ROWS)
    assert kept_ways_to_ask(study.workspace, study.dataset) == ways_compared(ROWS, seed=SEED)
    delete_dataset(study.workspace, "pilot", "pilot", NOW)
    assert not place.exists()
    study.workspace.close()


def test_a_damaged_file_is_named_with_the_way_out(tmp_path: Path) -> None:
    study = ready_study(tmp_path)
    place = keep_ways_to_ask(study.workspace, "pilot", ROWS)
    place.write_text("study,way\n1,fixed\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match=place.name):
        kept_ways_to_ask(study.workspace, study.dataset)
    study.workspace.close()
