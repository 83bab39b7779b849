"""What the page about a lab's server and the files in deploy/ name exists (commands, options, settings, files) and fits together."""

import configparser
import re
import shlex
import shutil
import stat
import subprocess
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from multilabelfy.cli.main import app
from multilabelfy.cli.serving.supervising import GRACE_SECONDS
from multilabelfy.settings import PREFIX, Settings, load_settings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
PAGE = ROOT / "docs" / "server.md"
UNITS = tuple(sorted(DEPLOY.glob("multilabelfy*.*")))
PROGRAM = "/opt/multilabelfy/bin/multilabelfy"


def commands() -> dict[str, set[str]]:
    """Each command with its options."""
    found: dict[str, Any] = vars(typer.main.get_command(app))["commands"]
    return {name: {option for parameter in command.params for option in parameter.opts} for name, command in found.items()}


def lines_of(file: Path) -> list[str]:
    """Lines that run the program; of a page its code and what is quoted in a sentence."""
    text = file.read_text()
    if file.suffix == ".md":
        text = "\n".join([*re.findall(r"```sh\n(.*?)```", text, flags=re.S), *re.findall(r"`([^`\n]+)`", text)])
    return [re.sub(r"\s+#.*", "", line) for line in text.splitlines()]


def calls(file: Path) -> list[list[str]]:
    """The arguments of each run of the program."""
    ways = re.compile(
        r"(?:^|\s)(?:mlbf|multilabelfy|pages multilabelfy|run --rm pages|/opt/multilabelfy/bin/multilabelfy) ([a-z-]+(?: .*)?)$"
    )
    found = [ways.search(line) for line in lines_of(file)]
    return [shlex.split(match[1].rstrip("'")) for match in found if match and match[1].split()[0] in commands()]


@pytest.mark.parametrize("file", [PAGE, *UNITS, DEPLOY / "compose.yaml"], ids=lambda file: file.name)
def test_every_command_and_option_is_there(file: Path) -> None:
    unknown = [
        f"{command} {option}"
        for command, *arguments in calls(file)
        for option in arguments
        if option.startswith("--") and option.split("=")[0] not in commands()[command]
    ]
    assert unknown == []


def test_the_page_runs_what_a_server_needs() -> None:
    assert {call[0] for call in calls(PAGE)} >= {"import", "invite", "backup", "upgrade", "doctor", "relocate", "status"}
    assert {option for call in calls(PAGE) if call[0] == "backup" for option in call} >= {"--restore", "--move-to"}


@pytest.mark.parametrize("file", [PAGE, *UNITS, DEPLOY / "Dockerfile", DEPLOY / "compose.yaml"], ids=lambda file: file.name)
def test_every_variable_is_a_setting(file: Path) -> None:
    named = set(re.findall(rf"{PREFIX}([A-Z_]+)", file.read_text()))
    assert {name.lower() for name in named} <= set(Settings.model_fields)


def test_every_file_that_the_page_names_is_there_and_each_of_them_is_named() -> None:
    named = set(re.findall(r"deploy/([\w.-]+)", PAGE.read_text()))
    assert named == {file.name for file in DEPLOY.iterdir()}


def unit(name: str) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string((DEPLOY / name).read_text())
    return parser


def test_the_units_run_as_nobody_special_and_give_the_server_time_to_end() -> None:
    for name in ("multilabelfy.service", "multilabelfy-backup.service"):
        service = unit(name)["Service"]
        assert (service["User"], service["NoNewPrivileges"], service["ProtectSystem"]) == ("multilabelfy", "yes", "strict")
        assert PROGRAM in service["ExecStart"]
    assert int(unit("multilabelfy.service")["Service"]["TimeoutStopSec"]) > GRACE_SECONDS
    assert unit("multilabelfy-backup.timer")["Install"]["WantedBy"] == "timers.target"


def test_systemd_finds_no_fault_with_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("needs systemd-analyze")
    program = tmp_path / "multilabelfy"
    program.write_text("#!/bin/sh\n")
    program.chmod(stat.S_IRWXU)
    for file in UNITS:
        (tmp_path / file.name).write_text(file.read_text().replace(PROGRAM, str(program)))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / file.name) for file in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions with what stands behind them, lines joined."""
    text = re.sub(r"\\\n\s*", "", (DEPLOY / "Dockerfile").read_text())
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in text.splitlines() if line and not line.startswith("#")]


def test_the_image_is_built_in_two_stages_and_runs_as_a_user_who_is_not_root() -> None:
    kinds = [kind for kind, _ in instructions()]
    assert kinds.count("FROM") == 2
    last = instructions()[len(kinds) - 1 - kinds[::-1].index("FROM") :]
    user = next(what for kind, what in last if kind == "USER")
    assert int(user) > 999
    assert [kind for kind, _ in last].index("USER") < [kind for kind, _ in last].index("ENTRYPOINT")
    assert f"--uid {user}" in next(what for kind, what in last if kind == "RUN")
    assert not any("pip install" in what for _, what in last)


def test_what_the_image_copies_is_in_the_project_and_is_not_ignored() -> None:
    let_through = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {source for kind, what in instructions() if kind == "COPY" and "--from" not in what for source in what.split()[:-1]}
    assert copied == let_through
    assert all((ROOT / source).exists() for source in copied)


def test_the_image_says_whether_it_is_well_and_starts_the_server() -> None:
    by_kind = dict(instructions())
    code = yaml.safe_load(by_kind["HEALTHCHECK"].partition("CMD ")[2])[2]
    compile(code, "the check", "exec")
    assert "127.0.0.1:8000/healthz" in code
    command, *arguments = yaml.safe_load(by_kind["CMD"])
    assert {argument for argument in arguments if argument.startswith("--")} <= commands()[command]
    assert arguments[arguments.index("--port") + 1] == by_kind["EXPOSE"] == "8000"


def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return read


def test_the_compose_file_starts_the_pages_behind_a_database_that_is_ready() -> None:
    services = compose()["services"]
    pages = services["pages"]
    assert (DEPLOY / pages["build"]["context"] / pages["build"]["dockerfile"]).is_file()
    assert pages["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert services["database"]["healthcheck"]["test"][1] == "pg_isready"
    url = pages["environment"]["MULTILABELFY_DATABASE_URL"]
    user, database = (services["database"]["environment"][name] for name in ("POSTGRES_USER", "POSTGRES_DB"))
    assert url.startswith(f"postgresql://{user}:$")
    assert url.endswith(f"@database/{database}")


def test_the_compose_file_opens_nothing_to_others_and_holds_no_secret() -> None:
    services = compose()["services"]
    assert all(port.startswith("127.0.0.1:") for service in services.values() for port in service.get("ports", []))
    assert services["database"]["environment"]["POSTGRES_PASSWORD"].startswith("${PASSWORD:?")
    assert (services["pages"]["read_only"], services["pages"]["cap_drop"]) == (True, ["ALL"])


def test_all_that_is_kept_lies_in_a_volume_that_is_declared() -> None:
    named = {volume.partition(":")[0] for service in compose()["services"].values() for volume in service["volumes"]}
    assert {name for name in named if not name.startswith("$")} == set(compose()["volumes"])
    mounted = {volume.partition(":")[2] for volume in compose()["services"]["pages"]["volumes"]}
    assert set(yaml.safe_load(dict(instructions())["VOLUME"])) <= mounted


def test_images_are_plain_names() -> None:
    images = [what.split()[0] for kind, what in instructions() if kind == "FROM"] + [compose()["services"]["database"]["image"]]
    assert [image for image in images if "/" in image] == []


def test_the_proxies_lead_to_the_port_that_the_unit_listens_on() -> None:
    arguments = shlex.split(unit("multilabelfy.service")["Service"]["ExecStart"])
    place = f"{arguments[arguments.index('--host') + 1]}:{arguments[arguments.index('--port') + 1]}"
    nginx, caddy = (DEPLOY / "nginx.conf").read_text(), (DEPLOY / "Caddyfile").read_text()
    assert f"proxy_pass http://{place};" in nginx
    assert f"reverse_proxy {place}" in caddy
    assert [nginx.count(bracket) for bracket in "{}"] == [3, 3]
    allowed = re.search(r"client_max_body_size (\d+)m;", nginx)
    assert allowed is not None
    assert int(allowed[1]) > Settings.model_fields["max_upload_megabytes"].default


def test_what_a_proxy_says_of_a_request_is_believed_from_the_proxy_alone() -> None:
    arguments = shlex.split(unit("multilabelfy.service")["Service"]["ExecStart"])
    of_unit = arguments[arguments.index("--trusted-proxies") + 1]
    assert all(ip_network(address).is_loopback for address in load_settings(trusted_proxies=of_unit).trusted_proxies.split(","))
    of_image = compose()["services"]["pages"]["environment"]["MULTILABELFY_TRUSTED_PROXIES"]
    assert ip_network(load_settings(trusted_proxies=of_image).trusted_proxies).is_private
    nginx = (DEPLOY / "nginx.conf").read_text()
    assert all(
        f"proxy_set_header {header}" in nginx for header in ("Host $host;", "X-Forwarded-For $remote_addr;", "X-Forwarded-Proto $scheme;")
    )


def test_the_extras_that_are_installed_are_there() -> None:
    project = (ROOT / "pyproject.toml").read_text()
    named = {extra for file in (PAGE, DEPLOY / "Dockerfile") for extra in re.findall(r"\[([a-z,]+)\]'", file.read_text())}
    assert named
    assert all(re.search(rf"^{extra} = \[", project, flags=re.M) for extras in named for extra in extras.split(","))
