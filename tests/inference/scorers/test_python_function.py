"""A person's own function gives a scorer, or it is said what is wrong with it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from multilabelfy.errors import InvalidInput, ScorerUnavailable
from multilabelfy.inference.scorers.python_function import open_function

MODULE = "mlf_scorers_of_the_tests"
GOOD = """
class Own:
    labels = ("cat", "dog")
    def prepare(self, picture): ...
    def score(self, batch): ...
def best(): return Own()
"""


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """Each test's module is its own."""
    yield
    sys.modules.pop(MODULE, None)


def refusal(folder: Path, code: str, function: str = "best") -> str:
    (folder / f"{MODULE}.py").write_text(code)
    with pytest.raises(ScorerUnavailable) as refused:
        open_function(f"{MODULE}:{function}", folder=folder)
    return str(refused.value)


def test_the_function_is_called_for_a_scorer_and_the_path_is_as_before(tmp_path: Path) -> None:
    (tmp_path / f"{MODULE}.py").write_text(GOOD)
    before = list(sys.path)

    assert open_function(f"{MODULE}:best", folder=tmp_path).labels == ("cat", "dog")
    assert sys.path == before


def test_a_missing_module_is_named_with_where_it_was_looked_for(tmp_path: Path) -> None:
    with pytest.raises(ScorerUnavailable, match=f"there is no module 'not_there', neither installed nor in '{tmp_path}'"):
        open_function("not_there:best", folder=tmp_path)


def test_a_module_that_misses_another_says_which(tmp_path: Path) -> None:
    assert "raised ModuleNotFoundError: No module named 'not_there_either'" in refusal(tmp_path, "import not_there_either")


def test_a_missing_function_is_answered_with_those_there_are(tmp_path: Path) -> None:
    assert f"'{MODULE}' has no function 'worst', but Own, best." in refusal(tmp_path, GOOD, "worst")


def test_a_function_that_fails_says_how(tmp_path: Path) -> None:
    assert "the function raised FileNotFoundError: no weights" in refusal(tmp_path, "def best(): raise FileNotFoundError('no weights')")


def test_what_is_no_scorer_says_what_it_lacks(tmp_path: Path) -> None:
    assert "best() gave an int without labels, prepare, score." in refusal(tmp_path, "def best(): return 3")


def test_labels_that_are_no_keys_are_shown(tmp_path: Path) -> None:
    assert "must be label keys as text, or ('imagenet1k',), but are [1, 2]" in refusal(tmp_path, GOOD.replace('("cat", "dog")', "[1, 2]"))


def test_labels_given_as_one_text_are_refused(tmp_path: Path) -> None:
    assert "but are 'imagenet1k'" in refusal(tmp_path, GOOD.replace('("cat", "dog")', "'imagenet1k'"))


def test_our_own_errors_pass_as_they_are(tmp_path: Path) -> None:
    (tmp_path / f"{MODULE}.py").write_text(
        "from multilabelfy.errors import InvalidInput\ndef best(): raise InvalidInput('Cannot load', [], 'Try again.')"
    )

    with pytest.raises(InvalidInput, match=r"Try again\."):
        open_function(f"{MODULE}:best", folder=tmp_path)


@pytest.mark.parametrize("target", ["module", ":function", "module:"])
def test_a_target_names_both_a_module_and_a_function(tmp_path: Path, target: str) -> None:
    with pytest.raises(ScorerUnavailable, match="it must name a module and a function"):
        open_function(target, folder=tmp_path)


def test_a_function_that_takes_embeddings_is_told_whether_they_are_wanted(tmp_path: Path) -> None:
    code = GOOD.replace(
        "def best(): return Own()", "def best(embeddings=None):\n    own = Own()\n    own.told = embeddings\n    return own"
    )
    (tmp_path / f"{MODULE}.py").write_text(code)

    told = [open_function(f"{MODULE}:best", folder=tmp_path, embeddings=wanted).told for wanted in (False, True)]  # type: ignore[attr-defined]

    assert told == [False, True]
