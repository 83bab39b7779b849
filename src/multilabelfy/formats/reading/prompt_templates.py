"""Read the templates of prompts for a model of pictures and texts: one a line."""

from pathlib import Path

from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.formats.files.text_files import read_text
from multilabelfy.formats.inputs import PROMPT_TEMPLATES
from multilabelfy.proposals.prompts import problem_of

ATTEMPT = "Cannot read the templates"


def read_templates(path: Path) -> tuple[str, ...]:
    """The templates in their order, each once; empty lines are left out. Raises InvalidInput with everything that is wrong."""
    if path.suffix.lower() not in PROMPT_TEMPLATES.suffixes:
        raise InvalidInput(ATTEMPT, [Problem(str(path), f"files '{path.suffix}' are not read")], PROMPT_TEMPLATES.forms)
    lines = [(number, line.strip()) for number, line in enumerate(read_text(path, ATTEMPT).splitlines(), start=1) if line.strip()]
    problems = [Problem(f"{path}:{number}", what) for number, line in lines if (what := problem_of(line))]
    if not lines:
        problems = [Problem(str(path), "it holds no template")]
    if problems:
        raise InvalidInput(ATTEMPT, problems, PROMPT_TEMPLATES.forms)
    return tuple(dict.fromkeys(line for _, line in lines))
