"""No error of a work that a page started names an option that nobody can give there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import multilabelfy
from multilabelfy.errors import CommandOption, InvalidInput, Problem, WayOut, of_option, passed, typed
from multilabelfy.web.page.jobs.page_words import CONTROLS, ON_SERVER, words_of

SOURCE = Path(multilabelfy.__file__).parent
PAGES_START = ["workflows/importing", "workflows/proposing", "inference", "workflows/owning/gold.py", "workflows/owning/relocating.py"]
"""What the works that pages start are made of."""
NEVER_SHOWN = (
    "Cannot use --checkpoint",
    "a model of timm by its name; with --checkpoint",
    "a model of pictures and texts (CLIP, SigLIP)",
    "Cannot propose with --engine",
    "With fewer workers (--workers-per-machine)",
)
"""What answers an option that pages never send, and what the command line's help says of a kind of model."""
ON_NO_PAGE = {"by", "decode_threads", "file", "given", "images_root", "names", "workspace"}
"""Options of ways out that pages leave out."""
OPTION = re.compile(r"(?<![\w`'-])--[a-z]")
LABELS = (WayOut("{}", CommandOption("labels", "imagenet1k")), WayOut("{}", CommandOption("labels", "FILE")))
WITHOUT = CommandOption("skip_bad")


def trees() -> Iterator[ast.Module]:
    for part in PAGES_START:
        for file in [SOURCE / part] if part.endswith(".py") else sorted((SOURCE / part).rglob("*.py")):
            yield ast.parse(file.read_text("utf-8"))


def written(node: ast.AST) -> Iterator[str]:
    """The strings in a tree, an f-string as one; a string that is a statement, as a docstring is, is not among them."""
    if isinstance(node, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in node.values)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        for child in ast.iter_child_nodes(node):
            yield from written(child)


def named_options() -> Iterator[str]:
    """The name of every option that one of these modules offers as a way out."""
    for node in (node for tree in trees() for node in ast.walk(tree)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "CommandOption":
            yield ast.literal_eval(node.args[0])


def test_no_text_names_an_option_outside_of_a_whole_command() -> None:
    texts = [
        text for tree in trees() for text in written(tree) if not text.startswith(("multilabelfy ", " --", "timm/MODEL", *NEVER_SHOWN))
    ]
    shown = [re.sub(r"`[^`]*`", "", text) for text in texts if not text.startswith(("--from", "--images", "clip:NAME"))]
    assert [text for text in shown if OPTION.search(text)] == []


def test_of_every_option_that_is_a_way_out_it_is_known_what_a_page_says() -> None:
    assert set(named_options()) == {name for name, _ in CONTROLS} | set(ON_SERVER) | ON_NO_PAGE


@pytest.mark.parametrize(
    ("wording", "said"),
    [
        (typed, "add --labels imagenet1k, or add --labels FILE"),
        (passed, "pass labels='imagenet1k', or pass labels='FILE'"),
        (words_of("import", {"name": "pilot"}), "choose “the 1,000 labels of ImageNet”, or choose a file of labels"),
    ],
    ids=["command", "Python", "page"],
)
def test_a_problem_is_worded_for_a_command_for_python_and_for_a_page(wording: object, said: str) -> None:
    assert Problem("a.csv", "its labels are numbers", LABELS).worded(wording) == f"a.csv: its labels are numbers: {said}"  # type: ignore[arg-type]


def test_an_option_with_a_problem_is_named_as_a_command_or_as_python_has_it() -> None:
    error = InvalidInput("Cannot import", [of_option("seed", "it is 0")], (WayOut("{} to go on", WITHOUT),))
    assert error.worded(typed) == "Cannot import:\n  --seed: it is 0\nAdd --skip-bad to go on."
    assert str(error) == "Cannot import:\n  seed: it is 0\nPass skip_bad=True to go on."


def test_what_no_page_has_is_left_out_or_is_a_command_for_the_server() -> None:
    wording = words_of("propose", {"name": "pilot", "model": "timm/resnet50", "k": 5})
    remedy = (
        WayOut("then {}", CommandOption("checkpoint", "model.safetensors")),
        WayOut("{}", CommandOption("by", "loss")),
        WayOut("wait"),
    )
    said = InvalidInput("Cannot get the weights", [], remedy).worded(wording)
    command = "`multilabelfy propose --model timm/resnet50 --checkpoint model.safetensors -- pilot`"
    assert said == f"Cannot get the weights:\nThen run on the server: {command}, or wait."
