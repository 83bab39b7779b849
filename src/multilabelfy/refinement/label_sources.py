"""Where final labels come from: one row a source, from which pages, reports and data cards read it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class LabelSource(StrEnum):
    """Where an image's final labels come from."""

    AGREED = "agreed"
    REFINED = "refined"
    AUDITED = "audited"  # annotators agreed, and experts who did not know it decided
    IMPORTED = "imported"
    POSTERIOR = "posterior"  # annotators differ, no expert has decided, and the chances of the labels do


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMeaning:
    """What a source is called: `words` on pages (which translate them), `decided` in a report's sentence "12 images were decided …", and
    `creators` in the Hugging Face hub's list of who annotated. `by_experts` and `by_annotators` say who looked at the image."""

    words: str
    decided: str
    creators: str
    by_annotators: bool
    by_experts: bool


_ROWS: Mapping[LabelSource, SourceMeaning] = {
    LabelSource.AGREED: SourceMeaning(
        words="agreed by the annotators",
        decided="by annotators who agreed",
        creators="other",
        by_annotators=True,
        by_experts=False,
    ),
    LabelSource.REFINED: SourceMeaning(
        words="decided by an expert",
        decided="by an expert",
        creators="expert-generated",
        by_annotators=True,
        by_experts=True,
    ),
    LabelSource.AUDITED: SourceMeaning(
        words="agreed by the annotators, then decided by experts (audit)",
        decided="by experts in the audit of agreed images",
        creators="expert-generated",
        by_annotators=True,
        by_experts=True,
    ),
    LabelSource.IMPORTED: SourceMeaning(
        words="imported",
        decided="by the labels that were imported",
        creators="found",
        by_annotators=False,
        by_experts=False,
    ),
    LabelSource.POSTERIOR: SourceMeaning(
        words="settled by the posterior of the votes",
        decided="by the posterior of the votes",
        creators="machine-generated",
        by_annotators=True,
        by_experts=False,
    ),
}
SOURCES: Mapping[LabelSource, SourceMeaning] = {source: _ROWS[source] for source in LabelSource}
