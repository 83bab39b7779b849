"""No message of a command that a page started names an option that nobody can type there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import multilabelfy
from multilabelfy.web.page.commands.in_page_words import in_page_words

SOURCE = Path(multilabelfy.__file__).parent
PAGES_START = ["workflows/importing", "workflows/proposing", "inference", "workflows/owning/gold.py", "workflows/owning/relocating.py"]
"""What the commands that pages start are made of."""
NEVER_SHOWN = (
    "Cannot use --checkpoint",
    "a model of timm by its name; with --checkpoint",
    "a model of pictures and texts (CLIP, SigLIP)",
    "Cannot propose with --engine",
    "With fewer workers (--workers-per-machine)",
)
"""What answers an option that pages never send, and what the command line's help says of a kind of model."""
OPTION = re.compile(r"(?<![\w`'-])--[a-z]")
ARGUMENTS = ["propose", "--model", "timm/resnet50", "--", "pilot"]


def messages() -> Iterator[str]:
    """Every text of these modules that names an option, docstrings and whole commands apart; what is filled in stands as X."""
    for part in PAGES_START:
        for file in [SOURCE / part] if part.endswith(".py") else sorted((SOURCE / part).rglob("*.py")):
            for text in written(ast.parse(file.read_text("utf-8"))):
                if OPTION.search(text) and not text.startswith(("multilabelfy ", " --", "timm/MODEL", "clip:NAME", *NEVER_SHOWN)):
                    yield text


def written(node: ast.AST) -> Iterator[str]:
    """The strings in a tree, an f-string as one; a string that is a statement, as a docstring is, is not among them."""
    if isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        for child in ast.iter_child_nodes(node):
            yield from written(child)


@pytest.mark.parametrize("message", sorted(set(messages())))
def test_no_option_is_named_outside_of_a_whole_command(message: str) -> None:
    shown = re.sub(r"`[^`]*`", "", in_page_words(message if message[:2] != "--" else f"{message}: 'X'", ARGUMENTS))
    assert not OPTION.search(shown), shown


def test_there_are_messages_that_name_options() -> None:
    assert len(set(messages())) > 8


def test_weights_are_brought_by_a_command_that_can_be_typed() -> None:
    said = in_page_words("Cannot get the weights: then add --checkpoint model.safetensors", ARGUMENTS)
    assert said.endswith("on the server: `multilabelfy propose --model timm/resnet50 --checkpoint model.safetensors -- pilot`")
