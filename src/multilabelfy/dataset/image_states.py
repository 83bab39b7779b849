"""What each state of an image means: one row a state, from which every rule, query and page reads it.

A state without its row, or a row without one of its cells, fails when this module is imported: nothing is left to a default. Code that
*moves* an image names the state that it moves it to; code that *asks* uses a group of states from the end of this module.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class ImageState(StrEnum):
    """How far an image is on its way through the four stages."""

    UNPROPOSED = "unproposed"  # waits for proposals
    OPEN = "open"  # wants (more) answers
    AGREED = "agreed"  # its annotators gave the same, non-empty set
    DISPUTED = "disputed"  # waits for an expert: its annotators dispute it, or it was drawn for the audit, which nothing here tells
    REFINED = "refined"  # an expert decided, or several who agree
    CONTESTED = "contested"  # three experts decided differently: an owner may reopen it
    IMPORTED = "imported"  # came with final labels
    UNREADABLE = "unreadable"  # its file is not a readable picture

    @property
    def meaning(self) -> "StateMeaning":
        """Its row of the table."""
        return MEANINGS[self]


class WaitsFor(StrEnum):
    """Who has to act before an image moves on."""

    PROPOSALS = "proposals"
    ANNOTATORS = "annotators"
    EXPERTS = "experts"
    NOBODY = "nobody"


class FinalBy(StrEnum):
    """Whose labels stand as an image's final ones."""

    ANNOTATORS = "annotators"
    EXPERTS = "experts"
    IMPORT = "import"
    NOBODY = "nobody"  # it has no final labels


@dataclass(frozen=True, slots=True, kw_only=True)
class StateMeaning:
    """What holds for every image in one state.

    `is_in_study`: it counts among the study's images, as somebody can say, or has said, what it shows. `is_shown`: its picture can be shown
    to people and models. `is_answerable`: it is among the images that annotators are given or were given. `is_settled`: it has all its
    answers. `is_movable`: an answer that comes now settles it anew. `is_decided`: experts have given all the decisions that it wanted.
    `is_reopenable`: it can be sent to an expert again. `words` name the state on pages, `next_step` is a sentence on what comes next; pages
    translate both.
    """

    waits_for: WaitsFor
    final_by: FinalBy
    is_in_study: bool
    is_shown: bool
    is_answerable: bool
    is_settled: bool
    is_movable: bool
    is_decided: bool
    is_reopenable: bool
    words: str
    next_step: str

    @property
    def is_resolved(self) -> bool:
        """Whether it has final labels, which the next release contains."""
        return self.final_by is not FinalBy.NOBODY

    @property
    def is_contested(self) -> bool:
        """Whether experts gave all their decisions and it has no final labels all the same."""
        return self.is_decided and not self.is_resolved


_ROWS: Mapping[ImageState, StateMeaning] = {
    ImageState.UNPROPOSED: StateMeaning(
        waits_for=WaitsFor.PROPOSALS,
        final_by=FinalBy.NOBODY,
        is_in_study=True,
        is_shown=True,
        is_answerable=False,
        is_settled=False,
        is_movable=False,
        is_decided=False,
        is_reopenable=False,
        words="waits for proposals",
        next_step="It goes to annotators once a model has proposed labels for it.",
    ),
    ImageState.OPEN: StateMeaning(
        waits_for=WaitsFor.ANNOTATORS,
        final_by=FinalBy.NOBODY,
        is_in_study=True,
        is_shown=True,
        is_answerable=True,
        is_settled=False,
        is_movable=True,
        is_decided=False,
        is_reopenable=False,
        words="needs answers",
        next_step="It goes to annotators until it has all its answers.",
    ),
    ImageState.AGREED: StateMeaning(
        waits_for=WaitsFor.NOBODY,
        final_by=FinalBy.ANNOTATORS,
        is_in_study=True,
        is_shown=True,
        is_answerable=True,
        is_settled=True,
        is_movable=True,
        is_decided=False,
        is_reopenable=True,
        words="agreed",
        next_step="Its labels are final: the next release will contain them.",
    ),
    ImageState.DISPUTED: StateMeaning(
        waits_for=WaitsFor.EXPERTS,
        final_by=FinalBy.NOBODY,
        is_in_study=True,
        is_shown=True,
        is_answerable=True,
        is_settled=True,
        is_movable=True,
        is_decided=False,
        is_reopenable=False,
        words="disputed",
        next_step="It goes to an expert, who decides.",
    ),
    ImageState.REFINED: StateMeaning(
        waits_for=WaitsFor.NOBODY,
        final_by=FinalBy.EXPERTS,
        is_in_study=True,
        is_shown=True,
        is_answerable=True,
        is_settled=True,
        is_movable=False,
        is_decided=True,
        is_reopenable=True,
        words="decided by an expert",
        next_step="Its labels are final: the next release will contain them.",
    ),
    ImageState.CONTESTED: StateMeaning(
        waits_for=WaitsFor.NOBODY,
        final_by=FinalBy.NOBODY,
        is_in_study=True,
        is_shown=True,
        is_answerable=True,
        is_settled=True,
        is_movable=False,
        is_decided=True,
        is_reopenable=True,
        words="experts differ",
        next_step="It has no final labels until it is sent to an expert again.",
    ),
    ImageState.IMPORTED: StateMeaning(
        waits_for=WaitsFor.NOBODY,
        final_by=FinalBy.IMPORT,
        is_in_study=True,
        is_shown=True,
        is_answerable=False,
        is_settled=False,
        is_movable=False,
        is_decided=False,
        is_reopenable=False,
        words="imported with labels",
        next_step="Its labels came with the import and are final: nobody is asked about it.",
    ),
    ImageState.UNREADABLE: StateMeaning(
        waits_for=WaitsFor.NOBODY,
        final_by=FinalBy.NOBODY,
        is_in_study=False,
        is_shown=False,
        is_answerable=False,
        is_settled=False,
        is_movable=False,
        is_decided=False,
        is_reopenable=False,
        words="not readable",
        next_step="Nobody gets it. Repair its file and import the folder again.",
    ),
}
MEANINGS: Mapping[ImageState, StateMeaning] = {state: _ROWS[state] for state in ImageState}
"""The row of every state; a state that has none raises KeyError here."""


def states_where(holds: Callable[[StateMeaning], bool]) -> tuple[ImageState, ...]:
    """The states of which this holds, in their own order.

    >>> [state.value for state in states_where(lambda state: state.waits_for is WaitsFor.EXPERTS)]
    ['disputed']
    """
    return tuple(state for state, meaning in MEANINGS.items() if holds(meaning))


IN_STUDY = states_where(lambda state: state.is_in_study)
OUT_OF_STUDY = states_where(lambda state: not state.is_in_study)
SHOWN = states_where(lambda state: state.is_shown)
UNREADABLE = states_where(lambda state: not state.is_shown)
ANSWERABLE = states_where(lambda state: state.is_answerable)
SETTLED = states_where(lambda state: state.is_settled)
MOVABLE = states_where(lambda state: state.is_movable)
DECIDED = states_where(lambda state: state.is_decided)
CONTESTED = states_where(lambda state: state.is_contested)
REOPENABLE = states_where(lambda state: state.is_reopenable)
RESOLVED = states_where(lambda state: state.is_resolved)
SETTLED_AND_RESOLVED = states_where(lambda state: state.is_settled and state.is_resolved)
FINAL_BY_ANNOTATORS = states_where(lambda state: state.final_by is FinalBy.ANNOTATORS)
FINAL_BY_EXPERTS = states_where(lambda state: state.final_by is FinalBy.EXPERTS)
FINAL_BY_IMPORT = states_where(lambda state: state.final_by is FinalBy.IMPORT)
AWAITING_PROPOSALS = states_where(lambda state: state.waits_for is WaitsFor.PROPOSALS)
AWAITING_ANNOTATORS = states_where(lambda state: state.waits_for is WaitsFor.ANNOTATORS)
AWAITING_EXPERTS = states_where(lambda state: state.waits_for is WaitsFor.EXPERTS)
AWAITING_ANSWERS = (*AWAITING_PROPOSALS, *AWAITING_ANNOTATORS)
"""States of images that lack answers, so that nothing is decided about them yet."""
UNFINISHED = (*AWAITING_ANSWERS, *AWAITING_EXPERTS)
"""Somebody still has to act before they have final labels."""


def n_in(counts: Mapping[ImageState, int], states: tuple[ImageState, ...]) -> int:
    """How many images are in one of these states, by the number in each; a state that is not among the numbers has none."""
    return sum(counts.get(state, 0) for state in states)
