"""The figures below the title about the headline by the posterior."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.recomputed.by_posterior import counted, people
from tests.recomputed.figures import Exports, Table
from tests.recomputed.telling import Texts, told
from tests.recomputed.texts.labels import beyond


def headline(of: Exports, _: Table) -> Texts:
    """How many images count by votes, how many by known labels, and how many by neither."""
    n = counted(of)
    texts = [
        told("; {} image(s) of", len(n.by_votes)),
        told("by the votes of {} annotator(s), {} by known labels", len(people(of)), len(n.known)),
        *beyond(of),
    ]
    if n.untouched:
        texts.append(told("{} image(s) that nobody has begun", len(n.untouched)))
    if n.silent:
        texts.append(told("{} other image(s) without a vote", len(n.silent)))
    return texts


TEXTS: Mapping[str, Callable[[Exports, Table], Any]] = {"headline-by-posterior": headline}
