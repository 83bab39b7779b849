"""How far a study's images are is read from its states and its queue: only what was drawn by seed stands for the rest."""

from pathlib import Path

from tests.answering import answer
from tests.studies import NOW, ready_study

from multilabelfy.evaluation.labels.unfinished import CountedImages, ImagesByProgress
from multilabelfy.store.dataset import datasets, images
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.reporting.material import material_of_study


def test_images_that_an_owner_put_first_do_not_stand_for_the_rest(tmp_path: Path) -> None:
    study = ready_study(tmp_path)
    n_images = len(study.images)
    for image, sets in enumerate(([0, 1], [1])):
        for who in ("Ada", "Ben"):
            answer(study, who, image, sets)
    answer(study, "Ada", 2, [2])
    resolve(study.workspace, "pilot", NOW)
    whole = ImagesByProgress(drawn=CountedImages(2, 1), n_begun=1, n_untouched=n_images - 3)
    assert material_of_study(study.workspace, "pilot").progress == whole
    with study.workspace.store.writing() as c:
        first = [(study.images[image].id, -1.0) for image in (0, 2, 3)]
        images.set_queue_places(c, datasets.find(c, "pilot").id, first, policy="suspects-loss")
    assert material_of_study(study.workspace, "pilot").progress == ImagesByProgress(
        drawn=CountedImages(1, 0), chosen=CountedImages(1, 1), n_untouched=n_images - 4, n_others=2
    )
    study.workspace.close()
