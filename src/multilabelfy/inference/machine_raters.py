"""A machine that a person wrote: `python:module:function` is called with a picture and its labels, and answers for each.

It is loaded and trusted as a scorer of that form is: it is the code of whoever starts the command.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from PIL.Image import Image as Picture

from multilabelfy.dataset.model import Label
from multilabelfy.errors import MachineFailed, ScorerUnavailable
from multilabelfy.inference.scorers.python_function import function_named
from multilabelfy.inference.spec import ScorerKind, parse_spec, source_of

MachineFunction = Callable[[Picture, Sequence[Label]], object]
FORM = "python:MODULE:FUNCTION"


def machine_name(text: str) -> str:
    """The name under which the votes of this machine are kept. Raises ScorerUnavailable for any other form than `python:`."""
    prefix = f"{ScorerKind.PYTHON}:"
    if not text.startswith(prefix):
        raise ScorerUnavailable(f"'{text}' names no machine: it is a function of yours, {FORM}.")
    return source_of(parse_spec(text))


def open_machine(text: str, *, folder: Path) -> MachineFunction:
    """The function of `python:module:function`; modules are also looked for in `folder`.

    Raises ScorerUnavailable where there is no such function.
    """
    machine_name(text)
    return function_named(parse_spec(text).target, folder=folder)


def asked(machine: MachineFunction, picture: Picture, labels: Sequence[Label]) -> object:
    """What the machine says of these labels, as it says it. Raises MachineFailed where it breaks."""
    try:
        return machine(picture, labels)
    except Exception as error:  # a person's function may raise whatever it likes
        raise MachineFailed(f"it raised {type(error).__name__}: {error}") from error
