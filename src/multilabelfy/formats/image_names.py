"""Find the image that a row of a file means: by its path below the image folder, by its file name if that is unique, or by number."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

SHOWN = 3
N_IMAGENET_VALIDATION = 50_000
NUMBERED = re.compile(r"(.*?)(\d+)(\.[^.]*)?", re.DOTALL)


class Twins(tuple[str, ...]):
    """The paths of several images that share one file name."""


@dataclass(frozen=True)
class ImageNames:
    """The images of a dataset by the names that a file may use; `paths` are POSIX paths below the image folder."""

    paths: tuple[str, ...]

    def find(self, written: str) -> str | Twins | None:
        """The path of the image that is meant, the twins if several fit, or None."""
        name = written.replace("\\", "/").removeprefix("./")
        for form in (written, name, unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)):
            if form in self._known:
                return form
            if form in self._by_file_name:
                twins = self._by_file_name[form]
                return twins[0] if len(twins) == 1 else Twins(twins)
        return None

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(self.paths)

    @cached_property
    def _by_file_name(self) -> dict[str, list[str]]:
        by_name: dict[str, list[str]] = defaultdict(list)
        for path in self.paths:
            by_name[path.rpartition("/")[2]].append(path)
        return dict(by_name)


def what_twins_say(written: str, twins: Twins) -> str:
    """The problem with a file name that several images share."""
    shown = ", ".join(f"'{path}'" for path in twins[:SHOWN])
    more = f" and {len(twins) - SHOWN} more" if len(twins) > SHOWN else ""
    return f"the name '{written}' could be {shown}{more}: write the path"


def in_number_order(paths: Sequence[str]) -> tuple[str, ...] | None:
    """The paths in the order of the numbers at the end of their file names, as in ReaL's list; None if the names are not numbered.

    Names are numbered if they differ in that number alone: `ILSVRC2012_val_00000001.JPEG`, `ILSVRC2012_val_00000002.JPEG`, …
    A picture's folder does not matter.

    >>> in_number_order(["b/val_10.JPEG", "a/val_9.JPEG"]), in_number_order(["a1.png", "b2.png"])
    (('a/val_9.JPEG', 'b/val_10.JPEG'), None)
    """
    matches = [match for path in paths if (match := NUMBERED.fullmatch(path.rpartition("/")[2])) is not None]
    numbers = [int(match[2]) for match in matches]
    if len(matches) < len(paths) or len({match[1] for match in matches}) > 1 or len(set(numbers)) < len(numbers):
        return None
    return tuple(path for _, path in sorted(zip(numbers, paths, strict=True)))


def has_every_number(images: Sequence[str]) -> bool:
    """Whether the numbers in the names run from 1 without a gap, so that entry i (from 0) belongs to number i + 1.

    >>> has_every_number(["v_2.png", "v_1.png"]), has_every_number(["v_0.png", "v_1.png"])
    (True, False)
    """
    return sorted(_numbers_in(images)) == list(range(1, len(images) + 1))


def imagenet_validation_names(n: int = N_IMAGENET_VALIDATION) -> tuple[str, ...]:
    """The file names of ImageNet's validation set, in the order of ReaL's list.

    >>> imagenet_validation_names(2)
    ('ILSVRC2012_val_00000001.JPEG', 'ILSVRC2012_val_00000002.JPEG')
    """
    return tuple(f"ILSVRC2012_val_{number:08d}.JPEG" for number in range(1, n + 1))


def _numbers_in(paths: Iterable[str]) -> list[int]:
    """The numbers at the end of numbered file names, in the order of the paths."""
    return [int(match[2]) for path in paths if (match := NUMBERED.fullmatch(path.rpartition("/")[2]))]
