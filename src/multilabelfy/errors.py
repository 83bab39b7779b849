"""One root error and one leaf for each thing that can go wrong; a message says what was tried, the value, and the way out."""

from collections.abc import Sequence
from dataclasses import dataclass

GUESSED = "Too many links were tried that do not work. Wait a little, then open your invitation link once more."
ID_USED = "This was not saved: its id is that of an answer that was stored before with other content. Open the page and answer again."


class MultilabelfyError(Exception):
    """The root: whatever Multilabelfy raises on purpose is one of these, and its text is written for the person who sees it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: `where` is a file, optionally with `:line`, and `what` a sentence."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class InvalidInput(MultilabelfyError):
    """An input has problems; all of them are listed together in `problems`."""

    def __init__(self, attempt: str, problems: Sequence[Problem], way_out: str = "") -> None:
        self.attempt = attempt
        self.problems = tuple(problems)
        self.way_out = way_out
        lines = [attempt + ":", *(f"  {problem}" for problem in self.problems)]
        super().__init__("\n".join([*lines, way_out] if way_out else lines))


class UnreadablePicture(MultilabelfyError):
    """A file cannot be decoded as a picture, or is refused (a decompression bomb, a type that is not a picture).

    `why` is the reason alone, for lists that name the picture in their own way.
    """

    def __init__(self, message: str, why: str = "") -> None:
        self.why = why or message
        super().__init__(message)


class ForbiddenPath(MultilabelfyError):
    """A path leads outside of the folder that it must stay in."""


class UnknownDataset(MultilabelfyError):
    """No dataset of this name is in the workspace."""


class UnknownImage(MultilabelfyError):
    """No image of this id, path or name is in the dataset."""


class UnknownComment(MultilabelfyError):
    """No comment of this number is in the dataset."""


class UnknownLabel(MultilabelfyError):
    """No label of this index or key is in the label space."""


class UnknownPerson(MultilabelfyError):
    """Nobody of this name or id is in the workspace."""


class UnknownRelease(MultilabelfyError):
    """The dataset has no release of this number, or none at all yet."""


class UnknownPlan(MultilabelfyError):
    """The dataset has no version of its analysis plan of this number, or none at all yet."""


class ScorerUnavailable(MultilabelfyError):
    """A scorer cannot be made from its SPEC: a missing extra, file, model or function."""


class ExtraMissing(MultilabelfyError):
    """Something was asked for that needs an optional extra, and it is not installed; the message has the command that installs it."""


class ScorerFailed(MultilabelfyError):
    """A scorer broke off while it prepared or scored a picture: an error of its own, which is given as the cause."""


class InvalidScores(MultilabelfyError):
    """A scorer gave scores that cannot be ranked: a wrong shape, a NaN, or labels that do not match the dataset's."""


class StoreUnavailable(MultilabelfyError):
    """The database cannot be opened or used: missing, locked, of a newer version, on a network file system, or the disk is full."""


class InvalidSetting(MultilabelfyError):
    """A setting has a value that does not fit; says from where it came."""


class WorkspaceMissing(MultilabelfyError):
    """There is no workspace at the place named."""


class NotAllowed(MultilabelfyError):
    """The person's role does not allow what was asked."""


class NotSignedIn(MultilabelfyError):
    """There is no session, or it has expired."""


class InvitationInvalid(MultilabelfyError):
    """The invitation link is unknown, expired or was revoked."""


class TooManyGuesses(MultilabelfyError):
    """Too many links were tried from one address that are none; `seconds` says when the next one may be."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        super().__init__(GUESSED)


class AnswerRefused(MultilabelfyError):
    """A submitted answer does not fit the screen that it was made on; `problems` maps a field to the message beside it."""

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__(" ".join(problems.values()))


class AnswerIdUsed(MultilabelfyError):
    """Something came under an id that was stored before with other content: what is stored stands, and what came is not saved."""

    def __init__(self) -> None:
        super().__init__(ID_USED)


class NotProposed(MultilabelfyError):
    """Work was asked for that needs proposals which do not exist yet."""
