"""Say whether the server lives and whether it can serve, to whatever watches it: without a session, and without a word on the machine.

`/healthz` says whether to start the process anew, and so asks nothing but the process. `/readyz` says whether to send people here. Both
names are Kubernetes'.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import APIRouter, Depends, Request
from starlette.responses import PlainTextResponse

from multilabelfy.web.access.access import anyone
from multilabelfy.workflows.serving.readiness import Hindrance, hindrance
from multilabelfy.workflows.workspace import Workspace

router = APIRouter(dependencies=[Depends(anyone)])
STANDS_FOR = 1.0
"""So many seconds an answer stands: however often strangers ask, the disk is asked once a second."""
FRESH = {"Cache-Control": "no-store"}


@dataclass
class Readiness:
    """What hindered the workspace when it was last looked at; `clock` counts seconds."""

    clock: Callable[[], float] = time.monotonic
    _looked_at: float | None = None
    _hindrance: Hindrance | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, workspace: Workspace) -> Hindrance | None:
        """What hinders the workspace now; None if it can serve."""
        with self._lock:
            if self._looked_at is None or self.clock() - self._looked_at >= STANDS_FOR:
                self._hindrance = hindrance(workspace)
                self._looked_at = self.clock()
            return self._hindrance


@router.get("/healthz")
async def lives() -> PlainTextResponse:
    """The process answers. It asks no database and needs no thread: a server that is only busy is not started anew."""
    return PlainTextResponse("ok\n", headers=FRESH)


@router.get("/readyz")
def is_ready(request: Request) -> PlainTextResponse:
    """Whether people can be served; else 503 with the reason in a word."""
    readiness: Readiness = request.app.state.readiness
    state = readiness.of(request.app.state.workspace)
    return PlainTextResponse(f"{state.value if state else 'ok'}\n", 503 if state else 200, headers=FRESH)
