"""Serve styles and scripts under an address that names their version, so that a browser keeps them for good.

All style sheets travel as one (`styles.css`), in the order of their names, whatever folder they are in: a page makes one request. So do
the modules of a page's script (`js/annotate/annotate.js` holds all that it imports).
"""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi import Path as InPath
from starlette.exceptions import HTTPException
from starlette.responses import Response

from multilabelfy.web.access.access import anyone
from multilabelfy.web.access.proxies import at
from multilabelfy.web.assets.script_bundles import bundles

STATIC = Path(__file__).parents[1] / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
}
LAYERS = "css/page/layers.css"
IMMUTABLE = "public, max-age=31536000, immutable"

router = APIRouter()


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """Every static file in memory by its path below `static/`, and the version that all of them make together."""

    version: str
    contents: dict[str, bytes]


@router.get("/static/{version}/{path:path}", dependencies=[Depends(anyone)])
def static_file(version: Annotated[str, InPath(max_length=64)], path: str) -> Response:
    """One file; an older version's address still works (a page may have been open during an upgrade), but is not cached."""
    files = static_files()
    if path not in files.contents:
        raise HTTPException(404)
    keep = IMMUTABLE if version == files.version else "no-cache"
    return Response(files.contents[path], headers={"Cache-Control": keep, "Content-Type": TYPES[Path(path).suffix]})


def static_url(path: str) -> str:
    """The address of a static file, for templates: `static("js/annotate/annotate.js")`."""
    files = static_files()
    if path not in files.contents:
        raise LookupError(f"There is no static file '{path}': the ones there are stand in web/static/.")
    return at(f"/static/{files.version}/{path}")


@cache
def static_files() -> StaticFiles:
    """Read all static files once."""
    paths = sorted(path for path in STATIC.rglob("*") if path.is_file() and path.suffix in TYPES)
    contents = {path.relative_to(STATIC).as_posix(): path.read_bytes() for path in paths}
    sheets = [contents.pop(name) for name in sorted(contents, key=_place_among_sheets) if name.startswith("css/")]
    modules = {name: contents.pop(name).decode() for name in list(contents) if name.startswith("js/")}
    scripts = bundles({name.removeprefix("js/"): text for name, text in modules.items()})
    contents |= {f"js/{name}": text.encode() for name, text in scripts.items()}
    contents["styles.css"] = b"\n".join(sheets)
    digest = sha256(b"".join(name.encode() + content for name, content in sorted(contents.items())))
    return StaticFiles(digest.hexdigest()[:12], contents)


def _place_among_sheets(path: str) -> tuple[bool, str]:
    """The sheet that orders the layers comes first, the others by their names."""
    return path != LAYERS, Path(path).name
