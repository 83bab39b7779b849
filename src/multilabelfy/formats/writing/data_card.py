"""What a data card says of a release of final labels, whatever form it is written in (Croissant, a dataset card in Markdown)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from multilabelfy.dataset.model import LabelSpace
from multilabelfy.evaluation.labels.correction import Correction

TABLE = "final-labels.parquet"
"""The file that a card describes, beside it: the corrected dataset (see `corrected`)."""
TOOL = "Multilabelfy"

COLUMNS = {
    "image": "The picture's path below the dataset's folder.",
    "given_label": "The single label that the picture came with.",
    "correction": "What became of the given label: stands, replaced, one-of-several, replaced-by-several, no-label or none-given.",
    "corrected_label": "The valid label where there is exactly one.",
    "labels": "All labels that are valid.",
    "n_labels": "How many labels are valid.",
    "reason": "Why no label is valid.",
    "relation": "How several labels relate: several objects, several names of one, or both.",
    "source": "How the labels were decided.",
    "n_annotators": "How many annotators' answers count.",
    "certainty": "The share of these annotators who chose exactly the final labels.",
    "given_support": "The share of these annotators who chose the given label.",
    "release": "The release of final labels.",
}
"""The columns of that file, for people."""


@dataclass(frozen=True, slots=True)
class About:
    """What only people know: the licence of the labels (an SPDX name or an address), whose they are, where, and how they are cited."""

    license: str = ""
    creators: tuple[str, ...] = ()
    url: str = ""
    citation: str = ""

    def __bool__(self) -> bool:
        return bool(self.license or self.creators or self.url or self.citation)

    @property
    def license_is_address(self) -> bool:
        """Whether the licence is named by its address."""
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
    """The facts of a card. `sizes` maps a number of labels to its images, `reasons` why there is none; `sources` how sets were decided.

    `methods`, pairs of heading and paragraph, are the report's own; `about_agreement` is the definition of its measures. `sha256` and
    `n_bytes` are of TABLE.
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

    @property
    def description(self) -> str:
        """What the dataset is, in two sentences."""
        several = sum(n for size, n in self.sizes.items() if size > 1)
        return (
            f"Sets of valid labels for {self.n_images:,} images of “{self.name}”, which came with one label each at most. "
            f"{several:,} images have several valid labels, {self.sizes.get(0, 0):,} have none."
        )

    @property
    def people(self) -> str:
        """Who annotated, as far as it was recorded."""
        return (
            f"{self.n_annotators} annotators and {self.n_experts} experts, who worked {self.hours:.1f} hours in all. "
            "Nothing else about them was recorded."
        )

    def paragraphs(self, *stages: str) -> tuple[str, ...]:
        """The methods' paragraphs under the headings that end so."""
        return tuple(text for heading, text in self.methods if heading.endswith(stages))
