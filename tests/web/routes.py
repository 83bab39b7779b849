"""Every route of the application that needs a session, with whom it is for: what tests of access walk through."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi.routing import APIRoute

from multilabelfy.annotation.model import Role
from multilabelfy.web.access.access import CurrentPerson, below
from multilabelfy.web.app import PAGES
from multilabelfy.workflows.team.people import RANK


@dataclass(frozen=True)
class Asked:
    """A request to a route: whom the route is for, and its address in a dataset."""

    method: str
    path: str
    role: Role

    def in_dataset(self, dataset: str, assignment: str = "999") -> str:
        """The address, with numbers and names that need not exist: who may ask is decided before."""
        values = {"dataset": dataset, "format": "votes", "file": "x", "token": "x", "edge": "320", "suffix": "csv"}
        return re.sub(r"\{(\w+)(:\w+)?\}", lambda name: {**values, "assignment": assignment}.get(name[1], "999"), self.path)


def _routes() -> Iterator[Asked]:
    for page in PAGES:
        for route in page.router.routes:
            roles = (
                [dependant.call.role for dependant in below(route.dependant) if isinstance(dependant.call, CurrentPerson)]
                if isinstance(route, APIRoute)
                else []
            )
            yield from (Asked(method, route.path, max(roles, key=RANK.__getitem__)) for method in sorted(route.methods) if roles)


ROUTES = list(_routes())
OF_DATASETS = [asked for asked in ROUTES if "{dataset}" in asked.path]
OF_WORKSPACE = [asked for asked in ROUTES if "{dataset}" not in asked.path]
