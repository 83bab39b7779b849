"""Votes that people cast elsewhere become a study without pictures: whole, exact, once, or not at all."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from PIL import Image as Pillow
from tests.studies import NAME, NOW, ready_study
from tests.votes_elsewhere import ROWS, imported, raters_npz, study_of, table

from multilabelfy.annotation.assignment import AssignmentState
from multilabelfy.annotation.model import Outcome, Task, Vote
from multilabelfy.annotation.study.protocol import BLIND
from multilabelfy.dataset.model import ImageState
from multilabelfy.errors import InvalidInput, NoPictures, NotAllowed
from multilabelfy.settings import load_settings
from multilabelfy.store import members, people
from multilabelfy.store.answers import annotations
from multilabelfy.store.answers.rebuild import recomputed, stored_summaries
from multilabelfy.store.dataset import datasets, images
from multilabelfy.store.handing_out.assignment_rows import read_own
from multilabelfy.workflows.analysing.analysis_cache import Analyses
from multilabelfy.workflows.analysing.team import team_work
from multilabelfy.workflows.checkup.checkup import check
from multilabelfy.workflows.importing.applying import import_dataset
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.importing.votes import applying
from multilabelfy.workflows.owning.relocating import relocate
from multilabelfy.workflows.proposing.runs import propose
from multilabelfy.workflows.releasing.exports import export
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.settling.answers import settle
from multilabelfy.workflows.team import people as inviting
from multilabelfy.workflows.workspace import Workspace, opened


@pytest.fixture
def workspace(tmp_path: Path, tables_url: str) -> Iterator[Workspace]:
    with opened(load_settings(tmp_path / "workspace", database_url=tables_url), create=True) as empty:
        yield empty


def states(workspace: Workspace) -> dict[str, ImageState]:
    return {image.path: image.state for image in study_of(workspace).images}


def told(workspace: Workspace, votes: Path, **wanted: object) -> str:
    """What is wrong with an import that must not store anything."""
    before = everything(workspace)
    with pytest.raises(InvalidInput) as caught:
        imported(workspace, votes, **wanted)  # type: ignore[arg-type]
    assert everything(workspace) == before
    return "\n".join(map(str, caught.value.problems))


def everything(workspace: Workspace) -> list[object]:
    with workspace.store.reading() as c:
        stored = datasets.all_datasets(c)
        return [stored, people.everyone(c), [list(images.iterate(c, dataset.id)) for dataset in stored]]


def test_a_table_becomes_a_study_in_the_order_of_the_file(workspace: Workspace, tmp_path: Path) -> None:
    summary = imported(workspace, table(tmp_path))

    assert states(workspace) == {  # by first appearance, not by name
        "b.jpg": ImageState.AGREED,
        "a.jpg": ImageState.DISPUTED,
        "c.jpg": ImageState.DISPUTED,
        "d.jpg": ImageState.DISPUTED,
    }
    assert list(states(workspace)) == ["b.jpg", "a.jpg", "c.jpg", "d.jpg"]
    assert (summary.n_images, summary.n_answers, summary.n_votes, summary.n_raters) == (4, 9, 13, 3)
    assert (summary.n_agreed, summary.n_disputed) == (1, 3)
    study = study_of(workspace)
    assert not study.dataset.has_pictures
    assert study.dataset.protocol.overlap == 2  # as many as most images have
    assert study.dataset.protocol.maybe_allowed
    assert [image.n_answers for image in study.images] == [2, 2, 3, 2]


def test_an_answer_says_exactly_what_its_rater_said_and_saw(workspace: Workspace, tmp_path: Path) -> None:
    imported(workspace, table(tmp_path))
    study = study_of(workspace)
    with workspace.store.reading() as c:
        by_image = {image.path: annotations.history(c, image.id) for image in study.images}
        names = people.names(c)

    said = {(path, names[answer.annotator]): answer for path, answers in by_image.items() for answer in answers}
    first = said["a.jpg", "pilot: rater 7"]
    assert (first.outcome, first.answers) == (Outcome.LABELLED, {1: Vote.YES})
    assert first.screen.shown() == (1, 0)  # in the order of the file, opened
    assert {candidate.source for candidate in first.screen.candidates} == {"imported"}
    assert said["a.jpg", "pilot: Ada"].answers == {1: Vote.MAYBE}
    assert said["c.jpg", "pilot: Bob"].outcome is Outcome.NONE
    assert said["d.jpg", "pilot: Bob"].screen.shown() == (1,)  # nobody asked Bob about the other label
    assert not any(answer.surplus or answer.present_ms for answer in said.values())


def test_summaries_are_exact_and_a_checkup_has_nothing_to_say(workspace: Workspace, tmp_path: Path) -> None:
    imported(workspace, table(tmp_path), protocol=BLIND, seed=3)
    study = study_of(workspace)

    with workspace.store.reading() as c:
        assert stored_summaries(c, study.dataset.id) == recomputed(c, study.dataset.id)
    items = [item for item in check(workspace, NOW) if study.dataset.name in item.what]
    assert items
    assert all(item.ok for item in items)
    assert any("came with votes alone" in item.detail for item in items)


def test_a_rater_stands_for_their_votes_and_cannot_sign_in(workspace: Workspace, tmp_path: Path) -> None:
    inviting.invite(workspace, "pilot: Ada", None, NOW)  # somebody has that name already
    imported(workspace, table(tmp_path))
    study = study_of(workspace)

    with workspace.store.reading() as c:
        raters = people.raters(c)
        called = sorted(people.get(c, rater).name for rater in raters)
        assert called == ["pilot: Ada, 2", "pilot: Bob", "pilot: rater 7"]
        assert not any(people.get(c, rater).active for rater in raters)
        assert not raters & {member.id for member in members.team(c, study.dataset.id)}
        one = people.find(c, "pilot: Bob").id
        [held] = read_own(c, study.dataset.id, one, [Task.ANNOTATE], AssignmentState.ANSWERED)[:1]
        assert held.policy == "imported"
    assert [work.person.name for work in team_work(workspace, partial(Analyses().of, workspace))] == ["pilot: Ada"]
    with pytest.raises(NotAllowed, match="cast imported votes elsewhere"):
        inviting.invite(workspace, "pilot: Bob", None, NOW)


def test_votes_leave_under_pseudonyms_as_they_came(workspace: Workspace, tmp_path: Path) -> None:
    imported(workspace, table(tmp_path))
    export(workspace, NAME, "votes", tmp_path / "out.csv")

    left = pl.read_csv(tmp_path / "out.csv")
    assert sorted(left.select("image", "label", "vote").rows()) == sorted(
        (image, label, vote) for image, label, _, vote in (row.split(",") for row in ROWS)
    )
    assert left["annotator"].n_unique() == 3
    assert all(name.startswith("person-") for name in left["annotator"])


def test_a_data_card_says_that_people_voted_elsewhere(workspace: Workspace, tmp_path: Path) -> None:
    imported(workspace, table(tmp_path))
    resolve(workspace, NAME, NOW)
    export(workspace, NAME, "dataset-card", tmp_path / "README.md")

    card = (tmp_path / "README.md").read_text()
    assert "3 annotators voted elsewhere; their votes were imported without the pictures." in card
    assert "in groups of" not in card


def test_the_same_file_again_adds_nothing_and_a_longer_one_adds_its_new_images(workspace: Workspace, tmp_path: Path) -> None:
    imported(workspace, table(tmp_path))
    before = everything(workspace)

    again = imported(workspace, table(tmp_path))
    assert (again.n_images, again.n_known, again.n_answers) == (0, 4, 0)
    assert everything(workspace) == before

    longer = imported(workspace, table(tmp_path, (*ROWS, "e.jpg,cat,Ada,yes", "e.jpg,cat,Eve,yes")))
    assert (longer.n_images, longer.n_known) == (1, 4)
    with workspace.store.reading() as c:
        assert [person.name for person in people.everyone(c)] == ["pilot: Ada", "pilot: Bob", "pilot: Eve", "pilot: rater 7"]
    assert states(workspace)["e.jpg"] is ImageState.AGREED


def test_other_votes_on_a_stored_image_are_refused(workspace: Workspace, tmp_path: Path) -> None:
    imported(workspace, table(tmp_path))

    said = told(workspace, table(tmp_path, (*ROWS[:-1], "d.jpg,dog,Bob,no", "e.jpg,cat,Ada,yes")))

    assert "d.jpg: its votes differ from those that are stored" in said
    assert "e.jpg" not in said


def test_an_interrupted_import_leaves_whole_images_and_goes_on(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "AT_ONCE", 1)
    n_settled = iter(range(100))

    def settle_twice(*args: Any) -> ImageState:
        if next(n_settled) == 2:
            raise KeyboardInterrupt
        return settle(*args)

    monkeypatch.setattr(applying, "settle", settle_twice)
    with pytest.raises(KeyboardInterrupt):
        imported(workspace, table(tmp_path))
    assert list(states(workspace)) == ["b.jpg", "a.jpg"]
    with workspace.store.reading() as c:
        assert len(people.everyone(c)) == 2  # Bob would have come with the third image

    monkeypatch.setattr(applying, "settle", settle)
    rest = imported(workspace, table(tmp_path))
    assert (rest.n_images, rest.n_known) == (2, 2)
    study = study_of(workspace)
    with workspace.store.reading() as c:
        assert stored_summaries(c, study.dataset.id) == recomputed(c, study.dataset.id)
        assert len(people.everyone(c)) == 3


def test_a_file_as_reals_is_joined_by_index(workspace: Workspace, tmp_path: Path) -> None:
    votes = {(0, "v_9.JPEG", 281): 2, (1, "v_9.JPEG", 281): 2, (0, "v_9.JPEG", 5): 0, (1, "v_9.JPEG", 5): 0, (0, "v_1.JPEG", 7): 1}
    file = raters_npz(tmp_path, votes, 3)

    assert "its labels are numbers: pass labels='imagenet1k'" in told(workspace, file)
    summary = imported(workspace, file, labels="imagenet1k", overlap=2)

    assert (summary.n_labels, summary.overlap) == (1000, 2)
    study = study_of(workspace)
    assert [(image.path, image.state, image.n_answers) for image in study.images] == [
        ("v_9.JPEG", ImageState.AGREED, 2),
        ("v_1.JPEG", ImageState.DISPUTED, 1),  # all its answers are there, though others have more
    ]
    with workspace.store.reading() as c:
        first = annotations.history(c, study.images[0].id)[0]
        assert [people.get(c, answer.annotator).name for answer in annotations.history(c, study.images[1].id)] == ["pilot: rater 101"]
    assert first.chosen() == {281}
    assert first.screen.shown() == (281, 5)


def test_crowd_kits_columns_and_given_labels_are_read(workspace: Workspace, tmp_path: Path) -> None:
    votes = table(tmp_path, ("x/1.jpg|cat,w1,1", "x/1.jpg|dog,w1,0", "x/1.jpg|cat,w2,2", "x/1.jpg|dog,w2,0"), "task,worker,label")
    given = table(tmp_path, ("x/1.jpg,dog", "x/2.jpg,cat"), "image,label", "given.csv")

    summary = imported(workspace, votes, given=given)

    assert (summary.n_given, summary.notes) == (1, ("left aside: given labels of 1 image without votes",))
    assert [image.given_label for image in study_of(workspace).images] == [1]
    again = imported(workspace, votes, given=table(tmp_path, ("x/1.jpg,cat",), "image,label", "given.csv"))
    assert again.notes[0].startswith("the given labels in the file differ for 1 image that was there already")


def test_everything_that_is_wrong_is_told_and_nothing_is_stored(workspace: Workspace, tmp_path: Path) -> None:
    spaces = tmp_path / "labels.txt"
    spaces.write_text("cat\ndog\n")

    unknown = told(workspace, table(tmp_path, ("a,cat,1,yes", "a,fox,1,no", "a,fox,2,no", "a,cow,1,no")), labels=str(spaces))
    assert "there is no label 'fox' in labels (2 votes)" in unknown
    assert "there is no label 'cow' in labels (1 vote)" in unknown
    assert "votes a second time on label '0' of 'a'" in told(workspace, table(tmp_path, ("a,0,1,yes", "a,0,1,no")), labels=str(spaces))
    by_two_names = told(workspace, table(tmp_path, ("a,0,1,yes", "a,cat,1,no", "a,dog,1,no")), labels=str(spaces))
    assert "'1' votes a second time on label 'cat' of 'a'" in by_two_names
    assert "it holds no votes" in told(workspace, table(tmp_path, ()), labels=str(spaces))
    assert "is a machine, not a person" in told(workspace, table(tmp_path, ("a,cat,machine: gpt,yes", "a,dog,1,no")), labels=str(spaces))
    assert "a name begins with" in told(workspace, table(tmp_path), name="/etc")
    assert "a single label" in told(workspace, table(tmp_path, ("a,cat,1,yes", "b,cat,1,no")))


def test_what_a_dataset_has_cannot_change_by_another_import(workspace: Workspace, tmp_path: Path) -> None:
    imported(workspace, table(tmp_path))

    assert "follows 'paper' with 2 annotators" in told(workspace, table(tmp_path), overlap=5)
    assert "was drawn with the seed 0" in told(workspace, table(tmp_path), seed=9)
    (tmp_path / "pictures").mkdir()
    with pytest.raises(InvalidInput) as caught:
        import_dataset(workspace, ImportRequest(NAME, tmp_path / "pictures"), now=NOW)
    assert "'pilot' was imported without pictures: run `multilabelfy relocate pilot --images DIR`" in str(caught.value)


def test_a_model_has_nothing_to_look_at(workspace: Workspace, tmp_path: Path) -> None:
    imported(workspace, table(tmp_path))

    with pytest.raises(NoPictures, match="was imported without pictures"):
        propose(workspace, NAME, ["timm/resnet18"], now=NOW + timedelta(minutes=1))


def test_pictures_may_be_given_afterwards_where_all_are_there(workspace: Workspace, tmp_path: Path) -> None:
    imported(workspace, table(tmp_path))
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name in ("a", "b", "c"):
        Pillow.new("RGB", (24, 16), "red").save(folder / f"{name}.jpg")
    with pytest.raises(InvalidInput, match=r"d\.jpg"):
        relocate(workspace, NAME, folder)
    assert not study_of(workspace).dataset.has_pictures

    Pillow.new("RGB", (24, 16), "blue").save(folder / "d.jpg")
    relocate(workspace, NAME, folder)

    assert study_of(workspace).dataset.has_pictures
    assert "has pictures in" in told(workspace, table(tmp_path))


def test_no_study_of_another_kind_takes_votes_alone(tmp_path: Path) -> None:
    study = ready_study(tmp_path / "study", n_images=1)

    assert f"'{NAME}' has pictures in" in told(study.workspace, table(tmp_path))
    study.workspace.close()
