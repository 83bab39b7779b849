"""The team page: links shown once, roles never above one's own, a door that can be shut and opened again."""

import re
import socket
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.answering import answer
from tests.checking import NO_CHECKS, assignment_of, gold_study, work_through
from tests.studies import Study, ready_study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.checking.checks import GoldKind
from multilabelfy.annotation.model import Role
from multilabelfy.web.app import create_app
from multilabelfy.workflows.annotating.sheets import Sheet


@pytest.mark.parametrize("role", [Role.ANNOTATOR, Role.EXPERT])
def test_only_owners_see_it(browser_of: Callable[..., Browser], role: Role) -> None:
    somebody = browser_of("Eve", role)
    assert somebody.get("/team").status_code == 403
    assert somebody.post("/team/invite", data={"name": "Mallory", "role": "owner"}).status_code == 403


def test_a_link_is_shown_this_once_and_lets_the_person_in(browser_of: Callable[..., Browser], study: Study, clock: Clock) -> None:
    olga = browser_of("Olga", Role.OWNER)
    made = olga.post("/team/invite", data={"name": "Grace", "role": "expert"})
    assert made.headers["cache-control"] == "no-store"
    link = re.findall(r'value="http://study.test(/sign-in/[^"]+)"', made.text)[0]
    assert link not in olga.get("/team").text
    grace = Browser(study, clock)
    assert grace.post(link).status_code == 303
    assert study.person("Grace").role is Role.EXPERT


def link_for(owner: Browser, host: str) -> tuple[str, str]:
    """The address in a new link if a request names this host, and the page."""
    page = owner.post(f"/team/{owner.study.person('Olga').id}/links", headers={"Host": host}).text
    return re.findall(r'value="(http[^"]+)/sign-in/[^"]+"', page)[0], page


@pytest.mark.parametrize(
    "host",
    ["evil.test", "evil.test:80", "study.test:81", "study.test@evil.test", "study.test:80@evil.test", "study.test.", "evil.test/study.test",
     "study.test?", "study.test#", "study.test:80:80", "[::1", "study.test:99999", "192.0.2.66", "", "stu dy.test"],
)  # fmt: skip
def test_a_forged_host_never_comes_into_a_link(browser_of: Callable[..., Browser], host: str) -> None:
    address, page = link_for(browser_of("Olga", Role.OWNER), host)
    assert address == "http://study.test:80"  # where the request arrived
    assert "public_url" in page or not host


@pytest.mark.parametrize("host", ["study.test", "STUDY.test", "study.test:80", "localhost", "127.0.0.1", "[::1]", socket.gethostname()])
def test_a_link_names_the_server_as_the_owner_does_where_that_is_its_name(browser_of: Callable[..., Browser], host: str) -> None:
    address, page = link_for(browser_of("Olga", Role.OWNER), host)
    assert (address, "public_url" in page) == (f"http://{host}", False)


def test_a_link_names_the_public_address_whatever_a_request_says(tmp_path: Path, clock: Clock) -> None:
    study = ready_study(tmp_path)
    workspace = replace(study.workspace, settings=study.workspace.settings.model_copy(update={"public_url": "http://labels.example/"}))
    olga = Browser(study, clock, create_app(workspace, clock)).sign_in("Olga", Role.OWNER)
    assert link_for(olga, "evil.test")[0] == "http://labels.example"
    workspace.close()


def test_a_new_link_ends_the_old_one(browser_of: Callable[..., Browser], study: Study, visitor: Browser) -> None:
    old = study.invite("Ada")
    browser_of("Olga", Role.OWNER).post(f"/team/{study.person('Ada').id}/links")
    assert visitor.get(old).status_code == 410
    assert study.person("Ada").role is Role.ANNOTATOR


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("name", ["Olga", " Olga ", "Ada"])
def test_inviting_a_known_name_changes_nobody_and_says_so(
    browser_of: Callable[..., Browser], study: Study, visitor: Browser, name: str, role: Role
) -> None:
    olga = browser_of("Olga", Role.OWNER)
    link = study.invite("Ada")
    page = olga.post("/team/invite", data={"name": name, "role": role.value})
    assert (page.status_code, "was not changed" in page.text) == (422, True)
    assert (study.person("Olga").role, study.person("Ada").role) == (Role.OWNER, Role.ANNOTATOR)
    assert visitor.get(link).status_code == 200  # nor did an earlier link end


def test_two_people_may_share_a_name_and_are_told_apart(browser_of: Callable[..., Browser], study: Study) -> None:
    olga = browser_of("Olga", Role.OWNER)
    olga.post("/team/invite", data={"name": "Ada", "role": "expert"})
    assert 'name="another"' in olga.post("/team/invite", data={"name": "Ada", "role": "annotator"}).text
    made = olga.post("/team/invite", data={"name": "Ada", "role": "annotator", "another": "true"})
    assert made.status_code == 200
    first, second = study.named("Ada")
    assert (first.role, second.role) == (Role.EXPERT, Role.ANNOTATOR)
    page = olga.get("/team").text
    assert f"<h3>Ada ({first.id})" in page
    assert f"<h3>Ada ({second.id})" in page
    olga.post(f"/team/{second.id}/role", data={"role": "owner"})
    assert [person.role for person in study.named("Ada")] == [Role.EXPERT, Role.OWNER]


@pytest.mark.parametrize("name", ["", "   ", "n" * 150])
def test_a_name_that_does_not_fit_is_told_beside_its_field(browser_of: Callable[..., Browser], name: str) -> None:
    page = browser_of("Olga", Role.OWNER).post("/team/invite", data={"name": name, "role": "annotator"})
    assert page.status_code == 422
    assert 'id="name-problem"' in page.text


def test_open_links_can_be_ended(browser_of: Callable[..., Browser], study: Study, visitor: Browser) -> None:
    link = study.invite("Ada")
    browser_of("Olga", Role.OWNER).post(f"/team/{study.person('Ada').id}/links/revoke")
    assert visitor.get(link).status_code == 410


def test_a_role_changes_but_the_last_owner_stays(browser_of: Callable[..., Browser], study: Study) -> None:
    olga = browser_of("Olga", Role.OWNER)
    browser_of("Ada")
    page = olga.post(f"/team/{study.person('Ada').id}/role", data={"role": "expert"})
    assert (page.status_code, "A link for Ada" in page.text, "It works once." in page.text) == (200, True, True)
    assert study.person("Ada").role is Role.EXPERT
    refused = olga.post(f"/team/{study.person('Olga').id}/role", data={"role": "annotator"})
    assert refused.status_code == 403
    assert "is the last owner" in refused.text
    assert study.person("Olga").role is Role.OWNER


def test_the_door_is_shut_at_once_and_a_new_link_opens_it(browser_of: Callable[..., Browser], study: Study) -> None:
    olga, ada = browser_of("Olga", Role.OWNER), browser_of("Ada")
    olga.post(f"/team/{study.person('Ada').id}/deactivate")
    assert ada.get("/").headers["location"].startswith("/sign-in")
    assert "blocked" in olga.get("/team").text
    olga.post(f"/team/{study.person('Ada').id}/links")
    assert study.person("Ada").active


def test_the_last_owner_cannot_shut_themselves_out(browser_of: Callable[..., Browser], study: Study) -> None:
    olga = browser_of("Olga", Role.OWNER)
    assert olga.post(f"/team/{study.person('Olga').id}/deactivate").status_code == 403
    assert olga.get("/team").status_code == 200


def test_it_says_who_did_how_much_and_how_well_it_fits(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ann", 0, [0])
    answer(study, "Bob", 0, [1])
    page = browser_of("Olga", Role.OWNER).get("/team").text
    # of five labels shown to both, three were answered alike; each answer took four seconds
    assert page.count("<dd>60.0%</dd>") == 2
    assert page.count("<dd>4.0</dd>") == 2


def test_a_name_is_text_and_never_markup(browser_of: Callable[..., Browser]) -> None:
    olga = browser_of("Olga", Role.OWNER)
    page = olga.post("/team/invite", data={"name": "<script>alert(1)</script>", "role": "annotator"}).text
    assert "<script>alert" not in page


def test_unknown_people_are_not_found(browser_of: Callable[..., Browser]) -> None:
    assert browser_of("Olga", Role.OWNER).post("/team/999/deactivate").status_code == 404


def test_it_says_how_people_do_on_gold_and_on_their_own_earlier_images(tmp_path: Path) -> None:
    shares = replace(NO_CHECKS, test_gold_share=1.0, repeat_share=1.0, repeat_after=1)
    known = {0: (GoldKind.TEST, (0, 1)), 1: (GoldKind.TEST, (1,)), 2: (GoldKind.PRACTICE, (2,))}
    study = gold_study(tmp_path, shares, known, n_images=6)
    asked: dict[int, int] = defaultdict(int)

    def says(sheet: Sheet) -> list[int]:
        """The first label of each picture; of a picture that comes again the second."""
        image = assignment_of(study, sheet).image
        asked[image] += 1
        return [sheet.options()[asked[image] - 1].label.index]

    work_through(study, "Ada", says)
    page = Browser(study, Clock()).sign_in("Olga", Role.OWNER).get("/team").text
    study.workspace.close()
    ada = page[page.index("<h3>Ada") : page.index("<h3>Olga")]
    # image 0: its first label is valid and one is missed; image 1: its first label is right. Two repeats, of 20 questions each two differ.
    assert "<dt>on gold: yes answers that are valid</dt><dd>100% (34.2% to 100%, n = 2)</dd>" in ada
    assert "<dt>on gold: valid labels that got a yes</dt><dd>66.7% (20.8% to 93.9%, n = 3)</dd>" in ada
    assert "<dt>same answer again</dt><dd>90.0% (" in ada
    assert "<dt>same yes again</dt><dd>0% (" in ada
    assert "on gold" not in page[page.index("<h3>Olga") : page.index("</ul>", page.index("<h3>Olga"))]
