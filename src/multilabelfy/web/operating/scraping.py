"""Give the measurements to Prometheus: to whoever names the token, or without one to programs on this machine.

Whatever came through a proxy on this machine did not begin here: it counts as from elsewhere, unless the proxy hides that it is one.
"""

import hmac
from ipaddress import ip_address
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request
from starlette.responses import PlainTextResponse, Response

from multilabelfy.web.access.access import anyone
from multilabelfy.web.operating.health import Readiness
from multilabelfy.workflows.workspace import Workspace

if TYPE_CHECKING:
    from multilabelfy.web.operating.metrics import Metrics

router = APIRouter(dependencies=[Depends(anyone)])
BY_PROXY = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")
TEXT = "text/plain; version=0.0.4; charset=utf-8"
MISSING = 'The server measures nothing: its library is not installed. Run pip install "multilabelfy[metrics]", and start it again.\n'
NOT_HERE = "Measurements are for programs on this machine. Set metrics_token, and name it as a bearer token.\n"


def measuring(workspace: Workspace, readiness: Readiness) -> "Metrics | None":
    """What measures this application from now on; None where the library for it is not installed."""
    try:
        from multilabelfy.web.operating.metrics import Metrics
    except ModuleNotFoundError:
        return None
    metrics = Metrics(workspace, lambda: readiness.of(workspace) is None)
    workspace.watch(metrics)
    return metrics


@router.get("/metrics")
def measurements(request: Request) -> Response:
    """Everything measured, in Prometheus' text format; 401 without the token, 403 from elsewhere if there is none."""
    token, metrics = request.app.state.workspace.settings.metrics_token, request.app.state.metrics
    if token is not None and not _names(request, token):
        return PlainTextResponse("Name the token of the settings.\n", 401, headers={"WWW-Authenticate": "Bearer"})
    if token is None and not _is_from_here(request):
        return PlainTextResponse(NOT_HERE, 403)
    if metrics is None:
        return PlainTextResponse(MISSING, 501)
    return Response(metrics.text(), media_type=TEXT, headers={"Cache-Control": "no-store"})


def _names(request: Request, token: str) -> bool:
    kind, _, named = request.headers.get("authorization", "").partition(" ")
    return kind.lower() == "bearer" and hmac.compare_digest(named.strip().encode(), token.encode())


def _is_from_here(request: Request) -> bool:
    if request.client is None or any(header in request.headers for header in BY_PROXY):
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
