"""Change how a study is run: its protocol, its guidelines, pausing and resuming."""

from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import datetime

from multilabelfy.annotation.model import Annotator, AnnotatorId, Task
from multilabelfy.annotation.study.protocol import PRESETS, AnnotationProtocol, Guidelines
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.refinement.final_labels.release import Release
from multilabelfy.store import people
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import datasets, guidelines
from multilabelfy.store.decisions import releases
from multilabelfy.workflows.analysing.chances import Chances, Counted, chances_of
from multilabelfy.workflows.owning.watching import Stages, stages_of
from multilabelfy.workflows.releasing.by_posterior import n_settled_under
from multilabelfy.workflows.settling.answers import settle_all
from multilabelfy.workflows.settling.decisions import settle_waiting
from multilabelfy.workflows.settling.expert_queue import order_by_votes
from multilabelfy.workflows.settling.overlap import begin_anew
from multilabelfy.workflows.workspace import Workspace

OWN = "own"
"""What a protocol is called whose values are none of the presets'."""


ASKS_PEOPLE = ("overlap", "overlap_floor", "overlap_cap", "overlap_bound", "panel_share")
"""The values of a protocol by which images are put before annotators."""
MOVES_IMAGES = (*ASKS_PEOPLE, "two_expert_share", "audit_share")
"""The values of a protocol by which images are where they are."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the settings page shows: the dataset with its protocol, the protocol's versions, the releases, newest first."""

    dataset: StoredDataset
    versions: tuple[tuple[int, AnnotationProtocol, datetime], ...]
    releases: tuple[Release, ...]
    stages: Stages


@dataclass(frozen=True, slots=True)
class ForeseenChange:
    """What another protocol would change: its values, and the images in each stage now and then. `n_answers` is how many people gave.

    `by_posterior_before` and `by_posterior_after` are images that wait for an expert and that a release would settle by the posterior.
    """

    before: AnnotationProtocol
    after: AnnotationProtocol
    stages_before: Stages
    stages_after: Stages
    n_answers: int
    by_posterior_before: int = 0
    by_posterior_after: int = 0

    @property
    def n_final_before(self) -> int:
        """How many images would have labels in a release now."""
        return self.stages_before.n_resolved + self.by_posterior_before

    @property
    def n_final_after(self) -> int:
        """How many images would have labels in a release under the other protocol."""
        return self.stages_after.n_resolved + self.by_posterior_after

    @property
    def asks_posterior(self) -> bool:
        """Whether releases ask the posterior, now or then."""
        return self.before.settles_by_posterior or self.after.settles_by_posterior

    @property
    def moves_images(self) -> bool:
        """Whether an image would be in another stage, or the posterior would settle more or fewer."""
        return self.stages_before.counts != self.stages_after.counts or self.by_posterior_before != self.by_posterior_after

    @property
    def values(self) -> tuple[str, ...]:
        """The names of the values that would change."""
        names = [field.name for field in fields(self.after) if field.name != "preset"]
        return tuple(name for name in names if getattr(self.before, name) != getattr(self.after, name))


@dataclass(frozen=True, slots=True)
class GuidelinesHistory:
    """The shown version, the newest one, and all versions, newest first, each with its author."""

    shown: Guidelines
    newest: Guidelines
    versions: tuple[tuple[Guidelines, str], ...]


def configuration(workspace: Workspace, name: str) -> Configuration:
    """The settings of the dataset of this name. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        return Configuration(
            dataset=dataset,
            versions=tuple(datasets.protocol_versions(c, dataset.id)),
            releases=tuple(releases.all_releases(c, dataset.id)),
            stages=stages_of(c, dataset),
        )


def named(protocol: AnnotationProtocol) -> AnnotationProtocol:
    """The protocol, named after the preset that it equals, or OWN if it equals none."""
    presets = {replace(preset, preset=""): name for name, preset in PRESETS.items()}
    return replace(protocol, preset=presets.get(replace(protocol, preset=""), OWN))


def change_protocol(workspace: Workspace, name: str, protocol: AnnotationProtocol, now: datetime) -> int:
    """Use these protocol values from now on; returns the version. Answers keep the version that they were made under.

    A changed overlap moves images: a greater one makes them want answers again, a smaller one settles them. A changed share sends the
    images that it draws to experts, and takes back undecided ones that it no longer draws.
    """
    with workspace.store.writing() as c:
        return _change(c, datasets.find(c, name), protocol, now).protocol_version


def foreseen(workspace: Workspace, name: str, protocol: AnnotationProtocol, now: datetime) -> ForeseenChange:
    """What `change_protocol` would do to the study as it is now: it is done, looked at, and undone before anybody can see it.

    Chances are fitted before, so that nobody's answer waits for them.
    """
    chances = _chances_for(workspace, name, protocol)
    with suppress(_Undone), workspace.store.writing() as c:
        before = datasets.find(c, name)
        stages = stages_of(c, before)
        n_answers = sum(n for task in Task for _, n, _ in annotations.effort(c, before.id, task))
        n_settled = n_settled_under(c, before, chances)
        after = _change(c, before, protocol, now)
        change = ForeseenChange(
            before.protocol, after.protocol, stages, stages_of(c, after), n_answers, n_settled, n_settled_under(c, after, chances)
        )
        raise _Undone
    return change


def _chances_for(workspace: Workspace, name: str, protocol: AnnotationProtocol) -> Chances | None:
    """The chances that a release would cut under the protocol as it is, or under this one; None if neither cuts any."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        asks_posterior = dataset.protocol.settles_by_posterior or protocol.settles_by_posterior
        return chances_of(c, dataset, Counted()) if asks_posterior else None


class _Undone(Exception):
    """Ends a transaction that was only to show what it would do."""


def _change(c: Connection, before: StoredDataset, protocol: AnnotationProtocol, now: datetime) -> StoredDataset:
    datasets.set_protocol(c, before.id, named(protocol), now)
    after = datasets.get(c, before.id)
    changed = {name for name in MOVES_IMAGES if getattr(after.protocol, name) != getattr(before.protocol, name)}
    if changed & {*ASKS_PEOPLE} and (before.protocol.is_adaptive or after.protocol.is_adaptive):
        begin_anew(c, after, now)
    if changed:
        settle_all(c, after)
        settle_waiting(c, after)
    if after.protocol.expert_order is not before.protocol.expert_order:
        order_by_votes(c, after)
    return after


def set_paused(workspace: Workspace, name: str, paused: bool) -> None:
    """Pause or resume handing out; answers in progress can still be saved. Raises InvalidInput if an archived study is resumed."""
    with workspace.store.writing() as c:
        dataset = datasets.find(c, name)
        if dataset.is_archived and not paused:
            raise InvalidInput(f"Cannot resume '{name}'", [Problem(name, "it is archived")], "Take it out of the archive first.")
        datasets.set_paused(c, dataset.id, paused)


def guidelines_of(workspace: Workspace, name: str, version: int | None = None) -> GuidelinesHistory:
    """The guidelines of this version; the newest if None."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        newest = guidelines.latest(c, dataset.id)
        everybody = {person.id: person for person in people.everyone(c, dataset.id)}
        shown = newest if version is None else guidelines.get(c, dataset.id, version)
        return GuidelinesHistory(
            shown=shown,
            newest=newest,
            versions=tuple((version, _author(version, everybody)) for version in guidelines.history(c, dataset.id)),
        )


def write_guidelines(workspace: Workspace, name: str, text: str, author: Annotator, now: datetime) -> int:
    """Write the next version; returns its number. Earlier ones stay: an answer names the version it was made under."""
    with workspace.store.writing() as c:
        return guidelines.add(c, datasets.find(c, name).id, text, author.id, now)


def _author(version: Guidelines, everybody: dict[AnnotatorId, Annotator]) -> str:
    return everybody[version.author].name if version.author is not None and version.author in everybody else ""
