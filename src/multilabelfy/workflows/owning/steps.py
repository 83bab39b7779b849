"""The rule of a dataset's next step, in the order of the stages: the overview makes it a button, `status` a command."""

from enum import StrEnum

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.refinement.final_labels.release import Release
from multilabelfy.workflows.owning.watching import Stages


class StudyStep(StrEnum):
    """What comes next in a dataset that is not archived."""

    IMPORT = "import"
    RESUME = "resume"
    REFINE = "refine"
    ANNOTATE = "annotate"
    PROPOSE = "propose"
    RELEASE = "release"
    REPORT = "report"


def step_of(dataset: StoredDataset, stages: Stages, release: Release | None, role: Role = Role.OWNER) -> StudyStep:
    """The next step, as somebody with this role sees it; `release` is the newest.

    Annotators refine nothing. Where the posterior settles disputes, owners release them and wait for no expert.
    """
    settles = role is Role.OWNER and dataset.protocol.settles_by_posterior
    if not stages.n_images:
        return StudyStep.IMPORT
    if dataset.paused:
        return StudyStep.RESUME
    if not dataset.has_pictures:  # nobody can be asked about it
        return StudyStep.RELEASE if _lacks(release, stages, settles=settles) else StudyStep.REPORT
    if stages.n_disputed and role is not Role.ANNOTATOR and not settles:
        return StudyStep.REFINE
    if stages.n_open:
        return StudyStep.ANNOTATE
    if stages.n_unproposed:
        return StudyStep.PROPOSE
    return StudyStep.RELEASE if _lacks(release, stages, settles=settles) else StudyStep.REPORT


def _lacks(release: Release | None, stages: Stages, *, settles: bool) -> bool:
    """Whether final labels are missing in the newest release."""
    return release is None or release.n_by_people != stages.n_resolved or (settles and _has_new_disputes(release, stages))


def _has_new_disputes(release: Release, stages: Stages) -> bool:
    """Whether other images wait for an expert than the release asked the posterior about."""
    made_by = release.by_posterior
    return made_by is not None and made_by.n_settled + made_by.n_left != stages.n_disputed
