"""The rules of `annotation.counting` as SQL, for queries that choose rows inside the database; a test compares the two."""

from sqlalchemy import ColumnElement, exists

from multilabelfy.store.schema import annotations


def is_standing() -> ColumnElement[bool]:
    """Whether a row of `annotations` is its person's newest revision for its image."""
    later = annotations.alias("later")
    same = (later.c.image_id == annotations.c.image_id) & (later.c.annotator_id == annotations.c.annotator_id)
    return ~exists().where(same, later.c.revision > annotations.c.revision)


def is_first_of_counting() -> ColumnElement[bool]:
    """Whether a row of `annotations` is the first revision of an answer that counts; its further revisions count with it."""
    return (annotations.c.revision == 1) & ~annotations.c.surplus
