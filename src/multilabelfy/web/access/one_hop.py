"""Recognise whoever asks on the thread on which their request is handled, instead of on one thread and then on another.

FastAPI runs each dependency that may wait on a thread of its own: a hop to it and back costs half a millisecond of processor time. That is
a fifth of what an answer costs the server, so the routes that an annotator waits for are `OneHop` routes. They are declared like any
other: `person: AnyAnnotator` is the handler's argument, and before the handler's first line the person is recognised or refused.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from inspect import Parameter, Signature, iscoroutinefunction, signature
from typing import Annotated, Any, get_args

from fastapi import Depends, Request
from fastapi.params import Depends as DependsOn
from fastapi.routing import APIRoute

from multilabelfy.annotation.model import Annotator
from multilabelfy.web.access.access import CurrentPerson
from multilabelfy.web.access.sessions import check_has_session

Handler = Callable[..., Any]


class OneHop(APIRoute):
    """The `route_class` of a router whose handlers recognise the person themselves."""

    def __init__(self, path: str, endpoint: Handler, **options: Any) -> None:
        super().__init__(path, recognising(endpoint), **options)


@dataclass(frozen=True, slots=True)
class Asked(CurrentPerson):
    """As `CurrentPerson`, whose role it has, but the handler's thread asks. Whoever has no session at all is refused before their form is
    read."""

    async def __call__(self, request: Request) -> Callable[[], Annotator]:  # type: ignore[override]  # it gives what asks
        """What recognises the person. Raises NotSignedIn if the browser holds no session."""
        check_has_session(request)
        return partial(CurrentPerson(self.role), request)


def recognising(handler: Handler) -> Handler:
    """The handler with each person among its arguments recognised on its own thread, before its first line. Raises TypeError for a handler
    that runs on the event loop, where nothing may wait for the database."""
    if iscoroutinefunction(handler):
        raise TypeError(f"{handler.__name__} is `async def`: a route that recognises its person on its own thread is a plain `def`")
    declared = signature(handler, eval_str=True)
    people = {name: role for name, parameter in declared.parameters.items() if (role := _role_of(parameter))}

    @wraps(handler)
    def handled(**arguments: Any) -> Any:
        return handler(**(arguments | {name: arguments[name]() for name in people}))

    handled.__signature__ = Signature(  # type: ignore[attr-defined]  # what FastAPI reads
        [_asked(parameter, people[name]) if name in people else parameter for name, parameter in declared.parameters.items()]
    )
    return handled if people else handler


def _role_of(parameter: Parameter) -> CurrentPerson | None:
    """What an argument like `person: AnyAnnotator` asks of the person; None for any other argument."""
    asks = [part.dependency for part in get_args(parameter.annotation)[1:] if isinstance(part, DependsOn)]
    return next((asking for asking in asks if isinstance(asking, CurrentPerson)), None)


def _asked(parameter: Parameter, asks: CurrentPerson) -> Parameter:
    return parameter.replace(annotation=Annotated[Callable[[], Annotator], Depends(Asked(asks.role))])
