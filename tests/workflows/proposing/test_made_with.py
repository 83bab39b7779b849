"""What proposals were made with is kept once for each run, and again where it changed."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.workflows.proposing.studies_for_proposing import NAME, NOW, add_study, paint, propose_by, settings, spec

from multilabelfy.inference.spec import ScorerKind
from multilabelfy.workflows.proposing.kinds import models
from multilabelfy.workflows.proposing.made_with import FILE, keep_made_with, made_with
from multilabelfy.workflows.workspace import Workspace, opened


class Scorer:
    def __init__(self, details: Mapping[str, object]) -> None:
        self.details = details


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with opened(settings(tmp_path), create=True) as workspace:
        yield workspace


def keep(workspace: Workspace, **details: object) -> None:
    keep_made_with(workspace, NAME, "clip:a/b@1.2", ScorerKind.CLIP, Scorer(details), NOW)


def test_a_run_is_listed_with_the_versions_that_made_it(workspace: Workspace, tmp_path: Path) -> None:
    add_study(workspace, paint(tmp_path, n_of_each=1))

    for _ in range(2):  # the second time there is nothing to do
        propose_by(workspace, "colours")

    (stored,) = models(workspace).runs
    assert stored.made_with is not None
    assert stored.made_with.source == spec("colours")
    assert set(stored.made_with.versions) == {"multilabelfy", "numpy", "pillow"}
    assert len((workspace.folder / FILE).read_text().splitlines()) == 1


def test_what_did_not_change_is_kept_once(workspace: Workspace) -> None:
    for templates in (["{name}"], ["{name}"], ["a {name}"]):
        keep(workspace, templates=templates)

    assert len((workspace.folder / FILE).read_text().splitlines()) == 2
    assert made_with(workspace)[NAME, "clip:a/b@1.2"].details == {"templates": ["a {name}"]}


def test_a_line_that_cannot_be_read_counts_as_absent_and_a_folder_that_cannot_be_written_changes_nothing(workspace: Workspace) -> None:
    (workspace.folder / FILE).write_text('{"a line": "of a later version"}\nhalf a li')
    assert made_with(workspace) == {}

    (workspace.folder / FILE).unlink()
    (workspace.folder / FILE).mkdir()
    keep(workspace)
    assert made_with(workspace) == {}
