"""Survey votes that were cast elsewhere, and find every problem before anything is stored."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from multilabelfy.annotation.model import AnnotatorId
from multilabelfy.annotation.study.protocol import PAPER, AnnotationProtocol
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import DatasetDescription, Image, LabelSpace
from multilabelfy.dataset.validation import label_finder, unknown_label, validate
from multilabelfy.disagreement.questions import Ints
from multilabelfy.errors import InvalidInput, Problem, of_option
from multilabelfy.formats.imagenet1k import are_imagenet_ids
from multilabelfy.formats.reading.given_labels import read_given_labels
from multilabelfy.formats.reading.label_space import labels_from_names, read_label_space
from multilabelfy.formats.reading.votes import VoteTable, read_votes
from multilabelfy.plurals import counted
from multilabelfy.store.answers import imported
from multilabelfy.store.dataset import images
from multilabelfy.store.dataset import labels as stored_labels
from multilabelfy.workflows.importing import rules
from multilabelfy.workflows.importing.request import Findings
from multilabelfy.workflows.importing.votes.answers import answer_id
from multilabelfy.workflows.importing.votes.cast_votes import CastVotes, cast_votes
from multilabelfy.workflows.importing.votes.request import SurveyedVotes, VotesRequest
from multilabelfy.workflows.workspace import Workspace

SPACE = "labels of votes"
MOST_PROBLEMS = 20


def survey_votes(workspace: Workspace, request: VotesRequest, stored: StoredDataset | None) -> SurveyedVotes:
    """Read and join everything that the request names. Raises InvalidInput with all problems together."""
    findings = Findings()
    findings.fatal.extend(rules.name_problems(request.name) if stored is None else rules.votes_problems(stored, request.votes))
    read, labels = None, None
    with findings.gathering():
        read = read_votes(request.votes)
        if not len(read.questions):
            findings.fatal.append(Problem(str(request.votes), "it holds no votes"))
    if read is not None and len(read.questions):
        with findings.gathering():
            labels = _labels(workspace, request, stored, read, findings)
    made = None if read is None or labels is None else _joined(workspace, request, stored, read, labels, findings)
    if made is None or findings.fatal:
        raise InvalidInput(f"Cannot import '{request.name}' from '{request.votes}'; nothing was stored", _first(findings.fatal))
    return made


def _first(problems: Sequence[Problem]) -> list[Problem]:
    left = len(problems) - MOST_PROBLEMS
    return [*problems[:MOST_PROBLEMS], *([Problem("and", counted(left, "more problem"))] if left > 0 else [])]


def _labels(workspace: Workspace, request: VotesRequest, stored: StoredDataset | None, read: VoteTable, findings: Findings) -> LabelSpace:
    """The dataset's labels; of a new one those that are named, else those in the votes. Raises InvalidInput."""
    named = None if request.labels is None else read_label_space(request.labels)
    if stored is not None:
        with workspace.store.reading() as c:
            space = stored_labels.label_space(c, stored.id)
        findings.fatal.extend([] if named is None else rules.label_problems(space, named))
        return space
    if named is not None:
        return named
    why, remedy = "", rules.NAMED
    if all(label.isascii() and label.isdigit() for label in read.labels):
        why = "its labels are numbers"
    elif are_imagenet_ids(read.labels):
        why, remedy = "its labels are ids of ImageNet", rules.IN_WORDS
    elif len(read.labels) < 2:
        why = "it has votes on a single label, and at least two are needed to choose between"
    if why:
        raise InvalidInput("Cannot find the labels", [Problem(str(request.votes), why, remedy)])
    return labels_from_names(read.labels, SPACE)


def _joined(
    workspace: Workspace, request: VotesRequest, stored: StoredDataset | None, read: VoteTable, labels: LabelSpace, findings: Findings
) -> SurveyedVotes | None:
    label_of = _label_of(request, read, labels, findings)
    if label_of is None:
        return None
    cast = cast_votes(read, label_of)
    for image, rater, label in cast.twice()[: MOST_PROBLEMS + 1]:
        twice = f"'{rater}' votes a second time on label '{labels[label].key}' of '{image}'"
        findings.fatal.append(Problem(str(request.votes), twice))
    given = _given(request, cast, labels, findings)
    protocol = _protocol(request, cast)
    seed = request.seed or 0
    if stored is None:
        described = tuple(Image(name, given.get(name)) for name in cast.images)
        findings.fatal.extend(validate(DatasetDescription(request.name, labels, described)))
        every = tuple(range(len(cast.images)))
        return SurveyedVotes(None, labels, protocol, seed, cast, given, every, {}, tuple(findings.notes))
    findings.fatal.extend(_changed(stored, request, protocol))
    fresh, raters = _known(workspace, stored, cast, findings)
    _note_given(workspace, stored, given, findings)
    return SurveyedVotes(stored, labels, stored.protocol, stored.seed, cast, given, fresh, raters, tuple(findings.notes))


def _label_of(request: VotesRequest, read: VoteTable, labels: LabelSpace, findings: Findings) -> Ints | None:
    """The index of each of the file's labels; None where one is not in the space. In ReaL's file labels are always indices."""
    find = label_finder(labels, indices_first=request.votes.suffix == ".npz")
    n_votes = np.bincount(read.questions.label[read.questions.question], minlength=len(read.labels)).tolist()
    by_code = [find(label) for label in read.labels]
    unknown = [
        Problem(str(request.votes), f"{unknown_label(label, labels)} ({counted(n, 'vote')})")
        for label, index, n in zip(read.labels, by_code, n_votes, strict=True)
        if index is None
    ]
    findings.fatal.extend(unknown)
    return None if unknown else np.array(by_code, dtype=np.int64)


def _given(request: VotesRequest, cast: CastVotes, labels: LabelSpace, findings: Findings) -> Mapping[str, int]:
    """The given labels of the voted images; those of other images are left aside, as a published list has all of a dataset's."""
    if request.given is None:
        return {}
    with findings.gathering():
        read = read_given_labels(request.given, cast.images, labels)
        findings.fatal.extend(read.problems)
        if read.absent:
            findings.notes.append(f"left aside: given labels of {counted(len(read.absent), 'image')} without votes")
        without = len(cast.images) - len(read.labels)
        if without:
            findings.notes.append(f"{counted(without, 'image')} {'has' if without == 1 else 'have'} no given label")
        return read.labels
    return {}


def _note_given(workspace: Workspace, stored: StoredDataset, given: Mapping[str, int], findings: Findings) -> None:
    """Say that given labels of stored images are not changed."""
    with workspace.store.reading() as c:
        differing = [image.path for image in images.iterate(c, stored.id) if given.get(image.path, image.given_label) != image.given_label]
    if differing:
        about = f"{counted(len(differing), 'image')} that {'was' if len(differing) == 1 else 'were'} there already"
        first = f"the first: '{differing[0]}'"
        findings.notes.append(f"the given labels in the file differ for {about} ({first}); nothing was changed about them")


def _protocol(request: VotesRequest, cast: CastVotes) -> AnnotationProtocol:
    """How people were asked, as far as the votes tell: by how many an image, and whether a maybe was an answer."""
    preset = request.protocol or PAPER
    n = np.bincount(cast.n_answers())
    usual = request.overlap or int(n.argmax())
    return replace(preset, overlap=usual, maybe_allowed=preset.maybe_allowed or bool((cast.vote == 1).any()))


def _changed(stored: StoredDataset, request: VotesRequest, protocol: AnnotationProtocol) -> Iterator[Problem]:
    """What a repeated import may not change."""
    if (request.protocol is not None and protocol.preset != stored.protocol.preset) or request.overlap not in (
        None,
        stored.protocol.overlap,
    ):
        yield of_option("protocol", f"the dataset follows '{stored.protocol.preset}' with {stored.protocol.overlap} annotators an image")
    if request.seed not in (None, stored.seed):
        yield of_option("seed", f"the dataset was drawn with the seed {stored.seed}")


def _known(
    workspace: Workspace, stored: StoredDataset, cast: CastVotes, findings: Findings
) -> tuple[tuple[int, ...], Mapping[str, AnnotatorId]]:
    """The places of the images that are not stored, and who the raters of the others are. Other votes on a stored image are a problem."""
    before: dict[str, dict[str, AnnotatorId]] = {}
    with workspace.store.reading() as c:
        for path, client_id, person in imported.known(c, stored.id):
            before.setdefault(path, {})[client_id] = person
    fresh, raters, n_differing = [], dict[str, AnnotatorId](), 0
    for place, image in enumerate(cast.images):
        answers = before.pop(image, None)
        if answers is None:
            fresh.append(place)
            continue
        ids = {answer_id(stored, image, rater, votes): rater for rater, votes in cast.of_image(place).by_rater}
        raters |= {ids[client_id]: person for client_id, person in answers.items() if client_id in ids}
        if ids.keys() != answers.keys():
            n_differing += 1
            if n_differing <= MOST_PROBLEMS + 1:
                findings.fatal.append(
                    Problem(image, "its votes differ from those that are stored, which never change: choose another name")
                )
    if before:
        findings.notes.append(f"not in this file: {counted(len(before), 'image')} of the dataset; nothing about that was changed")
    return tuple(fresh), raters
