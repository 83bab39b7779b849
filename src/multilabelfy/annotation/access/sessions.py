"""Where somebody is signed in: one session is one browser, with what it called itself."""

from dataclasses import dataclass, field
from datetime import datetime

from multilabelfy.annotation.model import Annotator, Role

BROWSERS = (
    *(("Edg", "Edge"), ("OPR/", "Opera"), ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome")),
    *(("Chromium/", "Chromium"), ("Chrome/", "Chrome"), ("Safari/", "Safari")),
)
SYSTEMS = (
    *(("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iPadOS"), ("CrOS", "ChromeOS")),
    *(("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux")),
)
"""What stands in a user agent, and the name that people know; the first that is found counts, since most browsers name others as well."""


@dataclass(frozen=True, slots=True)
class Device:
    """A browser and its system as people call them; empty where the user agent names none."""

    browser: str = ""
    system: str = ""

    def stored(self) -> str:
        """As one text.

        >>> Device("Firefox", "Linux").stored(), Device.of_text("/Android")
        ('Firefox/Linux', Device(browser='', system='Android'))
        """
        return f"{self.browser}/{self.system}"

    @classmethod
    def of_text(cls, stored: str) -> "Device":
        """What such a text says."""
        browser, _, system = stored.partition("/")
        return cls(browser, system)


@dataclass(frozen=True, slots=True)
class Session:
    """One browser in which a person is signed in. `key` names it, and opens nothing; `seen_at` is exact to the hour."""

    key: str
    device: Device
    address: str
    opened_at: datetime
    seen_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Whose a session is. `role_there` is their role in the dataset that was asked for; None if none was, or they are not in its team.
    `proven_at` is when they last proved who they are."""

    person: Annotator
    role_there: Role | None = None
    proven_at: datetime | None = field(default=None, compare=False)


def device_of(user_agent: str) -> Device:
    """The device that a user agent names.

    >>> device_of("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
    Device(browser='Firefox', system='Linux')
    >>> device_of("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1")
    Device(browser='Safari', system='iOS')
    >>> device_of("curl/8.5")
    Device(browser='', system='')
    """
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    return Device(browser, next((name for sign, name in SYSTEMS if sign in user_agent), ""))
