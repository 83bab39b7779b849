"""A numbered release of final labels: what it holds, and what changed since the previous one."""

from dataclasses import dataclass
from datetime import datetime

from multilabelfy.dataset.model import ImageId
from multilabelfy.refinement.final_labels.by_posterior import ByPosterior
from multilabelfy.refinement.model import FinalLabels


@dataclass(frozen=True, slots=True)
class Changes:
    """What a release would change: images resolved for the first time or again, decided otherwise, and no longer resolved.

    `restated` are those that are decided as before, on other chances or by other people: a release stores them, and counts no change.
    """

    added: tuple[FinalLabels, ...]
    changed: tuple[FinalLabels, ...]
    removed: tuple[ImageId, ...]
    restated: tuple[FinalLabels, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed or self.restated)


@dataclass(frozen=True, slots=True)
class Release:
    """One release: how many images have final labels, how many have none yet, and what changed since the one before.

    `by_posterior` says how its labels of the source `posterior` were made, if it has any.
    """

    id: int
    number: int
    created_at: datetime
    n_images: int
    n_unresolved: int
    n_added: int
    n_changed: int
    n_removed: int
    by_posterior: ByPosterior | None = None

    @property
    def n_by_posterior(self) -> int:
        """How many of its images the posterior settled."""
        return self.by_posterior.n_settled if self.by_posterior else 0

    @property
    def n_by_people(self) -> int:
        """How many people settled, or an import."""
        return self.n_images - self.n_by_posterior
