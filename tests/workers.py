"""Which worker runs which test: what a module makes once is made on one worker, not on each.

Any test goes to the worker that is free next, but the tests of a file with fixtures of scope `module` go together.
"""

from functools import cache
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parents[1]


class FilesThatShare(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out single tests, and whole files where their tests share what is made once."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.split("::", 1)[0]
        return file if _shares(file) else nodeid


@cache
def _shares(file: str) -> bool:
    path = ROOT / file
    return path.is_file() and 'scope="module"' in path.read_text(encoding="utf-8")
