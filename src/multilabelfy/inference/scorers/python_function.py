"""A scorer that a person wrote: `python:module:function` calls `function()` for one."""

import importlib
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from multilabelfy.errors import MultilabelfyError, ScorerUnavailable
from multilabelfy.proposals.model import Scorer


def open_function(target: str, *, folder: Path, embeddings: bool = False) -> Scorer:
    """The scorer that `module:function` gives; modules are also looked for in `folder`. A function with a parameter `embeddings` is told
    whether they are wanted.

    Raises ScorerUnavailable where there is no such function, where it fails, or where what it gives is no Scorer.
    """
    attempt = _attempt(target)
    function = function_named(target, folder=folder)
    with _importable(folder):
        scorer = _called(function, attempt, embeddings=embeddings)
    missing = [name for name in ("labels", "prepare", "score") if not hasattr(scorer, name)]
    if missing:
        raise ScorerUnavailable(
            f"{attempt}: {target.rpartition(':')[2]}() gave {_article(type(scorer).__name__)} without {', '.join(missing)}. "
            "A scorer has `labels`, `prepare(picture)` and `score(batch)`."
        )
    _check_labels(scorer.labels, attempt)
    return scorer  # type: ignore[no-any-return]  # its parts were looked for just above


def function_named(target: str, *, folder: Path) -> Callable[..., Any]:
    """The function of `module:function`; modules are also looked for in `folder`. Raises ScorerUnavailable where there is none."""
    attempt = _attempt(target)
    module_name, _, function_name = target.rpartition(":")
    if not module_name or not function_name:
        raise ScorerUnavailable(f"{attempt}: it must name a module and a function, as in 'python:my_models:best'.")
    with _importable(folder):
        return _function(module_name, function_name, folder, attempt)


def _attempt(target: str) -> str:
    return f"Cannot use 'python:{target}'"


def _function(module_name: str, function_name: str, folder: Path, attempt: str) -> Callable[..., Any]:
    try:
        module = importlib.import_module(module_name)
    except Exception as error:  # a person's module may raise whatever it likes
        if isinstance(error, ModuleNotFoundError) and (error.name or "") in (module_name, module_name.split(".")[0]):
            raise ScorerUnavailable(f"{attempt}: there is no module '{module_name}', neither installed nor in '{folder}'.") from None
        raise ScorerUnavailable(f"{attempt}: importing '{module_name}' raised {type(error).__name__}: {error}") from error
    function = getattr(module, function_name, None)
    if not callable(function):
        others = sorted(name for name, value in vars(module).items() if callable(value) and not name.startswith("_"))
        raise ScorerUnavailable(f"{attempt}: '{module_name}' has no function '{function_name}', but {', '.join(others) or 'none at all'}.")
    return function  # type: ignore[no-any-return]


def _called(function: Callable[..., Any], attempt: str, *, embeddings: bool) -> Any:
    try:
        return function(embeddings=embeddings) if _takes_embeddings(function) else function()
    except MultilabelfyError:
        raise
    except Exception as error:  # as above
        raise ScorerUnavailable(f"{attempt}: the function raised {type(error).__name__}: {error}") from error


def _takes_embeddings(function: Callable[..., Any]) -> bool:
    try:
        return "embeddings" in inspect.signature(function).parameters
    except (TypeError, ValueError):  # what was not written in Python may not say what it takes
        return False


def _check_labels(labels: object, attempt: str) -> None:
    if not isinstance(labels, tuple | list) or not all(isinstance(label, str) for label in labels):
        raise ScorerUnavailable(f"{attempt}: its `labels` must be label keys as text, or ('imagenet1k',), but are {_short(labels)}.")


def _short(value: object, longest: int = 80) -> str:
    shown = repr(value)
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def _article(name: str) -> str:
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


@contextmanager
def _importable(folder: Path) -> Iterator[None]:
    """Let modules be imported from this folder, as `python -m` would."""
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
