"""The keys of the refine page: those of the annotate page, where they mean the same."""

from multilabelfy.annotation.protocol import AnnotationProtocol
from multilabelfy.web.keys import Key, KeyGroup

RELATION = Key(("S", "N", "B"), "several objects; one object with several names; both")


def refine_keys(protocol: AnnotationProtocol) -> tuple[KeyGroup, ...]:
    """The keys that work under this protocol."""
    whole = [
        Key(("0",), "none is valid: then 1 to 7 say why"),
        *([RELATION] if protocol.relation_asked else []),
        Key(("C",), "write a note; Esc leaves it"),
        Key(("Z",), "enlarge; + and − zoom, arrows move, 0 fits, Esc closes"),
        Key(("M",), "a magnifier under the pointer, on or off"),
        Key(("L",), "more light for a dark picture; at the brightest back to its own"),
    ]
    return (
        KeyGroup(
            "Labels",
            (
                Key(("1", "2", "3", "4", "5"), "the label in this row is valid, or not"),
                Key(("Shift + 1", "…", "5"), "open this label's card: definition and larger pictures"),
                Key(("/",), "search all labels"),
            ),
        ),
        KeyGroup("The whole picture", tuple(whole)),
        KeyGroup(
            "On the way",
            (
                Key(("Enter",), "the next five; at the last one decide and go on"),
                Key(("↓", "↑"), "next five, previous five"),
                Key(("→",), "leave this picture for later; among decided ones, the next"),
                Key(("←",), "back to the previous decision, to look or to revise"),
                Key(("D",), "discuss: a note for other experts, or pass the picture to one"),
                Key(("?",), "this help"),
            ),
        ),
    )
