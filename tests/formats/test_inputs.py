"""Each kind of file that is read has one record, and commands and readers keep to it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from multilabelfy.cli.main import app
from multilabelfy.dataset.model import Label, LabelSpace
from multilabelfy.errors import InvalidInput
from multilabelfy.formats.inputs import (
    ACCURACIES,
    GIVEN_LABELS,
    IMAGE_NAMES,
    INPUTS,
    LABEL_SETS,
    LABEL_SPACE,
    PREDICTIONS,
    PROMPT_TEMPLATES,
    SCORES,
    SHARDS,
    VOTES,
    Input,
)
from multilabelfy.formats.reading.given_labels import read_given_labels
from multilabelfy.formats.reading.label_scores import read_label_scores
from multilabelfy.formats.reading.label_sets import read_label_sets
from multilabelfy.formats.reading.label_space import read_label_space
from multilabelfy.formats.reading.pictures.image_folder import read_image_folder
from multilabelfy.formats.reading.pictures.listed_images import named_images
from multilabelfy.formats.reading.predictions import read_predictions
from multilabelfy.formats.reading.prompt_templates import read_templates
from multilabelfy.formats.reading.published import read_published
from multilabelfy.formats.reading.votes import read_votes
from multilabelfy.pictures.remote.addresses import RemoteAddress
from multilabelfy.pictures.remote.pictures import RemoteRoot

LETTERS = LabelSpace("letters", (Label(0, "a", ("a",)),))
READERS: list[tuple[Input, Callable[[Path], Any]]] = [
    (SHARDS, read_image_folder),
    (LABEL_SPACE, lambda path: read_label_space(str(path))),
    (IMAGE_NAMES, lambda path: named_images(RemoteRoot(RemoteAddress("https", "host"), 1.0), path)),
    (LABEL_SETS, read_label_sets),
    (GIVEN_LABELS, lambda path: read_given_labels(path, ["1.jpg"], LETTERS)),
    (PREDICTIONS, read_predictions),
    (VOTES, read_votes),
    (SCORES, read_label_scores),
    (ACCURACIES, read_published),
    (PROMPT_TEMPLATES, read_templates),
]
NOT_READ = "are not read"


def test_every_kind_has_its_reader_here() -> None:
    assert [kind for kind, _ in READERS] == list(INPUTS)


@pytest.mark.parametrize(("kind", "read"), READERS, ids=[kind.name for kind, _ in READERS])
def test_a_reader_knows_the_suffixes_of_its_record_and_no_others(kind: Input, read: Callable[[Path], Any], tmp_path: Path) -> None:
    for suffix in (".csv", ".tsv", ".parquet", ".json", ".jsonl", ".ndjson", ".npz", ".npy", ".txt", ".xlsx"):
        path = tmp_path / f"file{suffix}"
        path.write_bytes(b"\xff\x00nonsense")
        try:
            read(path)
            told = ""
        except InvalidInput as error:
            told = str(error)
        assert (NOT_READ not in told) == (suffix in kind.suffixes), (suffix, told)


@pytest.mark.parametrize("kind", INPUTS, ids=lambda kind: kind.name)
def test_the_options_that_take_it_exist(kind: Input) -> None:
    commands: dict[str, Any] = vars(typer.main.get_command(app))["commands"]
    for option in kind.options:
        name, _, flag = option.partition(" ")
        flags = [opt for parameter in commands[name].params for opt in parameter.opts]
        assert not flag or flag in flags, option
