"""The table of answers: also those that cast no vote have their row."""

import csv
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from multilabelfy.annotation.model import Annotation, AnnotatorId, Candidate, Outcome, Relation, Screen, UnfitReason, Vote
from multilabelfy.annotation.page import as_drawn
from multilabelfy.dataset.model import ImageId, Label, LabelSpace
from multilabelfy.formats.writing.answers import write_answers

SPACE = LabelSpace("odd", tuple(Label(index, key, (key,)) for index, key in enumerate(("a", "b|c", "d"))))
SEED = 5
NOON = datetime(2030, 5, 6, 12, tzinfo=UTC)
SCREEN = Screen((Candidate(1, "model", 1), Candidate(0, "model", 2)), 2, (NOON,), protocol_version=3, guidelines_version=2)


def called(person: AnnotatorId) -> str:
    return f"p{person}"


def answer(outcome: Outcome, answers: dict[int, Vote], **further: object) -> Annotation:
    return Annotation("id", ImageId(1), AnnotatorId(7), outcome, answers, SCREEN, NOON, present_ms=1500, **further)  # type: ignore[arg-type]


def test_an_answer_has_one_row_with_its_labels_and_when_and_under_what_it_was_given(tmp_path: Path) -> None:
    chosen = answer(Outcome.LABELLED, {2: Vote.YES, 1: Vote.YES, 0: Vote.MAYBE}, unprompted=(2,), relation=Relation.BOTH)
    assert write_answers(tmp_path / "a.parquet", [("x/1.jpg", chosen)], SPACE, called, seed=SEED) == 1
    row = pl.read_parquet(tmp_path / "a.parquet").drop("missing_label", "unfit_reason", "unsure_between").row(0)
    assert row == ("x/1.jpg", "p7", "labelled", ["b|c", "a"], 2, False, ["b|c", "d"], ["a"], "both", True, 1, False, NOON, 1500, 3, 2)


def test_whoever_casts_no_vote_has_a_row_all_the_same(tmp_path: Path) -> None:
    silent = answer(Outcome.CANNOT_TELL, {}, unsure_between=(1, 0))
    unfit = answer(Outcome.UNFIT, {}, unfit_reason=UnfitReason.POOR)
    write_answers(tmp_path / "a.csv", [("1.jpg", silent), ("2.jpg", unfit)], SPACE, called, seed=SEED)
    with (tmp_path / "a.csv").open(newline="") as file:
        rows = [(row["outcome"], row["asked"], row["yes"], row["unsure_between"], row["unfit_reason"]) for row in csv.DictReader(file)]
    assert rows == [("cannot-tell", '"b|c"|a', "", 'a|"b|c"', ""), ("unfit", '"b|c"|a', "", "", "poor")]


def test_a_row_says_whether_its_order_was_drawn_at_random(tmp_path: Path) -> None:
    drawn = as_drawn(SCREEN.candidates, seed=SEED, image=ImageId(1), annotator=AnnotatorId(7))
    orders = (drawn, tuple(reversed(drawn)))
    answers = [replace(answer(Outcome.NONE, {}), screen=replace(SCREEN, candidates=order)) for order in orders]
    write_answers(tmp_path / "a.parquet", [("1.jpg", of) for of in answers], SPACE, called, seed=SEED)
    assert pl.read_parquet(tmp_path / "a.parquet")["drawn_order"].to_list() == [True, False]
