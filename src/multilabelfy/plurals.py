"""A number with its noun, in the form that fits: "1 image", "2 images"."""


def counted(n: int, noun: str, plural: str = "") -> str:
    """The number and its noun; `plural` where an s at the end is not enough.

    >>> counted(1, "image"), counted(0, "image"), counted(2, "entry", "entries")
    ('1 image', '0 images', '2 entries')
    """
    return f"{n} {noun if n == 1 else plural or noun + 's'}"
