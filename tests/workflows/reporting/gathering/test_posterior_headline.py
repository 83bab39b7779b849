"""The headline by the posterior of a stored study: what counts by votes, by experts, like others, and by nothing."""

from dataclasses import replace
from pathlib import Path

from tests.answering import answer
from tests.deciding import say as decide
from tests.studies import NOW, Study, ready_study

from multilabelfy.annotation.model import Outcome
from multilabelfy.annotation.study.protocol import PAPER
from multilabelfy.evaluation.posterior.headline import PosteriorHeadline
from multilabelfy.evaluation.posterior.share import WidthPart
from multilabelfy.store.dataset import datasets, images
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.reporting.gathering.material import material_of_study
from multilabelfy.workflows.reporting.writing import report_of_study

N_IMAGES = 12


def headline(study: Study) -> PosteriorHeadline | None:
    resolve(study.workspace, "pilot", NOW)
    return material_of_study(study.workspace, "pilot").by_posterior


def counted(of: PosteriorHeadline | None) -> tuple[int, int, int, int]:
    assert of is not None
    return of.n_by_votes, of.n_known, of.n_untouched, of.n_others


def test_every_answered_image_counts_agreed_or_not_and_half_answered_ones_too(tmp_path: Path) -> None:
    study = ready_study(tmp_path, n_images=N_IMAGES)
    for image, (first, second) in enumerate(((2, 2), (1, 1), (1, 2))):
        labels_of(study, "Ada", image, first)
        labels_of(study, "Ben", image, second)
    labels_of(study, "Ada", 3, 1)
    found = headline(study)
    study.workspace.close()
    assert counted(found) == (4, 0, N_IMAGES - 4, 0)


def labels_of(study: Study, who: str, image: int, n: int) -> None:
    """So many of the first labels on the image's screen."""
    answer(study, who, image, range(image, image + n))


def test_what_an_expert_decided_counts_as_decided(tmp_path: Path) -> None:
    study = ready_study(tmp_path, n_images=4)
    for image, (first, second) in enumerate(((1, 1), (1, 1), (1, 2))):
        labels_of(study, "Ada", image, first)
        labels_of(study, "Ben", image, second)
    before = headline(study)
    decide(study, "Eve", 2, 3)
    after = headline(study)
    study.workspace.close()
    assert (counted(before), counted(after)) == ((3, 0, 1, 0), (2, 1, 1, 0))
    assert before is not None
    assert after is not None
    assert after.several.value > before.several.value
    assert after.several.parts[WidthPart.DOUBT] < before.several.parts[WidthPart.DOUBT]


def test_what_an_owner_put_first_stands_for_itself_and_what_nobody_could_judge_for_nothing(tmp_path: Path) -> None:
    study = ready_study(tmp_path, n_images=N_IMAGES)
    for image in range(4):
        for who in ("Ada", "Ben"):
            labels_of(study, who, image, 2 if image < 2 else 1)
    for who in ("Ada", "Ben"):
        answer(study, who, 4, outcome=Outcome.CANNOT_TELL)
    whole = headline(study)
    with study.workspace.store.writing() as c:
        first = [(study.images[image].id, -1.0) for image in (0, 1, 5)]
        images.set_queue_places(c, datasets.find(c, "pilot").id, first, policy="suspects-loss")
    part = headline(study)
    study.workspace.close()
    assert (counted(whole), counted(part)) == ((4, 0, N_IMAGES - 5, 1), (4, 0, N_IMAGES - 6, 2))
    assert whole is not None
    assert part is not None
    assert part.several.value < 0.35 < whole.several.value


def test_where_one_person_answers_each_image_there_is_no_posterior_and_the_report_says_nothing_of_it(tmp_path: Path) -> None:
    study = ready_study(tmp_path, n_images=3, protocol=replace(PAPER, overlap=1))
    for image, who in enumerate(("Ada", "Ben")):
        labels_of(study, who, image, 1)
    assert headline(study) is None
    slugs = {finding.slug for finding in report_of_study(study.workspace, "pilot", now=NOW).findings}
    study.workspace.close()
    assert "several-labels" in slugs
    assert "headline-by-posterior" not in slugs
