"""People, the links that invite them, and their sessions."""

import pytest
from tests.store.campaigns import NOW, after

from multilabelfy.annotation.access.sessions import SignedIn
from multilabelfy.annotation.model import Annotator, AnnotatorId, Role
from multilabelfy.errors import InvalidInput, InvitationInvalid, UnknownPerson
from multilabelfy.store import people
from multilabelfy.store.database.opening.store import Store


def test_people_are_found_by_name_and_number(store: Store) -> None:
    with store.writing() as c:
        bob, ada = people.add(c, "  Bob ", Role.EXPERT, NOW), people.add(c, "Ada  Lovelace", Role.OWNER, NOW)
        assert (bob.name, ada.name, ada.active) == ("Bob", "Ada Lovelace", True)
        assert people.find(c, " Ada Lovelace") == people.get(c, ada.id) == ada
        assert people.everyone(c) == [ada, bob]


@pytest.mark.parametrize(("name", "why"), [("\n ", "1 to 100"), ("x" * 101, "1 to 100")])
def test_a_name_that_does_not_fit_a_person_is_refused(store: Store, name: str, why: str) -> None:
    with store.writing() as c:
        people.add(c, "Ada", Role.ANNOTATOR, NOW)
    with pytest.raises(InvalidInput, match=why), store.writing() as c:
        people.add(c, name, Role.ANNOTATOR, NOW)


def test_an_unknown_person_is_answered_with_who_is_there(store: Store) -> None:
    with store.writing() as c:
        with pytest.raises(UnknownPerson, match=r"nobody called 'Ada' in this workspace. Invite them first"):
            people.find(c, "Ada")
        people.add(c, "Bob", Role.OWNER, NOW)
        with pytest.raises(UnknownPerson, match="There is 'Bob'"):
            people.find(c, "Ada")
        with pytest.raises(UnknownPerson, match="number 9"):
            people.get(c, AnnotatorId(9))


def test_a_persons_role_and_access_can_change(store: Store) -> None:
    with store.writing() as c:
        ada = people.add(c, "Ada", Role.ANNOTATOR, NOW)
        people.set_role(c, ada.id, Role.EXPERT)
        people.set_active(c, ada.id, False)
        assert people.get(c, ada.id) == Annotator(ada.id, "Ada", Role.EXPERT, active=False)


def test_people_who_share_a_name_are_read_with_their_numbers(store: Store) -> None:
    with store.writing() as c:
        first = people.add(c, "Ada", Role.ANNOTATOR, NOW)
        people.add(c, "Bob", Role.ANNOTATOR, NOW)
        assert first.name == "Ada"
        second = people.add(c, "Ada", Role.EXPERT, NOW)
        people.open_session(c, first.id, "hash", NOW, after(10))
        names = [person.name for person in people.everyone(c)]
        assert names == [f"Ada ({first.id})", f"Ada ({second.id})", "Bob"]
        assert people.session(c, "hash", NOW) == SignedIn(people.get(c, first.id))
        assert people.find(c, f"Ada ({first.id})") == people.get(c, first.id)
        with pytest.raises(InvalidInput, match="2 people are called 'Ada'") as caught:
            people.find(c, "Ada")
        assert [problem.where for problem in caught.value.problems] == [f"number {first.id}", f"number {second.id}"]
        people.erase(c, first.id, NOW)
        assert people.find(c, "Ada").name == "Ada"


def test_a_link_works_until_it_expires(store: Store) -> None:
    with store.writing() as c:
        ada = people.add(c, "Ada", Role.ANNOTATOR, NOW)
        people.invite(c, ada.id, "hash", NOW, after(10))
        assert people.invitation(c, "hash", after(9)) == ada
        with pytest.raises(InvitationInvalid, match="expired on 01 January 2030"):
            people.invitation(c, "hash", after(10))


def test_a_link_that_was_revoked_or_made_up_does_not_work(store: Store) -> None:
    with store.writing() as c:
        ada = people.add(c, "Ada", Role.ANNOTATOR, NOW)
        people.invite(c, ada.id, "hash", NOW, after(10))
        people.revoke_invitations(c, ada.id, after(1))
        for token_hash in ("hash", "guessed"):
            with pytest.raises(InvitationInvalid, match="Ask the owner"):
                people.invitation(c, token_hash, after(2))


def test_a_link_of_somebody_inactive_does_not_work(store: Store) -> None:
    with store.writing() as c:
        ada = people.add(c, "Ada", Role.ANNOTATOR, NOW)
        people.invite(c, ada.id, "hash", NOW, after(10))
        people.set_active(c, ada.id, False)
        with pytest.raises(InvitationInvalid):
            people.invitation(c, "hash", NOW)


def test_a_session_lasts_until_it_ends_or_is_closed(store: Store) -> None:
    with store.writing() as c:
        ada = people.add(c, "Ada", Role.ANNOTATOR, NOW)
        people.open_session(c, ada.id, "s", NOW, after(10))
        assert people.session(c, "s", after(9)) == SignedIn(ada)
        assert people.session(c, "s", after(10)) is None
        people.extend_session(c, "s", NOW, after(20))
        assert people.session(c, "s", after(19)) == SignedIn(ada)
        assert people.session(c, "s", after(20)) is None
        people.close_session(c, "s")
        assert people.session(c, "s", NOW) is None


def test_somebody_inactive_has_no_session(store: Store) -> None:
    with store.writing() as c:
        ada = people.add(c, "Ada", Role.ANNOTATOR, NOW)
        people.open_session(c, ada.id, "s", NOW, after(10))
        people.set_active(c, ada.id, False)
        assert people.session(c, "s", NOW) is None


def test_all_sessions_of_a_person_can_be_closed_and_old_ones_are_cleared(store: Store) -> None:
    with store.writing() as c:
        ada, bob = (people.add(c, name, Role.ANNOTATOR, NOW) for name in ("Ada", "Bob"))
        people.open_session(c, ada.id, "old", NOW, after(1))
        people.open_session(c, ada.id, "new", after(2), after(10))
        people.open_session(c, bob.id, "bob", after(2), after(10))
        assert people.session(c, "old", NOW) is None
        people.close_sessions_of(c, ada.id)
        assert people.session(c, "new", after(3)) is None
        assert people.session(c, "bob", after(3)) == SignedIn(bob)
