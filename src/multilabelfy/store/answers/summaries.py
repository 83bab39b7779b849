"""Keep the summaries in step with the log: how much each person did, and how often each label of an image was chosen."""

from collections.abc import Collection, Mapping

from sqlalchemy import exists, select

from multilabelfy.annotation.model import AnnotatorId, Task, Vote
from multilabelfy.dataset.model import DatasetId, ImageId, ImageState
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.database.prebuilt import Upsert
from multilabelfy.store.schema import assignments, gold, images, label_choices, person_counts

_COUNT_ANSWER = Upsert(
    person_counts,
    ("annotator_id", "dataset_id", "task"),
    lambda new: {name: person_counts.c[name] + new[name] for name in ("n_answered", "present_ms")},
)
_COUNT_CHOICES = Upsert(
    label_choices,
    ("image_id", "label_index"),
    lambda new: {name: label_choices.c[name] + new[name] for name in ("n_yes", "n_maybe")},
)


def count_answer(c: Connection, dataset: DatasetId, person: AnnotatorId, task: Task, *, first: bool, present_ms: int) -> None:
    """Count one more answer of a person; `first` is false for a revision."""
    keys = {"annotator_id": person, "dataset_id": dataset, "task": task.value}
    _COUNT_ANSWER.on(c).run(c, **keys, n_answered=int(first), present_ms=present_ms)


def count_answers(c: Connection, dataset: DatasetId, person: AnnotatorId, n: int) -> None:
    """Count `n` more images that a person answered elsewhere; nobody knows how long it took."""
    keys = {"annotator_id": person, "dataset_id": dataset, "task": Task.ANNOTATE.value}
    _COUNT_ANSWER.on(c).run(c, **keys, n_answered=n, present_ms=0)


def count_choices(c: Connection, dataset: DatasetId, image: ImageId, before: Mapping[int, Vote], after: Mapping[int, Vote]) -> None:
    """Count the change of a person's standing answers about an image from `before` to `after`."""
    rows = []
    for label in sorted({*before, *after}):
        yes = (after.get(label) is Vote.YES) - (before.get(label) is Vote.YES)
        maybe = (after.get(label) is Vote.MAYBE) - (before.get(label) is Vote.MAYBE)
        if yes or maybe:
            rows.append({"dataset_id": dataset, "image_id": image, "label_index": label, "n_yes": yes, "n_maybe": maybe})
    if rows:
        _COUNT_CHOICES.on(c).run_each(c, rows)


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
