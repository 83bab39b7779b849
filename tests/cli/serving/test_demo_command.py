"""`multilabelfy demo`: one command, one line of JSON for others, and links that lead to the pages they promise."""

import json
import socket
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.demos import Commanded, demo_in

from multilabelfy.cli.serving.demo import PLACES, _links, _listener
from multilabelfy.errors import InvalidSetting
from multilabelfy.settings import load_settings
from multilabelfy.web.app import create_app
from multilabelfy.workflows.workspace import opened


def test_one_line_of_json_stands_alone_on_standard_output_and_its_paths_are_there(commanded: Commanded) -> None:
    folder, done = commanded.folder, commanded.done
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    paths = json.loads(done.stdout)
    assert set(paths) == {"report", "final_labels", "truth", "workspace"}
    assert all(Path(path).exists() for path in paths.values())
    assert Path(paths["workspace"]) == folder.resolve()


def test_each_stage_is_told_on_standard_error(commanded: Commanded) -> None:
    words = commanded.done.stderr
    assert [words.index(stage) for stage in ("draw", "import", "stage 1", "stage 2", "stages 3 and 4", "report")] == sorted(
        words.index(stage) for stage in ("draw", "import", "stage 1", "stage 2", "stages 3 and 4", "report")
    )
    assert "Traceback" not in words


def test_a_second_run_says_that_the_demo_is_there_and_prints_the_same(commanded: Commanded) -> None:
    again = demo_in(commanded.folder)
    assert again.stdout == commanded.done.stdout
    assert "exists already" in again.stderr


def test_a_folder_of_something_else_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("three years of work")
    done = demo_in(tmp_path, "--fresh")
    assert (done.returncode, done.stdout) == (1, "")
    assert "the demo did not make" in done.stderr
    assert (tmp_path / "thesis.txt").exists()


@pytest.mark.parametrize("place", sorted(PLACES))
def test_each_link_signs_in_and_leads_to_its_page(commanded: Commanded, place: str) -> None:
    with opened(load_settings(commanded.folder, public_url="http://demo.test")) as workspace:
        link = next(line for line in _links(workspace) if line.strip().startswith(place)).split()[-1]
        client = TestClient(create_app(workspace), base_url="http://demo.test", headers={"Sec-Fetch-Site": "same-origin"})
        path, _, target = link.removeprefix("http://demo.test").partition("?next=")
        assert client.get(f"{path}?next={target}").status_code == 200
        page = client.post(path, data={"next": target})
    assert (page.status_code, page.url.path) == (200, PLACES[place][1])


def test_a_taken_port_is_replaced_by_a_free_one_unless_it_was_asked_for(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        settings = load_settings(tmp_path, port=taken)
        with _listener(settings, port_was_chosen=False) as listener:
            assert listener.getsockname()[1] not in (0, taken)
        with pytest.raises(InvalidSetting, match="--port"):
            _listener(settings, port_was_chosen=True)
