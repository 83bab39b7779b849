"""What is found in shards: their pictures, and what they say of the labels of these."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from multilabelfy.errors import Problem


@dataclass(frozen=True, slots=True)
class Packed:
    """`paths` are sorted; `given` are labels as they are written, by path; `classes` are the labels' names by number, if these are listed.

    `label_problems` matter only to whoever wants these labels, `skippable` ones are of single pictures, which are left out. Rows of
    tables have no folders that could name a label.
    """

    paths: tuple[str, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    classes: tuple[str, ...] = ()
    label_problems: tuple[Problem, ...] = ()
    skippable: tuple[Problem, ...] = ()
    others: Counter[str] = field(default_factory=Counter)
    n_shards: int = 0
    has_tables: bool = False


NOTHING_PACKED = Packed()
