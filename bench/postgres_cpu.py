"""The processor time of a PostgreSQL server on this machine, with all its processes: what a step costs there is no less real."""

from functools import cache
from pathlib import Path

import psutil
from sqlalchemy import create_engine, text


def cpu_of_server(url: str | None) -> float:
    """Seconds of processor time so far of the server behind an address, its processes that have ended included; 0 without an address."""
    if url is None:
        return 0.0
    postmaster = psutil.Process(_postmaster(url))
    ended, own = postmaster.cpu_times(), [postmaster, *postmaster.children()]
    alive = [process.cpu_times() for process in own]
    return float(ended.children_user + ended.children_system + sum(used.user + used.system for used in alive))


@cache
def _postmaster(url: str) -> int:
    """The number of the server's first process, which stands in a file of its folder."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as c:
        folder: str = c.execute(text("SHOW data_directory")).scalar_one()
    engine.dispose()
    return int((Path(folder) / "postmaster.pid").read_text().split()[0])
