"""Keep the summaries in step with the log: how much each person did, and how often each label of an image was chosen."""

from collections.abc import Collection, Mapping

from sqlalchemy import exists, insert, select, update

from multilabelfy.annotation.model import AnnotatorId, Task, Vote
from multilabelfy.dataset.model import DatasetId, ImageId, ImageState
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.schema import assignments, gold, images, label_choices, person_counts


def count_answer(c: Connection, dataset: DatasetId, person: AnnotatorId, task: Task, *, first: bool, present_ms: int) -> None:
    """Count one more answer of a person; `first` is false for a revision."""
    theirs = (person_counts.c.annotator_id == person) & (person_counts.c.dataset_id == dataset) & (person_counts.c.task == task.value)
    more = {"n_answered": person_counts.c.n_answered + int(first), "present_ms": person_counts.c.present_ms + present_ms}
    if c.execute(update(person_counts).where(theirs).values(**more)).rowcount == 0:
        keys = {"annotator_id": person, "dataset_id": dataset, "task": task.value}
        c.execute(insert(person_counts).values(**keys, n_answered=int(first), present_ms=present_ms))


def count_choices(c: Connection, dataset: DatasetId, image: ImageId, before: Mapping[int, Vote], after: Mapping[int, Vote]) -> None:
    """Count the change of a person's standing answers about an image from `before` to `after`."""
    for label in sorted({*before, *after}):
        yes = (after.get(label) is Vote.YES) - (before.get(label) is Vote.YES)
        maybe = (after.get(label) is Vote.MAYBE) - (before.get(label) is Vote.MAYBE)
        if yes or maybe:
            _count_choice(c, dataset, image, label, yes, maybe)


def _count_choice(c: Connection, dataset: DatasetId, image: ImageId, label: int, yes: int, maybe: int) -> None:
    choice = (label_choices.c.image_id == image) & (label_choices.c.label_index == label)
    more = {"n_yes": label_choices.c.n_yes + yes, "n_maybe": label_choices.c.n_maybe + maybe}
    if c.execute(update(label_choices).where(choice).values(**more)).rowcount == 0:
        keys = {"dataset_id": dataset, "image_id": image, "label_index": label}
        c.execute(insert(label_choices).values(**keys, n_yes=yes, n_maybe=maybe))


def newest_with(
    c: Connection, dataset: DatasetId, label: int, n: int, *, unknown_to: AnnotatorId, states: Collection[ImageState]
) -> list[ImageId]:
    """The n images with the highest ids for which somebody chose this label, surely or maybe.

    Only images in these `states`, without those that this person has or had in hand or may be given as gold.
    """
    of_label = (label_choices.c.dataset_id == dataset) & (label_choices.c.label_index == label)
    named = of_label & (label_choices.c.n_yes + label_choices.c.n_maybe > 0)
    settled = images.c.state.in_([state.value for state in states])
    is_gold = exists().where(gold.c.image_id == images.c.id, gold.c.retired_at.is_(None))
    in_hand = exists().where(assignments.c.image_id == images.c.id, assignments.c.annotator_id == unknown_to)
    query = select(images.c.id).join(label_choices, label_choices.c.image_id == images.c.id)
    newest = query.where(named, settled, ~is_gold, ~in_hand).order_by(images.c.id.desc()).limit(n)
    return [ImageId(image) for image in c.execute(newest).scalars()]
