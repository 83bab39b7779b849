"""People come in by a link, stay by a session, and are never raised above whoever raises them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from multilabelfy.annotation.access.sessions import SignedIn
from multilabelfy.annotation.model import Annotator, Role
from multilabelfy.errors import InvalidInput, InvalidSetting, InvitationInvalid, NotAllowed, WorkspaceMissing
from multilabelfy.settings import load_settings
from multilabelfy.store import people as stored_people
from multilabelfy.workflows.team import people, sessions
from multilabelfy.workflows.workspace import Workspace, open_workspace, opened

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with opened(load_settings(tmp_path / "w", invitation_days=7, session_days=2), create=True) as made:
        yield made


def invited(workspace: Workspace, name: str, role: Role, by: Annotator | None = None) -> tuple[Annotator, str]:
    invitation = people.invite(workspace, name, role, NOW, by=by)
    return invitation.person, invitation.link.rsplit("/", 1)[1]


def test_a_link_is_exchanged_for_a_session(workspace: Workspace) -> None:
    ada, token = invited(workspace, "Ada", Role.ANNOTATOR)
    person, secret = sessions.accept_invitation(workspace, token, NOW)
    assert person == ada
    assert sessions.person_of_session(workspace, secret, NOW) == SignedIn(ada)


def test_looking_at_a_link_uses_nothing_up(workspace: Workspace) -> None:
    ada, token = invited(workspace, "Ada", Role.ANNOTATOR)
    assert [people.who_is_invited(workspace, token, NOW) for _ in range(2)] == [ada, ada]


def test_an_invitation_link_ends_after_its_days(workspace: Workspace) -> None:
    _, token = invited(workspace, "Ada", Role.ANNOTATOR)
    people.who_is_invited(workspace, token, NOW + timedelta(days=6.9))
    with pytest.raises(InvitationInvalid):
        people.who_is_invited(workspace, token, NOW + timedelta(days=7.1))


def test_a_session_ends_after_its_days(workspace: Workspace) -> None:
    _, token = invited(workspace, "Ada", Role.ANNOTATOR)
    _, secret = sessions.accept_invitation(workspace, token, NOW)
    assert sessions.person_of_session(workspace, secret, NOW + timedelta(days=1.9)) is not None
    assert sessions.person_of_session(workspace, secret, NOW + timedelta(days=2.1)) is None


def test_a_visit_keeps_a_session_alive(workspace: Workspace) -> None:
    _, token = invited(workspace, "Ada", Role.ANNOTATOR)
    _, secret = sessions.accept_invitation(workspace, token, NOW)
    sessions.extend_session(workspace, secret, NOW + timedelta(days=1))
    assert sessions.person_of_session(workspace, secret, NOW + timedelta(days=2.5)) is not None


def test_a_session_ends_at_the_latest_after_its_most_days(workspace: Workspace) -> None:
    _, token = invited(workspace, "Ada", Role.ANNOTATOR)
    _, secret = sessions.accept_invitation(workspace, token, NOW)
    for day in range(1, 30):
        sessions.extend_session(workspace, secret, NOW + timedelta(days=day))
    assert sessions.person_of_session(workspace, secret, NOW + timedelta(days=29.9)) is not None
    sessions.extend_session(workspace, secret, NOW + timedelta(days=29.9))
    assert sessions.person_of_session(workspace, secret, NOW + timedelta(days=30.1)) is None


def test_a_new_link_ends_the_old_one(workspace: Workspace) -> None:
    _, old = invited(workspace, "Ada", Role.ANNOTATOR)
    ada, new = invited(workspace, "Ada", Role.ANNOTATOR)
    assert people.who_is_invited(workspace, new, NOW) == ada
    with pytest.raises(InvitationInvalid):
        people.who_is_invited(workspace, old, NOW)


def test_a_locked_out_owner_gets_a_new_link_and_stays_owner(workspace: Workspace) -> None:
    ada, _ = invited(workspace, "Ada", Role.OWNER)
    again = people.invite(workspace, "Ada", None, NOW)
    assert (again.person, again.is_new) == (ada, False)


def test_the_store_knows_no_secret(workspace: Workspace) -> None:
    _, token = invited(workspace, "Ada", Role.ANNOTATOR)
    _, secret = sessions.accept_invitation(workspace, token, NOW)
    kept = b"".join(file.read_bytes() for file in workspace.folder.glob("multilabelfy.db*"))
    assert token.encode() not in kept
    assert secret.encode() not in kept


def test_nobody_grants_above_themselves(workspace: Workspace) -> None:
    expert, _ = invited(workspace, "Eve", Role.EXPERT)
    with pytest.raises(NotAllowed):
        people.invite(workspace, "Mallory", Role.OWNER, NOW, by=expert)
    with pytest.raises(NotAllowed):
        people.change_role(workspace, expert.id, Role.OWNER, NOW, by=expert)


def test_nobody_gets_a_link_of_someone_above_them(workspace: Workspace) -> None:
    invited(workspace, "Ada", Role.OWNER)
    expert, _ = invited(workspace, "Eve", Role.EXPERT)
    with pytest.raises(NotAllowed):
        people.invite(workspace, "Ada", None, NOW, by=expert)


def test_the_last_owner_cannot_be_removed(workspace: Workspace) -> None:
    ada, _ = invited(workspace, "Ada", Role.OWNER)
    with pytest.raises(NotAllowed, match="last owner"):
        people.deactivate(workspace, ada.id, NOW, by=ada)
    with pytest.raises(NotAllowed, match="last owner"):
        people.change_role(workspace, ada.id, Role.EXPERT, NOW, by=ada)


def test_the_last_owner_is_not_demoted_by_an_invitation_either(workspace: Workspace) -> None:
    ada, _ = invited(workspace, "Ada", Role.OWNER)
    with pytest.raises(NotAllowed, match="last owner"):
        people.invite(workspace, "Ada", Role.ANNOTATOR, NOW)
    eve, _ = invited(workspace, "Eve", Role.OWNER)
    people.deactivate(workspace, eve.id, NOW, by=ada)
    with pytest.raises(NotAllowed, match="last owner"):  # Eve's door is shut: she is none to leave it to
        people.invite(workspace, "Ada", Role.ANNOTATOR, NOW)
    assert [person.role for person in people.everyone(workspace)] == [Role.OWNER] * 2


def test_the_command_line_changes_a_role_where_it_is_asked_to(workspace: Workspace) -> None:
    invited(workspace, "Ada", Role.OWNER)
    invited(workspace, "Bob", Role.EXPERT)
    assert people.invite(workspace, "Bob", None, NOW).person.role is Role.EXPERT
    assert people.invite(workspace, "Bob", Role.ANNOTATOR, NOW).person.role is Role.ANNOTATOR


def test_a_deactivated_person_is_out_at_once(workspace: Workspace) -> None:
    ada, _ = invited(workspace, "Ada", Role.OWNER)
    bob, token = invited(workspace, "Bob", Role.ANNOTATOR)
    _, secret = sessions.accept_invitation(workspace, token, NOW)
    people.deactivate(workspace, bob.id, NOW, by=ada)
    assert sessions.person_of_session(workspace, secret, NOW) is None
    with pytest.raises(InvitationInvalid):
        people.who_is_invited(workspace, token, NOW)


def test_a_name_is_needed(workspace: Workspace) -> None:
    with pytest.raises(InvalidInput):
        people.invite(workspace, "  ", Role.ANNOTATOR, NOW)


def test_a_person_is_known_by_a_name_in_any_spacing(workspace: Workspace) -> None:
    ada, _ = invited(workspace, "Ada", Role.ANNOTATOR)
    assert people.invite(workspace, " Ada ", None, NOW).person == ada
    with workspace.store.reading() as c:
        assert [person.name for person in stored_people.everyone(c)] == ["Ada"]


def test_a_workspace_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceMissing, match="no workspace"):
        open_workspace(load_settings(tmp_path / "nowhere"))


def test_two_workspaces_give_different_tokens(tmp_path: Path) -> None:
    with opened(load_settings(tmp_path / "a"), create=True) as one, opened(load_settings(tmp_path / "b"), create=True) as other:
        assert one.token("image", "cat/1.jpg") == one.token("image", "cat/1.jpg")
        assert one.token("image", "cat/1.jpg") != other.token("image", "cat/1.jpg")


def test_the_key_is_readable_by_its_owner_alone(workspace: Workspace) -> None:
    assert (workspace.folder / "key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("key", ["", "00" * 32, "not hex", "ab" * 8])
def test_a_plain_key_is_refused(tmp_path: Path, key: str) -> None:
    (tmp_path / "key").write_text(key)
    with pytest.raises(InvalidSetting, match="key"):
        open_workspace(load_settings(tmp_path))


def test_a_key_that_went_missing_is_not_made_anew_in_silence(workspace: Workspace) -> None:
    invited(workspace, "Ada", Role.OWNER)
    key = workspace.folder / "key"
    key.unlink()
    with pytest.raises(InvalidSetting, match="is missing"):
        open_workspace(load_settings(workspace.folder), create=True)
    assert not key.exists()
