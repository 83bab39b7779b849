"""Choose which images of a dataset somebody browses: a fixed list of conditions."""

from dataclasses import dataclass

from multilabelfy.annotation.model import AnnotatorId
from multilabelfy.dataset.model import ImageState
from multilabelfy.refinement.model import EmptyReason


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody from whom votes are hidden while they may still be asked: of open images, and where they decide blind of disputed ones."""

    person: AnnotatorId
    decides_blind: bool


@dataclass(frozen=True, slots=True)
class ImageFilter:
    """What an image must fit, all of it; None asks nothing.

    `label` was chosen by an annotator, `annotator` answered, `text` is part of the path (in any case); `n_labels`, `reason` and the
    `final_label` among others are those of the newest release. Where a `reader` is named, labels are
    asked of images whose votes they may see: a release may give labels by the votes alone.
    """

    state: ImageState | None = None
    given_label: int | None = None
    text: str | None = None
    annotator: AnnotatorId | None = None
    label: int | None = None
    final_label: int | None = None
    n_labels: int | None = None
    reason: EmptyReason | None = None
    reader: Reader | None = None

    @property
    def asks_about_labels(self) -> bool:
        """Whether an answer or a release has to say something of the image's labels."""
        return any(value is not None for value in (self.label, self.final_label, self.n_labels, self.reason))


EVERYTHING = ImageFilter()
