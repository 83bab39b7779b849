"""Joining and leaving the team of a dataset, on both databases; a role counts where it was given."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.databases import only_sqlite
from tests.studies import NOW, Study, ready_study
from tests.web.access.test_teams import OTHER, add_dataset

from multilabelfy.annotation.model import Annotator, Role
from multilabelfy.errors import InvalidInput, NotAllowed, UnknownDataset, UnknownPerson
from multilabelfy.store import members
from multilabelfy.workflows.owning import filing
from multilabelfy.workflows.team import people, teams


@pytest.fixture
def study(tmp_path: Path, tables_url: str) -> Iterator[Study]:
    """One dataset, `pilot`, on either database."""
    ready = ready_study(tmp_path / "study", n_images=2, database_url=tables_url)
    yield ready
    ready.workspace.close()


def roles(study: Study, name: str) -> dict[str, Role]:
    """A person's roles by dataset."""
    return people.teams_of_all(study.workspace).get(study.person(name).id, {})


def there(study: Study, name: str, dataset: str = "pilot") -> Annotator:
    """A person as they are in a dataset."""
    return next(member for member in teams.team_of(study.workspace, dataset).members if member.name == name)


@only_sqlite("tables_url")
def test_with_one_dataset_an_invitation_needs_no_name_of_it(study: Study) -> None:
    people.invite(study.workspace, "Ada", Role.EXPERT, NOW)
    assert roles(study, "Ada") == {"pilot": Role.EXPERT}


def test_somebody_invited_before_the_first_dataset_joins_it_with_the_next_link(study: Study) -> None:
    people.invite(study.workspace, "Ada", None, NOW)
    teams.remove(study.workspace, "pilot", study.person("Ada").id, NOW)
    people.invite(study.workspace, "Ada", None, NOW)
    assert roles(study, "Ada") == {"pilot": Role.ANNOTATOR}


@only_sqlite("tables_url")
def test_with_several_datasets_a_new_person_is_not_put_into_one_by_guess(study: Study) -> None:
    add_dataset(study)
    with pytest.raises(InvalidInput, match="several datasets"):
        people.invite(study.workspace, "Ada", None, NOW)
    people.invite(study.workspace, "Ada", Role.EXPERT, NOW, dataset=OTHER)
    assert roles(study, "Ada") == {OTHER: Role.EXPERT}
    people.invite(study.workspace, "Ada", None, NOW)
    assert roles(study, "Ada") == {OTHER: Role.EXPERT}
    with pytest.raises(UnknownDataset):
        people.invite(study.workspace, "Bob", None, NOW, dataset="none")


@only_sqlite("tables_url")
def test_an_owner_of_one_dataset_does_not_own_the_workspace(study: Study) -> None:
    people.invite(study.workspace, "Ada", Role.OWNER, NOW, dataset="pilot")
    assert (there(study, "Ada").role, there(study, "Ada").owns_workspace) == (Role.OWNER, False)
    assert study.person("Ada").role is Role.ANNOTATOR


@only_sqlite("tables_url")
def test_a_role_in_one_dataset_leaves_the_others_alone_and_the_role_everywhere_changes_all(study: Study) -> None:
    add_dataset(study)
    olga = people.invite(study.workspace, "Olga", Role.OWNER, NOW).person
    for dataset in ("pilot", OTHER):
        people.invite(study.workspace, "Ada", None, NOW, dataset=dataset)
    ada = study.person("Ada").id
    teams.change_role_there(study.workspace, OTHER, ada, Role.EXPERT, NOW, by=olga)
    assert roles(study, "Ada") == {OTHER: Role.EXPERT, "pilot": Role.ANNOTATOR}
    people.change_role(study.workspace, ada, Role.EXPERT, NOW, by=olga)
    assert roles(study, "Ada") == {OTHER: Role.EXPERT, "pilot": Role.EXPERT}


@only_sqlite("tables_url")
def test_an_owner_who_becomes_an_expert_goes_on_to_see_every_dataset(study: Study) -> None:
    add_dataset(study)
    olga, _ = (people.invite(study.workspace, name, Role.OWNER, NOW).person for name in ("Olga", "Bob"))
    people.change_role(study.workspace, study.person("Bob").id, Role.EXPERT, NOW, by=olga)
    assert roles(study, "Bob") == {OTHER: Role.EXPERT, "pilot": Role.EXPERT}


def test_whoever_leaves_is_in_no_list_and_their_dataset_forgets_the_team_when_it_is_deleted(study: Study) -> None:
    people.invite(study.workspace, "Ada", None, NOW)
    with study.workspace.store.writing() as c:
        members.leave(c, study.dataset.id, study.person("Ada").id)
    assert roles(study, "Ada") == {}
    assert [member.name for member in teams.team_of(study.workspace, "pilot").members] == []
    with pytest.raises(UnknownPerson):
        teams.remove(study.workspace, "pilot", study.person("Ada").id, NOW)


@only_sqlite("tables_url")
def test_the_owner_of_one_dataset_makes_no_link_that_opens_another(study: Study) -> None:
    add_dataset(study)
    owner = people.invite(study.workspace, "Own", Role.OWNER, NOW, dataset="pilot").person
    for dataset in ("pilot", OTHER):
        people.invite(study.workspace, "Ada", None, NOW, dataset=dataset)
    people.invite(study.workspace, "Bob", None, NOW, dataset="pilot")
    people.invite(study.workspace, "Olga", Role.OWNER, NOW)
    by = there(study, "Own")
    assert teams.new_link(study.workspace, "pilot", study.person("Bob").id, NOW, by=by).person.name == "Bob"
    for name in ("Ada", "Olga"):
        with pytest.raises(NotAllowed):
            teams.new_link(study.workspace, "pilot", study.person(name).id, NOW, by=by)
    assert owner.id == by.id


@only_sqlite("tables_url")
def test_the_owner_of_one_dataset_does_not_learn_who_else_there_is(study: Study) -> None:
    add_dataset(study)
    people.invite(study.workspace, "Own", Role.OWNER, NOW, dataset="pilot")
    people.invite(study.workspace, "Ada", None, NOW, dataset=OTHER)
    by = there(study, "Own")
    assert teams.team_of(study.workspace, "pilot", by=by).others == ()
    made = teams.add_person(study.workspace, "pilot", "Ada", Role.ANNOTATOR, NOW, by=by)
    assert made is not None
    assert made.is_new
    assert len(study.named("Ada")) == 2
    with pytest.raises(NotAllowed):
        teams.add_known(study.workspace, "pilot", study.named("Ada")[0].id, Role.ANNOTATOR, NOW, by=by)


def test_a_deleted_dataset_takes_its_team_along(study: Study, tmp_path: Path) -> None:
    people.invite(study.workspace, "Ada", None, NOW)
    (tmp_path / "copy").write_text("a copy made by hand")
    filing.delete_dataset(study.workspace, "pilot", "pilot", NOW, copy=tmp_path / "copy")
    assert roles(study, "Ada") == {}
