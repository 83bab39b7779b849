"""Recognise whoever asks on the thread on which their request is handled, instead of on one thread and then on another.

FastAPI runs each dependency that may wait on a thread of its own: a hop to it and back costs half a millisecond of processor time. That is
a fifth of what an answer costs the server, so the routes that an annotator waits for are `OneHop` routes. They are declared like any
other: `person: AnyAnnotator` is the handler's argument, and before the handler's first line the person is recognised or refused.

Where a handler asks for nothing but the request, what dependencies make of the request alone, and parts of the path, its arguments are
gathered here, in the order in which they are declared: FastAPI needs ten times as long, since it is prepared for everything.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial, wraps
from inspect import Parameter, Signature, iscoroutinefunction, signature
from typing import Annotated, Any, get_args, get_origin

from fastapi import Depends, Request
from fastapi.params import Depends as DependsOn
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from multilabelfy.annotation.model import Annotator
from multilabelfy.web.access.access import CurrentPerson
from multilabelfy.web.access.desk_thread import DeskThread
from multilabelfy.web.access.sessions import check_has_session

Handler = Callable[..., Any]
Ask = Callable[[Request], Awaitable[Any]]


class OneHop(APIRoute):
    """The `route_class` of a router whose handlers recognise the person themselves."""

    def __init__(self, path: str, endpoint: Handler, **options: Any) -> None:
        handled = recognising(endpoint)
        super().__init__(path, handled, **options)
        if not self.dependencies and (direct := _direct_route(handled, self.param_convertors, otherwise=self.app)):
            self.app = replace(direct, takes_turns=self.methods == {"POST"})


@dataclass(frozen=True, slots=True)
class _DirectRoute:
    """A route whose arguments are gathered here: `parts` of its path, and what is `asked` of the request. A part that does not fit goes
    FastAPI's way, which says what is wrong. What is posted takes turns on the process's `DeskThread`."""

    handled: Handler
    parts: Mapping[str, TypeAdapter[Any]]
    asked: Mapping[str, Ask]
    otherwise: ASGIApp
    takes_turns: bool = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        try:
            parts = {name: fitting.validate_python(scope["path_params"][name]) for name, fitting in self.parts.items()}
        except ValidationError:
            await self.otherwise(scope, receive, send)
            return
        asked = {name: await ask(request) for name, ask in self.asked.items()}
        handle: Callable[[], Response] = partial(self.handled, **parts, **asked)
        desk: DeskThread = request.app.state.desk_thread
        response = await desk.run(handle) if self.takes_turns else await run_in_threadpool(handle)
        await response(scope, receive, send)


@dataclass(frozen=True, slots=True)
class AskedPerson(CurrentPerson):
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


def _direct_route(handled: Handler, in_path: Collection[str], otherwise: ASGIApp) -> _DirectRoute | None:
    """The route whose arguments are gathered here; None if one of them needs FastAPI."""
    parameters = signature(handled).parameters
    parts = {name: TypeAdapter(parameters[name].annotation) for name in in_path}
    asked = {name: _ask(parameter.annotation) for name, parameter in parameters.items() if name not in in_path}
    known = {name: ask for name, ask in asked.items() if ask is not None}
    return _DirectRoute(handled, parts, known, otherwise) if known.keys() == asked.keys() else None


def _ask(annotation: Any) -> Ask | None:
    """What makes an argument of the request alone, on the event loop: `Served`, a form, the request itself."""
    if annotation is Request:
        return _itself
    _, *declared = get_args(annotation) if get_origin(annotation) is Annotated else (None,)
    ask = declared[0].dependency if len(declared) == 1 and isinstance(declared[0], DependsOn) else None
    if ask is None or not any(map(iscoroutinefunction, (ask, type(ask).__call__))):
        return None
    return ask if [each.annotation for each in signature(ask, eval_str=True).parameters.values()] == [Request] else None


async def _itself(request: Request) -> Request:
    return request


def _role_of(parameter: Parameter) -> CurrentPerson | None:
    """What an argument like `person: AnyAnnotator` asks of the person; None for any other argument."""
    asks = [part.dependency for part in get_args(parameter.annotation)[1:] if isinstance(part, DependsOn)]
    return next((asking for asking in asks if isinstance(asking, CurrentPerson)), None)


def _asked(parameter: Parameter, asks: CurrentPerson) -> Parameter:
    return parameter.replace(annotation=Annotated[Callable[[], Annotator], Depends(AskedPerson(asks.role))])
