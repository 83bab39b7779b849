"""What an expert's decision on an image is expected to gain: the value of perfect information (Raiffa & Schlaifer 1961; Howard 1966).

Experts are taken to be right, so that a decision gains whatever the posterior's labels are expected to get wrong: the loss of the best
decision (`gain`), summed over the image's labels. Divided by the seconds that it is expected to take, it says where an expert's next second
is best spent. An image is taken to keep an expert as long as its annotators, but for a factor that is the same for all: it moves no order.
"""

import numpy as np

from multilabelfy.disagreement.consensus.posterior import Posterior
from multilabelfy.disagreement.policy.gain import Floats, expected_seconds, loss
from multilabelfy.disagreement.questions import Ints, Questions


def gain_of_decision(questions: Questions, fitted: Posterior, n_images: int, threshold: float = 0.5) -> Floats:
    """The expected number of wrong labels that an expert would put right, (n_images,); 0 where nobody voted."""
    return np.bincount(questions.image, weights=loss(fitted.score, threshold), minlength=n_images).astype(np.float64)


def worth_of_decisions(gain: Floats, n_visits: Ints, seconds: Floats) -> Floats:
    """The gain per second, (n_images,), in wrong labels by a second of a mean annotator's pace; `seconds` are those of the visits so far.

    >>> worth_of_decisions(np.array([0.4, 0.4]), np.array([2, 2]), np.array([20.0, 40.0])).round(4).tolist()
    [0.0343, 0.0218]
    """
    return np.asarray(gain / expected_seconds(n_visits, seconds), dtype=np.float64)
