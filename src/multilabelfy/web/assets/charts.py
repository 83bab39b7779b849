"""Serve the script that draws figures live: one file, only where a page asks for it, under an address that names its version."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi import Path as InPath
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse

from multilabelfy.web.access.access import FOR_ANNOTATORS
from multilabelfy.web.access.proxies import at
from multilabelfy.workflows.reporting.live_charts import script_file, script_version
from multilabelfy.workflows.workspace import Workspace

router = APIRouter(dependencies=FOR_ANNOTATORS)
KEEP = {"Cache-Control": "private, max-age=31536000, immutable"}


@router.get("/charts/{version}.js")
def chart_script(request: Request, version: Annotated[str, InPath(max_length=64)]) -> FileResponse:
    """The script of the installed version."""
    path = script_file(request.app.state.workspace, version)
    if path is None:
        raise HTTPException(404)
    return FileResponse(path, media_type="text/javascript; charset=utf-8", headers=KEEP)


def chart_script_url(workspace: Workspace) -> str:
    """The script's address; empty if there is none: figures then stay as they were drawn."""
    version = script_version()
    return at(f"/charts/{version}.js") if script_file(workspace, version) else ""
