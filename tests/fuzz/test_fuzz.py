"""However odd a request is, whoever sends it, the server is never at fault (`make fuzz`: 100,000 requests)."""

import random
from pathlib import Path

from tests.fuzz.requests import ADDRESSES
from tests.fuzz.run import fuzz
from tests.web.conftest import one_loop

__all__ = ["one_loop"]
N_REQUESTS = 500


def test_no_request_is_an_error_of_the_servers(tmp_path: Path) -> None:
    assert len(ADDRESSES) > 100
    statuses, wrong = fuzz(N_REQUESTS, random.randrange(10**6), tmp_path)
    assert wrong == []
    assert statuses[200] > 20
