"""The keys of the refine page: those of the annotate page, where they mean the same."""

from multilabelfy.annotation.study.protocol import AnnotationProtocol
from multilabelfy.refinement.empty_reasons import REASONS_TO_CHOOSE
from multilabelfy.web.page.keys import MISSING, TAKE_BACK, Key, KeyGroup

RELATION = Key(("S", "N", "B"), "several objects; one object with several names; both")


def refine_keys(protocol: AnnotationProtocol) -> tuple[KeyGroup, ...]:
    """The keys that work under this protocol."""
    whole = [
        Key(("0",), f"no label is valid: then 1 to {len(REASONS_TO_CHOOSE)} say why"),
        *([RELATION] if protocol.relation_asked else []),
        Key(("C",), "write a note; Esc leaves it, Ctrl + Enter decides"),
        Key(("Z",), "enlarge; + and − zoom, arrows move, 0 fits, Esc closes"),
        Key(("M",), "a magnifier under the pointer, on or off"),
        Key(("L",), "more light for a dark picture; after the brightest step, back to its own"),
    ]
    return (
        KeyGroup(
            "Labels",
            (
                Key(("1", "2", "3", "4", "5"), "the label in this row is valid, or not"),
                Key(("Shift + 1", "…", "5"), "open this label’s card: definition and larger pictures"),
                Key(("/",), "search all labels, or report one that is missing"),
                MISSING,
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
                Key(("D",), "discuss: a note for other experts, or pass the picture to one; Ctrl + Enter sends the note"),
                TAKE_BACK,
                Key(("?",), "this help"),
            ),
        ),
    )


def quick_keys() -> tuple[KeyGroup, ...]:
    """The keys of the quick mode; where a whole case ends an image, those of the refine page work."""
    return (
        KeyGroup(
            "One label",
            (
                Key(("Y",), "yes, the label is valid here"),
                Key(("N",), "no, it is not"),
                Key(("Z",), "enlarge; + and − zoom, arrows move, Z or Esc closes"),
            ),
        ),
        KeyGroup(
            "On the way",
            (
                Key(("→",), "leave this picture for later; among answered ones, the next"),
                Key(("←",), "back to the previous answer, to look or to change it"),
                Key(("Enter",), "where the whole picture is shown at the end: decide and go on"),
                TAKE_BACK,
                Key(("?",), "this help"),
            ),
        ),
    )
