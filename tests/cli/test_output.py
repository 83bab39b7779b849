"""What commands say reaches the screen letter by letter, and counts agree with their nouns."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path

import pytest
from tests import processes

from multilabelfy.cli.output import BAR_WIDTH, console, progress_bar, say

REDRAWN = re.compile(r"(?:\r?\x1b\[(?:2K|1A))+")
"""Where a terminal clears the bar's line."""
ESCAPES = re.compile(r"\x1b\[[?0-9;]*[a-zA-Z]")


class Terminal(io.StringIO):
    """Keeps what is written to it."""

    def isatty(self) -> bool:
        """It is one."""
        return True

    def frames(self) -> list[str]:
        """What was written each time after the bar's line was cleared."""
        return [ESCAPES.sub("", frame) for frame in REDRAWN.split(self.getvalue())]


@contextmanager
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """Standard error is a terminal of 80 columns."""
    for name, value in {"TERM": "xterm", "COLUMNS": "80", "LINES": "24"}.items():
        monkeypatch.setenv(name, value)
    console.cache_clear()
    with redirect_stderr(Terminal()) as screen:
        yield screen
    console.cache_clear()


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


def test_a_message_stands_on_lines_of_its_own_above_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    message = "python:slowmod:slow: 246 images to go " * 4
    with terminal(monkeypatch) as screen, progress_bar("proposing") as advance:
        advance(4, 250)
        say(message)
    assert any(frame.startswith(f"{message}\nproposing ") for frame in screen.frames())


def test_a_note_is_cut_and_takes_no_cells_from_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal(monkeypatch) as screen, progress_bar("proposing") as advance:
        advance(4, 250)
        say("before")
        advance(4, 250, "the model takes 66% of the work, and more than fits")
        say("with a note")
        advance(5, 250)
        say("the note stays")
    bars = [frame for frame in screen.frames() if "proposing" in frame]
    assert {frame.count("━") + frame.count("╸") + frame.count("╺") for frame in bars} == {BAR_WIDTH}
    assert any("5/250" in frame and "the model takes 66%" in frame and "…" in frame for frame in bars)
    assert all(len(line) <= 80 for frame in bars for line in frame.splitlines())
