"""The keys of the annotate page, one closed set, used by the page's key caps, its help and its script.

A control carries its key as `data-key`; the script presses the control. No key that belongs to the browser, none with Ctrl, Alt
or Meta, apart from Ctrl + Enter in a text.
"""

from dataclasses import dataclass, replace

from multilabelfy.annotation.study.protocol import AnnotationProtocol


@dataclass(frozen=True, slots=True)
class Key:
    """One or more key caps and what they do."""

    caps: tuple[str, ...]
    does: str
    only_if: str = ""


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """Keys that belong together in the help."""

    name: str
    keys: tuple[Key, ...]


MISSING = Key(("Shift + Enter",), "in the search: report what you typed as missing from this set (Enter, if no label is found)")

TAKE_BACK = Key(("T",), "take back the last answer, to change it, from wherever you are")

ANNOTATE_KEYS = (
    KeyGroup(
        "Labels",
        (
            Key(("1", "2", "3", "4", "5"), "choose the label in this row, or take it back"),
            Key(("1", "1"), "twice: maybe", only_if="maybe"),
            Key(("Shift + 1", "…", "5"), "open this label’s card: definition and larger pictures"),
            Key(("/",), "search all labels, or report one that is missing"),
            MISSING,
        ),
    ),
    KeyGroup(
        "The whole picture",
        (
            Key(("0",), "no label fits"),
            Key(("U",), "cannot tell"),
            Key(("F",), "unfit picture: then 1 to 4 say why"),
            Key(("S", "N", "B"), "several objects; one object with several names; both", only_if="relation"),
            Key(("C",), "write a note; Esc leaves it, Ctrl + Enter saves the answer"),
            Key(("Z",), "enlarge; + and − zoom, arrows move, 0 fits, Esc closes"),
            Key(("M",), "a magnifier under the pointer, on or off"),
            Key(("L",), "more light for a dark picture; after the brightest step, back to its own"),
        ),
    ),
    KeyGroup(
        "On the way",
        (
            Key(("Enter",), "the next five; at the last one save and go on"),
            Key(("↓", "↑"), "next five, previous five"),
            Key(("→",), "leave this picture for later; among answered ones, the next"),
            Key(("←",), "back to the previous picture, to look or to revise"),
            TAKE_BACK,
            Key(("?",), "this help"),
        ),
    ),
)


def keys_for(protocol: AnnotationProtocol) -> tuple[KeyGroup, ...]:
    """The keys that work under this protocol."""
    applies = {"": True, "maybe": protocol.maybe_allowed, "relation": protocol.relation_asked}
    return tuple(replace(group, keys=tuple(key for key in group.keys if applies[key.only_if])) for group in ANNOTATE_KEYS)
