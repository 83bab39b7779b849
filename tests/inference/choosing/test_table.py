"""The table says of each model what is known, and nothing that is not."""

import csv
from pathlib import Path

import pytest

from multilabelfy.inference.choosing.table import LITE0, TABLE, KnownModel, best_for_their_work, known_models
from multilabelfy.inference.registry import RECOMMENDED

ACCURACIES = {
    "real": "results-imagenet-real.csv",
    "imagenet": "results-imagenet.csv",
    "imagenetv2": "results-imagenetv2-matched-frequency.csv",
}


def model(name: str, *, work: float | None, real: float | None) -> KnownModel:
    return KnownModel(name, edge=224, gigamacs=work, real=real)


def table(*models: KnownModel) -> dict[str, KnownModel]:
    return {each.model: each for each in models}


def test_resnet50_is_known_as_it_is_published() -> None:
    known = known_models()["timm/resnet50.a1_in1k"]

    assert known.millions == pytest.approx(25.56, abs=0.01)  # He et al. 2016: 25.6 million parameters, 4.1 · 10⁹ multiplications
    assert known.gigamacs == pytest.approx(4.1, abs=0.05)
    assert known.edge == 224


def test_the_recommended_model_is_the_best_of_the_table() -> None:
    assert best_for_their_work(known_models())[-1].model == RECOMMENDED


@pytest.mark.real_data
@pytest.mark.parametrize("column", ACCURACIES)
def test_accuracies_are_those_that_timms_authors_publish(column: str, shared_data: Path) -> None:
    with (shared_data / "timm" / ACCURACIES[column]).open(newline="") as published:
        expected = {f"timm/{row['model']}": (float(row["top1"]), int(row["img_size"])) for row in csv.DictReader(published)}

    known = [model for model in known_models().values() if getattr(model, column) is not None]

    assert {model.model: getattr(model, column) for model in known} == {name: accuracy for name, (accuracy, _) in expected.items()}
    assert {model.model for model in known if model.accuracy_edge not in (None, expected[model.model][1])} == set()


@pytest.mark.real_data
def test_the_script_makes_the_rows_that_the_table_has(shared_data: Path) -> None:
    """Without counting multiplications again, which takes minutes. A newer timm than the table's may know more models."""
    pytest.importorskip("timm")
    from scripts.known_models import COLUMNS, counts_in, read, rows

    with TABLE.open(newline="") as file:
        reader = csv.DictReader(file)
        of_table = {row["model"]: row for row in reader}
    script = rows(read(shared_data / "timm"), counts_in(TABLE))
    made = {row["model"]: {column: str(row.get(column, "")) for column in COLUMNS} for row in script}

    assert tuple(reader.fieldnames or ()) == COLUMNS
    assert {model: made.get(model) for model in of_table} == of_table


def test_a_row_says_where_its_accuracies_are_from_and_only_with_some_of_them() -> None:
    resnet = known_models()["timm/resnet50.a1_in1k"]
    assert (resnet.real is not None, resnet.source) == (True, "pytorch-image-models/results")
    for known in known_models().values():
        assert (known.source is None) == (known.real is known.imagenet is known.imagenetv2 is None)


def test_what_nobody_published_is_not_known() -> None:
    assert (known_models()[LITE0].real, known_models()[LITE0].source) == (None, None)


def test_the_best_for_their_work_are_those_that_none_beats_with_as_little() -> None:
    small, worse, equal, large = (
        model("small", work=1, real=80),
        model("worse", work=2, real=79),
        model("equal", work=2, real=80),
        model("large", work=3, real=85),
    )
    unknown = model("not counted", work=None, real=99), model("not published", work=0.1, real=None)

    assert best_for_their_work(table(large, equal, worse, small, *unknown)) == (small, large)
