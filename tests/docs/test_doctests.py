"""The examples in the docstrings are true."""

import doctest
import importlib
from pathlib import Path

import pytest

import multilabelfy

ROOT = Path(multilabelfy.__file__).parent
WITH_EXAMPLES = sorted(
    ".".join(("multilabelfy", *path.relative_to(ROOT).with_suffix("").parts))
    for path in ROOT.rglob("*.py")
    if ">>> " in path.read_text("utf-8")
)


def test_there_are_examples() -> None:
    assert "multilabelfy.disagreement.agreement.answer_agreement" in WITH_EXAMPLES


@pytest.mark.parametrize("module", WITH_EXAMPLES)
def test_the_examples_of_a_module_are_true(module: str) -> None:
    result = doctest.testmod(importlib.import_module(module.removesuffix(".__init__")))
    assert (result.failed, result.attempted > 0) == (0, True)
