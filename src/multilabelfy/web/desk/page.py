"""The page around a desk: what its frame and its scripts read, whether it annotates or refines."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Query

from multilabelfy.annotation.model import AssignmentId, Relation
from multilabelfy.web.access.proxies import at
from multilabelfy.web.page.keys import KeyGroup
from multilabelfy.web.page.surroundings import MOST, DatasetPage

RELATIONS = (
    (Relation.SEVERAL_OBJECTS.value, "s", "several objects"),
    (Relation.SEVERAL_NAMES.value, "n", "one object, several names"),
    (Relation.BOTH.value, "b", "both"),
)
"""Value, key and name of each relation."""
MOST_HELD = 2000
Held = Annotated[str, Query(max_length=MOST_HELD)]
"""The handles of what an open page has already, with dots between them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPage(DatasetPage):
    """The page around a sheet.

    `workspace` tells a browser's store whose answers it keeps, `element` and `script` are the desk's own, `words` what its scripts say,
    `place` where it is below its section, `query` the filter's, without a question mark.
    """

    workspace: str
    keys: Sequence[KeyGroup]
    element: str
    script: str
    words: Mapping[str, str]
    place: str = ""
    query: str = ""

    @property
    def desk(self) -> str:
        """Where the next sheet is requested, without the filter."""
        return f"{self.kept_below}{self.place}"

    @property
    def kept_below(self) -> str:
        """The address of the pages whose answers a browser keeps together."""
        return f"{self.address}/{self.section}"


def assignments_in(held: str) -> set[AssignmentId]:
    """The assignments that an open page already has; anything that is not an assignment's number is left out."""
    return {AssignmentId(int(handle)) for handle in held.split(".") if is_number(handle)}


def is_number(text: str) -> bool:
    """Whether a text can be the number of a row in the store."""
    return text.isascii() and text.isdecimal() and len(text) <= len(str(MOST)) and int(text) <= MOST


def picture_address(token: str, edge: int) -> str:
    """Where a picture is, by its opaque name, with a longest side of `edge` pixels."""
    return at(f"/pictures/{token}-{edge}.webp")


def judged_picture_address(token: str, edge: int) -> str:
    """The same for experts who decide about it: it answers even where the picture is withheld, and tells nobody whether it is."""
    return at(f"/pictures/judged/{token}-{edge}.webp")
