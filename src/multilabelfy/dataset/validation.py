"""Find every problem of a dataset before any of it is stored, and find labels by what people write for them."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from multilabelfy.dataset.model import DatasetDescription, LabelSpace
from multilabelfy.errors import Problem
from multilabelfy.plurals import counted

LONGEST_KEY = 200
LabelFinder = Callable[[str], int | None]


def label_finder(space: LabelSpace, *, indices_first: bool = False) -> LabelFinder:
    """How a written label becomes an index; None where there is no such label.

    In tables and folder names a key comes first, and a number is an index only where no key is a number. In files that hold
    indices (`indices_first`, as the paper's JSON) a number is always an index, and anything else a key.
    """
    keys = space.index_by_key
    numbers_are_indices = indices_first or not any(_is_number(key) for key in keys)

    def find(text: str) -> int | None:
        if numbers_are_indices and _is_number(text):
            return int(text) if int(text) < len(space) else None
        return keys.get(text)

    return find


def unknown_label(text: str, space: LabelSpace) -> str:
    """The message about an unknown label, with the key that was probably meant."""
    meant = [label.key for label in space.labels if text.casefold() in (label.key.casefold(), *(name.casefold() for name in label.names))]
    if meant:
        return f"there is no label '{text}' in {space.name}; its key is {' or '.join(meant[:3])}"
    if _is_number(text):
        return f"there is no label {text} in {space.name}: its {len(space)} labels have the indices 0 to {len(space) - 1}"
    return f"there is no label '{text}' in {space.name}"


def validate(description: DatasetDescription) -> tuple[Problem, ...]:
    """Every problem that keeps a dataset from being stored; `where` is an image's path or a label's key."""
    return (*_label_problems(description.labels), *_image_problems(description), *_exemplar_problems(description))


def _label_problems(space: LabelSpace) -> Iterator[Problem]:
    where = f"labels {space.name}"
    if len(space) < 2:
        yield Problem(where, f"it has {counted(len(space), 'label')}, and at least two are needed to choose between")
    for key, times in Counter(label.key for label in space.labels).items():
        if times > 1:
            yield Problem(where, f"the key '{key}' stands {times} times")
        if not key.strip() or len(key) > LONGEST_KEY or not _is_storable(key):
            yield Problem(where, f"the key {key[:60]!r} is empty, longer than {LONGEST_KEY} characters or not text")


def _image_problems(description: DatasetDescription) -> Iterator[Problem]:
    if not description.images:
        yield Problem(description.name, "there are no pictures in it")
    yield from _repeated((image.path for image in description.images), "the image is there")
    for image in description.images:
        if not _is_storable(image.path):
            yield Problem(repr(image.path), "the file's name is not valid text (UTF-8): rename it")
        if image.given_label is not None and not 0 <= image.given_label < len(description.labels):
            yield Problem(image.path, unknown_label(str(image.given_label), description.labels))


def _exemplar_problems(description: DatasetDescription) -> Iterator[Problem]:
    for exemplar in description.exemplars:
        if not 0 <= exemplar.label < len(description.labels):
            yield Problem(exemplar.path, unknown_label(str(exemplar.label), description.labels))
        if not _is_storable(exemplar.path):
            yield Problem(repr(exemplar.path), "the file's name is not valid text (UTF-8): rename it")


def _repeated(names: Iterable[str], what: str) -> Iterator[Problem]:
    for name, times in Counter(names).items():
        if times > 1:
            yield Problem(name, f"{what} {times} times")


def _is_storable(text: str) -> bool:
    """Whether a database can hold it: no half characters from a file name in another encoding, no NUL."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def natural_order(names: Sequence[str]) -> list[str]:
    """Sorted; by value where all are numbers, so that the class folders 0, 1, …, 10 get their own numbers as indices.

    >>> natural_order(["10", "9", "1"]), natural_order(["b10", "b9"])
    (['1', '9', '10'], ['b10', 'b9'])
    """
    return sorted(names, key=lambda name: (int(name), name)) if all(map(_is_number, names)) else sorted(names)
