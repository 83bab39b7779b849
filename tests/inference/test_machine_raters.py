"""A machine is a function of whoever asks it; what is wrong with it is said."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image as Pillow

from multilabelfy.dataset.model import Label
from multilabelfy.errors import MachineFailed, ScorerUnavailable
from multilabelfy.inference.machine_raters import asked, machine_name, open_machine

MODULE = "mlf_machine_of_the_tests"
LABELS = (Label(3, "n3", ("cat", "tabby")), Label(5, "n5", ("dog",)))


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """Each test's module is its own."""
    yield
    sys.modules.pop(MODULE, None)


def test_it_is_called_with_the_picture_and_its_labels(tmp_path: Path) -> None:
    (tmp_path / f"{MODULE}.py").write_text("def look(picture, labels): return [f'{label.name} {picture.size}' for label in labels]")
    machine = open_machine(f"python:{MODULE}:look", folder=tmp_path)
    assert asked(machine, Pillow.new("RGB", (4, 3)), LABELS) == ["cat (4, 3)", "dog (4, 3)"]


def test_whatever_it_raises_is_told(tmp_path: Path) -> None:
    (tmp_path / f"{MODULE}.py").write_text("def look(picture, labels): return 1 / 0")
    machine = open_machine(f"python:{MODULE}:look", folder=tmp_path)
    with pytest.raises(MachineFailed, match="it raised ZeroDivisionError: division by zero"):
        asked(machine, Pillow.new("RGB", (4, 3)), LABELS)


@pytest.mark.parametrize(
    ("spec", "problem"),
    [
        ("timm/resnet50", "'timm/resnet50' names no machine: it is a function of yours, python:MODULE:FUNCTION"),
        ("python:only_a_module", "must name a module and a function"),
        ("python:not_there:look", "there is no module 'not_there'"),
    ],
)
def test_what_is_no_function_is_refused(tmp_path: Path, spec: str, problem: str) -> None:
    with pytest.raises(ScorerUnavailable, match=problem):
        open_machine(spec, folder=tmp_path)


def test_its_name_is_its_spec() -> None:
    assert machine_name("python:mine:look") == "python:mine:look"
