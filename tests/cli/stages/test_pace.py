"""`propose` says once what a run will take; without a bar, it says every minute how far it is."""

from dataclasses import replace

from multilabelfy.cli.stages.proposing import PaceTeller
from multilabelfy.workflows.proposing.foreseen import Basis, ForeseenRun
from multilabelfy.workflows.proposing.pace import RunPace

SLOW = RunPace("timm/eva02", n_total=10000, n_done=4, seconds=10.0, opening=1.0, scoring=19.0)


def told(paces: list[RunPace], *, has_bar: bool) -> list[str]:
    """What is said of paces that come half a minute apart."""
    lines: list[str] = []
    teller = PaceTeller(lines.append, has_bar=has_bar, clock=iter(range(0, 10**6, 15)).__next__)
    for pace in paces:
        teller(pace)
    return lines


def test_a_long_run_is_announced_once_with_its_pace_and_its_bottleneck() -> None:
    (line,) = told([SLOW, replace(SLOW, n_done=8, seconds=20.0)], has_bar=True)

    assert line.startswith("timm/eva02: 9996 images left: about 7 hours (0.4 images/s; the model takes 95% of the work).")


def test_a_short_run_and_a_picture_that_is_no_picture_are_not_announced() -> None:
    assert told([RunPace("a", n_total=20, n_done=10, seconds=9.0)], has_bar=True) == []
    assert told([RunPace("a", n_total=20)], has_bar=True) == []


def test_every_model_is_announced() -> None:
    assert len(told([SLOW, replace(SLOW, source="timm/other")], has_bar=True)) == 2


def test_without_a_bar_a_line_a_minute_says_how_far_it_is() -> None:
    further = [replace(SLOW, n_done=4 * n, seconds=10.0 * n) for n in range(2, 8)]

    _, line, *more = told([SLOW, *further], has_bar=False)

    assert "of 10000 images, 0.4 images/s, about 7 hours left; the model takes 95% of the work" in line
    assert len(more) < len(further) - 1


def test_what_a_run_will_take_is_said_before_it_begins_if_it_is_worth_a_word() -> None:
    lines: list[str] = []
    teller = PaceTeller(lines.append, has_bar=True)

    teller.expect(ForeseenRun("timm/eva02", 10000, 25200.0, Basis.MEASURED))
    teller.expect(ForeseenRun("timm/tiny", 100, 9.0, Basis.GUESSED))
    teller(SLOW)

    assert lines[0] == "timm/eva02: 10000 images will take about 7 hours (as fast as it was here before)."
    assert [line.split()[0] for line in lines] == ["timm/eva02:", "timm/eva02:"]  # the second is what its first pictures say


def test_workers_that_score_in_two_ways_are_told_once_each() -> None:
    ways = [replace(SLOW, remark=way) for way in ("torch scores", "", "ONNX Runtime scores", "torch scores", "ONNX Runtime scores")]

    assert [line for line in told(ways, has_bar=True) if line.endswith("scores")] == [
        "timm/eva02: torch scores",
        "timm/eva02: ONNX Runtime scores",
    ]


def test_how_a_model_scores_is_said_once() -> None:
    known = replace(SLOW, remark="torch scores")

    lines = told([SLOW, known, known, replace(known, source="timm/other")], has_bar=True)

    assert [line for line in lines if "torch" in line] == ["timm/eva02: torch scores", "timm/other: torch scores"]
