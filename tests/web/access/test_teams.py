"""Nobody sees or is told of a study whose team they are not in: every route, by every role, of one's own dataset and of another one."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from httpx2 import Response
from tests.answering import answer, person
from tests.studies import NOW, Study, label_space
from tests.web.conftest import Browser, Clock
from tests.web.routes import OF_DATASETS, OF_WORKSPACE

from multilabelfy.annotation.comments import CommentKind
from multilabelfy.annotation.model import Outcome, Role
from multilabelfy.annotation.study.protocol import PAPER
from multilabelfy.dataset.model import Image
from multilabelfy.errors import InvalidInput
from multilabelfy.settings import load_settings
from multilabelfy.store import members
from multilabelfy.store.dataset import datasets, images
from multilabelfy.web.app import create_app
from multilabelfy.workflows.importing.places import folder_at, places
from multilabelfy.workflows.importing.uploads import uploads_of
from multilabelfy.workflows.owning.comments import answer_comment, comments_page
from multilabelfy.workflows.owning.filing import rename_dataset
from multilabelfy.workflows.team import people, teams
from multilabelfy.workflows.team.people import RANK
from multilabelfy.workflows.workspace import Workspace

OTHER = "hush-hush"
JSON = {"Accept": "application/json"}
QUERY = {"assignment": "999", "of": "999", "q": "x", "after": "999"}
"""What some addresses need: a request that says too little is told so, in any dataset and in none alike."""


def add_dataset(study: Study, name: str = OTHER) -> None:
    """One more dataset, with one image, whose team is the workspace's owners."""
    with study.workspace.store.writing() as c:
        root = study.dataset.images_root
        added = datasets.add(c, name=name, images_root=root, reference_root=None, labels=label_space(5), protocol=PAPER, seed=1, now=NOW)
        path = study.images[0].path
        images.add_many(c, added, [Image(path, given_label=0)], token=lambda _: f"{name}-token", queue_place=lambda _: 0)


@pytest.fixture
def two(study: Study) -> Study:
    """A workspace with two datasets; whoever is in the team of the first is not in that of the second."""
    study.invite("Owner of all", Role.OWNER)
    for role in Role:
        people.invite(study.workspace, f"One {role.value}", role, NOW, dataset="pilot")
    add_dataset(study)
    people.invite(study.workspace, "Secretive", Role.EXPERT, NOW, dataset=OTHER)
    return study


@pytest.fixture
def signed_in(two: Study, clock: Clock) -> Callable[[str], Browser]:
    """A browser of one application in which this person is signed in."""
    app = create_app(two.workspace, clock)

    def as_person(name: str) -> Browser:
        browser = Browser(two, clock, app)
        link = people.invite(two.workspace, name, None, NOW).link
        assert browser.post(link[link.index("/sign-in/") :]).status_code == 303
        return browser

    return as_person


@pytest.mark.parametrize("role", Role)
def test_every_route_of_another_dataset_is_a_404_that_tells_no_more_than_one_that_does_not_exist(
    role: Role, two: Study, signed_in: Callable[[str], Browser]
) -> None:
    browser = signed_in(f"One {role.value}")
    assert len(OF_DATASETS) > 50
    for asked in OF_DATASETS:
        headers = {} if asked.method == "GET" else JSON  # a page says more than a script is told
        inside, none = (
            browser.request(asked.method, asked.in_dataset(name), params=QUERY, headers=headers) for name in (OTHER, "no-such-study")
        )
        assert (inside.status_code, none.status_code) == (404, 404), asked
        assert inside.text.replace(OTHER, "no-such-study") == none.text, asked
        assert OTHER not in inside.text + str(inside.headers), asked


@pytest.mark.parametrize("role", Role)
def test_every_route_of_ones_own_dataset_asks_for_the_role_there(role: Role, two: Study, signed_in: Callable[[str], Browser]) -> None:
    browser = signed_in(f"One {role.value}")
    for asked in OF_DATASETS:
        if RANK[role] < RANK[asked.role]:
            assert browser.request(asked.method, asked.in_dataset("pilot"), params=QUERY).status_code == 403, asked
        elif asked.method == "GET":
            answered = browser.get(asked.in_dataset("pilot"))
            assert answered.status_code != 403 or "{assignment" in asked.path, asked  # which is nobody's, and so not theirs either
            assert OTHER not in answered.text, asked
            assert "Secretive" not in answered.text, asked


@pytest.mark.parametrize("role", Role)
def test_every_route_of_the_workspace_that_is_for_owners_is_closed_to_the_owner_of_one_dataset(
    role: Role, two: Study, signed_in: Callable[[str], Browser]
) -> None:
    browser = signed_in(f"One {role.value}")
    for asked in OF_WORKSPACE:
        if asked.role is Role.OWNER:
            assert browser.request(asked.method, asked.in_dataset("")).status_code == 403, asked
        elif asked.method == "GET":
            answered = browser.get(asked.in_dataset(""), params={"back": f"/d/{OTHER}/annotate"})
            assert f'href="/d/{OTHER}"' not in answered.text, asked
            answered = browser.get(asked.in_dataset(""))
            assert OTHER not in answered.text, asked
            assert "Secretive" not in answered.text, asked


@pytest.mark.parametrize("role", Role)
def test_a_namesake_in_another_team_is_told_of_by_no_name(role: Role, two: Study) -> None:
    answer(two, "One annotator", 0, [0], outcome=Outcome.LABELLED, note="is this a toy?")
    for who in Role:
        people.invite(two.workspace, f"One {who.value}", Role.EXPERT, NOW, dataset=OTHER, another=True)
    with two.workspace.store.reading() as c:
        me = next(member for member in members.team(c, datasets.find(c, "pilot").id) if member.name == f"One {role.value}")
    link = people.invite(two.workspace, me.name, None, NOW, person=me.id).link
    browser = Browser(two, Clock())
    assert browser.post(link[link.index("/sign-in/") :]).status_code == 303
    for asked in [*OF_DATASETS, *OF_WORKSPACE]:
        if asked.method == "GET":
            assert re.findall(r"One \w+ \(\d+\)", browser.get(asked.in_dataset("pilot")).text) == [], asked


def test_namesakes_of_one_team_are_told_apart_by_their_numbers(two: Study, signed_in: Callable[[str], Browser]) -> None:
    people.invite(two.workspace, "One expert", Role.EXPERT, NOW, dataset="pilot", another=True)
    assert len(set(re.findall(r"One expert \(\d+\)", signed_in("One owner").get("/d/pilot/team").text))) == 2


def test_an_owner_of_the_workspace_sees_every_dataset(two: Study, signed_in: Callable[[str], Browser]) -> None:
    olga = signed_in("Owner of all")
    assert all(f'href="/d/{name}"' in olga.get("/").text for name in ("pilot", OTHER))
    assert [olga.get(f"/d/{name}/settings").status_code for name in ("pilot", OTHER)] == [200, 200]


def test_a_picture_of_another_dataset_is_not_served_even_by_its_address(two: Study, signed_in: Callable[[str], Browser]) -> None:
    address = f"/pictures/{two.images[0].token}-320.webp"
    assert signed_in("One annotator").get(address).status_code == 200
    assert signed_in("Secretive").get(address).status_code == 404
    page = signed_in("One annotator").get("/d/pilot/annotate").text
    strip = re.findall(r"/strips/\w+-\d+\.webp", page)[0]
    assert signed_in("One expert").get(strip).status_code == 200
    assert signed_in("Secretive").get(strip).status_code == 404


def test_an_upload_in_which_anothers_pictures_lie_is_neither_offered_nor_told_from_one_that_is_not_there(
    two: Study, signed_in: Callable[[str], Browser]
) -> None:
    uploads = uploads_of(two.workspace)
    for name in ("our-canary", "their-canary", "nobodys-canary"):
        (uploads / name / "inner").mkdir(parents=True)
    with two.workspace.store.writing() as c:
        datasets.set_images_root(c, datasets.find(c, "pilot").id, str(uploads / "our-canary" / "inner"))
        datasets.set_images_root(c, datasets.find(c, OTHER).id, str(uploads / "their-canary" / "inner"))
    page, one, all_of_them = "/d/pilot/settings/pictures", signed_in("One owner"), signed_in("Owner of all")
    assert re.findall(r'value="uploaded/([\w-]+)"', one.get(page).text) == ["our-canary"] * 2
    assert set(re.findall(r'value="uploaded/([\w-]+)"', all_of_them.get(page).text)) == {"our-canary", "their-canary", "nobodys-canary"}
    for name, inside in (("X", ""), ("our-canary", "../X"), ("our-canary", "../X/inner"), ("X", "inner")):
        answers = [
            one.post(page, data={"place": f"uploaded/{name.replace('X', to)}", "inside": inside.replace("X", to)})
            for to in ("their-canary", "nobodys-canary", "no-such-canary")
        ]
        assert {answer.status_code for answer in answers} == {422}
        told = {re.sub("(their|nobodys|no-such)-canary", "X", answer.text) for answer in answers}
        assert len(told) == 1
        assert "there is no such folder" in told.pop()


def test_a_folder_of_the_server_in_which_anothers_pictures_lie_is_not_offered(two: Study, clock: Clock, tmp_path: Path) -> None:
    for name in ("their-canary", "free"):
        (tmp_path / "disk" / name).mkdir(parents=True)
    with two.workspace.store.writing() as c:
        datasets.set_images_root(c, datasets.find(c, OTHER).id, str(tmp_path / "disk" / "their-canary"))
    space = Workspace(load_settings(two.workspace.folder, import_root=tmp_path / "disk"), two.workspace.store, two.workspace.key)
    one, all_of_them = (person(two, name).placed(Role.OWNER) for name in ("One owner", "Owner of all"))
    assert places(space, one, "pilot").on_server == ("free",)
    assert places(space, all_of_them, "pilot").on_server == ("free", "their-canary")
    for place in ("server/their-canary", "server/", "server/no-such"):
        with pytest.raises(InvalidInput, match="no such folder"):
            folder_at(space, one, place, dataset="pilot")
    assert folder_at(space, one, "server/free", dataset="pilot") == (tmp_path / "disk/free").resolve()


@pytest.mark.parametrize("kind", ["uploaded", "server"])
def test_a_folder_that_holds_ones_own_pictures_and_anothers_is_not_offered(two: Study, tmp_path: Path, kind: str) -> None:
    root = uploads_of(two.workspace) if kind == "uploaded" else tmp_path / "disk"
    for name in ("both/ours", "both/their-canary", "ours-alone/inner"):
        (root / name).mkdir(parents=True)
    space = Workspace(load_settings(two.workspace.folder, import_root=tmp_path / "disk"), two.workspace.store, two.workspace.key)
    one = person(two, "One owner").placed(Role.OWNER)
    with two.workspace.store.writing() as c:
        datasets.set_images_root(c, datasets.find(c, "pilot").id, str(root / "both" / "ours"))
        datasets.set_images_root(c, datasets.find(c, OTHER).id, str(root / "both" / "their-canary"))
    with pytest.raises(InvalidInput, match="no such folder"):
        folder_at(space, one, f"{kind}/both", dataset="pilot")
    assert folder_at(space, one, f"{kind}/both", "ours", dataset="pilot") == (root / "both" / "ours").resolve()
    with two.workspace.store.writing() as c:
        datasets.set_images_root(c, datasets.find(c, "pilot").id, str(root / "ours-alone" / "inner"))
    assert folder_at(space, one, f"{kind}/ours-alone", dataset="pilot") == (root / "ours-alone").resolve()


def test_numbers_of_another_datasets_images_and_comments_are_those_of_none(two: Study, signed_in: Callable[[str], Browser]) -> None:
    with two.workspace.store.reading() as c:
        theirs = next(images.iterate(c, datasets.find(c, OTHER).id)).id
    answer(two, "One annotator", 0, [0], outcome=Outcome.LABELLED, note="is this a toy?")
    with two.workspace.store.reading() as c:
        number = str(comments_page(two.workspace, "pilot", is_open=None, kind=CommentKind.NOTE).views[0].comment.number)
    one, form = signed_in("One owner"), {"id": "f" * 32, "why": "the ears", "text": "yes", "do": "send"}

    def told(answered: Response, number: str) -> tuple[int, str]:
        said = "\n".join(re.findall(r"Image \d+: .*", answered.text)) or answered.text
        return answered.status_code, re.sub(rf"\bnumber {number}\b", "number N", said).replace(f"/{number}", "/N")

    asks: list[Callable[[str], Response]] = [
        lambda n: one.get(f"/d/pilot/images/{n}"),
        lambda n: one.get(f"/d/pilot/images/{n}", headers=JSON),
        lambda n: one.post(f"/d/pilot/images/{n}/reopen", data=form, headers=JSON),
        lambda n: one.post("/d/pilot/images/several", data={**form, "image": n}),
        lambda n: one.post("/d/pilot/images/several", data={**form, "do": "gold", "image": n}),
        lambda n: one.post(f"/d/pilot/images/{n}/gold", data={**form, "kind": "test"}, headers=JSON),
    ]
    for ask in asks:
        assert told(ask(str(theirs)), str(theirs)) == told(ask("98765"), "98765")
    all_of_them = signed_in("Owner of all")
    address = f"/d/{OTHER}/comments/%s"
    assert told(all_of_them.post(address % number, data=form, headers=JSON), number) == told(
        all_of_them.post(address % "98765", data=form, headers=JSON), "98765"
    )


def test_an_old_name_leads_only_those_on_who_are_in_the_team(two: Study, signed_in: Callable[[str], Browser]) -> None:
    rename_dataset(two.workspace, OTHER, "even-more-hush", NOW)
    assert signed_in("Secretive").get(f"/d/{OTHER}/refine").headers["location"] == "/d/even-more-hush/refine"
    assert signed_in("One owner").get(f"/d/{OTHER}/refine").status_code == 404


def test_a_reply_from_a_dataset_that_one_has_left_is_told_no_more(two: Study, signed_in: Callable[[str], Browser]) -> None:
    answer(two, "One annotator", 0, [0], outcome=Outcome.LABELLED, note="is this a toy?")
    olga = person(two, "Owner of all")
    [view] = comments_page(two.workspace, "pilot", is_open=None, kind=CommentKind.NOTE).views
    answer_comment(two.workspace, "pilot", olga, view.comment.number, "answer-to-it", "it is", NOW)
    ada = signed_in("One annotator")
    assert "it is" in ada.get("/answers").text
    teams.remove(two.workspace, "pilot", person(two, "One annotator").id, NOW)
    assert "it is" not in ada.get("/answers").text
    assert "new replies to you" not in ada.get("/").text


def test_one_role_in_one_dataset_is_none_in_another(two: Study, signed_in: Callable[[str], Browser]) -> None:
    teams.add_person(two.workspace, OTHER, "One expert", Role.ANNOTATOR, NOW)
    ed = signed_in("One expert")
    assert [ed.get(f"/d/{name}/refine").status_code for name in ("pilot", OTHER)] == [200, 403]
    assert "signed in as annotator" in ed.get(f"/d/{OTHER}").text
    assert "signed in as expert" in ed.get("/d/pilot").text


def test_passing_a_picture_on_knows_only_the_experts_of_this_dataset(two: Study, signed_in: Callable[[str], Browser]) -> None:
    with two.workspace.store.reading() as c:
        inside = {member.name for member in members.team(c, two.dataset.id)}
    assert inside == {"One annotator", "One expert", "One owner", "Owner of all"}


def test_whoever_is_in_no_team_sees_an_empty_list_with_what_to_do(study: Study, clock: Clock, tmp_path: Path) -> None:
    ada = Browser(study, clock).sign_in("Ada")
    teams.remove(study.workspace, "pilot", study.person("Ada").id, NOW)
    link = people.link_for_once(study.workspace, "Ada", NOW).link
    ada.post(link[link.index("/sign-in/") :])
    page = ada.get("/")
    assert "pilot" not in page.text
    assert "multilabelfy import" not in page.text
    assert "Ask an owner" in page.text
