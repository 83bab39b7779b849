"""What a person sets for themselves: language and look of the pages, and the keys.

Single keys can be switched off and remapped (WCAG 2.1.4). A key is one letter of a closed set, so that nothing a person typed ever reaches
a page as anything but that letter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import ascii_lowercase
from types import MappingProxyType

from multilabelfy.errors import InvalidInput, Problem

ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "u": "cannot tell",
        "f": "unfit picture",
        "s": "several objects",
        "n": "one object, several names",
        "b": "both kinds",
        "c": "write a note",
        "z": "enlarge the picture",
        "d": "discuss with other experts",
        "y": "valid, in the quick mode",
        "m": "magnifier",
        "l": "more light",
        "t": "take back the last answer",
    }
)
"""The actions whose key can be changed, by their default key."""
LETTERS = ascii_lowercase
THEMES = ("light", "dark")
"""How pages can look whatever the system prefers."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """One person's choices. An empty `language` follows the browser, an empty `theme` the system; `keys` maps the usual key of an action to
    the person's own."""

    language: str = ""
    keys_on: bool = True
    keys: Mapping[str, str] = field(default_factory=dict, hash=False)
    theme: str = ""

    def key(self, usual: str) -> str:
        """This person's key for an action: their own choice, else the default.

        An action that came after the choice gives way where its default was chosen for another: it has the next free letter.

        >>> Preferences(keys={"u": "t"}).key("t")
        'a'
        """
        if usual in self.keys or usual not in self.keys.values():
            return self.keys.get(usual, usual)
        taken = {*ACTIONS, *self.keys.values()}
        return next(letter for letter in LETTERS if letter not in taken)


def preferences(language: str, keys_on: bool, keys: Mapping[str, str], theme: str = "") -> Preferences:
    """Preferences from what a form said; keys that are the usual ones are left out, and so is an unknown theme.

    Raises InvalidInput, naming every key that is not a letter, or that two actions would share.
    """
    chosen = {usual: keys.get(usual, usual).strip().lower() for usual in ACTIONS}
    problems = [Problem(ACTIONS[usual], _problem(key, chosen)) for usual, key in chosen.items() if _problem(key, chosen)]
    if problems:
        raise InvalidInput("Cannot set these keys", problems, "Choose one letter for each, every letter once.")
    return Preferences(language, keys_on, {usual: key for usual, key in chosen.items() if key != usual}, theme if theme in THEMES else "")


def _problem(key: str, chosen: Mapping[str, str]) -> str:
    if len(key) != 1 or key not in LETTERS:
        return f"“{key}” is not one letter from A to Z"
    others = [ACTIONS[usual] for usual, other in chosen.items() if other == key]
    return f"the key {key.upper()} would mean {' and '.join(others)}" if len(others) > 1 else ""
