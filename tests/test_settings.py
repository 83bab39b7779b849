"""Settings come from a flag, the environment, the workspace's file or a default, in this order."""

from pathlib import Path

import pytest

from multilabelfy.errors import InvalidSetting
from multilabelfy.settings import Settings, load_settings, settings_with_origins


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"MULTILABELFY_{name.upper()}", raising=False)


def write_file(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "settings.toml").write_text(text)
    return folder


def test_the_default_stands_where_nothing_is_said(tmp_path: Path) -> None:
    assert load_settings(tmp_path).port == 8000


def test_the_workspace_file_comes_before_the_default(tmp_path: Path) -> None:
    assert load_settings(write_file(tmp_path, "port = 8001\n")).port == 8001


def test_the_environment_comes_before_the_workspace_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULTILABELFY_PORT", "8002")
    assert load_settings(write_file(tmp_path, "port = 8001\n")).port == 8002


def test_a_flag_comes_before_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULTILABELFY_PORT", "8002")
    assert load_settings(tmp_path, port=8003).port == 8003


def test_a_flag_that_was_not_given_leaves_the_rest_as_it_is(tmp_path: Path) -> None:
    assert load_settings(write_file(tmp_path, "port = 8001\n"), port=None).port == 8001


def test_the_workspace_is_found_through_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_file(tmp_path / "w", "port = 8001\n")
    monkeypatch.setenv("MULTILABELFY_WORKSPACE", str(tmp_path / "w"))
    assert load_settings().model_dump() == load_settings(tmp_path / "w").model_dump()


def test_each_setting_says_where_it_came_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULTILABELFY_AHEAD", "5")
    write_file(tmp_path, "batch_size = 8\n")
    origins = {row.name: (row.value, row.origin) for row in settings_with_origins(tmp_path, port=1234)}
    assert origins["ahead"] == (5, "environment")
    assert origins["batch_size"] == (8, "workspace file")
    assert origins["port"] == (1234, "flag")
    assert origins["lease_minutes"] == (30.0, "default")


def test_two_workspaces_in_one_process_keep_their_own_files(tmp_path: Path) -> None:
    one, other = write_file(tmp_path / "one", "port = 1\n"), write_file(tmp_path / "other", "port = 2\n")
    assert [load_settings(one).port, load_settings(other).port, load_settings(one).port] == [1, 2, 1]


def test_every_value_that_does_not_fit_is_named(tmp_path: Path) -> None:
    write_file(tmp_path, 'port = "high"\nahead = 0\n')
    with pytest.raises(InvalidSetting, match=r"(?s)port.*'high'.*ahead"):
        load_settings(tmp_path)


def test_an_unknown_setting_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match="prot"):
        load_settings(write_file(tmp_path, "prot = 1\n"))


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidSetting, match=r"settings\.toml"):
        load_settings(write_file(tmp_path, "port = = 1\n"))


def test_links_use_the_public_address_where_there_is_one(tmp_path: Path) -> None:
    assert load_settings(tmp_path, port=81).address == "http://127.0.0.1:81"
    assert load_settings(tmp_path, host="0.0.0.0").address == "http://127.0.0.1:8000"
    assert load_settings(tmp_path, public_url="https://labels.example.org/").address == "https://labels.example.org"
