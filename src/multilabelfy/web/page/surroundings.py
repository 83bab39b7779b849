"""What every handler needs of the application around it: the open workspace and the time now, as dependencies."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Path, Query, Request
from starlette.convertors import IntegerConvertor, register_url_convertor

from multilabelfy.annotation.model import Annotator
from multilabelfy.errors import UnknownDataset
from multilabelfy.web.access.sessions import sees
from multilabelfy.web.page.rendering import Page
from multilabelfy.web.page.targets import address_of as address_of
from multilabelfy.web.page.targets import dataset_in
from multilabelfy.workflows.analysing.analysis_cache import Analyses
from multilabelfy.workflows.owning.filing import present_name
from multilabelfy.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetPage(Page):
    """A page of one dataset. One that shows pictures says where the dataset has none: it `has_pictures` or not."""

    has_pictures: bool = True

    @property
    def address(self) -> str:
        """Where the dataset's pages begin, without a slash at its end."""
        return address_of(self.dataset or "")


async def workspace_of(request: Request) -> Workspace:
    """The workspace that is served."""
    workspace: Workspace = request.app.state.workspace
    return workspace


async def now_of(request: Request) -> datetime:
    """The time now, aware, in UTC."""
    now: datetime = request.app.state.clock()
    return now


async def analyses_of(request: Request) -> Analyses:
    """The newest analyses of the datasets."""
    analyses: Analyses = request.app.state.analyses
    return analyses


def dataset_behind(workspace: Workspace, address: str, person: Annotator | None = None) -> str | None:
    """The dataset whose page this address is, by its present name; None if it is none's, or one that the person may not open."""
    name = dataset_in(address)
    try:
        return None if name is None else present_name(workspace, name, person)
    except UnknownDataset:
        return None


def behind_of(request: Request, back: Annotated[str, Query(max_length=500)] = "") -> str | None:
    """The dataset from whose pages a page of the whole workspace was opened, if the person may open it."""
    dataset = dataset_behind(request.app.state.workspace, back)
    return dataset if dataset and sees(request, dataset) else None


MOST = 2**31 - 1


class ShortNumber(IntegerConvertor):
    """A number in an address, no longer than a database row's number can be: a longer one is a 404."""

    regex = f"[0-9]{{1,{len(str(MOST))}}}"


register_url_convertor("int", ShortNumber())
"""Starlette's own takes as many digits as there are, and fails over those that Python refuses to read."""
Number = Annotated[int, Path(ge=0, le=MOST)]
"""A number in an address; one that no database row can have is not found, instead of an error in the store."""
AssignmentNumber = Annotated[int, Query(ge=0, le=MOST)]
"""The number of an assignment behind the question mark of an address; one that no row can have is refused."""
Served = Annotated[Workspace, Depends(workspace_of)]
Now = Annotated[datetime, Depends(now_of)]
Behind = Annotated[str | None, Depends(behind_of)]
"""The dataset that stays in the header of a page that belongs to none."""
Kept = Annotated[Analyses, Depends(analyses_of)]
