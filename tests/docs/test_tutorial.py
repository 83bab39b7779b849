"""The tutorial is true: its commands are run one after the other, and its people do what it tells them to."""

import io
import json
import os
import re
import shlex
import shutil
import socket
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer
from tests.end_to_end.forms import Form, form_in
from tests.processes import Begun

from multilabelfy.cli.main import app, main
from multilabelfy.demo.running import Demo

TUTORIAL = Path(__file__).resolve().parents[2] / "docs" / "tutorial.md"
STUDY = "/d/scenes"


def commands() -> list[str]:
    """Every command of the tutorial, in order."""
    blocks = re.findall(r"^```sh\n(.*?)^```", TUTORIAL.read_text(), flags=re.M | re.S)
    return [line for block in blocks for line in block.splitlines() if line.strip()]


def environment() -> dict[str, str]:
    """What the commands run with: a free port, and nothing of the tester's own settings."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("MULTILABELFY_")}
    return {**clean, "MULTILABELFY_PORT": str(port), "PYTHONUNBUFFERED": "1"}


def run(command: str, folder: Path, env: dict[str, str]) -> str:
    """What a command prints on standard output. It runs in this process: one of its own would spend its time on imports."""
    program, *arguments = shlex.split(command)
    assert program == "multilabelfy", command
    printed, told = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as here, redirect_stdout(printed), redirect_stderr(told), warnings.catch_warnings():
        warnings.simplefilter("default")  # as outside of the tests
        here.setattr(sys, "argv", [program, *arguments])
        for name in os.environ.keys() - env:
            here.delenv(name)
        here.setenv("MULTILABELFY_PORT", env["MULTILABELFY_PORT"])
        here.chdir(folder)
        with pytest.raises(SystemExit) as ended:
            main()
    assert not ended.value.code, f"{command}\n{told.getvalue()}"
    return printed.getvalue()


@pytest.fixture(scope="module")
def undrawn() -> Iterator[None]:
    """Leave out the drawing, half of a report's time: the demo's report is drawn, and every kind of figure has tests of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("vl_convert.vegalite_to_vega", lambda *_, **__: {})
        patch.setattr("vl_convert.vega_to_svg", lambda *_, **__: '<svg xmlns="http://www.w3.org/2000/svg"/>')
        patch.setattr("vl_convert.svg_to_png", lambda *_, **__: b"")
        yield


@contextmanager
def serving(folder: Path, env: dict[str, str]) -> Iterator[None]:
    """The server in the background, as a person would leave it in another terminal."""
    with Path(os.devnull).open("wb") as nowhere, Begun(["serve"], env, nowhere, nowhere, folder) as server:
        try:
            wait_for(f"http://127.0.0.1:{env['MULTILABELFY_PORT']}/sign-in")
            yield
        finally:
            server.terminate()


def wait_for(address: str) -> None:
    for _ in range(300):
        try:
            httpx.get(address)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nothing answers at {address}")


def person(link: str) -> httpx.Client:
    """Somebody's browser, signed in by their link."""
    address, _, path = link.partition("/sign-in/")
    client = httpx.Client(base_url=address, headers={"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}, follow_redirects=True)
    assert client.post(f"/sign-in/{path}").status_code == 200
    return client


def work(client: httpx.Client, page: str, tick: int) -> int:
    """Answer until nothing more is asked; tick the `tick` lowest labels offered, or say that none fits."""
    shown, n = client.get(page), 0
    while (form := form_in(shown.text)) is not None:
        shown = client.post(form.action, data=filled(form, tick))
        assert shown.status_code == 200, shown.text
        n += 1
    client.close()
    return n


def filled(form: Form, tick: int) -> dict[str, list[str]]:
    chosen = [("yes", label) for label in sorted(form.offered("yes"), key=int)[:tick]]
    related = [("relation", "several-objects")] if tick > 1 and form.offered("relation") else []
    return form.filled(*chosen, *related)


def bring_drawn(demo: Demo, command: str, folder: Path) -> None:
    """Leave what `multilabelfy demo` leaves to import: the pictures, of those that were drawn for all tests. (It has tests of its own.)"""
    arguments = shlex.split(command)
    n, drawn = int(arguments[arguments.index("--images") + 1]), folder / arguments[arguments.index("--workspace") + 1] / "dataset"
    shutil.copytree(demo.workspace / "dataset", drawn)
    for picture in sorted((drawn / "images").iterdir())[n:]:
        picture.unlink()
    given = drawn / "given.csv"
    given.write_text("".join(given.read_text().splitlines(keepends=True)[: 1 + n]))


@pytest.mark.long("every command of the page runs")
@pytest.mark.usefixtures("undrawn")
def test_every_command_of_the_tutorial_runs_and_ends_with_a_report(tmp_path: Path, demo: Demo) -> None:
    env, printed = environment(), ""
    links: dict[str, str] = {}
    for command in commands():
        if command == "multilabelfy serve":
            with serving(tmp_path, env):
                assert work(person(links["Ada"]), f"{STUDY}/annotate", tick=2) == 24
                assert work(person(links["Bob"]), f"{STUDY}/annotate", tick=1) == 24
                assert work(person(links["Eve"]), f"{STUDY}/refine", tick=1) > 0
                assert work(person(links["Finn"]), f"{STUDY}/refine", tick=1) > 0
            continue
        if command.startswith("multilabelfy demo"):
            bring_drawn(demo, command, tmp_path)
            continue
        printed = run(command, tmp_path, env)
        if invited := re.match(r"multilabelfy invite (\w+)", command):
            links[invited[1]] = printed.strip()
        if command.endswith("--json"):
            measured = json.loads(printed)
    assert len(json.loads((tmp_path / "scenes.json").read_text())) == 24
    assert measured["n_images"] == 24
    assert "<svg" in (tmp_path / "report" / "report.html").read_text()
    assert (tmp_path / "aggregated.parquet").stat().st_size > 0


PAGES = ["README.md", *(f"docs/{path.name}" for path in sorted(TUTORIAL.parent.glob("*.md")))]


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_a_page_names_exists_with_its_options(page: str) -> None:
    commands: dict[str, Any] = vars(typer.main.get_command(app))["commands"]
    text = (TUTORIAL.parents[1] / page).read_text().replace("\\\n", " ")
    for line in re.findall(r"(?:^|`)multilabelfy ([^`\n]+)", text, flags=re.M):
        name, *rest = shlex.split(line, comments=True)
        assert name in commands or name.startswith("--"), line
        for option in (word for word in rest if word.startswith("--")):
            assert option in {known for parameter in commands[name].params for known in parameter.opts + parameter.secondary_opts}, line
