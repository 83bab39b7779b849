"""What the tests of proposing begin with, where a file has nothing of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.workflows.proposing.studies_for_proposing import add_study, paint, settings

from multilabelfy.workflows.workspace import Workspace, opened


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """Six images: two red ones with some green, two green ones with some blue, two blue ones with some red."""
    with opened(settings(tmp_path), create=True) as workspace:
        add_study(workspace, paint(tmp_path, n_of_each=2))
        yield workspace
