"""Whether the id that a browser gave to an answer is used, in either log: one question, since the answer is nearly always no."""

from sqlalchemy import bindparam, select, union_all

from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Coming, Prebuilt
from multilabelfy.store.schema import annotations, check_answers

_USED = Prebuilt(union_all(*(select(log.c.id).where(log.c.client_id == bindparam("id_of_client")) for log in (annotations, check_answers))))


def asked(c: Connection, client_id: str) -> Coming[bool]:
    """Whether a vote or an answer to a check has this id."""
    row = _USED.asked(c, id_of_client=client_id)
    return lambda: row.value() is not None
