"""Turn what went wrong into a plain page (or JSON for a script): one table maps errors to HTTP statuses."""

import logging
import shlex
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Match

from multilabelfy import errors
from multilabelfy.annotation.model import Annotator
from multilabelfy.web.access.proxies import at
from multilabelfy.web.access.sessions import person_of
from multilabelfy.web.access.tally import count_error
from multilabelfy.web.language.languages import ENGLISH
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.language.viewer import recognise, viewer
from multilabelfy.web.page.border import SECURITY_HEADERS
from multilabelfy.web.page.rendering import Page, render
from multilabelfy.web.page.surroundings import address_of, dataset_behind
from multilabelfy.web.page.targets import local_target, sign_in_target
from multilabelfy.workflows.owning.filing import present_name

STATUS: Mapping[type[errors.MultilabelfyError], int] = {
    errors.AnswerIdUsed: 409,
    errors.AnswerRefused: 422,
    errors.ClusterFailed: 500,
    errors.ExtraMissing: 500,
    errors.FiguresFailed: 500,
    errors.FiguresUnderWay: 503,
    errors.ForbiddenPath: 404,
    errors.InvalidInput: 422,
    errors.InvalidScores: 500,
    errors.InvalidSetting: 500,
    errors.InvitationInvalid: 410,
    errors.MachineFailed: 500,
    errors.MustConfirm: 403,
    errors.NoPictures: 404,
    errors.NotAllowed: 403,
    errors.NotProposed: 409,
    errors.NotSignedIn: 401,
    errors.PicturesUnreachable: 502,
    errors.ScorerFailed: 500,
    errors.ScorerUnavailable: 500,
    errors.StoreReadOnly: 503,
    errors.StoreUnavailable: 503,
    errors.StoreUnreachable: 503,
    errors.TooManyGuesses: 429,
    errors.UnknownBackup: 404,
    errors.UnknownDataset: 404,
    errors.UnknownImage: 404,
    errors.UnknownComment: 404,
    errors.UnknownLabel: 404,
    errors.UnknownPerson: 404,
    errors.UnknownRelease: 404,
    errors.UnknownPlan: 404,
    errors.UnreadablePicture: 404,
    errors.WorkspaceMissing: 500,
}
TITLES: Mapping[int, str] = {
    401: "Please sign in",
    403: "You do not have access to this",
    404: "There is nothing here",
    405: "This cannot be done here",
    409: "This cannot be done now",
    408: "This took too long",
    410: "This link no longer works",
    413: "This is too large",
    422: "Something is not right",
    429: "Too many attempts",
    500: "Something went wrong",
    502: "The pictures cannot be reached now",
    503: "The store cannot be reached",
}
MISSING: Mapping[type[errors.MultilabelfyError], str] = {
    errors.UnknownBackup: "There is no backup of this name here.",
    errors.UnknownDataset: "There is no dataset of this name.",
    errors.UnknownImage: "There is no such image in this dataset.",
    errors.UnknownLabel: "There is no such label in this dataset.",
    errors.UnknownComment: "There is no such comment in this dataset.",
    errors.UnknownPerson: "There is no such person in this workspace.",
    errors.UnknownPlan: "There is no such version of the plan.",
    errors.UnknownRelease: "There is no such release of this dataset.",
}
"""What a page says in other languages, where the error itself, which names what was asked for, speaks English."""
NOT_SAVED = "Nothing can be saved now"
NOT_YET = "The figures are on their way"
LOOK_AGAIN_SECONDS = 10
PRIVATE = frozenset(
    {
        errors.ForbiddenPath,
        errors.InvalidScores,
        errors.InvalidSetting,
        errors.PicturesUnreachable,
        errors.UnreadablePicture,
        errors.WorkspaceMissing,
    }
)
"""Errors whose text may name paths of the machine: their page says less, the server's log all of it."""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorPage(Page):
    """What the error page shows: the status, a sentence on what happened, and messages by field."""

    status: int
    message: str
    problems: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmPage(Page):
    """Ask again who it is: where to go on, and the name for the command line."""

    back: str
    name: str


def add_error_pages(app: FastAPI) -> None:
    """Give every kind of failure its page."""
    app.add_exception_handler(errors.MultilabelfyError, on_known_error)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(RequestValidationError, on_misfit)
    app.add_exception_handler(OSError, on_system_error)
    app.add_exception_handler(Exception, on_surprise)


def status_of(error: errors.MultilabelfyError) -> int:
    """The HTTP status of an error, by the table; a new leaf without a row counts as 500."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def on_known_error(request: Request, error: Exception) -> Response:
    """One of our own errors: its text is written for the person who sees it."""
    if not isinstance(error, errors.MultilabelfyError):
        return on_surprise(request, error)
    if isinstance(error, errors.NotSignedIn) and request.method == "GET" and not wants_json(request):
        return RedirectResponse(sign_in_target(request.url.path), 303)
    if isinstance(error, errors.UnknownDataset) and (moved := present_address(request)):
        return RedirectResponse(moved, 307)
    if isinstance(error, errors.MustConfirm) and not wants_json(request):
        return render("account/confirm.html", _confirming(request), 403)
    problems = error.problems if isinstance(error, errors.AnswerRefused) else {}
    message = "" if type(error) in PRIVATE else str(error)
    if viewer().language != ENGLISH and not wants_json(request):
        message = MISSING.get(type(error), message)
    if isinstance(error, errors.StoreUnavailable):
        return on_disk_fault(request, error, error.why)
    if not message:
        log.warning("%s %s: %s", request.method, told(request.url.path), error)
    title = NOT_YET if isinstance(error, errors.FiguresUnderWay) else ""
    response = failure(request, status_of(error), message, problems, title)
    if isinstance(error, errors.TooManyGuesses):
        response.headers["Retry-After"] = str(error.seconds)
    if isinstance(error, errors.FiguresUnderWay):
        response.headers["Retry-After"] = response.headers["Refresh"] = str(LOOK_AGAIN_SECONDS)
    count_error(request, error)
    return response


def _confirming(request: Request) -> "ConfirmPage":
    """Back leads to the page whose form was sent: a form itself cannot be opened."""
    person: Annotator = request.state.person
    try:
        came_from = urlsplit(request.headers.get("referer", "")).path
    except ValueError:  # it is no address
        came_from = ""
    back = local_target(at(request.url.path) if request.method == "GET" else came_from)
    return ConfirmPage(title="Who is it?", person=person, back=back, name=shlex.quote(person.name))


def on_system_error(request: Request, error: Exception) -> Response:
    """What the system refused: a full or read-only disk is named, anything else is a bug."""
    why = errors.DISK_FAULTS.get(error.errno or 0) if isinstance(error, OSError) else None
    if why is None:
        raise error
    return on_disk_fault(request, error, why)


def on_disk_fault(request: Request, error: Exception, why: str) -> Response:
    """Nothing can be saved, or even read: the page says why, the log where."""
    log.warning("%s %s: %s", request.method, told(request.url.path), error)
    return failure(request, 503, why, title=NOT_SAVED if why else "")


def present_address(request: Request) -> str:
    """Where a page of a renamed dataset is now; empty if it never had this name. 307 repeats the request there, an answer's body too."""
    old, person = str(request.path_params.get("dataset", "")), getattr(request.state, "person", None)
    if person is None:
        return ""
    try:
        new = present_name(request.app.state.workspace, old, person)
    except errors.UnknownDataset:
        return ""
    rest = request.url.path.removeprefix(f"/d/{old}")
    if new == old or rest == request.url.path:
        return ""
    return f"{address_of(new)}{quote(rest)}{'?' if request.url.query else ''}{request.url.query}"


def told(path: str) -> str:
    """A path for the log, without the secret of an invitation link."""
    return "/sign-in/…" if path.startswith("/sign-in/") else path


def on_http_error(request: Request, error: Exception) -> Response:
    """A route or method that does not exist. A page that has a slash too many at its end is where it is without it."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 404 and (page := without_slash(request)):
        return RedirectResponse(page, 307)
    if status == 404:
        recognise_who_asks(request)
    return failure(request, status, "")


def on_misfit(request: Request, error: Exception) -> Response:
    """An address or form that does not parse: a wrong address is a 404, a wrong form a 422 with a message for each field."""
    problems = error.errors() if isinstance(error, RequestValidationError) else []
    if any(problem["loc"][0] == "path" for problem in problems):
        return failure(request, 404, "")
    return failure(request, 422, "", {str(problem["loc"][-1]): str(problem["msg"]) for problem in problems})


def on_surprise(request: Request, error: Exception) -> Response:  # noqa: ARG001 – the server logs the error itself
    """A bug: the traceback goes only to the server's log."""
    response = failure(request, 500, _("The server’s log says more. What was saved before is safe."))
    response.headers.update(SECURITY_HEADERS)  # this handler runs outside of every middleware
    response.headers["X-Request-ID"] = getattr(request.state, "request", "")  # under which the log has it
    return response


def wants_json(request: Request) -> bool:
    """Whether a script sent the request."""
    return "application/json" in request.headers.get("accept", "")


def failure(request: Request, status: int, message: str, problems: Mapping[str, str] | None = None, title: str = "") -> Response:
    """The page of a failure, or its JSON. The title is the status's own unless one is given."""
    title = title or TITLES.get(status, TITLES[500] if status >= 500 else TITLES[404])
    translated = "\n".join(map(_, message.splitlines()))
    fields = {field: _(problem) for field, problem in (problems or {}).items()}
    if wants_json(request):
        return JSONResponse({"error": translated or _(title), "problems": fields}, status)
    person = getattr(request.state, "person", None)
    has_store = status < 500 or title == NOT_YET
    behind = dataset_behind(request.app.state.workspace, request.url.path, person) if person and has_store else None
    page = ErrorPage(title=title, person=person, dataset=behind, status=status, message=translated, problems=fields)
    return render("page/error.html", page, status)


def without_slash(request: Request) -> str:
    """The address of the page that is meant by one with slashes at its end; empty if that is none, or something was sent."""
    path = request.url.path
    meant = path.rstrip("/")
    if request.method not in ("GET", "HEAD") or meant in ("", path) or meant.startswith("//"):
        return ""
    scope = {**request.scope, "path": meant}
    if not any(route.matches(scope)[0] is Match.FULL for route in request.app.routes):
        return ""
    return f"{at(quote(meant))}{'?' if request.url.query else ''}{request.url.query}"


def recognise_who_asks(request: Request) -> None:
    """Whoever is signed in need not sign in to come from a page that does not exist to those that do."""
    if getattr(request.state, "person", None) is not None:
        return
    with suppress(errors.NotSignedIn, errors.StoreUnavailable):
        request.state.person = person_of(request)
        request.scope["shows_people"] = True
        recognise(request.state.person)
