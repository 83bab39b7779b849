"""The nouns of stage 2: votes, candidates, the screen an answer was made on, and the annotation itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import NewType

from multilabelfy.annotation.preferences import Preferences
from multilabelfy.dataset.model import ImageId
from multilabelfy.proposals.model import DECOY as DECOY
from multilabelfy.proposals.model import GIVEN as GIVEN
from multilabelfy.proposals.model import IMPORTED as IMPORTED
from multilabelfy.proposals.model import Candidate as Candidate

AnnotatorId = NewType("AnnotatorId", int)
AssignmentId = NewType("AssignmentId", int)


SOMEBODY_WHO_LEFT = "somebody who left"


class Role(StrEnum):
    """What a person may do; each role includes the rights of the ones before it."""

    ANNOTATOR = "annotator"
    EXPERT = "expert"
    OWNER = "owner"


class Vote(IntEnum):
    """One annotator's answer about one shown label of one image."""

    NO = 0
    MAYBE = 1
    YES = 2


class Outcome(StrEnum):
    """How an annotation ended: labels were chosen, none fits, the annotator cannot tell, or the picture is unfit."""

    LABELLED = "labelled"
    NONE = "none"
    CANNOT_TELL = "cannot-tell"
    UNFIT = "unfit"


class UnfitReason(StrEnum):
    """Why a picture is not fit to be labelled."""

    BROKEN = "broken"  # it cannot be displayed, or is damaged
    POOR = "poor"  # too blurred, dark or small to say anything
    INAPPROPRIATE = "inappropriate"
    OTHER = "other"  # the note says what


class Relation(StrEnum):
    """How two or more chosen labels relate: several objects, several names of one object, or both kinds."""

    SEVERAL_OBJECTS = "several-objects"
    SEVERAL_NAMES = "several-names"
    BOTH = "both"


class Task(StrEnum):
    """What an assignment asks for."""

    ANNOTATE = "annotate"
    REFINE = "refine"
    CHECK = "check"  # gold or a repeat, among what a person annotates: its answer is not a vote


@dataclass(frozen=True, slots=True)
class Annotator:
    """A person of the workspace, or `placed` in a dataset: `role` is then their role there, and `workspace_role` the other one."""

    id: AnnotatorId
    name: str
    role: Role
    active: bool = True
    preferences: Preferences = field(default_factory=Preferences)
    workspace_role: Role | None = None
    has_left: bool = False

    @property
    def author(self) -> str:
        """What stands beside their comments; whose name was erased is "somebody who left"."""
        return SOMEBODY_WHO_LEFT if self.has_left else self.name

    @property
    def owns_workspace(self) -> bool:
        """Whether they own the workspace, with every dataset in it."""
        return (self.workspace_role or self.role) is Role.OWNER

    def placed(self, role_there: Role | None) -> "Annotator":
        """The same person in a dataset where they have this role; an owner of the workspace owns every dataset."""
        role = Role.OWNER if self.owns_workspace else role_there or self.role
        return replace(self, role=role, workspace_role=self.workspace_role or self.role)


@dataclass(frozen=True, slots=True)
class Screen:
    """Exactly what an annotator was shown: the candidates in their order on the page, the references beside them, and the versions.

    `opened_at` has one entry for each group of `group_size` candidates: when it was opened, or None when it never was.
    """

    candidates: tuple[Candidate, ...]
    group_size: int
    opened_at: tuple[datetime | None, ...]
    exemplars: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    protocol_version: int = 1
    guidelines_version: int = 0
    search_used: bool = False

    def groups(self) -> tuple[tuple[Candidate, ...], ...]:
        """The candidates in the groups of the page."""
        return tuple(self.candidates[start : start + self.group_size] for start in range(0, len(self.candidates), self.group_size))

    def shown(self) -> tuple[int, ...]:
        """The labels whose group was opened, in their order on the page: not shown is not a vote."""
        if None not in self.opened_at:
            return tuple([candidate.label for candidate in self.candidates])
        opened = [group for group, at in zip(self.groups(), self.opened_at, strict=True) if at is not None]
        return tuple([candidate.label for group in opened for candidate in group])


@dataclass(frozen=True, slots=True)
class Annotation:
    """What one annotator submitted for one image. `answers` holds the labels that got a yes or a maybe, `unprompted` ones included.

    Where the annotator cannot tell, what was ticked stands in `unsure_between` and `answers` is empty: that is not a vote. `search_first`
    is what was said by search alone before the candidates came into view; None where they were there from the start.
    """

    client_id: str
    image: ImageId
    annotator: AnnotatorId
    outcome: Outcome
    answers: Mapping[int, Vote]
    screen: Screen
    submitted_at: datetime
    unprompted: tuple[int, ...] = ()
    relation: Relation | None = None
    unsure_between: tuple[int, ...] = ()
    missing_label: str = ""
    unfit_reason: UnfitReason | None = None
    note: str = ""
    present_ms: int = 0
    revision: int = 1
    surplus: bool = False
    search_first: Mapping[int, Vote] | None = None

    @property
    def is_imported(self) -> bool:
        """Whether it was given elsewhere: then nobody knows when, how long it took, and in which order labels were seen."""
        return any(candidate.source == IMPORTED for candidate in self.screen.candidates)

    def chosen(self) -> frozenset[int]:
        """The labels answered yes."""
        return frozenset([label for label, vote in self.answers.items() if vote is Vote.YES])

    def doubted(self) -> frozenset[int]:
        """The labels answered maybe."""
        return frozenset([label for label, vote in self.answers.items() if vote is Vote.MAYBE])
