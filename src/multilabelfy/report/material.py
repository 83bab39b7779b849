"""What a report is made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from multilabelfy.annotation.model import Relation
from multilabelfy.dataset.copies import Copies
from multilabelfy.disagreement.agreement.agreement import Agreement
from multilabelfy.disagreement.answer_quality.kin_pace import KinPace
from multilabelfy.disagreement.answer_quality.position import Positions
from multilabelfy.evaluation.choices.labellings import Judged
from multilabelfy.evaluation.experts.audit import Corrected
from multilabelfy.evaluation.experts.expert_work import ExpertWork
from multilabelfy.evaluation.labels.beyond_candidates import BeyondCandidates
from multilabelfy.evaluation.labels.consensus import SeveralByRule
from multilabelfy.evaluation.labels.panel import PanelHeadline
from multilabelfy.evaluation.labels.unfinished import ImagesByProgress
from multilabelfy.evaluation.labels.ways_to_ask import WaysCompared
from multilabelfy.evaluation.many_models.groups import Groups
from multilabelfy.evaluation.many_models.own_family import LabelsAsked
from multilabelfy.evaluation.measures.evaluated import EvaluatedModel
from multilabelfy.evaluation.measures.model import LabelledImages
from multilabelfy.evaluation.posterior.headline import PosteriorHeadline
from multilabelfy.evaluation.proposals.missed import Missed
from multilabelfy.refinement.label_sources import LabelSource
from multilabelfy.refinement.model import EmptyReason
from multilabelfy.report.about_given.cases import Evidence
from multilabelfy.report.about_labels.two_labellings import TwoLabellings
from multilabelfy.report.about_people.answer_quality import AnswerQuality
from multilabelfy.report.about_people.people import PersonsWork
from multilabelfy.report.findings import Subject
from multilabelfy.report.wording import NameOf

SEED = 0
"""Of everything that a report resamples or draws."""


@dataclass(frozen=True)
class Original:
    """The dataset of which the reported one is a replicate, the models measured on it, and what votes say about its images, if known."""

    subject: Subject
    models: tuple[EvaluatedModel, ...]
    labelled: LabelledImages
    judged: Judged | None = None


@dataclass(frozen=True)
class Material:
    """What a report is made from. `models` were measured on `measured_on` (None: all labelled images); `name_of` names a label for people.
    `against_given` is the share of annotators who did not tick the given label, (n_images,).

    `release` is the number of the release that it is of. `progress` says how far the study is, and `is_drawn`, (n_images,), which labelled
    images came by the draw; the headline takes unfinished images into account, and `panel` has that of the images that keep a fixed overlap
    where it adapts. `sources` counts the released images by what settled them. `evidence` is what is known of single images. `kinds` and
    `decided` group the measured images by how their labels relate and were decided (evaluation.provenance); `asked` is what people were
    asked about the measured images, `beyond` what they found by search, `corrected` the headline that the experts' audit corrects,
    `by_posterior` the one by the posterior of the votes, `judged` what votes say by themselves, `missed` what the proposals hold, `ways`
    what simulated studies of known truth came to, `near_copies` which images of the whole dataset look the same. These, `release`,
    `progress`, `agreement`, `experts`, `workers` and the methods' paragraphs exist only for a study, not for label files (`judged`
    where votes are among the files).
    """

    subject: Subject
    labelled: LabelledImages
    models: tuple[EvaluatedModel, ...] = ()
    measured_on: LabelledImages | None = None
    release: int | None = None
    progress: ImagesByProgress | None = None
    is_drawn: npt.NDArray[np.bool_] | None = None
    panel: PanelHeadline | None = None
    reasons: Mapping[EmptyReason, int] = field(default_factory=dict)
    relations: Mapping[Relation, int] = field(default_factory=dict)
    sources: Mapping[LabelSource, int] = field(default_factory=dict)
    kinds: Groups | None = None
    decided: Groups | None = None
    agreement: Agreement | None = None
    by_rule: tuple[SeveralByRule, ...] = ()
    by_posterior: PosteriorHeadline | None = None
    beyond: BeyondCandidates | None = None
    asked: LabelsAsked | None = None
    evidence: Evidence = field(default_factory=Evidence)
    against_given: npt.NDArray[np.float64] | None = None
    answers: AnswerQuality = field(default_factory=AnswerQuality)
    experts: ExpertWork | None = None
    corrected: Corrected | None = None
    workers: tuple[PersonsWork, ...] = ()
    methods: tuple[tuple[str, str], ...] = ()
    name_of: NameOf = str
    original: Original | None = None
    judged: Judged | None = None
    positions: Positions | None = None
    kin_pace: KinPace | None = None
    missed: Missed | None = None
    two_annotators: TwoLabellings | None = None
    ways: WaysCompared | None = None
    near_copies: Copies | None = None
