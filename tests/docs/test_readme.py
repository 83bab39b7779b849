"""The README's way from own photos to a report is true: its lines run one after the other on real photos; only the weights are made up."""

import json
import re
import shutil
import tomllib
from pathlib import Path

import pytest
from tests.docs.test_tutorial import environment, person, run, serving, undrawn, work

__all__ = ["undrawn"]
ROOT = Path(__file__).resolve().parents[2]
N_PHOTOS = 4


def lines() -> list[str]:
    """Every line of the blocks of "Your own photos", in order."""
    section = re.search(r"^## Your own photos\n(.*?)^## ", (ROOT / "README.md").read_text(), flags=re.M | re.S)
    assert section is not None
    blocks = re.findall(r"^```sh\n(.*?)^```", section[1], flags=re.M | re.S)
    return [line for block in blocks for line in block.splitlines() if line.startswith(("python3", ".", "pip", "multilabelfy"))]


def test_what_the_readme_installs_is_this_project_with_extras_that_it_has() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    pages = [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    installed = [what for page in pages for what in re.findall(r"(?:^|`)pip install +['\"]?([^\s'\"#`]+)", page.read_text(), flags=re.M)]
    assert installed
    for what in installed:
        form = re.fullmatch(r"\.(?:\[(\w+)\])?", what)
        assert form is not None or "multilabelfy" not in what, f"`pip install {what}` finds no package: install from the clone"
        assert form is None or form[1] is None or form[1] in extras


def test_no_message_upgrades_from_an_index_that_has_no_such_package() -> None:
    """An extra of what is installed already is found without one; an upgrade, or the package made anew, is not."""
    sources = {file: file.read_text() for file in (ROOT / "src").rglob("*.py")}
    assert [file.name for file, text in sources.items() if re.search(r"pip install --[\w-]+ ['\"]?multilabelfy", text)] == []


@pytest.mark.long("every command of the page runs")
@pytest.mark.real_data
@pytest.mark.usefixtures("undrawn")
def test_own_photos_go_from_import_to_the_report_line_by_line(tmp_path: Path, shared_data: Path) -> None:
    _bring_photos(tmp_path, shared_data)
    env = environment()
    before, _, after = "\n".join(lines()).partition("multilabelfy serve\n")
    install, *commands = [line for line in before.splitlines() if not line.startswith(("python3 -m venv", ". .venv"))]
    assert install.startswith("pip install")
    printed = [run(_with_weights(command, tmp_path), tmp_path, env) for command in commands]
    with serving(tmp_path, env):
        ada = person(printed[-1].strip())
        ada.post("/d/photos/annotate/begin")  # an owner says so first: a look takes nothing away
        assert work(ada, "/d/photos/annotate", tick=1) == N_PHOTOS
        bob = run("multilabelfy invite Bob", tmp_path, env).strip()
        assert work(person(bob), "/d/photos/annotate", tick=1) == N_PHOTOS
    for command in after.splitlines():
        run(command, tmp_path, env)
    assert len(json.loads((tmp_path / "photos.json").read_text())) == N_PHOTOS
    assert "<svg" in (tmp_path / "report" / "report.html").read_text()


def _bring_photos(folder: Path, shared_data: Path) -> None:
    for photo in sorted((shared_data / "photos").glob("*/*"))[:N_PHOTOS]:
        copy = folder / "photos" / photo.parent.name / photo.name
        copy.parent.mkdir(parents=True)
        shutil.copy(photo, copy)
    (folder / "training-photos").symlink_to(shared_data / "reference")


def _with_weights(command: str, folder: Path) -> str:
    """The same command; `propose` takes weights from a file, since no test fetches any."""
    model = re.search(r"--model timm/(\S+)", command)
    if model is None:
        return command
    timm = pytest.importorskip("timm", reason="needs the extra timm")
    torch = pytest.importorskip("torch")
    torch.manual_seed(1)
    torch.save(timm.create_model(model[1], pretrained=False).state_dict(), folder / "weights.pt")
    return f"{command} --checkpoint weights.pt"
