"""Render a template from the one context dataclass that it reads, as `page`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from multilabelfy.annotation.model import Annotator, Role
from multilabelfy.annotation.preferences import ACTIONS
from multilabelfy.web.access.proxies import prefix
from multilabelfy.web.assets.script_words import script_words
from multilabelfy.web.assets.static_files import static_url
from multilabelfy.web.language.formatting import FILTERS
from multilabelfy.web.language.translation import gettext, ngettext, pgettext
from multilabelfy.web.language.viewer import viewer
from multilabelfy.web.page.targets import coming_from
from multilabelfy.web.page.text.marked import coded

TEMPLATES = Path(__file__).parents[1] / "templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What every page has: its title, who looks at it, and the dataset and section that the navigation marks."""

    title: str
    person: Annotator | None
    dataset: str | None = None
    section: str = ""

    @property
    def around(self) -> str:
        """The end of an address that leaves the dataset: a page of the whole workspace keeps its header."""
        return coming_from(self.dataset)

    @property
    def is_expert(self) -> bool:
        """Whether the expert's pages may be offered."""
        return self.person is not None and self.person.role in {Role.EXPERT, Role.OWNER}

    @property
    def is_owner(self) -> bool:
        """Whether the owner's pages may be offered."""
        return self.person is not None and self.person.role is Role.OWNER


def render(template: str, page: object, status: int = 200, **headers: str) -> HTMLResponse:
    """The response that shows `page` through `template`; header names are written with underscores for hyphens."""
    return HTMLResponse(rendered(template, page), status, {name.replace("_", "-"): value for name, value in headers.items()})


def rendered(template: str, page: object) -> str:
    """The text that shows `page` through `template`."""
    return environment().get_template(template).render(page=page)


@cache
def environment() -> Environment:
    """The templates, escaped by default; a missing name is an error, never an empty text."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update(prefix=prefix, static=static_url, viewer=viewer, own_key=own_key, own_cap=own_cap, script_words=script_words)
    environment.filters.update(FILTERS, coded=coded)
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(gettext, ngettext, newstyle=True, pgettext=pgettext)  # type: ignore[attr-defined]  # the extension's
    environment.policies["ext.i18n.trimmed"] = True
    return environment


def own_key(usual: str) -> str:
    """The viewer's key for an action, given its usual key; in lower case, as in `data-key`."""
    return viewer().preferences.key(usual)


def own_cap(usual: str) -> str:
    """What a key cap shows: the viewer's own key if the action can be moved ("U"), else the cap itself ("Enter")."""
    return own_key(usual.lower()).upper() if usual.lower() in ACTIONS else usual
