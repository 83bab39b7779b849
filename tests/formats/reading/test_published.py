"""Published accuracies are joined on model and image size."""

from pathlib import Path

import pytest

from multilabelfy.errors import InvalidInput
from multilabelfy.formats.reading.published import in_both, read_published


def table(path: Path, rows: str) -> Path:
    path.write_text("model,img_size,top1,top5\n" + rows)
    return path


def test_models_join_on_name_and_image_size(tmp_path: Path) -> None:
    one = read_published(table(tmp_path / "results-imagenet.csv", "a,224,80.0,95\na,384,82.0,96\nb,224,70.0,90\n"))
    other = read_published(table(tmp_path / "results-real.csv", "b,224,78.0,95\na,384,88.0,96\nc,224,60.0,90\n"))
    assert (one.name, other.name) == ("imagenet", "real")
    assert in_both(one, other) == (("a", 0.82, 0.88), ("b", 0.70, 0.78))


def test_a_model_of_several_sizes_is_named_with_them(tmp_path: Path) -> None:
    one = read_published(table(tmp_path / "x.csv", "a,224,80.0,95\na,384,82.0,96\n"))
    assert [name for name, *_ in in_both(one, one)] == ["a (224)", "a (384)"]


@pytest.mark.parametrize(
    ("rows", "what"),
    [
        ("a,224,high,1\n", r"x\.csv:2: top1 is 'high'"),
        ("a,224,101,1\n", "top1 is '101'"),
        ("a,224,1,1\na,224,2,2\n", "occurs twice"),
    ],
)
def test_what_does_not_fit_is_named_with_its_line(tmp_path: Path, rows: str, what: str) -> None:
    with pytest.raises(InvalidInput, match=what):
        read_published(table(tmp_path / "x.csv", rows))
