"""The rules of `annotation.counting` as SQL, for queries that must choose rows where they lie; a test compares both on the same answers."""

from sqlalchemy import ColumnElement, exists

from multilabelfy.store.schema import annotations


def is_standing() -> ColumnElement[bool]:
    """Whether a row of `annotations` is the newest revision of its person on its image."""
    later = annotations.alias("later")
    same = (later.c.image_id == annotations.c.image_id) & (later.c.annotator_id == annotations.c.annotator_id)
    return ~exists().where(same, later.c.revision > annotations.c.revision)


def is_first_of_counting() -> ColumnElement[bool]:
    """One row of `annotations` for each standing answer that counts: its first revision (all revisions of an answer count, or none)."""
    return (annotations.c.revision == 1) & ~annotations.c.surplus
