"""However odd a request is, whoever sends it, the server is never at fault (`make fuzz`: 100,000 requests)."""

import random
from collections import Counter
from itertools import islice
from pathlib import Path

from tests.fuzz.requests import ADDRESSES, Address
from tests.fuzz.run import BATCH, ENOUGH, IN_TURN, PAIRS, PEOPLE, Tally, fuzz, turns
from tests.web.conftest import one_loop

__all__ = ["one_loop"]
N_REQUESTS = 500


def test_no_request_is_an_error_of_the_servers(tmp_path: Path) -> None:
    assert len(ADDRESSES) > 100
    seed = random.randrange(10**6)
    tally = fuzz(N_REQUESTS, seed, tmp_path)
    assert tally.wrong == []
    assert tally.statuses[200] > 5
    assert not [pair for pair in first_turns(seed, 0, N_REQUESTS) if not tally.asked[pair]]
    assert {who for _, who in tally.asked} == set(range(len(PEOPLE) + 1))


def test_every_route_has_its_turn_by_everybody() -> None:
    n_batches = -(-ENOUGH // BATCH)
    assert {pair for batch in range(n_batches) for pair in first_turns(7, batch, BATCH)} == set(PAIRS)
    assert len(Tally().unasked) == len(PAIRS)
    assert Tally(asked=Counter(PAIRS)).unasked == []


def first_turns(seed: int, batch: int, n_requests: int) -> list[tuple[Address, int]]:
    """The pairs that have their turn among the first requests of a batch."""
    return [*islice(turns(seed, batch), n_requests // IN_TURN)]
