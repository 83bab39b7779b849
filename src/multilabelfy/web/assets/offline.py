"""Serve the service worker that keeps the annotate page working without a connection.

Its address lies at the root, since a worker may look after the pages below its own folder alone. The version of all static files stands
above its text: other files make another worker, which drops what the earlier one kept.
"""

from fastapi import APIRouter, Depends
from starlette.responses import Response

from multilabelfy.web.access.access import anyone
from multilabelfy.web.assets.static_files import static_files

router = APIRouter(dependencies=[Depends(anyone)])


@router.get("/service-worker.js")
def service_worker() -> Response:
    """The worker of this version; a browser asks for it with each visit."""
    files = static_files()
    text = f'const VERSION = "{files.version}";\n'.encode() + files.contents["js/saving/worker.js"]
    return Response(text, headers={"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "no-cache"})
