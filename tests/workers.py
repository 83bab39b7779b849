"""Which worker runs which test: what is made once is made on one worker, not on each.

Any test goes to the worker that is free next, but those that share something stay together: the tests of a file with fixtures of scope
`module`, of the demo, of the browser's scenes, and those on PostgreSQL.
"""

import re
from functools import cache
from pathlib import Path

from xdist.scheduler import LoadScopeScheduling

ROOT = Path(__file__).resolve().parents[1]
ON_POSTGRES = re.compile(r"[\[-]postgres\b")
SHARED = {
    "scenes: Scenes": "scenes",
    "look_at: Callable[..., Page]": "scenes",
    "demo: Demo": "demo",
    "commanded: Commanded": "demo",
}
"""What the tests of several files share, by the parameter that asks for it."""


def shared_with(test: str) -> str:
    """What this test shares with others that the same worker runs; its own name where it shares nothing."""
    file = test.split("::", 1)[0]
    return _shared(file) or ("postgres" if ON_POSTGRES.search(test) else test)


class FilesThatShare(LoadScopeScheduling):  # type: ignore[misc]
    """Hands out single tests, and together those that share what is made once."""

    def _split_scope(self, nodeid: str) -> str:
        return shared_with(nodeid)


@cache
def _shared(file: str) -> str | None:
    """The name of what the tests of this file share with each other, or with those of other files; None where they share nothing."""
    path = ROOT / file
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    shared = next((name for parameter, name in SHARED.items() if f"{parameter}," in text or f"{parameter})" in text), None)
    return shared or (file if 'scope="module"' in text else None)
