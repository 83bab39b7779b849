"""Browse a dataset's images, page by page through a fixed list of filters, and one image's whole history. Never shown to annotators."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from multilabelfy.annotation.counting import counting
from multilabelfy.annotation.model import Annotation, Annotator, AnnotatorId, Candidate, Role, Vote
from multilabelfy.annotation.overlap import OverlapDecision
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.annotation.votes import votes_of
from multilabelfy.dataset.image_states import FinalBy
from multilabelfy.dataset.model import ImageId, Label
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.disagreement.comparison import Disagreement, compare
from multilabelfy.proposals.model import Proposal
from multilabelfy.refinement.cases.queue import Tally, tallies
from multilabelfy.refinement.final_labels.final import final_labels
from multilabelfy.refinement.final_labels.resolution import union_of_ticks
from multilabelfy.refinement.image_filter import ImageFilter
from multilabelfy.refinement.model import FinalLabels, LabelSource, Refinement
from multilabelfy.refinement.reopening import is_decided_unseen, may_reopen
from multilabelfy.store import people
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import candidates, datasets, gallery, images, labels, proposals
from multilabelfy.store.decisions import refinements, releases, withheld
from multilabelfy.store.handing_out import overlap_decisions
from multilabelfy.workflows.analysing.analysis import Analysis
from multilabelfy.workflows.owning.orders import Order, in_order
from multilabelfy.workflows.refining.talk import ReadableRemark, talk_about
from multilabelfy.workflows.refining.unseen import reader_of, unseen_among
from multilabelfy.workflows.workspace import Workspace

PAGE = 48


@dataclass(frozen=True, slots=True)
class Tile:
    """One image in the gallery: `given` is its given label, `labels` its final set, or before that every label that anybody ticked.

    The picture of one that `is_withheld` is not drawn.
    """

    image: StoredImage
    given: Label | None
    labels: tuple[Label, ...]
    is_final: bool
    is_withheld: bool = False


@dataclass(frozen=True, slots=True)
class GalleryPage:
    """A page of the gallery, how many images match its filter, and behind which place the next page begins (None: this is the last)."""

    tiles: tuple[Tile, ...]
    n_found: int
    next_after: int | None


@dataclass(frozen=True, slots=True)
class Question:
    """One label of an image's history: its place among the candidates, and each annotator's vote (None: not asked)."""

    label: Label
    candidate: Candidate | None
    tally: Tally
    votes: tuple[Vote | None, ...]
    is_final: bool
    is_given: bool


@dataclass(frozen=True, slots=True)
class ImageHistory:
    """All that is known of one image. `standing` are the answers that count, as `Question.votes` has them; other lists are oldest first.

    `overlap` is what the policy of an overlap that adapts said of it last (None: nothing, or this reader may not know).
    `may_be_reopened` says whether this reader may send it to an expert again. The picture of one that `is_withheld` is drawn when its
    reader asks for it. `before` and `after` are its neighbours in the import.
    """

    dataset: StoredDataset
    image: StoredImage
    given: Label | None
    final: FinalLabels | None
    disagreement: Disagreement | None
    questions: tuple[Question, ...]
    standing: tuple[Annotation, ...]
    answers: tuple[Annotation, ...]
    decisions: tuple[Refinement, ...]
    released: tuple[tuple[int, FinalLabels | None], ...]
    proposed: tuple[Proposal, ...]
    names: Mapping[int, Label]
    people: Mapping[AnnotatorId, Annotator]
    talk: tuple[ReadableRemark, ...]
    may_be_reopened: bool
    is_unseen: bool = False
    is_withheld: bool = False
    overlap: OverlapDecision | None = None
    before: ImageId | None = None
    after: ImageId | None = None

    @property
    def by_posterior(self) -> tuple[int, FinalLabels] | None:
        """The newest release and the labels that the posterior gave the image there; None once people decided, or without such labels."""
        number, final = self.released[0] if self.released else (0, None)
        return (number, final) if self.final is None and final is not None and _is_by_posterior(final) else None


def gallery_page(
    workspace: Workspace,
    name: str,
    wanted: ImageFilter,
    seen_by: Annotator,
    *,
    after: int = -1,
    limit: int = PAGE,
    order: Order = Order.IMPORT,
    analysis: Analysis | None = None,
) -> GalleryPage:
    """The images behind a place that match the filter, as far as this person may see them. Raises UnknownDataset.

    In any order but that of the import, the place is the number in that order; the most disputed come from the `analysis`.
    """
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        wanted = replace(wanted, reader=reader_of(dataset, seen_by))
        if order is not Order.IMPORT:
            return _ordered_page(c, dataset, in_order(c, dataset, wanted, order, analysis, seen_by), seen_by, after, limit)
        matches = gallery.page(c, dataset.id, wanted, after_place=after, limit=limit + 1)
        shown = matches[:limit]
        next_after = shown[-1].place if len(matches) > limit else None
        tiles = _tiles(c, dataset, shown, seen_by)
        return GalleryPage(tuple(tiles), gallery.count(c, dataset.id, wanted), next_after)


def _ordered_page(
    c: Connection, dataset: StoredDataset, ordered: Sequence[ImageId], seen_by: Annotator, after: int, limit: int
) -> GalleryPage:
    shown = ordered[after + 1 : after + 1 + limit]
    by_id = images.get_many(c, shown)
    last = after + len(shown)
    tiles = _tiles(c, dataset, [by_id[image] for image in shown], seen_by)
    return GalleryPage(tuple(tiles), len(ordered), last if last + 1 < len(ordered) else None)


def tiles_of(workspace: Workspace, name: str, wanted: Sequence[ImageId], seen_by: Annotator) -> tuple[Tile, ...]:
    """These images as the gallery shows them, in this order."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        stored = images.get_many(c, wanted)
        return tuple(_tiles(c, dataset, [stored[image] for image in wanted if image in stored], seen_by))


def seen_among(workspace: Workspace, name: str, wanted: Sequence[ImageId], seen_by: Annotator) -> list[ImageId]:
    """The images among these whose votes this person may see, in this order."""
    with workspace.store.reading() as c:
        unseen = unseen_among(c, datasets.find(c, name), seen_by, wanted)
        return [image for image in wanted if image not in unseen]


def history_of(workspace: Workspace, name: str, image: ImageId, seen_by: Annotator) -> ImageHistory:
    """One image's whole history. Raises UnknownImage if the dataset has none of this number.

    While an image waits for an expert, no expert sees another expert's decision, since they may be the second, who decides independently.
    Nor do they see the annotators' answers if they may have to decide without them. Of a reopened image they see everything.
    """
    with workspace.store.reading() as c:
        return history_in(c, datasets.find(c, name), image, seen_by)


def history_in(c: Connection, dataset: StoredDataset, image: ImageId, seen_by: Annotator) -> ImageHistory:
    """The same in a transaction."""
    stored = images.get_in(c, dataset, image)
    is_unseen = bool(unseen_among(c, dataset, seen_by, [image]))
    history = _history(c, dataset, stored, seen_by, is_unseen=is_unseen)
    before, after = gallery.beside(c, dataset.id, stored.place)
    history = replace(history, before=before, after=after)
    hides_others = is_decided_unseen(stored.state, stored.expert_policy) and seen_by.role is not Role.OWNER
    return _without_others(history, seen_by) if hides_others else history


def _without_others(history: ImageHistory, expert: Annotator) -> ImageHistory:
    return replace(history, decisions=tuple(decision for decision in history.decisions if decision.expert == expert.id))


def _history(c: Connection, dataset: StoredDataset, image: StoredImage, seen_by: Annotator, *, is_unseen: bool) -> ImageHistory:
    """The history of an image; if this reader may not see its votes, only the reader's own answers are in it."""
    standing = [revision for revision in annotations.latest_of_image(c, image.id) if not is_unseen or revision.annotator == seen_by.id]
    decisions = [revision for revision in refinements.history(c, image.id) if not is_unseen or revision.expert == seen_by.id]
    frozen = candidates.frozen(c, [image.id]).get(image.id, ())
    released = [entry for entry in releases.of_image(c, image.id) if not (is_unseen and _is_by_posterior(entry[1]))]
    decided = refinements.standing_of_image(c, image.id)
    final = final_labels(image.state, standing, decided, released[0][1] if released else None)
    proposed = proposals.of_image(c, image.id)
    indices = _labels_in(image, frozen, standing, decisions, final, released, proposed)
    names = labels.labels_by_index(c, dataset.id, indices)
    in_question = [index for index in indices if index in names and _was_asked(index, frozen, standing, final)]
    counted = counting(standing)
    return ImageHistory(
        dataset=dataset,
        image=image,
        given=names.get(image.given_label) if image.given_label is not None else None,
        final=final,
        disagreement=compare(counted)
        if not is_unseen and counted and not image.n_answers < image.wants(dataset.protocol.least_overlap)
        else None,
        questions=tuple(_question(names[index], frozen, standing, final, image) for index in in_question),
        standing=tuple(standing),
        answers=tuple(revision for revision in annotations.history(c, image.id) if not is_unseen or revision.annotator == seen_by.id),
        decisions=tuple(decisions),
        released=tuple(released),
        proposed=tuple(proposed),
        names=names,
        people={person.id: person for person in people.everyone(c, dataset.id)},
        talk=talk_about(c, dataset, seen_by, image),
        may_be_reopened=may_reopen(seen_by.role, image.state, has_decision=bool(decided)),
        is_unseen=is_unseen,
        is_withheld=bool(withheld.on_pages(c, [image])),
        overlap=overlap_decisions.of_image(c, image.id) if dataset.protocol.is_adaptive and not is_unseen else None,
    )


def _is_by_posterior(final: FinalLabels | None) -> bool:
    """Whether these labels come from the votes on the image: whoever may not see the votes may not see them either."""
    return final is not None and final.source is LabelSource.POSTERIOR


def _labels_in(
    image: StoredImage,
    frozen: Sequence[Candidate],
    annotations: Sequence[Annotation],
    decisions: Sequence[Refinement],
    final: FinalLabels | None,
    released: Sequence[tuple[int, FinalLabels | None]],
    proposed: Sequence[Proposal],
) -> list[int]:
    """Every label that the history names, candidates first in their order."""
    parts: list[Iterable[int]] = [
        (candidate.label for candidate in frozen),
        (label for annotation in annotations for label in (*annotation.answers, *annotation.unsure_between)),
        (label for decision in decisions for label in (*(decision.answer_blind or {}), *(decision.answer_revealed or {}))),
        final.labels if final else (),
        (label for _, final_then in released if final_then for label in final_then.labels),
        (proposal.label for proposal in proposed),
        () if image.given_label is None else (image.given_label,),
    ]
    return list(dict.fromkeys(label for part in parts for label in part))


def _was_asked(label: int, frozen: Sequence[Candidate], annotations: Sequence[Annotation], final: FinalLabels | None) -> bool:
    in_question = {candidate.label for candidate in frozen}.union(
        *(annotation.answers for annotation in annotations), final.labels if final else ()
    )
    return label in in_question


def _question(
    label: Label, frozen: Sequence[Candidate], annotations: Sequence[Annotation], final: FinalLabels | None, image: StoredImage
) -> Question:
    return Question(
        label=label,
        candidate=next((candidate for candidate in frozen if candidate.label == label.index), None),
        tally=tallies(annotations, [label.index])[label.index],
        votes=tuple(votes_of(annotation).get(label.index) for annotation in annotations),
        is_final=final is not None and label.index in final.labels,
        is_given=image.given_label == label.index,
    )


def _tiles(c: Connection, dataset: StoredDataset, shown: Sequence[StoredImage], seen_by: Annotator) -> list[Tile]:
    unseen = unseen_among(c, dataset, seen_by, [image.id for image in shown])
    seen = [image for image in shown if image.id not in unseen]
    decided = refinements.standing_of_images(c, [image.id for image in seen])
    answers = annotations.latest_of_images(c, [image.id for image in seen if image.n_answers])
    released = releases.newest_of_images(c, [image.id for image in seen if image.state.meaning.final_by is FinalBy.IMPORT])
    sets: dict[ImageId, tuple[tuple[int, ...], bool]] = dict.fromkeys(unseen, ((), False))
    sets |= {image.id: _standing(image, answers.get(image.id, []), decided.get(image.id, []), released.get(image.id, [])) for image in seen}
    wanted = {label for indices, _ in sets.values() for label in indices} | {
        image.given_label for image in shown if image.given_label is not None
    }
    names = labels.labels_by_index(c, dataset.id, sorted(wanted))
    not_shown = withheld.on_pages(c, shown)
    return [_tile(image, *sets[image.id], names, is_withheld=image.id in not_shown) for image in shown]


def _tile(image: StoredImage, indices: tuple[int, ...], is_final: bool, names: Mapping[int, Label], *, is_withheld: bool) -> Tile:
    given = None if image.given_label is None else names.get(image.given_label)
    return Tile(image, given, tuple(names[label] for label in indices if label in names), is_final, is_withheld)


def _standing(
    image: StoredImage, annotations: Sequence[Annotation], decided: Sequence[Refinement], released: Sequence[tuple[int, FinalLabels | None]]
) -> tuple[tuple[int, ...], bool]:
    """The final set and true, or without one the union of all ticks and false."""
    final = final_labels(image.state, annotations, decided, released[0][1] if released else None)
    return (final.labels, True) if final else (union_of_ticks(annotations), False)
