"""Consensus as a library: votes in, an estimator to fit, frames out."""

import re
from pathlib import Path

import polars as pl
import pytest

from multilabelfy.errors import InvalidInput
from multilabelfy.formats.reading.votes import read_votes, votes_of
from multilabelfy.workflows.analysing.consensus import Consensus

PAGE = Path(__file__).resolve().parents[3] / "docs" / "disagreement.md"
VOTES = pl.DataFrame(
    {
        "image": ["cat.jpg"] * 4 + ["dog.jpg"] * 2,
        "label": ["tabby", "tabby", "lynx", "lynx", "tabby", "tabby"],
        "annotator": ["ada", "bob"] * 3,
        "vote": ["yes", "yes", "no", "no", "maybe", "no"],
    }
)
TASKS = VOTES.select(pl.format("{}|{}", "image", "label").alias("task"), pl.col("annotator").alias("worker"), pl.col("vote").alias("label"))


def test_a_fit_gives_frames_of_labels_and_of_raters() -> None:
    fitted = Consensus().fit(VOTES)
    assert fitted.labels_.columns == ["image", "label", "score", "log_odds", "valid"]
    assert fitted.labels_.filter(pl.col("valid")).select("image", "label").rows() == [("cat.jpg", "tabby")]
    assert fitted.raters_.select("annotator", "where", "n_votes").rows() == [
        ("ada", "not valid", 3), ("ada", "valid", 3), ("bob", "not valid", 3), ("bob", "valid", 3)
    ]  # fmt: skip
    assert fitted.raters_.select(pl.sum_horizontal("no", "maybe", "yes")).to_series().to_list() == pytest.approx([1.0] * 4)


def test_a_higher_threshold_takes_fewer_labels() -> None:
    assert Consensus(threshold=0.9999).fit_predict(VOTES).height == 0
    assert Consensus().fit_predict(VOTES).rows() == [("cat.jpg", "tabby")]


def test_crowd_kits_columns_are_the_same_votes(tmp_path: Path) -> None:
    TASKS.write_csv(tmp_path / "tasks.csv")
    expected = Consensus().fit(VOTES).labels_
    for votes in (TASKS, tmp_path / "tasks.csv", votes_of(VOTES)):
        assert Consensus().fit(votes).labels_.equals(expected)


def test_a_path_with_a_bar_keeps_it() -> None:
    assert votes_of(pl.DataFrame({"task": ["a|b.jpg|cat"], "worker": ["ada"], "label": ["yes"]})).images == ("a|b.jpg",)


def test_a_task_that_names_no_label_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "tasks.csv").write_text("task,worker,label\na.jpg|cat,ada,yes\na.jpg,ada,yes\n")
    with pytest.raises(InvalidInput, match=r"the task 'a\.jpg' is not IMAGE") as refused:
        read_votes(tmp_path / "tasks.csv")
    assert [problem.where for problem in refused.value.problems] == ["tasks.csv:3"]
    with pytest.raises(InvalidInput, match="it lacks image, label, annotator, vote"):
        votes_of(pl.DataFrame({"task": ["a|b"]}))


def test_the_lines_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    VOTES.write_csv("votes.csv")
    [code] = re.findall(r"^```python\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), flags=re.M | re.S)
    names: dict[str, object] = {}
    exec(code, names)
    assert isinstance(names["valid"], pl.DataFrame)
