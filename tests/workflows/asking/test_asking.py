"""A machine is asked what people are asked: once about each label, whatever breaks, and never counted as a person."""

import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.answering import answer
from tests.studies import NOW, Study, ready_study
from typer.testing import CliRunner

from multilabelfy.annotation.machines import MachineRater
from multilabelfy.cli.main import app
from multilabelfy.dataset.queue_place import queue_place
from multilabelfy.errors import InvalidInput, MachineFailed, NotProposed, ScorerUnavailable
from multilabelfy.report.methods import posterior_text
from multilabelfy.store.answers import annotations, machine_votes
from multilabelfy.store.dataset import datasets, images, progress
from multilabelfy.workflows.analysing.analysis import analysed_answers
from multilabelfy.workflows.analysing.annotators import review_annotators
from multilabelfy.workflows.analysing.chances import Counted, chances_of
from multilabelfy.workflows.asking.asking import AskedMachine, ask, machines_of
from multilabelfy.workflows.releasing.by_posterior import PosteriorWanted
from multilabelfy.workflows.releasing.exports import export
from multilabelfy.workflows.releasing.resolve import resolve

MODULE = "mlf_machine_of_the_study"
SPEC = f"python:{MODULE}:look"
N_IMAGES = 12
N_SHOWN = 20
KNOWS = """
calls = []
def look(picture, labels):
    calls.append([label.index for label in labels])
    return ["yes" if label.index % 2 == 0 else "no" for label in labels]
"""


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path, n_images=N_IMAGES)
    yield ready
    ready.workspace.close()
    sys.modules.pop(MODULE, None)


def told(study: Study, tmp_path: Path, code: str, **how: Any) -> AskedMachine:
    """What `ask` came to with this function, loaded anew."""
    sys.modules.pop(MODULE, None)
    (tmp_path / f"{MODULE}.py").write_text(code)
    return ask(study.workspace, "pilot", SPEC, clock=lambda: NOW, folder=tmp_path, **how)


def calls() -> list[list[int]]:
    """The labels of each call, as the function noted them."""
    noted: list[list[int]] = sys.modules[MODULE].calls
    return noted


def known(study: Study) -> MachineRater:
    [measured] = machines_of(study.workspace, "pilot")
    return measured.machine


def test_every_image_is_asked_about_its_candidates_once(study: Study, tmp_path: Path) -> None:
    asked = told(study, tmp_path, KNOWS)
    assert (asked.n_images, asked.n_before, asked.failed) == (N_IMAGES, 0, ())
    assert (asked.machine.title, asked.machine.n_votes) == (f"machine:{SPEC}", N_IMAGES * N_SHOWN)
    assert sorted(map(sorted, calls())) == sorted(sorted((i + k) % 30 for k in range(N_SHOWN)) for i in range(N_IMAGES))
    again = told(study, tmp_path, KNOWS)
    assert (again.n_images, again.n_before, calls()) == (0, N_IMAGES, [])


def test_the_candidates_that_people_were_asked_about_are_asked(study: Study, tmp_path: Path) -> None:
    answer(study, "Ada", 0, [0])  # freezes five candidates
    told(study, tmp_path, KNOWS)
    assert [0, 1, 2, 3, 4] in map(sorted, calls())


def test_labels_that_it_was_asked_about_before_are_not_asked_again(study: Study, tmp_path: Path) -> None:
    first = min(range(N_IMAGES), key=lambda number: queue_place(study.images[number].path, study.dataset.seed))
    with study.workspace.store.writing() as c:
        machine = machine_votes.found_or_added(c, study.dataset.id, SPEC, NOW)
        machine_votes.add(c, machine, study.images[first].id, {first: None}, NOW)
    told(study, tmp_path, KNOWS, n_images=1)
    assert calls() == [[(first + k) % 30 for k in range(1, N_SHOWN)]]


@pytest.mark.parametrize("stop", ["KeyboardInterrupt", "SystemExit"])
def test_one_that_is_stopped_goes_on_without_a_hole_and_without_asking_twice(study: Study, tmp_path: Path, stop: str) -> None:
    with pytest.raises((KeyboardInterrupt, SystemExit)):
        told(study, tmp_path, KNOWS.replace("    return", f"    if len(calls) == 5: raise {stop}\n    return"))
    assert (known(study).n_images, len(calls())) == (4, 5)
    asked = told(study, tmp_path, KNOWS)
    assert (asked.n_before, asked.n_images, len(calls())) == (4, N_IMAGES - 4, N_IMAGES - 4)
    with study.workspace.store.reading() as c:
        votes = [(vote.image, vote.label) for vote in machine_votes.iterate(c, study.dataset.id)]
    assert len(votes) == len(set(votes)) == N_IMAGES * N_SHOWN


@pytest.mark.parametrize(
    ("breaks", "why"),
    [
        ("raise ValueError('too bright')", "it raised ValueError: too bright"),
        ("return 'yes'", "it answered 'yes', which is not a list of answers"),
        ("return [0.5] * len(labels)", "it answered 0.5; an answer is"),
    ],
)
def test_a_picture_that_breaks_it_is_named_and_asked_about_again(study: Study, tmp_path: Path, breaks: str, why: str) -> None:
    asked = told(study, tmp_path, KNOWS.replace("    return", f"    if len(calls) == 3: {breaks}\n    return"))
    [(path, reason)] = asked.failed
    assert path in {image.path for image in study.images}
    assert why in reason
    assert (asked.n_images, known(study).n_images) == (N_IMAGES - 1, N_IMAGES - 1)
    assert told(study, tmp_path, KNOWS).n_images == 1


def test_a_machine_that_breaks_at_every_picture_is_stopped_and_what_it_said_is_kept(study: Study, tmp_path: Path) -> None:
    with pytest.raises(MachineFailed, match=r"10 pictures in a row failed, the last of them '.*': it raised OSError: no route") as ended:
        told(study, tmp_path, KNOWS.replace("    return", "    if len(calls) > 2: raise OSError('no route')\n    return"))
    assert "about 2 images is kept" in str(ended.value)
    assert (known(study).n_images, len(calls())) == (2, 12)


def test_a_picture_that_cannot_be_opened_is_named(study: Study, tmp_path: Path) -> None:
    with study.workspace.store.writing() as c:
        datasets.set_images_root(c, study.dataset.id, str(tmp_path))
    asked = told(study, tmp_path, KNOWS)
    assert (asked.n_images, len(asked.failed)) == (0, N_IMAGES)


def test_the_first_images_of_the_draw_are_asked_about(study: Study, tmp_path: Path) -> None:
    asked = told(study, tmp_path, KNOWS, n_images=3)
    drawn = sorted(study.images, key=lambda image: queue_place(image.path, study.dataset.seed))
    with study.workspace.store.reading() as c:
        assert {vote.image for vote in machine_votes.iterate(c, study.dataset.id)} == {image.id for image in drawn[:3]}
    assert asked.n_images == 3
    assert told(study, tmp_path, KNOWS, n_images=5).n_images == 2


def test_another_name_is_another_machine(study: Study, tmp_path: Path) -> None:
    told(study, tmp_path, KNOWS, n_images=1)
    told(study, tmp_path, KNOWS, n_images=1, called="look, second prompt")
    assert [of.machine.title for of in machines_of(study.workspace, "pilot")] == [f"machine:{SPEC}", "machine:look, second prompt"]
    with pytest.raises(InvalidInput, match="at most 200 printable characters"):
        told(study, tmp_path, KNOWS, called="x" * 201)


def test_what_cannot_be_asked_is_said(study: Study, tmp_path: Path) -> None:
    with pytest.raises(ScorerUnavailable, match="has no function 'look'"):
        told(study, tmp_path, "def other(): ...")
    bare = ready_study(tmp_path / "bare", proposed=False)
    with pytest.raises(NotProposed, match="no image with proposals"):
        told(bare, tmp_path, KNOWS)
    bare.workspace.close()


def disputed(study: Study) -> None:
    """Two people on every image, who agree on the first half."""
    for number in range(N_IMAGES):
        answer(study, "Ada", number, [number])
        answer(study, "Bob", number, [number] if number < N_IMAGES // 2 else [number + 1])


def said_of_people(study: Study, folder: Path) -> dict[str, Any]:
    """Everything that is counted, measured or written of people's answers."""
    folder.mkdir()
    for form in ("votes", "answers"):
        export(study.workspace, "pilot", form, folder / f"{form}.csv")
    reviewed = review_annotators(study.workspace, "pilot")
    with study.workspace.store.reading() as c:
        analysed = analysed_answers(c, study.dataset)
        stored = list(images.iterate(c, study.dataset.id))
        chances = chances_of(c, study.dataset, Counted())
        stamp, standing = progress.stamp(c, study.dataset.id), len(list(annotations.iterate_latest(c, study.dataset.id)))
    return {
        "states": [(image.state, image.n_answers, image.n_leases) for image in stored],
        "answers": (stamp, standing, len(analysed.analysis.raters), len(analysed.questions.vote)),
        "disputed": (analysed.analysis.n_agreed, analysed.analysis.n_disputed, analysed.analysis.agreement),
        "rules": analysed.analysis.rules,
        "people": reviewed.annotators,
        "chances": (chances.sha256, chances.fit.score.tolist(), chances.warnings, chances.questions.n_raters),
        "files": [(folder / f"{form}.csv").read_text() for form in ("votes", "answers")],
    }


def test_a_machine_s_votes_change_nothing_that_is_said_of_people(study: Study, tmp_path: Path) -> None:
    disputed(study)
    before = said_of_people(study, tmp_path / "before")
    told(study, tmp_path, KNOWS)
    assert said_of_people(study, tmp_path / "after") == before


def test_the_posterior_counts_machines_where_it_is_asked_to_and_says_so(study: Study, tmp_path: Path) -> None:
    disputed(study)
    told(study, tmp_path, KNOWS)
    with study.workspace.store.reading() as c:
        alone, beside = (chances_of(c, study.dataset, Counted(machines=machines)) for machines in (False, True))
    assert (alone.machines, beside.machines) == ((), (f"machine:{SPEC}",))
    assert beside.n_machine_votes == N_IMAGES * 5  # of twenty labels, people were shown five
    assert (beside.questions.n_raters, len(beside.questions.vote)) == (2, len(alone.questions.vote))
    assert alone.sha256 != beside.sha256
    released = resolve(study.workspace, "pilot", NOW, PosteriorWanted(counted=Counted(machines=True)))
    assert released.by_posterior is not None
    assert (released.by_posterior.machines, released.by_posterior.n_annotators) == ((f"machine:{SPEC}",), 2)
    assert f", and from 60 votes by machine:{SPEC}, without the given label" in posterior_text(released.by_posterior)
    by_people = resolve(study.workspace, "pilot", NOW + timedelta(hours=1), PosteriorWanted())
    assert by_people.by_posterior is not None
    assert by_people.by_posterior.machines == ()


def test_how_it_answers_is_measured_against_what_people_say(study: Study, tmp_path: Path) -> None:
    told(study, tmp_path, KNOWS.replace("label.index % 2 == 0", "label.index == labels[0].index"), n_images=2)
    [unknown] = machines_of(study.workspace, "pilot")
    assert (unknown.n_compared, unknown.where_valid) == (0, ())
    for number in range(N_IMAGES):
        answer(study, "Ada", number, [number])
        answer(study, "Bob", number, [number])
    told(study, tmp_path, KNOWS.replace("label.index % 2 == 0", "label.index == labels[0].index"))
    [measured] = machines_of(study.workspace, "pilot")
    assert measured.n_compared == N_IMAGES * 5
    assert measured.where_valid[2] > 0.3 > measured.where_not_valid[2]  # of twelve valid labels, far from the 50 votes that pull it
    at = ["--workspace", str(tmp_path / "workspace")]
    listed = CliRunner().invoke(app, ["ask", "pilot", *at]).stdout
    assert "of the valid labels and to" in listed
    assert "by 60 votes on labels that people were asked about" in listed


def test_machines_votes_are_exported_under_their_name_and_read_for_machines_alone(study: Study, tmp_path: Path) -> None:
    told(study, tmp_path, KNOWS.replace('else "no"', "else None"), n_images=2)
    disputed(study)
    written = export(study.workspace, "pilot", "machine-votes", tmp_path / "machines.csv")
    table = pl.read_csv(tmp_path / "machines.csv")
    assert (written.n_rows, set(table["annotator"]), set(table["vote"])) == (20, {f"machine:{SPEC}"}, {"yes"})
    export(study.workspace, "pilot", "votes", tmp_path / "votes.csv")
    run = CliRunner().invoke(app, ["aggregate", str(tmp_path / "machines.csv"), "--out", str(tmp_path / "s.csv")])
    assert run.exit_code == 1
    assert "is a machine, not a person" in str(run.exception)
    options = ["--out", str(tmp_path / "s.csv"), "--machines", str(tmp_path / "machines.csv")]
    run = CliRunner().invoke(app, ["aggregate", str(tmp_path / "votes.csv"), *options])
    assert run.exit_code == 0
    assert "votes by 2 people" in run.stderr
    assert "of machines on labels that no person was asked about" in run.stderr


def test_the_command_asks_and_lists(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / f"{MODULE}.py").write_text(KNOWS)
    at = ["--workspace", str(tmp_path / "workspace")]
    assert "No machine has been asked about pilot" in CliRunner().invoke(app, ["ask", "pilot", *at]).stdout
    asked = CliRunner().invoke(app, ["ask", "pilot", "--machine", SPEC, "--images", "4", *at])
    assert asked.stdout == f"machine:{SPEC}: asked about 4 images; 80 votes in all\n"
    listed = CliRunner().invoke(app, ["ask", "pilot", *at, "--json"])
    [machine] = json.loads(listed.stdout)
    assert (machine["machine"], machine["n_images"], machine["n_votes"]) == (f"machine:{SPEC}", 4, 80)
    assert "never people's" in CliRunner().invoke(app, ["ask", "pilot", *at]).stdout
