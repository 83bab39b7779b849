"""Where the pictures are, and what an owner does once they moved: no folder can be named but those that an owner may choose."""

from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from tests.studies import NOW, Study
from tests.web.conftest import Browser, Clock
from tests.web.owner.datasets.test_new_dataset import until_done

from multilabelfy.annotation.model import Role
from multilabelfy.settings import load_settings
from multilabelfy.store.dataset import datasets
from multilabelfy.web.app import create_app
from multilabelfy.workflows.owning.filing import rename_dataset
from multilabelfy.workflows.workspace import Workspace

PAGE = "/d/pilot/settings/pictures"


@pytest.fixture
def olga(browser_of: Callable[..., Browser]) -> Browser:
    return browser_of("Olga", Role.OWNER)


def root_of(study: Study) -> str:
    with study.workspace.store.reading() as c:
        return datasets.get(c, study.dataset.id).images_root


@pytest.fixture
def below_root(study: Study, tmp_path: Path) -> Browser:
    """An owner of a workspace whose root is `tmp_path / "disk"`."""
    (tmp_path / "disk" / "other").mkdir(parents=True)
    settings = load_settings(study.workspace.folder, import_root=tmp_path / "disk")
    space = Workspace(settings, study.workspace.store, study.workspace.key)
    return Browser(study, Clock(), create_app(space, Clock())).sign_in("Olga", Role.OWNER)


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.EXPERT])
def test_only_owners_see_and_change_it(browser_of: Callable[..., Browser], role: Role) -> None:
    eve = browser_of("Eve", role)
    assert eve.get(PAGE).status_code == 403
    assert eve.post(PAGE, data={"place": "server/"}).status_code == 403


def test_without_a_folder_that_may_be_chosen_the_page_has_the_command_and_no_field(olga: Browser, study: Study) -> None:
    rename_dataset(study.workspace, "pilot", "my photos", NOW)
    page = unescape(olga.get("/d/my%20photos/settings/pictures").text)
    folder = study.workspace.folder.resolve()
    assert f"value=\"multilabelfy relocate 'my photos' --images DIR --reference DIR --workspace {folder}\"" in page
    assert f"<code>{study.dataset.images_root}</code>" in page
    assert ' name="' not in page[page.index("<main") :].replace('<meta name="', "")


@pytest.mark.parametrize("place", ["/etc", "server/", "server/../..", "uploaded/", "uploaded/..", "elsewhere/x", ""])
def test_no_other_folder_can_be_named(olga: Browser, study: Study, place: str) -> None:
    answer = olga.post(PAGE, data={"place": place, "inside": "../../etc"})
    assert answer.status_code == 422
    assert root_of(study) == study.dataset.images_root


@pytest.mark.parametrize("inside", ["..", "../..", "/etc/../..", "out"])
def test_no_way_leads_out_of_the_root(below_root: Browser, study: Study, tmp_path: Path, inside: str) -> None:
    (tmp_path / "disk" / "out").symlink_to("/etc")
    answer = below_root.post(PAGE, data={"place": "server/", "inside": inside})
    assert answer.status_code == 422
    assert "outside of the folders" in answer.text


def test_moved_pictures_are_compared_and_taken_from_there(below_root: Browser, study: Study, tmp_path: Path) -> None:
    moved = tmp_path / "disk" / "moved"
    moved.mkdir()
    for path in sorted(Path(study.dataset.images_root).rglob("*")):
        there = moved / path.relative_to(study.dataset.images_root)
        there.mkdir(parents=True, exist_ok=True) if path.is_dir() else there.write_bytes(path.read_bytes())
    assert '<option value="server/moved">' in below_root.get(PAGE).text
    assert below_root.post(PAGE, data={"place": "server/moved"}).status_code == 303
    assert "were compared and are the same" in until_done(below_root, PAGE, "are being compared")
    assert root_of(study) == str(moved)


def test_other_pictures_are_refused_and_nothing_changes(below_root: Browser, study: Study) -> None:
    below_root.post(PAGE, data={"place": "server/other"})
    page = until_done(below_root, PAGE, "are being compared")
    assert "Nothing was changed" in page
    assert root_of(study) == study.dataset.images_root
