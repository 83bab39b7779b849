"""What a data card says about a release of final labels, whatever its form (Croissant, a dataset card in Markdown)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from multilabelfy.dataset.model import LabelSpace
from multilabelfy.evaluation.labels.correction import Correction
from multilabelfy.plurals import counted
from multilabelfy.refinement.explanation import CHOSEN_PARTS

TABLE = "final-labels.parquet"
"""The file beside a card that it describes: the corrected dataset (see `corrected`)."""
TOOL = "Multilabelfy"

COLUMNS = {
    "image": "The picture's path below the dataset's folder.",
    "given_label": "The single label that the picture came with.",
    "correction": "What became of the given label: stands, replaced, one-of-several, replaced-by-several, no-label or none-given.",
    "corrected_label": "The valid label, if there is exactly one.",
    "labels": "All valid labels.",
    "n_labels": "How many labels are valid.",
    **{part.name: part.meaning for part in CHOSEN_PARTS},
    "source": "How the labels were decided.",
    "n_annotators": "How many annotators' answers count.",
    "certainty": "The share of these annotators who chose exactly the final labels.",
    "given_support": "The share of these annotators who chose the given label.",
    "release": "The release of final labels.",
}
"""What the columns of that file hold, for people."""
OF_POSTERIOR = {"chances": "The chance of each of the labels, in their order, where the posterior of the votes settled the image."}
"""The same of the last column, which the file has only if the posterior settled images of the release."""


@dataclass(frozen=True, slots=True)
class About:
    """What only people know: the labels' licence (an SPDX name or an address), their creators, their address, and how to cite them."""

    license: str = ""
    creators: tuple[str, ...] = ()
    url: str = ""
    citation: str = ""

    def __bool__(self) -> bool:
        return bool(self.license or self.creators or self.url or self.citation)

    @property
    def license_is_address(self) -> bool:
        """Whether the licence is given as an address."""
        return "://" in self.license


@dataclass(frozen=True, slots=True)
class AgreementLine:
    """One measure of agreement with its 95% interval."""

    measure: str
    value: float
    low: float | None
    high: float | None

    def __str__(self) -> str:
        interval = "" if self.low is None or self.high is None else f" (95% interval {self.low:.3f} to {self.high:.3f})"
        return f"{self.measure}: {self.value:.3f}{interval}"


@dataclass(frozen=True, slots=True)
class DataCard:
    """The facts of a card. `sizes` counts images by number of labels, `reasons` by why they have none, `sources` by how they were decided.

    `methods` are the report's, as pairs of heading and paragraph. `about_agreement` defines the measures of `agreement`. `sha256` and
    `n_bytes` describe TABLE, which has a column of chances if `has_chances`.
    """

    name: str
    about: About
    release: int
    released_on: date
    n_images: int
    n_unresolved: int
    labels: LabelSpace
    sizes: Mapping[int, int]
    reasons: Mapping[str, int]
    sources: Mapping[str, int]
    corrections: Mapping[Correction, int]
    n_annotators: int
    n_experts: int
    hours: float
    per_item: str
    agreement: tuple[AgreementLine, ...]
    about_agreement: str
    proposers: tuple[str, ...]
    methods: tuple[tuple[str, str], ...]
    limits: tuple[str, ...]
    biases: tuple[str, ...]
    sha256: str
    n_bytes: int
    version: str
    has_chances: bool = False

    @property
    def columns(self) -> Mapping[str, str]:
        """What the columns of TABLE hold."""
        return COLUMNS | OF_POSTERIOR if self.has_chances else COLUMNS

    @property
    def description(self) -> str:
        """What the dataset is, in two sentences."""
        several = sum(n for size, n in self.sizes.items() if size > 1)
        return (
            f"Sets of valid labels for {self.n_images:,} {'image' if self.n_images == 1 else 'images'} of “{self.name}”, "
            "which came with one label each at most. "
            f"Several labels are valid for {several:,} of them, none for {self.sizes.get(0, 0):,}."
        )

    @property
    def people(self) -> str:
        """Who annotated, as far as recorded."""
        return (
            f"{counted(self.n_annotators, 'annotator')} and {counted(self.n_experts, 'expert')}, who worked {self.hours:.1f} hours in all. "
            "Nothing else about them was recorded."
        )

    def paragraphs(self, *stages: str) -> tuple[str, ...]:
        """The paragraphs of the methods whose headings end with one of these."""
        return tuple(text for heading, text in self.methods if heading.endswith(stages))
