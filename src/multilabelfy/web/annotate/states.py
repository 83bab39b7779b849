"""What the annotate page shows when there is no picture: why, and the next step."""

from collections.abc import Sequence
from dataclasses import dataclass

from multilabelfy.annotation.assignment import Desk
from multilabelfy.annotation.model import Annotator, Role
from multilabelfy.web.page.surroundings import DatasetPage
from multilabelfy.workflows.annotating.desk import Work
from multilabelfy.workflows.annotating.waiting import HeldByOthers

WORDS = {
    Desk.PAUSED: (
        "The study is paused",
        "An owner has paused it. What you answered is saved.",
        "Come back later, or ask an owner when it will continue.",
    ),
    Desk.NO_PICTURES: (
        "No pictures",
        "This dataset was imported without pictures: nobody can be asked about it.",
        "",
    ),
    Desk.UNPROPOSED: (
        "No picture is ready yet",
        "A model proposes labels first; that has not begun for this study.",
        "An owner starts it. Come back after that.",
    ),
    Desk.WAITING: (
        "Nothing to do now",
        "Others are looking at the last pictures, proposals for more are on their way, or some may be asked about again soon.",
        "If somebody leaves a picture, it will come to you.",
    ),
    Desk.FINISHED: (
        "Finished: thank you",
        "Every picture that you could answer has its answers.",
        "You can go over your answers; a revision keeps the earlier one in the history.",
    ),
}

OWNERS_STEP = "Start it with `multilabelfy propose`: the overview has the whole command."
"""What an owner does where others wait for proposals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatePage(DatasetPage):
    """A state with its next step (empty: none), the person's own figures, and the images that others `held` on their screens."""

    work: Work
    message: str
    next_step: str
    minutes: int
    may_look_again: bool
    held: Sequence[HeldByOthers] = ()

    @property
    def seconds_each(self) -> int:
        """Average seconds per picture, computed from whole minutes."""
        return round(60 * self.minutes / max(self.work.progress.n_answered, 1))


def page_of(work: Work, person: Annotator, minutes: int, held: Sequence[HeldByOthers] = ()) -> StatePage:
    """The page of a desk without work. A desk that has work but hands out none is waiting (another page has all of it)."""
    desk = work.desk if work.desk in WORDS else Desk.WAITING
    title, message, next_step = WORDS[desk]
    if desk is Desk.FINISHED and not work.progress.n_answered:
        next_step = ""
    return StatePage(
        title=title,
        person=person,
        dataset=work.dataset.name,
        section="annotate",
        work=work,
        message=message,
        next_step=OWNERS_STEP if desk is Desk.UNPROPOSED and person.role is Role.OWNER else next_step,
        minutes=minutes,
        may_look_again=desk not in (Desk.FINISHED, Desk.NO_PICTURES),
        held=held,
    )
