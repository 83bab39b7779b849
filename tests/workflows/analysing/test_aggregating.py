"""Votes of a file become scores, by each method; what does not fit is refused with its lines."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from multilabelfy.errors import InvalidInput
from multilabelfy.workflows.analysing.evidence_of_files import EvidenceFiles
from multilabelfy.workflows.analysing.votes_of_files import Method, aggregate

VOTES = """image,label,annotator,vote
cat.jpg,tabby,ada,yes
cat.jpg,tabby,bob,yes
cat.jpg,lynx,ada,yes
cat.jpg,lynx,bob,no
dog.jpg,tabby,ada,maybe
dog.jpg,tabby,bob,no
"""


def scores(file: Path) -> dict[tuple[str, str], float]:
    """{(image, label): score} of a written file."""
    return {(image, label): score for image, label, score in pl.read_parquet(file).select("image", "label", "score").rows()}


@pytest.mark.parametrize(("method", "lynx"), [(Method.UNANIMOUS, 0.0), (Method.MAJORITY, 0.5), (Method.UNION, 1.0)])
def test_rules_score_every_question(tmp_path: Path, method: Method, lynx: float) -> None:
    (tmp_path / "votes.csv").write_text(VOTES)
    summary = aggregate(tmp_path / "votes.csv", method, tmp_path / "out" / "scores.parquet")
    assert (summary.n_images, summary.n_questions, summary.n_votes, summary.n_annotators) == (2, 3, 6, 2)
    assert scores(tmp_path / "out" / "scores.parquet") == {("cat.jpg", "tabby"): 1.0, ("cat.jpg", "lynx"): lynx, ("dog.jpg", "tabby"): 0.0}


def test_dawid_skene_adds_the_log_odds(tmp_path: Path) -> None:
    pl.DataFrame({"image": ["a", "a", "b"], "label": [1, 1, 2], "annotator": ["x", "y", "x"], "vote": [2, 2, 0]}).write_parquet(
        tmp_path / "votes.parquet"
    )
    aggregate(tmp_path / "votes.parquet", Method.DAWID_SKENE, tmp_path / "scores.parquet")
    read = pl.read_parquet(tmp_path / "scores.parquet")
    assert read.columns == ["image", "label", "score", "log_odds"]
    assert read["score"][0] > 0.5 > read["score"][1]


def test_all_that_is_wrong_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "votes.csv").write_text("image,label,annotator,vote\na,1,x,yes\na,1,x,no\na,1,y,perhaps\n,1,z,no\n")
    with pytest.raises(InvalidInput) as refused:
        aggregate(tmp_path / "votes.csv", Method.UNION, tmp_path / "out.parquet")
    assert [problem.where for problem in refused.value.problems] == ["votes.csv:3", "votes.csv:4", "votes.csv:5"]
    assert "'perhaps' is not a vote" in str(refused.value)


@pytest.mark.parametrize("name", ["votes.csv", "votes.parquet", "votes.npz", "votes.txt", "absent.csv"])
def test_a_file_that_holds_no_votes_is_refused(tmp_path: Path, name: str) -> None:
    if not name.startswith("absent"):
        (tmp_path / name).write_text("nothing,of,the,kind\n1,2,3,4\n")
    with pytest.raises(InvalidInput, match="Cannot read votes"):
        aggregate(tmp_path / name, Method.UNION, tmp_path / "out.parquet")


def test_reals_file_of_raters_is_read(tmp_path: Path) -> None:
    tensor = np.zeros((2, 2, 3))
    tensor[0, 0, 2] = tensor[1, 0, 2] = tensor[0, 1, 0] = 1
    info = np.array([["val_2.JPEG", "12"], ["val_1.JPEG", "3"]])
    np.savez(tmp_path / "raters.npz", tensor=tensor, info=info, ids=np.array([7, 9]))
    aggregate(tmp_path / "raters.npz", Method.MAJORITY, tmp_path / "out.parquet")
    assert scores(tmp_path / "out.parquet") == {("val_2.JPEG", "12"): 1.0, ("val_1.JPEG", "3"): 0.0}


PREDICTIONS = "image,label,rank\ncat.jpg,1,1\ncat.jpg,0,2\ndog.jpg,0,1\n"
INDEXED = VOTES.replace("tabby", "0").replace("lynx", "1")


def test_one_vote_a_label_is_warned_of_and_still_scored(tmp_path: Path) -> None:
    (tmp_path / "votes.csv").write_text(
        "image,label,annotator,vote\n" + "".join(f"{i}.jpg,cat,ada,{'yes' if i < 4 else 'no'}\n" for i in range(12))
    )
    for method in (Method.POSTERIOR, Method.DAWID_SKENE, Method.ONE_COIN):
        summary = aggregate(tmp_path / "votes.csv", method, tmp_path / "scores.parquet")
        assert "No label of an image has two votes" in summary.warnings[0]
    aggregate(tmp_path / "votes.csv", Method.POSTERIOR, tmp_path / "scores.parquet")
    assert pl.read_parquet(tmp_path / "scores.parquet").filter(pl.col("score") > 0.5).height == 4


def test_models_count_as_evidence(tmp_path: Path) -> None:
    (tmp_path / "votes.csv").write_text(INDEXED)
    (tmp_path / "model.csv").write_text(PREDICTIONS)
    before, after = tmp_path / "before.parquet", tmp_path / "after.parquet"
    aggregate(tmp_path / "votes.csv", Method.POSTERIOR, before)
    aggregate(tmp_path / "votes.csv", Method.POSTERIOR, after, EvidenceFiles(predictions=(tmp_path / "model.csv",)))
    assert scores(before) != scores(after)


def test_the_given_label_counts_only_where_it_is_named(tmp_path: Path) -> None:
    """The archive of predictions has given labels, too; they are not looked at."""
    (tmp_path / "votes.csv").write_text(INDEXED)
    images, ranked = np.array(["cat.jpg", "dog.jpg"]), np.array([[[1, 0], [0, 1]]])
    outs = []
    for number, given in enumerate(([0, 0], [1, 0])):
        archive = tmp_path / f"{number}.npz"
        np.savez(archive, models=np.array(["one"]), images=images, ranked=ranked, given=np.array(given))
        for with_given in (None, archive):
            outs.append(tmp_path / f"{number}-{with_given is None}.parquet")
            aggregate(tmp_path / "votes.csv", Method.POSTERIOR, outs[-1], EvidenceFiles((archive,), with_given))
    without, first, again, second = (scores(out) for out in outs)
    assert without == again
    assert first != second


def test_gold_raises_what_is_known_to_be_valid(tmp_path: Path) -> None:
    (tmp_path / "votes.csv").write_text(INDEXED)
    (tmp_path / "gold.csv").write_text("image,label\ncat.jpg,1\n")
    aggregate(tmp_path / "votes.csv", Method.POSTERIOR, tmp_path / "before.parquet")
    aggregate(tmp_path / "votes.csv", Method.POSTERIOR, tmp_path / "after.parquet", EvidenceFiles(gold=tmp_path / "gold.csv"))
    before, after = scores(tmp_path / "before.parquet"), scores(tmp_path / "after.parquet")
    assert after["cat.jpg", "1"] > before["cat.jpg", "1"]
    assert after["cat.jpg", "0"] < before["cat.jpg", "0"]


def test_evidence_that_does_not_join_is_refused(tmp_path: Path) -> None:
    (tmp_path / "votes.csv").write_text(VOTES)
    (tmp_path / "model.csv").write_text(PREDICTIONS)
    np.save(tmp_path / "model.npy", np.array([[0, 1], [1, 0]]))
    by_table = EvidenceFiles((tmp_path / "model.csv",))
    with pytest.raises(InvalidInput, match="the label 'lynx' is not an index"):
        aggregate(tmp_path / "votes.csv", Method.POSTERIOR, tmp_path / "out.parquet", by_table)
    with pytest.raises(InvalidInput, match="this method takes no evidence"):
        aggregate(tmp_path / "votes.csv", Method.MAJORITY, tmp_path / "out.parquet", by_table)
    (tmp_path / "votes.csv").write_text(INDEXED)
    with pytest.raises(InvalidInput, match="it does not name its images"):
        aggregate(tmp_path / "votes.csv", Method.POSTERIOR, tmp_path / "out.parquet", EvidenceFiles((tmp_path / "model.npy",)))
    with pytest.raises(InvalidInput, match="more than once"):
        aggregate(tmp_path / "votes.csv", Method.POSTERIOR, tmp_path / "out.parquet", EvidenceFiles((tmp_path / "model.csv",) * 2))
    (tmp_path / "votes.csv").write_text(INDEXED.replace("dog.jpg", "cow.jpg"))
    with pytest.raises(InvalidInput, match=r"the image 'cow.jpg' is not there"):
        aggregate(tmp_path / "votes.csv", Method.POSTERIOR, tmp_path / "out.parquet", by_table)


def test_the_mean_counts_a_maybe_as_half_a_yes(tmp_path: Path) -> None:
    (tmp_path / "votes.csv").write_text(VOTES)
    aggregate(tmp_path / "votes.csv", Method.MEAN, tmp_path / "scores.parquet")
    assert scores(tmp_path / "scores.parquet")["dog.jpg", "tabby"] == 0.25
