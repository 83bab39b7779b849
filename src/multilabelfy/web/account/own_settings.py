"""What a person sets for themselves: language and look of their pages, and their keys. Nobody reaches anybody else's from here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from multilabelfy.annotation.model import Annotator
from multilabelfy.annotation.preferences import ACTIONS, THEMES, Preferences, preferences
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.web.access.access import AnyAnnotator
from multilabelfy.web.access.proxies import at
from multilabelfy.web.access.sessions import is_https
from multilabelfy.web.language.languages import LANGUAGES
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.language.viewer import COOKIE, THEME_COOKIE
from multilabelfy.web.page.forms import Form, pressed, text
from multilabelfy.web.page.rendering import Page, render
from multilabelfy.web.page.surroundings import Served, dataset_behind
from multilabelfy.web.page.targets import local_target
from multilabelfy.workflows.team import people
from multilabelfy.workflows.workspace import Workspace

router = APIRouter(prefix="/me")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnSettingsPage(Page):
    """The form as it stands or as it was sent; `problems` where it did not fit; `back` is the page that the person came from."""

    language: str
    theme: str
    keys_on: bool
    keys: Mapping[str, str]
    back: str
    is_saved: bool = False
    problems: Sequence[Problem] = ()

    @property
    def languages(self) -> Mapping[str, str]:
        """What each language calls itself."""
        return LANGUAGES

    @property
    def themes(self) -> Sequence[str]:
        """The looks beside the system's."""
        return THEMES

    @property
    def actions(self) -> Mapping[str, str]:
        """The actions that can be moved to another key, by their usual key."""
        return ACTIONS

    @property
    def wrong(self) -> list[tuple[str, str, str]]:
        """The fields of keys that do not fit, in their order: id, name, and why."""
        fields = {does: f"key-{usual}" for usual, does in ACTIONS.items()}
        return [(fields[problem.where], _(problem.where), problem.what) for problem in self.problems]


@router.get("")
def own_settings(workspace: Served, person: AnyAnnotator, back: str = "/", saved: bool = False) -> Response:
    """The person's settings."""
    return render("account/own-settings.html", _page(workspace, person, person.preferences, back, is_saved=saved))


@router.post("")
def save(request: Request, workspace: Served, person: AnyAnnotator, form: Form) -> Response:
    """Save them; language and look are also kept in the browser, for the pages before signing in."""
    do, back = pressed(form, "save", "usual"), local_target(text(form, "back"))
    language = text(form, "language") if text(form, "language") in LANGUAGES else ""
    theme = text(form, "theme")
    keys = {usual: text(form, f"key-{usual}") or usual for usual in ACTIONS}
    if do == "usual":
        keys = {}
    try:
        chosen = preferences(language, bool(text(form, "keys_on")), keys, theme)
    except InvalidInput as refused:
        sent = Preferences(language, bool(text(form, "keys_on")), keys, theme)
        return render("account/own-settings.html", _page(workspace, person, sent, back, problems=refused.problems), 422)
    people.set_preferences(workspace, person, chosen)
    response = RedirectResponse(f"{at('/me')}?{urlencode({'saved': 'true', 'back': back})}", 303)
    _keep_in_browser(request, response, COOKIE, chosen.language)
    _keep_in_browser(request, response, THEME_COOKIE, chosen.theme)
    return response


def _keep_in_browser(request: Request, response: Response, cookie: str, value: str) -> None:
    if value:
        response.set_cookie(cookie, value, max_age=400 * 86_400, httponly=True, samesite="lax", path=at("/"), secure=is_https(request))
    else:
        response.delete_cookie(cookie, path=at("/"))


def _page(
    workspace: Workspace,
    person: Annotator,
    shown: Preferences,
    back: str,
    *,
    is_saved: bool = False,
    problems: Sequence[Problem] = (),
) -> OwnSettingsPage:
    return OwnSettingsPage(
        title=_("Your settings"),
        person=person,
        dataset=dataset_behind(workspace, back, person),
        section="own-settings",
        language=shown.language,
        theme=shown.theme,
        keys_on=shown.keys_on,
        keys={usual: shown.key(usual) for usual in ACTIONS},
        back=local_target(back),
        is_saved=is_saved,
        problems=problems,
    )
