"""What a person sets for themselves: the language of the pages, and the keys (WCAG 2.1.4: single keys can be switched off and remapped).

A key is one letter of a closed set, so that nothing a person typed ever reaches a page as anything but that letter.
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
    }
)
"""The actions whose key can be changed, by their default key."""
LETTERS = ascii_lowercase


@dataclass(frozen=True, slots=True)
class Preferences:
    """One person's choices. An empty `language` follows the browser; `keys` maps the usual key of an action to the person's own."""

    language: str = ""
    keys_on: bool = True
    keys: Mapping[str, str] = field(default_factory=dict, hash=False)

    def key(self, usual: str) -> str:
        """This person's key for an action: their own choice, else the default."""
        return self.keys.get(usual, usual)


def preferences(language: str, keys_on: bool, keys: Mapping[str, str]) -> Preferences:
    """Preferences from what a form said; keys that are the usual ones are left out.

    Raises InvalidInput, naming every key that is no letter, or that two actions would share.
    """
    chosen = {usual: keys.get(usual, usual).strip().lower() for usual in ACTIONS}
    problems = [Problem(ACTIONS[usual], _problem(key, chosen)) for usual, key in chosen.items() if _problem(key, chosen)]
    if problems:
        raise InvalidInput("Cannot set these keys", problems, "Choose one letter for each, every letter once.")
    return Preferences(language, keys_on, {usual: key for usual, key in chosen.items() if key != usual})


def _problem(key: str, chosen: Mapping[str, str]) -> str:
    if len(key) != 1 or key not in LETTERS:
        return f"“{key}” is not one letter from A to Z"
    others = [ACTIONS[usual] for usual, other in chosen.items() if other == key]
    return f"the key {key.upper()} would mean {' and '.join(others)}" if len(others) > 1 else ""
