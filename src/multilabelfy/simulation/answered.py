"""What the headline by the posterior is made from, of a simulated study that stopped halfway."""

import numpy as np

from multilabelfy.disagreement.consensus import posterior
from multilabelfy.disagreement.questions import questions_of
from multilabelfy.evaluation.labels.beyond_candidates import beyond_candidates
from multilabelfy.evaluation.posterior.answered_images import UNKNOWN, AnsweredImages
from multilabelfy.evaluation.posterior.headline import PosteriorHeadline, posterior_headline
from multilabelfy.simulation.halfway import Stopped


def answered_images(study: Stopped) -> AnsweredImages:
    """Its images by place, the votes fitted without models; all of them came by the draw."""
    questions, _ = questions_of(study.answers)
    rows = zip(questions.image.tolist(), questions.label.tolist(), strict=True)
    return AnsweredImages(
        questions=questions,
        fit=posterior.fit(questions),
        n_known=np.array([len(study.decided[place]) if place in study.decided else UNKNOWN for place in range(len(study.truths))]),
        decided=np.array([float(label in study.decided[place]) if place in study.decided else np.nan for place, label in rows]),
        is_drawn=np.ones(len(study.truths), dtype=np.bool_),
        n_untouched=study.n_untouched,
        n_others=study.n_begun,
    )


def posterior_headline_of(study: Stopped) -> PosteriorHeadline | None:
    """The headline by the posterior, with what its annotators found by search; None where votes cannot tell how they err."""
    return posterior_headline(answered_images(study), beyond_candidates(study.answers, seed=0))
