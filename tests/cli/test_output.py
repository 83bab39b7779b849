"""What commands say reaches the screen letter by letter, and counts agree with their nouns."""

from pathlib import Path

import pytest
from tests import processes

from multilabelfy.cli.output import say


@pytest.mark.parametrize("text", ["photos of a :dog: and a :cat:", "[bold]no markup[/bold] [/]", "a backslash \\[red] stays", "[link=x]y"])
def test_a_text_is_printed_letter_by_letter(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    say(text)
    assert capsys.readouterr() == ("", f"{text}\n")


def test_a_name_with_colons_and_brackets_survives_in_an_error(tmp_path: Path) -> None:
    name = ":dog: [red]"
    assert processes.run("invite", "Ada", "--workspace", str(tmp_path)).returncode == 0
    done = processes.run("resolve", name, "--workspace", str(tmp_path))
    assert done.returncode == 1
    assert name in done.stderr
