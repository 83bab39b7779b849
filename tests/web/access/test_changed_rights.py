"""Attacks with what somebody had before: two people, two datasets, every route, old links and old sessions around each change of rights.

Each must stay quiet: nobody gains by an old link or session what its person gains later, and nobody comes back who lost the key.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.studies import NOW, Study
from tests.web.access.test_teams import OTHER, QUERY, add_dataset
from tests.web.conftest import Browser, Clock
from tests.web.routes import ROUTES

from multilabelfy.annotation.model import Annotator, Role
from multilabelfy.settings import load_settings
from multilabelfy.web.app import create_app
from multilabelfy.workflows.owning import filing
from multilabelfy.workflows.team import erasing, people, sessions, teams
from multilabelfy.workflows.team.links import Invitation
from multilabelfy.workflows.upkeep.backups import back_up
from multilabelfy.workflows.upkeep.restoring import restore
from multilabelfy.workflows.workspace import opened


@dataclass
class House:
    """Olga owns the workspace; Ada is an annotator of the first of two datasets, whose owner is Own."""

    study: Study
    clock: Clock
    tmp: Path

    def __post_init__(self) -> None:
        self.app = create_app(self.study.workspace, self.clock)

    def person(self, name: str) -> Annotator:
        return self.study.person(name)

    def let_in(self, made: Invitation | None) -> Browser:
        """A browser in which a link was opened."""
        assert made is not None
        browser = Browser(self.study, self.clock, self.app)
        assert browser.post(path(made)).status_code == 303
        return browser

    def works(self, made: Invitation) -> bool:
        """Whether a link still shows whom it is for."""
        return Browser(self.study, self.clock, self.app).get(path(made)).status_code == 200


def path(made: Invitation) -> str:
    return made.link[made.link.index("/sign-in/") :]


@pytest.fixture
def house(study: Study, clock: Clock, tmp_path: Path) -> House:
    add_dataset(study)
    people.invite(study.workspace, "Olga", Role.OWNER, NOW)
    people.invite(study.workspace, "Own", Role.OWNER, NOW, dataset="pilot")
    return House(study, clock, tmp_path)


def join(house: House, ada: Annotator) -> None:
    teams.add_person(house.study.workspace, OTHER, "Ada", Role.ANNOTATOR, NOW)


def join_by_number(house: House, ada: Annotator) -> None:
    teams.add_known(house.study.workspace, OTHER, ada.id, Role.EXPERT, NOW, by=house.person("Olga"))


def join_by_invitation(house: House, ada: Annotator) -> None:
    people.invite(house.study.workspace, "Ada", Role.EXPERT, NOW, dataset=OTHER)


def role_up_there(house: House, ada: Annotator) -> None:
    teams.change_role_there(house.study.workspace, "pilot", ada.id, Role.OWNER, NOW, by=house.person("Olga"))


def role_up(house: House, ada: Annotator) -> None:
    people.change_role(house.study.workspace, ada.id, Role.OWNER, NOW, by=house.person("Olga"))


def role_up_by_command(house: House, ada: Annotator) -> None:
    people.invite(house.study.workspace, "Ada", Role.OWNER, NOW)


def leave(house: House, ada: Annotator) -> None:
    teams.remove(house.study.workspace, "pilot", ada.id, NOW, by=house.person("Olga"))


def block(house: House, ada: Annotator) -> None:
    people.deactivate(house.study.workspace, ada.id, NOW, by=house.person("Olga"))


def block_and_unblock(house: House, ada: Annotator) -> None:
    block(house, ada)
    people.invite(house.study.workspace, "Ada", None, NOW)


def erase(house: House, ada: Annotator) -> None:
    erasing.erase(house.study.workspace, ada.id, "Ada", NOW, by=house.person("Olga"))


CHANGES = (join, join_by_number, join_by_invitation, role_up_there, role_up, role_up_by_command, leave, block, block_and_unblock, erase)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_after_each_change_of_rights_an_old_link_and_an_old_session_open_no_route(
    house: House, change: Callable[[House, Annotator], None]
) -> None:
    link = people.invite(house.study.workspace, "Ada", Role.ANNOTATOR, NOW, dataset="pilot")
    for_once = people.link_for_once(house.study.workspace, "Ada", NOW)
    browser = house.let_in(link)
    assert browser.get("/d/pilot/annotate").status_code == 200
    change(house, house.person("Ada"))
    assert [house.works(made) for made in (link, for_once)] == [False, False]
    for asked in ROUTES:
        for dataset in ("pilot", OTHER):
            answered = browser.request(asked.method, asked.in_dataset(dataset), params=QUERY, headers={"Accept": "application/json"})
            assert answered.status_code == 401, (asked, answered.text)


def test_after_a_lower_role_too_and_the_new_link_has_the_new_rights(house: House) -> None:
    link = people.invite(house.study.workspace, "Eve", Role.EXPERT, NOW, dataset="pilot")
    eve, olga = house.let_in(link), house.person("Olga")
    made = teams.change_role_there(house.study.workspace, "pilot", link.person.id, Role.ANNOTATOR, NOW, by=olga)
    assert eve.get("/d/pilot/refine").status_code == 303
    again = house.let_in(made)
    assert [again.get(f"/d/pilot/{page}").status_code for page in ("annotate", "refine")] == [200, 403]


def test_whoever_acts_on_themselves_stays_in_where_they_are_and_nowhere_else(house: House) -> None:
    people.invite(house.study.workspace, "Second", Role.OWNER, NOW)
    here = house.let_in(people.invite(house.study.workspace, "Olga", None, NOW))
    elsewhere = house.let_in(people.link_for_once(house.study.workspace, "Olga", NOW))
    assert here.post(f"/team/{house.person('Olga').id}/role", data={"role": "expert"}).status_code == 303
    assert [browser.get("/d/pilot/refine").status_code for browser in (here, elsewhere)] == [200, 303]


def test_the_same_role_again_changes_nothing_and_ends_nothing(house: House) -> None:
    ada = house.let_in(people.invite(house.study.workspace, "Ada", Role.ANNOTATOR, NOW, dataset="pilot"))
    olga = house.let_in(people.invite(house.study.workspace, "Olga", None, NOW))
    for address in (f"/team/{house.person('Ada').id}/role", f"/d/pilot/team/{house.person('Ada').id}/role"):
        assert olga.post(address, data={"role": "annotator"}).status_code == 303
    assert ada.get("/d/pilot/annotate").status_code == 200


@pytest.mark.parametrize("lost", ["blocked", "expert", "erased"])
def test_an_owner_who_is_one_no_longer_comes_back_by_no_link_that_they_made(house: House, lost: str) -> None:
    workspace, olga = house.study.workspace, house.person("Olga")
    mallory = people.invite(workspace, "Mallory", Role.OWNER, NOW).person
    kept = people.invite(workspace, "Puppet", Role.ANNOTATOR, NOW, by=mallory, dataset="pilot")
    other_kept = people.invite(workspace, "Owner too", Role.OWNER, NOW, by=mallory)
    puppet, honest = house.let_in(kept), house.let_in(people.invite(workspace, "Ada", None, NOW, by=olga, dataset="pilot"))
    if lost == "blocked":
        people.deactivate(workspace, mallory.id, NOW, by=olga)
    elif lost == "expert":
        people.change_role(workspace, mallory.id, Role.EXPERT, NOW, by=olga)
    else:
        erasing.erase(workspace, mallory.id, "Mallory", NOW, by=olga)
    assert [house.works(made) for made in (kept, other_kept)] == [False, False]
    assert puppet.get("/").status_code == 303
    assert honest.get("/d/pilot/annotate").status_code == 200


def test_so_it_is_with_the_owner_of_one_dataset_and_what_they_may_still_make_stays(house: House) -> None:
    workspace, olga = house.study.workspace, house.person("Olga")
    own = house.person("Own")
    teams.add_person(workspace, OTHER, "Own", Role.OWNER, NOW)
    here, there = (
        teams.add_person(workspace, dataset, name, Role.ANNOTATOR, NOW, by=own) for dataset, name in (("pilot", "Ada"), (OTHER, "Bob"))
    )
    assert here is not None and there is not None  # noqa: PT018 – both are new
    teams.change_role_there(workspace, "pilot", own.id, Role.EXPERT, NOW, by=olga)
    assert [house.works(made) for made in (here, there)] == [False, True]
    teams.remove(workspace, OTHER, own.id, NOW, by=olga)
    assert not house.works(there)


def test_an_owner_who_blocks_the_one_who_invited_them_stays_in(house: House) -> None:
    mallory = people.invite(house.study.workspace, "Mallory", Role.OWNER, NOW).person
    second = house.let_in(people.invite(house.study.workspace, "Second", Role.OWNER, NOW, by=mallory))
    assert second.post(f"/team/{mallory.id}/deactivate").status_code == 303
    assert second.get("/team").status_code == 200


def test_a_link_for_experts_and_owners_works_once_and_an_annotators_again(house: House) -> None:
    roles = (("Eve", Role.EXPERT), ("Dora", Role.OWNER), ("Ada", Role.ANNOTATOR))
    made = [people.invite(house.study.workspace, name, role, NOW, dataset="pilot") for name, role in roles]
    for link in made:
        house.let_in(link)
    assert [house.works(link) for link in made] == [False, False, True]


def test_the_owner_of_one_dataset_makes_no_link_for_somebody_whose_role_they_change_who_is_in_others_too(house: House) -> None:
    people.invite(house.study.workspace, "Ada", None, NOW, dataset="pilot")
    join(house, house.person("Ada"))
    own = next(member for member in teams.team_of(house.study.workspace, "pilot").members if member.name == "Own")
    assert teams.change_role_there(house.study.workspace, "pilot", house.person("Ada").id, Role.EXPERT, NOW, by=own) is None


def test_a_dataset_of_the_name_of_a_deleted_one_is_opened_by_no_old_link_or_session(house: House) -> None:
    workspace = house.study.workspace
    link = people.invite(workspace, "Ada", Role.EXPERT, NOW, dataset=OTHER)
    ada = house.let_in(link)
    filing.archive(workspace, OTHER, NOW)
    assert ada.get(f"/d/{OTHER}/settings").status_code == 403
    (house.tmp / "copy").write_text("a copy made by hand")
    filing.delete_dataset(workspace, OTHER, OTHER, NOW, copy=house.tmp / "copy")
    add_dataset(house.study)
    assert ada.get(f"/d/{OTHER}/refine").status_code == 404


def test_a_restored_workspace_revives_no_link_and_no_session(house: House) -> None:
    link = people.invite(house.study.workspace, "Ada", None, NOW, dataset="pilot")
    _, secret = sessions.accept_invitation(house.study.workspace, link.link.rpartition("/")[2], NOW)
    back_up(house.study.workspace, house.tmp / "monday")
    restore(house.tmp / "monday", house.tmp / "restored", NOW)
    with opened(load_settings(house.tmp / "restored")) as restored:
        assert sessions.person_of_session(restored, secret, NOW) is None
        assert Browser(house.study, house.clock, create_app(restored, house.clock)).get(path(link)).status_code == 410
        assert people.invite(restored, "Olga", None, NOW).person.role is Role.OWNER


def test_a_session_of_a_read_only_disk_gains_nothing_either(house: House) -> None:
    workspace = house.study.workspace
    people.invite(workspace, "Ada", None, NOW, dataset="pilot")
    with workspace.store.reading() as c:
        secret = sessions._vouched(c, workspace, house.person("Ada").id, int(NOW.timestamp()) + 3600)
    workspace.store.is_read_only = True
    assert sessions.person_of_session(workspace, secret, NOW) is not None
    people.change_role(workspace, house.person("Ada").id, Role.OWNER, NOW, by=house.person("Olga"))
    workspace.store.is_read_only = True
    assert sessions.person_of_session(workspace, secret, NOW) is None
