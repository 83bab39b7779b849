"""The labels page: every label with its names, reference pictures and counts, found by any name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.responses import Response

from multilabelfy.web.access.access import AnyExpert
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import DatasetPage, Kept, Served
from multilabelfy.workflows.owning.labels import LabelOrder, LabelPage, label_page

router = APIRouter(prefix="/d/{dataset}/labels")
ORDERS: Mapping[str, str] = {
    LabelOrder.NUMBER: "by number",
    LabelOrder.DISPUTED: "most disputed first",
    LabelOrder.USED: "most used first",
}
"""The orders, in the reader's words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelsPage(DatasetPage):
    """The labels after `after`, or those that match the query."""

    labels: LabelPage
    query: str
    after: int
    order: LabelOrder
    orders: Mapping[str, str] = field(default_factory=lambda: ORDERS)

    def sorted_by(self, order: str, after: int = -1) -> str:
        """The address of the list in an order."""
        named = {} if order == LabelOrder.NUMBER else {"order": order}
        query = urlencode(named | ({"after": after} if after >= 0 else {}))
        return f"{self.address}/labels{'?' if query else ''}{query}"


@router.get("")
def labels(
    workspace: Served,
    analyses: Kept,
    person: AnyExpert,
    dataset: str,
    q: Annotated[str, Query(max_length=100)] = "",
    after: Annotated[int, Query(ge=-1, le=2**31 - 1)] = -1,
    order: LabelOrder = LabelOrder.NUMBER,
) -> Response:
    """A page of the list."""
    labels = label_page(workspace, dataset, analyses.of(workspace, dataset), person, after=after, text=q, order=order)
    page = LabelsPage(
        title="Labels", person=person, dataset=dataset, section="labels", labels=labels, query=q.strip(), after=after, order=order
    )
    return render("study/labels.html", page)
