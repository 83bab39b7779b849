"""Write numbers, shares, figures and times for people, as their language does; templates use these as filters."""

import math
import re
import shlex
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from multilabelfy.annotation.model import SOMEBODY_WHO_LEFT
from multilabelfy.dataset.definitions import in_a_line
from multilabelfy.disagreement.small_groups import SMALLEST_GROUP
from multilabelfy.statistics.intervals import Measured
from multilabelfy.statistics.shares import Share
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.language.translation import ngettext, pgettext

NOT_DEFINED = "–"
MINUTES_TOLD = 120
"""From so many minutes on, hours are told."""
UNNAMED = ("you", "another expert", SOMEBODY_WHO_LEFT)
NAMELESS = re.compile(r"(annotator|expert) (\d+)")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def number_or_fewer(n: int | None) -> str:
    """A number of images as whoever must stay blind may see it.

    >>> number_or_fewer(5), number_or_fewer(None)
    ('5', 'fewer than 5')
    """
    return _("fewer than %(n)s") % {"n": SMALLEST_GROUP} if n is None else number(n)


def number(n: int) -> str:
    """
    >>> number(12345)
    '12,345'
    """
    return f"{n:,}".replace(",", pgettext("between thousands", ","))


def share(value: float | None) -> str:
    """A share of one as a percentage.

    >>> share(0.4788), share(0.0), share(1.0), share(None)
    ('47.9%', '0%', '100%', '–')
    """
    if value is None:
        return NOT_DEFINED
    figures = f"{100 * value:.0f}" if value in (0.0, 1.0) else _local(f"{100 * value:.1f}")
    return figures + pgettext("behind a percentage", "%")


def percent(n: int) -> str:
    """
    >>> percent(50)
    '50%'
    """
    return number(n) + pgettext("behind a percentage", "%")


def figure(value: float | None) -> str:
    """
    >>> figure(0.4933), figure(-0.1), figure(-0.001), figure(None)
    ('0.49', '−0.10', '0.00', '–')
    """
    return NOT_DEFINED if value is None else _local(f"{round(value, 2) or 0.0:.2f}".replace("-", "−"))


def capital(words: str) -> str:
    """The words with a capital at the beginning; the rest stays as it is, since some languages capitalise nouns.

    >>> capital("etwa 5 Stunden"), capital("")
    ('Etwa 5 Stunden', '')
    """
    return words[:1].upper() + words[1:]


def decimal(value: float | None, places: int = 1) -> str:
    """A number with so many decimals; None and 0 are written as “–”.

    >>> decimal(12.34), decimal(0.98765, 4), decimal(None)
    ('12.3', '0.9877', '–')
    """
    return _local(f"{value:.{places}f}") if value else NOT_DEFINED


def measured(value: Measured, as_share: bool = False) -> str:
    """The interval of a figure as text; empty if there is none."""
    if value.interval is None:
        return ""
    write = share if as_share else figure
    return _("%(low)s to %(high)s") % {"low": write(value.interval.low), "high": write(value.interval.high)}


def share_of(measured: Share) -> str:
    """A share of counted things with Wilson's 95% interval and the count.

    >>> share_of(Share(9, 10)), share_of(Share())
    ('90.0% (59.6% to 98.2%, n = 10)', '–')
    """
    interval = measured.interval
    if interval is None:
        return NOT_DEFINED
    parts = {"value": share(measured.value), "low": share(interval.low), "high": share(interval.high), "n": number(measured.n)}
    return _("%(value)s (%(low)s to %(high)s, n = %(n)s)") % parts


def size(n_bytes: int) -> str:
    """How much room something takes on a disk, in decimal units.

    >>> size(812), size(3_040_000), size(12_300_000_000)
    ('1 kB', '3.0 MB', '12.3 GB')
    """
    if n_bytes < 1_000_000:
        return _("%(n)s kB") % {"n": number(max(1, round(n_bytes / 1000)))}
    if n_bytes < 1_000_000_000:
        return _("%(n)s MB") % {"n": decimal(n_bytes / 1_000_000)}
    return _("%(n)s GB") % {"n": decimal(n_bytes / 1_000_000_000)}


def when(time: datetime | None) -> str:
    """
    >>> when(datetime(2030, 5, 6, 8, 5))
    '6 May 2030, 08:05'
    """
    if time is None:
        return NOT_DEFINED
    parts = {"day": time.day, "month": _(MONTHS[time.month - 1]), "year": time.year, "time": f"{time:%H:%M}"}
    return _("%(day)s %(month)s %(year)s, %(time)s") % parts


def about(duration: timedelta) -> str:
    """A duration in everyday words.

    >>> about(timedelta(minutes=40)), about(timedelta(hours=5)), about(timedelta(days=2.4))
    ('less than an hour', 'about 5 hours', 'about 2 days')
    """
    hours = duration / timedelta(hours=1)
    if hours < 1:
        return _("less than an hour")
    if hours < 36:
        return ngettext("about %(n)s hour", "about %(n)s hours", round(hours)) % {"n": number(round(hours))}
    return ngettext("about %(n)s day", "about %(n)s days", round(hours / 24)) % {"n": number(round(hours / 24))}


def spent(seconds: float) -> str:
    """How long somebody was at work, in minutes or hours.

    >>> spent(0), spent(20), spent(61), spent(9000)
    ('–', 'under a minute', '1 min', '2.5 hours')
    """
    minutes = seconds / 60
    if not seconds:
        return NOT_DEFINED
    if minutes < 1:
        return _("under a minute")
    if minutes < MINUTES_TOLD:
        return _("%(n)s min") % {"n": number(math.floor(minutes + 0.5))}  # as JavaScript rounds
    return _("%(n)s hours") % {"n": decimal(minutes / 60)}


def who(name: str) -> str:
    """A person, or the words that stand for one without a name, such as "annotator 1".

    >>> who("annotator 2"), who("Ada")
    ('annotator 2', 'Ada')
    """
    match = NAMELESS.fullmatch(name)
    if match is None:
        return _(name) if name in UNNAMED else name
    words = _("annotator %(n)s") if match[1] == "annotator" else _("expert %(n)s")
    return words % {"n": match[2]}


def too_long(n: int, most: int) -> str:
    """The refusal of a text with too many characters.

    >>> too_long(2001, 2000)
    'The text has 2,001 characters; at most 2,000 are allowed.'
    """
    return _("The text has %(n)s characters; at most %(most)s are allowed.") % {"n": number(n), "most": number(most)}


def plural(n: int, singular: str, plural_form: str = "") -> str:
    """
    >>> plural(1, "image"), plural(2000, "image"), plural(2, "person", "people")
    ('1 image', '2,000 images', '2 people')
    """
    return ngettext(f"%(n)s {singular}", f"%(n)s {plural_form or singular + 's'}", n) % {"n": number(n)}


def _local(figures: str) -> str:
    return figures.replace(".", pgettext("before decimals", "."))


FILTERS: Mapping[str, Callable[..., str]] = {
    "number": number,
    "number_or_fewer": number_or_fewer,
    "share": share,
    "percent": percent,
    "share_of": share_of,
    "figure": figure,
    "decimal": decimal,
    "measured": measured,
    "size": size,
    "when": when,
    "about": about,
    "spent": spent,
    "capital": capital,
    "plural": plural,
    "translated": _,
    "who": who,
    "in_a_line": in_a_line,
    "shell": shlex.quote,
}
