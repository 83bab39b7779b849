"""A study on real photos, ready for its people: imported, with EfficientNet-lite0's proposals, under a protocol."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.end_to_end.known_answers import Known, known

from multilabelfy.annotation.study.protocol import PRESETS, AnnotationProtocol
from multilabelfy.settings import Settings
from multilabelfy.store.dataset import candidates, datasets, images
from multilabelfy.workflows.importing.applying import import_dataset
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.proposing.runs import propose
from multilabelfy.workflows.workspace import Workspace, opened

NAME = "photos"
SCORERS = Path(__file__).parents[1] / "workflows" / "proposing"
NOW = datetime(2026, 2, 3, 9, 0, tzinfo=UTC)


@dataclass
class PhotoStudy:
    """The open workspace, and which image a picture's address means (which only a test can know)."""

    workspace: Workspace
    protocol: AnnotationProtocol
    paths: tuple[str, ...]
    given: dict[str, int]
    by_token: dict[str, str]
    answers: dict[str, Known] = field(default_factory=dict)

    def path_of(self, picture: str) -> str:
        """The image behind the address `/pictures/<token>-<size>.webp`."""
        return self.by_token[picture.rsplit("/", 1)[1].split("-")[0]]

    def known(self, path: str) -> Known:
        """What everybody says of this image; its candidates are frozen once somebody has seen it."""
        if path not in self.answers:
            with self.workspace.store.reading() as c:
                dataset = datasets.find(c, NAME)
                image = images.by_path(c, dataset.id, path).id
                shown = {candidate.label for candidate in candidates.frozen(c, [image])[image]}
            self.answers[path] = known(self.paths.index(path), self.given[path], shown)
        return self.answers[path]


@contextmanager
def photo_study(
    shared_data: Path, folder: Path, protocol: str, n_photos: int, *, referenced: bool = True, database_url: str | None = None
) -> Iterator[PhotoStudy]:
    """Import the first `n_photos` classes' photos and let EfficientNet-lite0 propose. One expert decides: nothing is drawn for two.

    Labels have reference pictures where it is `referenced`.
    """
    pytest.importorskip("torch", reason="the proposals come from EfficientNet-lite0 in torch")
    for each in sorted((shared_data / "photos").iterdir())[:n_photos]:
        shutil.copytree(each, folder / "photos" / each.name)
    settings = Settings(workspace=folder / "workspace", database_url=database_url)
    with opened(settings, create=True) as workspace:
        reference = shared_data / "reference" if referenced else None
        rule = replace(PRESETS[protocol], two_expert_share=0.0, audit_share=0.0, repeat_share=0.0, search_first_share=0.0)
        import_dataset(workspace, ImportRequest(NAME, folder / "photos", labels="imagenet1k", reference=reference, protocol=rule), now=NOW)
        propose(workspace, NAME, ["python:lite0_for_proposing:lite0"], k=20, folder=SCORERS, now=NOW)
        with workspace.store.reading() as c:
            stored = list(images.iterate(c, datasets.find(c, NAME).id))
        given = {image.path: int(image.given_label or 0) for image in stored}
        yield PhotoStudy(workspace, rule, tuple(given), given, {image.token: image.path for image in stored})
