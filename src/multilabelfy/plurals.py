"""A number with its noun, in the form that fits: "1 image", "2 images"."""

from collections.abc import Sequence


def counted(n: int, noun: str, plural: str = "") -> str:
    """The number and its noun; `plural` where an s at the end is not enough.

    >>> counted(1, "image"), counted(0, "image"), counted(2, "entry", "entries")
    ('1 image', '0 images', '2 entries')
    """
    return f"{n} {noun if n == 1 else plural or noun + 's'}"


def there_are(names: Sequence[str]) -> str:
    """What there is, by name, as a sentence.

    >>> there_are(["a"]), there_are(["a", "b"])
    ("There is 'a'.", "There are 'a', 'b'.")
    """
    listed = ", ".join(f"'{name}'" for name in names)
    return f"There {'is' if len(names) == 1 else 'are'} {listed}."
