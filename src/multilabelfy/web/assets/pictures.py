"""Serve pictures under opaque names: neither path, class folder nor file name reaches a browser, and a picture is kept for good."""

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi import Path as InPath
from starlette.responses import FileResponse

from multilabelfy.web.access.access import FOR_ANNOTATORS, AnyExpert
from multilabelfy.workflows.showing import addresses

router = APIRouter(dependencies=FOR_ANNOTATORS)
KEEP = {"Cache-Control": "private, max-age=31536000, immutable"}


@router.get("/pictures/{token}-{edge}.webp")
def picture(request: Request, token: Annotated[str, InPath(max_length=64)], edge: int) -> FileResponse:
    """An image or a reference picture with a longest edge of at most `edge` pixels."""
    return FileResponse(
        addresses.picture_file(request.app.state.workspace, token, edge, request.state.person), media_type="image/webp", headers=KEEP
    )


@router.get("/pictures/judged/{token}-{edge}.webp")
def picture_to_judge(request: Request, person: AnyExpert, token: Annotated[str, InPath(max_length=64)], edge: int) -> FileResponse:
    """The same of an image for those who decide about it, even if it is withheld from everybody else."""
    return FileResponse(addresses.picture_to_judge(request.app.state.workspace, token, edge, person), media_type="image/webp", headers=KEEP)


@router.get("/strips/{name}-{edge}.webp")
def strip(request: Request, name: Annotated[str, InPath(max_length=400)], edge: int) -> FileResponse:
    """The reference pictures of one label side by side, each `edge` pixels square."""
    return FileResponse(
        addresses.strip_file(request.app.state.workspace, name, edge, request.state.person), media_type="image/webp", headers=KEEP
    )
