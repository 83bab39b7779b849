"""How numbers are written in sentences, tables and figures, so that they read alike everywhere."""

from collections.abc import Callable, Sequence

from multilabelfy.statistics.intervals import Interval

MINUS = "−"
ENOUGH_FOR_TWO_DECIMALS = 1_000
MOST_DIGITS = 3
NARROW = 0.05
"""Half an interval's width up to which a title states the value itself."""

FEWEST_TO_NAME = 3
"""Images below which a title names no pair, label or trend: fewer are anecdotes."""


def is_few(n: int) -> bool:
    """Whether so few images or answers make no headline: their share's interval holds nearly everything."""
    return n < FEWEST_TO_NAME


def written(value: float, form: str) -> str:
    """A number by a format specification, with a typographic minus, and without one where it rounds to zero.

    >>> written(-0.001, ".2f"), written(-0.1, ".1%"), written(1234.5, ",.0f")
    ('0.00', '−10.0%', '1,234')
    """
    return format(value, f"z{form}").replace("-", MINUS)


def percent(share: float | None, decimals: int = 1) -> str:
    """
    >>> percent(0.4788, 2), percent(-0.1)
    ('47.88%', '−10.0%')
    """
    return "not defined" if share is None else written(share, f".{decimals}%")


def decimals_of(n_images: int) -> int:
    """Decimals of a percentage: two only where there are enough images for them."""
    return 2 if n_images >= ENOUGH_FOR_TWO_DECIMALS else 1


def count(n: int) -> str:
    """
    >>> count(10000)
    '10,000'
    """
    return f"{n:,}"


def counted(n: int, singular: str, plural: str | None = None) -> str:
    """
    >>> counted(1, "image"), counted(1200, "image")
    ('1 image', '1,200 images')
    """
    return f"{count(n)} {singular if n == 1 else plural or singular + 's'}"


def points(difference: float) -> str:
    """A difference of two percentages, with its sign.

    >>> points(-0.1204)
    '−12.0 points'
    """
    return f"{signed(100 * difference)} points"


def signed(value: float, decimals: int = 1) -> str:
    """A number with its sign; what rounds to zero has none.

    >>> signed(-0.5), signed(0.25, 2), signed(-0.04)
    ('−0.5', '+0.25', '0.0')
    """
    text = written(value, f".{decimals}f")
    return f"+{text}" if value > 0 and float(text) else text


def plain(value: float, decimals: int) -> str:
    """A number with a sign only below zero.

    >>> plain(-0.5, 1), plain(0.25, 2)
    ('−0.5', '0.25')
    """
    return written(value, f".{decimals}f")


def between(interval: Interval | None, decimals: int = 1) -> str:
    """An interval of a share.

    >>> between(Interval(0.4690, 0.4886)), between(Interval(-0.1, 0.1))
    ('46.9–48.9%', '−10.0 to 10.0%')
    """
    if interval is None:
        return "no interval"
    low, high = (written(100 * end, f".{decimals}f") for end in (interval.low, interval.high))
    return f"{from_to(low, high)}%"


def from_to(low: str, high: str) -> str:
    """Two ends as a range; in words where a minus would meet the dash.

    >>> from_to("1", "2"), from_to("−2", "−1")
    ('1–2', '−2 to −1')
    """
    return f"{low} to {high}" if low.startswith(MINUS) or high.startswith(MINUS) else f"{low}–{high}"


def is_narrow(interval: Interval | None) -> bool:
    """Whether an interval allows a title to state the value itself."""
    return interval is not None and interval.high - interval.low <= 2 * NARROW


def share_in_title(share: float, interval: Interval | None, decimals: int) -> str:
    """The share itself if its interval is narrow, else the interval: a title says less where the interval allows less.

    That all or none of a sample are so does not make it certain of the rest: this is told by the interval too.

    >>> share_in_title(0.5, Interval(0.2, 0.8), 1), share_in_title(1.0, Interval(0.996, 1.0), 1)
    ('Between 20% and 80%', 'Between 99.6% and 100.0%')
    """
    if interval is None or (is_narrow(interval) and share not in (0.0, 1.0)):
        return percent(share, decimals)
    ends = ((percent(interval.low, digits), percent(interval.high, digits)) for digits in range(MOST_DIGITS))
    apart = next(((low, high) for low, high in ends if low != high), None)
    return percent(share, decimals) if apart is None else f"Between {apart[0]} and {apart[1]}"


def share_in_words(share: float, interval: Interval | None, decimals: int = 0) -> str:
    """The same within a sentence.

    >>> share_in_words(0.5, Interval(0.2, 0.8))
    'between 20% and 80%'
    """
    text = share_in_title(share, interval, decimals)
    return f"{text[:1].lower()}{text[1:]}"


def number(value: float) -> str:
    """
    >>> number(0.88512), number(13.94), number(-1234.5)
    ('0.885', '13.9', '−1,234')
    """
    return written(value, ",.0f" if abs(value) >= 1000 else ".3g")


def tied(names: Sequence[str]) -> str:
    """Names that share a place, so that none of them is said to come first.

    >>> tied(["cat"]), tied(["cat", "dog"]), tied(["cat", "dog", "cow", "owl"])
    ('cat', 'cat and dog', 'cat, dog and 2 others')
    """
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} others"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


NameOf = Callable[[int], str]
"""From a label's index to what a table or title calls it."""
