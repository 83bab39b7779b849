"""Keep the summaries of the log in step with it: how much each person did, and how often each label of an image was chosen."""

from collections.abc import Collection, Mapping

from sqlalchemy import exists, insert, select, update

from multilabelfy.annotation.model import AnnotatorId, Task, Vote
from multilabelfy.dataset.model import DatasetId, ImageId, ImageState
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.schema import assignments, gold, images, label_choices, person_counts


def count_answer(c: Connection, dataset: DatasetId, person: AnnotatorId, task: Task, *, first: bool, present_ms: int) -> None:
    """One more answer of a person: `first` unless it revises their own."""
    own = (person_counts.c.annotator_id == person) & (person_counts.c.dataset_id == dataset) & (person_counts.c.task == task.value)
    more = {"n_answered": person_counts.c.n_answered + int(first), "present_ms": person_counts.c.present_ms + present_ms}
    if c.execute(update(person_counts).where(own).values(**more)).rowcount == 0:
        keys = {"annotator_id": person, "dataset_id": dataset, "task": task.value}
        c.execute(insert(person_counts).values(**keys, n_answered=int(first), present_ms=present_ms))


def count_choices(c: Connection, dataset: DatasetId, image: ImageId, before: Mapping[int, Vote], after: Mapping[int, Vote]) -> None:
    """A person's standing answers about an image went from `before` to `after`."""
    for label in sorted({*before, *after}):
        yes = (after.get(label) is Vote.YES) - (before.get(label) is Vote.YES)
        maybe = (after.get(label) is Vote.MAYBE) - (before.get(label) is Vote.MAYBE)
        if yes or maybe:
            _count_choice(c, dataset, image, label, yes, maybe)


def _count_choice(c: Connection, dataset: DatasetId, image: ImageId, label: int, yes: int, maybe: int) -> None:
    here = (label_choices.c.image_id == image) & (label_choices.c.label_index == label)
    more = {"n_yes": label_choices.c.n_yes + yes, "n_maybe": label_choices.c.n_maybe + maybe}
    if c.execute(update(label_choices).where(here).values(**more)).rowcount == 0:
        keys = {"dataset_id": dataset, "image_id": image, "label_index": label}
        c.execute(insert(label_choices).values(**keys, n_yes=yes, n_maybe=maybe))


def newest_with(
    c: Connection, dataset: DatasetId, label: int, n: int, *, unknown_to: AnnotatorId, states: Collection[ImageState]
) -> list[ImageId]:
    """The n images with the highest numbers that somebody labelled so, sure or not.

    Of images in these `states` alone, and of none that this person has or had in hand, or may be given as gold.
    """
    here = (label_choices.c.dataset_id == dataset) & (label_choices.c.label_index == label)
    named = here & (label_choices.c.n_yes + label_choices.c.n_maybe > 0)
    settled = images.c.state.in_([state.value for state in states])
    is_gold = exists().where(gold.c.image_id == images.c.id, gold.c.retired_at.is_(None))
    in_hand = exists().where(assignments.c.image_id == images.c.id, assignments.c.annotator_id == unknown_to)
    query = select(images.c.id).join(label_choices, label_choices.c.image_id == images.c.id)
    newest = query.where(named, settled, ~is_gold, ~in_hand).order_by(images.c.id.desc()).limit(n)
    return [ImageId(image) for image in c.execute(newest).scalars()]
