"""One root error, and one leaf for each thing that can go wrong: what was tried, with the value, why it failed, and the remedy.

A remedy is made of ways out. One that takes an option knows it by its Python name: each side words it in its own way, a command as
`--skip-bad`, Python as `skip_bad=True`, a page as its control.
"""

import errno
import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

GUESSED = "Too many invalid links were tried. Wait a little, then open your invitation link again."
ID_USED = "This was not saved: an answer with the same id but other content is already stored. Open the page and answer again."

UNDER_WAY = "The figures of so large a study take a minute or two. This page shows them as soon as they are there."
FIGURES_FAILED = "The figures of this study could not be worked out. Tell the person who runs the server: its log says why."

DISK_FULL = "The server’s disk is full. What was saved before is safe. Tell the person who runs the server: it goes on once there is room."
DISK_READ_ONLY = "The workspace is read-only: you can look at everything, but nothing can be saved. Tell the person who runs the server."
DISK_BUSY = "Another program keeps the database busy. What was saved before is safe. Try again in a moment."
DISK_FAULTY = "The server’s disk gives errors. What was saved before is safe. Tell the person who runs the server."
DISK_MOVED = "The study was moved to another database. What was saved before is safe. Tell the person who runs the server: start it again."
DISK_TEXTS = (DISK_FULL, DISK_READ_ONLY, DISK_BUSY, DISK_FAULTY, DISK_MOVED)
DISK_FAULTS: Mapping[int, str] = {
    errno.ENOSPC: DISK_FULL,
    errno.EDQUOT: DISK_FULL,
    errno.EFBIG: DISK_FULL,
    errno.EROFS: DISK_READ_ONLY,
    errno.EIO: DISK_FAULTY,
}
"""What the system's errors mean to whoever wanted to save something."""


@dataclass(frozen=True, slots=True)
class CommandOption:
    """An option by its Python name, with the value to give (none for a switch), and its flag where a command calls it otherwise."""

    name: str
    value: str = ""
    flag: str = ""


Wording = Callable[[CommandOption], str]
"""How to give an option, as a clause that begins with a verb; empty where it cannot be given."""


def typed(option: CommandOption) -> str:
    """An option as a command takes it.

    >>> typed(CommandOption("skip_bad")), typed(CommandOption("labels", "imagenet1k"))
    ('add --skip-bad', 'add --labels imagenet1k')
    >>> typed(CommandOption("images_root", "/my photos", "--images"))
    "add --images '/my photos'"
    """
    return f"add {flag_of(option)}{f' {shlex.quote(option.value)}' if option.value else ''}"


def passed(option: CommandOption) -> str:
    """An option as Python takes it.

    >>> passed(CommandOption("skip_bad")), passed(CommandOption("labels", "imagenet1k"))
    ('pass skip_bad=True', "pass labels='imagenet1k'")
    """
    return f"pass {option.name}={repr(option.value) if option.value else True}"


def flag_of(option: CommandOption) -> str:
    """What a command calls an option."""
    return option.flag or f"--{option.name.replace('_', '-')}"


@dataclass(frozen=True, slots=True)
class WayOut:
    """One way out, as a clause: `text` has {} where its option stands; `without` is what is left where that cannot be given."""

    text: str
    option: CommandOption | None = None
    without: str = ""

    def worded(self, wording: Wording) -> str:
        """The clause; empty where there is no such way."""
        if self.option is None:
            return self.text
        given = wording(self.option)
        return self.text.format(given) if given else self.without


Remedy = str | tuple[WayOut, ...]
"""Plain text, or ways out of which one is enough."""


def ways(remedy: Remedy, wording: Wording) -> str:
    """The ways out that there are, one after another as alternatives.

    >>> ways((WayOut("draw fewer"), WayOut("{} to bring others", CommandOption("file", "FILE", "--from"))), typed)
    'draw fewer, or add --from FILE to bring others'
    """
    return remedy if isinstance(remedy, str) else ", or ".join(filter(None, (way.worded(wording) for way in remedy)))


def in_full(remedy: Remedy, wording: Wording) -> str:
    """The same as a sentence; a text as it is, and nothing stays nothing."""
    clause = ways(remedy, wording)
    return clause if isinstance(remedy, str) or not clause else f"{clause[0].upper()}{clause[1:].removesuffix('.')}."


class MultilabelfyError(Exception):
    """The root of all errors that Multilabelfy raises on purpose; each is written for the person who sees it.

    `what` says what was tried and failed; `why` is the reason alone, for lists that name the thing themselves.
    """

    def __init__(self, what: str, why: str = "", remedy: Remedy = "") -> None:
        self.what, self.why, self.remedy = what, why, remedy
        super().__init__(what)

    def worded(self, wording: Wording) -> str:
        """The whole message, its remedy in these words."""
        return " ".join(filter(None, (self.what, in_full(self.remedy, wording))))

    def __str__(self) -> str:
        return self.worded(passed)


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of an input: `where` is a file, optionally with `:line`, and `what` a sentence, which the remedy ends.

    Where an option is meant, `where` is its Python name, and `flag` what a command calls it.
    """

    where: str
    what: str
    remedy: Remedy = ""
    flag: str = ""

    def worded(self, wording: Wording) -> str:
        """The problem, its remedy in these words."""
        where = self.flag if self.flag and wording is typed else self.where
        return ": ".join(filter(None, (where, self.what, ways(self.remedy, wording))))

    def __str__(self) -> str:
        return self.worded(passed)


def of_option(name: str, what: str, flag: str = "") -> Problem:
    """A problem of an option, by its Python name."""
    return Problem(name, what, flag=flag or flag_of(CommandOption(name)))


class InvalidInput(MultilabelfyError):
    """An input has problems; `problems` lists all of them."""

    def __init__(self, attempt: str, problems: Sequence[Problem], remedy: Remedy = "") -> None:
        super().__init__(attempt, remedy=remedy)
        self.problems = tuple(problems)

    def worded(self, wording: Wording) -> str:
        """What was tried, a line for each problem, and the remedy."""
        lines = [f"{self.what}:", *(f"  {problem.worded(wording)}" for problem in self.problems)]
        return "\n".join([*lines, *filter(None, [in_full(self.remedy, wording)])])


class UnreadablePicture(MultilabelfyError):
    """A file cannot be decoded as a picture, or is refused (a decompression bomb, a type that is not a picture).

    `why` is only the reason, for lists that name the picture themselves.
    """

    def __init__(self, message: str, why: str = "") -> None:
        super().__init__(message, why or message)


class PicturesUnreachable(MultilabelfyError):
    """A bucket or a web server gives no pictures now: it cannot be reached, denies access, is too slow, or redirects to another place.
    Or a shard is gone or damaged.

    It says nothing of any picture. `why` is only the reason, for messages that name the place themselves; `is_of_a_shard` is true where
    only one shard is meant, and others may well be read.
    """

    def __init__(self, message: str, why: str = "", *, is_of_a_shard: bool = False) -> None:
        super().__init__(message, why or message)
        self.is_of_a_shard = is_of_a_shard


class NoPictures(MultilabelfyError):
    """The dataset was imported without pictures, and this needs them."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or "This dataset was imported without pictures.")


class ForbiddenPath(MultilabelfyError):
    """A path leads out of the folder that it must stay in."""


class UnknownBackup(MultilabelfyError):
    """There is no backup of this name where pages look for them."""


class UnknownDataset(MultilabelfyError):
    """The workspace has no dataset of this name.

    `known` is a sentence with the names that there are, for the command line: on a page it would tell one team of another's.
    """

    def __init__(self, message: str, known: str = "") -> None:
        super().__init__(message)
        self.known = known


class UnknownImage(MultilabelfyError):
    """The dataset has no image with this id, path or name."""


class UnknownComment(MultilabelfyError):
    """The dataset has no comment with this number."""


class UnknownLabel(MultilabelfyError):
    """The label space has no label with this index or key."""


class UnknownPerson(MultilabelfyError):
    """The workspace has no person with this name or id."""


class UnknownRelease(MultilabelfyError):
    """The dataset has no release with this number, or none yet."""


class UnknownPlan(MultilabelfyError):
    """The dataset's analysis plan has no version with this number, or none yet."""


class ScorerUnavailable(MultilabelfyError):
    """A scorer cannot be made from its SPEC, because an extra, file, model or function is missing."""


class ExtraMissing(MultilabelfyError):
    """A command needs an optional extra that is not installed; the message has the command that installs it."""


class ScorerFailed(MultilabelfyError):
    """A scorer's own code failed while preparing or scoring a picture; its error is the cause of this one."""


class MachineFailed(MultilabelfyError):
    """A machine that was asked about a picture broke, or answered what is not an answer; where it does so again and again, asking ends.

    What it answered before is kept.
    """


class ClusterFailed(MultilabelfyError):
    """A cluster of machines cannot be reached, lacks what its workers need, or loses its workers again and again."""


class InvalidScores(MultilabelfyError):
    """A scorer's scores cannot be ranked: they have a wrong shape, a NaN, or labels that do not match the dataset's."""


class StoreUnavailable(MultilabelfyError):
    """The database cannot be opened or used: it is missing, locked, of a newer version or on a network file system, or the disk is full.

    `why` says so on a page, where the machine's paths are not shown.
    """


class StoreReadOnly(StoreUnavailable):
    """The database can be read, but nothing can be written to it."""


class StoreUnreachable(StoreUnavailable):
    """The database's server lets nobody in: it does not run, or the address, the user or the password is wrong."""


class FiguresUnderWay(MultilabelfyError):
    """The figures of a large study are being worked out, and there are none from before."""

    def __init__(self) -> None:
        super().__init__(UNDER_WAY)


class FiguresFailed(MultilabelfyError):
    """The process that worked out the figures of a large study ended without them."""

    def __init__(self) -> None:
        super().__init__(FIGURES_FAILED)


class InvalidSetting(MultilabelfyError):
    """A setting has a value that does not fit; the message says where the value comes from."""


class WorkspaceMissing(MultilabelfyError):
    """There is no workspace in this folder."""


class NotAllowed(MultilabelfyError):
    """The person's role does not allow this."""


class MustConfirm(MultilabelfyError):
    """The person has to prove again who they are before this."""


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
    """A submitted answer does not fit the screen that it was given on; `problems` maps each field to the message shown beside it."""

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__(" ".join(problems.values()))


class AnswerIdUsed(MultilabelfyError):
    """Something came under an id that was stored before with other content: what is stored stands, and what came is not saved."""

    def __init__(self) -> None:
        super().__init__(ID_USED)


class NotProposed(MultilabelfyError):
    """This needs proposals, and there are none yet."""
