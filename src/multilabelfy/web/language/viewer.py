"""Who looks at the page that is being made: in which language and look, and with which keys of their own.

One `Viewer` accompanies each request. The browser's preference is known from the start, the person's own once they are recognised.
"""

from contextvars import ContextVar
from dataclasses import dataclass, field

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from multilabelfy.annotation.model import Annotator
from multilabelfy.annotation.preferences import THEMES, Preferences
from multilabelfy.web.language.languages import ENGLISH, LANGUAGES, RIGHT_TO_LEFT, best_language

COOKIE = "multilabelfy_language"
"""The language that somebody chose in this browser; it serves the sign-in page, where nobody is recognised yet."""
THEME_COOKIE = "multilabelfy_theme"
"""The same for the look."""


@dataclass(slots=True)
class Viewer:
    """The language of the pages, their theme (empty: as the system prefers), the person's keys, and how many replies to their comments they
    have not read."""

    language: str = ENGLISH
    theme: str = ""
    preferences: Preferences = field(default_factory=Preferences)
    n_unread: int = 0

    @property
    def direction(self) -> str:
        """Which way the language is written: `ltr` or `rtl`."""
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"


_viewer: ContextVar[Viewer] = ContextVar("viewer")


def viewer() -> Viewer:
    """Whoever looks at the page of this request; an English reader with the usual keys outside of one."""
    return _viewer.get(None) or Viewer()


def recognise(person: Annotator) -> None:
    """From now on the page is made for this person."""
    seen = viewer()
    seen.preferences = person.preferences
    seen.theme = person.preferences.theme
    if person.preferences.language in LANGUAGES:
        seen.language = person.preferences.language


class Viewing:
    """Give each request its viewer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, with the language that the browser asks for and the look that was chosen in it."""
        if scope["type"] == "http":
            request = HTTPConnection(scope)
            chosen = request.cookies.get(COOKIE, "")
            language = chosen if chosen in LANGUAGES else best_language(request.headers.get("accept-language", ""))
            theme = request.cookies.get(THEME_COOKIE, "")
            _viewer.set(Viewer(language, theme if theme in THEMES else ""))
        await self.app(scope, receive, send)
