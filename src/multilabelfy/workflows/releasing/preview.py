"""Show an owner what releases by the posterior would hold before they make one: the chances of every image that waits for an expert."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from multilabelfy.annotation.counting import counting
from multilabelfy.annotation.model import Annotation, Task
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import ImageId, Label
from multilabelfy.evaluation.choices.cut import ModelsUncut, models_uncut
from multilabelfy.refinement.final_labels.by_posterior import Weighed
from multilabelfy.refinement.final_labels.preview import Uncut, percent, uncut
from multilabelfy.refinement.model import FinalLabels
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import labels, proposals
from multilabelfy.workflows.analysing.analysis_cache import KeptFigures, Stamp, stamp_of
from multilabelfy.workflows.analysing.chances import Caution, Chances, Counted, EarlierFit, chances_of
from multilabelfy.workflows.releasing.by_posterior import waiting
from multilabelfy.workflows.releasing.resolve import final_labels_of

MOST_SHOWN = 48
"""So many of the least certain images are told apart."""


@dataclass(frozen=True)
class Preview:
    """The chances of a study before they are cut. `seconds_each` is how long an expert took for an image on average, None before the first.

    `uncertain` are the images of which the votes say least, most uncertain first, with their `answers` that count and the `chances` of
    their labels; `names` are of these. `cautions` say why chances are to be taken with care, `left_out` which models did not count.
    `models` are those that proposed for every image that a release may hold; at `end` is where the fit of the chances ended.
    """

    study: Uncut
    cautions: tuple[Caution, ...]
    left_out: tuple[str, ...]
    seconds_each: float | None
    uncertain: tuple[ImageId, ...]
    answers: Mapping[ImageId, Sequence[Annotation]]
    chances: Mapping[ImageId, Mapping[int, float]]
    names: Mapping[int, Label]
    models: ModelsUncut
    end: EarlierFit


def preview_of(c: Connection, dataset: StoredDataset, chances: Chances) -> Preview:
    """The preview of these chances, in the transaction in which they were fitted."""
    before = list(waiting(c, dataset, chances))
    finals = final_labels_of(c, dataset)
    uncertain = _most_uncertain(before)
    answers = {image: counting(of_image) for image, of_image in annotations.latest_of_images(c, uncertain).items()}
    asked = {label for image in uncertain for label in chances.of(image)}
    return Preview(
        study=uncut(before, Counter(len(final.labels) for final in finals)),
        cautions=chances.cautions,
        left_out=chances.left_out,
        seconds_each=_seconds_each(c, dataset),
        uncertain=uncertain,
        answers=answers,
        chances={image: chances.of(image) for image in uncertain},
        names=labels.labels_by_index(c, dataset.id, sorted(asked)),
        models=_models(c, dataset, finals, [weighed for weighed in before if not weighed.is_for_experts]),
        end=chances.end,
    )


def _models(c: Connection, dataset: StoredDataset, finals: Sequence[FinalLabels], before: Sequence[Weighed]) -> ModelsUncut:
    ids = [*(final.image for final in finals), *(weighed.image for weighed in before)]
    complete = [run for run in proposals.best_of_runs(c, dataset.id, ids, 1) if len(run.place) == len(ids)]
    first = {run.source: run.labels[:, 0].tolist() for run in complete}
    waiting = [{label: percent(chance) for label, chance in weighed.chances.items()} for weighed in before]
    return models_uncut(first, [final.labels for final in finals], waiting)


def _most_uncertain(before: Sequence[Weighed]) -> tuple[ImageId, ...]:
    """By how many labels are expected to be wrong at a threshold of one half; the earlier image first among equals."""
    expected = {weighed.image: sum(min(chance, 1 - chance) for chance in weighed.chances.values()) for weighed in before}
    return tuple(sorted(expected, key=lambda image: -expected[image])[:MOST_SHOWN])


def _seconds_each(c: Connection, dataset: StoredDataset) -> float | None:
    effort = annotations.effort(c, dataset.id, Task.REFINE)
    n_images, present_ms = sum(n for _, n, _ in effort), sum(ms for _, _, ms in effort)
    return present_ms / 1000 / n_images if n_images and present_ms else None


@dataclass
class Previews(KeptFigures[Preview]):
    """One preview for each dataset, made again once somebody has answered or a model has proposed since, from where the fit before ended.

    Models that proposed for every answered image are evidence, the given label is not.
    """

    def make(self, c: Connection, dataset: StoredDataset, begin: EarlierFit | None) -> Preview:
        """See `preview_of`."""
        return preview_of(c, dataset, chances_of(c, dataset, Counted(), begin))

    def beginning(self, figures: Preview) -> EarlierFit:
        """Where their fit ended."""
        return figures.end

    def stamp(self, c: Connection, dataset: StoredDataset) -> Stamp:
        """What models proposed is part of it."""
        return (*stamp_of(c, dataset), *((run.id, run.n_done) for run in proposals.runs(c, dataset.id)))
