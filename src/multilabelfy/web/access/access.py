"""State on each route who may use it: nobody may, unless the route names a role or `anyone`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.convertors import IntegerConvertor, register_url_convertor

from multilabelfy.annotation.model import Annotator, Role
from multilabelfy.errors import NotAllowed, UnknownDataset
from multilabelfy.web.access import access  # noqa: F401 – before the first route is declared
from multilabelfy.web.access.sessions import signed_in
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.language.viewer import recognise, viewer
from multilabelfy.workflows.owning.comments import n_unread
from multilabelfy.workflows.team.people import may

KEPT_WITHOUT_A_CONNECTION = "/d/{dataset}/annotate"
"""Pages that a browser keeps to work without a connection. All others that need a session may show people's data, and are kept nowhere."""


def anyone() -> None:
    """The dependency of a route that needs no session, such as the sign-in page: `dependencies=[Depends(anyone)]`."""


@dataclass(frozen=True, slots=True)
class CurrentPerson:
    """The dependency of a route that needs a session of this role or a higher one; gives the person."""

    role: Role

    def __call__(self, request: Request) -> Annotator:
        """The signed-in person, with their role in the dataset that the address names.

        Raises NotSignedIn, NotAllowed where the role does not suffice, and UnknownDataset for somebody outside the dataset's team, in the
        words for one that does not exist.
        """
        session, dataset = signed_in(request), request.path_params.get("dataset")
        request.state.person, request.state.signed_in = session.person, session
        if dataset is not None and not session.role_there and not session.person.owns_workspace:
            raise UnknownDataset(_("There is no dataset of this name here."))
        request.state.person = person = session.person if dataset is None else session.person.placed(session.role_there)
        request.scope["shows_people"] = not request.scope["route"].path.startswith(KEPT_WITHOUT_A_CONNECTION)
        recognise(person)
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            viewer().n_unread = n_unread(request.app.state.workspace, person)
        if not may(person, self.role):
            names = {"role": _(self.role.value), "name": person.name, "own": _(person.role.value)}
            raise NotAllowed(_("This page is for the role '%(role)s', and %(name)s has the role '%(own)s'. Ask an owner.") % names)
        return person


def current_person(role: Role) -> CurrentPerson:
    """The dependency for a role, to be used in `Depends`."""
    return CurrentPerson(role)


AnyAnnotator = Annotated[Annotator, Depends(current_person(Role.ANNOTATOR))]
AnyExpert = Annotated[Annotator, Depends(current_person(Role.EXPERT))]
AnyOwner = Annotated[Annotator, Depends(current_person(Role.OWNER))]
FOR_ANNOTATORS = [Depends(current_person(Role.ANNOTATOR))]
FOR_OWNERS = [Depends(current_person(Role.OWNER))]
"""For `APIRouter(dependencies=...)` of pages whose handlers need no person."""


def undeclared_routes(router: APIRouter) -> list[str]:
    """The routes of a router that do not state who may use them."""
    return [
        f"{sorted(route.methods or ())} {route.path}"
        for route in router.routes
        if isinstance(route, APIRoute) and not any(is_declaration(dependant) for dependant in below(route.dependant))
    ]


def is_declaration(dependant: Dependant) -> bool:
    """Whether a dependency states who may use a route."""
    return dependant.call is anyone or isinstance(dependant.call, CurrentPerson)


def below(dependant: Dependant) -> Iterator[Dependant]:
    """A dependency and everything it depends on."""
    yield dependant
    for inner in dependant.dependencies:
        yield from below(inner)


class RowNumber(IntegerConvertor):
    """What `:int` in a route's path stands for: at most nine digits.

    Python refuses to read 5,000 digits as a number, and databases refuse 2^63: either would otherwise be an internal error.
    """

    regex = "[0-9]{1,9}"


register_url_convertor("int", RowNumber())
