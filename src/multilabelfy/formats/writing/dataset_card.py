"""`dataset-card`: a data card as a dataset card of the Hugging Face hub: Markdown and YAML (huggingface.co/docs/hub/datasets-cards).

It is the README.md of a repository on that hub, with the table beside it.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from multilabelfy.formats.exported.cards import write_card
from multilabelfy.formats.exported.data_card import TABLE, TOOL, DataCard
from multilabelfy.formats.exported.exported import ExportedDataset, Wanted, Written
from multilabelfy.refinement.label_sources import SOURCES, LabelSource

SIZES = (
    *((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K")),
    *((1_000_000, "100K<n<1M"), (10_000_000, "1M<n<10M"), (100_000_000, "10M<n<100M")),
)
LARGEST = "100M<n<1B"


def write(dataset: ExportedDataset, wanted: Wanted) -> Written:
    """Write the card and its table, see `write_card`."""
    return write_card(dataset, wanted, dataset_card)


def dataset_card(card: DataCard) -> str:
    """The card as text."""
    return "\n".join([*_head(card), "", f"# {card.name}: sets of valid labels", "", *_body(card)]).rstrip() + "\n"


def size_category(n_images: int) -> str:
    """The hub's word for this number of rows.

    >>> size_category(999), size_category(1000), size_category(50_000)
    ('n<1K', '1K<n<10K', '10K<n<100K')
    """
    return next((word for below, word in SIZES if n_images < below), LARGEST)


def _head(card: DataCard) -> list[str]:
    """YAML with every value quoted as JSON, which YAML reads too."""
    about = card.about
    license_lines = _entry("license", about.license.lower() or "unknown")
    if about.license_is_address:
        license_lines = [*_entry("license", "other"), *_entry("license_name", "as-linked"), *_entry("license_link", about.license)]
    created_by = sorted({SOURCES[LabelSource(source)].creators for source, n in card.sources.items() if n})
    return [
        "---",
        *_entry("pretty_name", card.name),
        *license_lines,
        *_list("task_categories", ["image-classification"]),
        *_list("task_ids", ["multi-label-image-classification"]),
        *_list("annotations_creators", created_by),
        *_list("multilinguality", ["monolingual"]),
        *_list("size_categories", [size_category(card.n_images)]),
        *_list("tags", ["multi-label", "label-errors", "croissant"]),
        "configs:",
        '- config_name: "default"',
        f'  data_files: "{TABLE}"',
        "---",
    ]


def _body(card: DataCard) -> Iterable[str]:
    yield from (card.description, "")
    yield from (f"This is release {card.release} of {card.released_on:%d %B %Y}; `{TABLE}` has the SHA-256 `{card.sha256}`.", "")
    yield from _section("Licence", [card.about.license or "Not stated. Whoever publishes these labels should state their licence here."])
    if card.about.creators or card.about.url:
        yield from _section("Source", [", ".join(part for part in (*card.about.creators, card.about.url) if part)])
    yield from _section("Columns", _table(("column", "holds"), [(f"`{name}`", meaning) for name, meaning in card.columns.items()]))
    yield from _counts(card)
    yield from _section("How it was annotated", [line for heading, text in card.methods for line in (f"**{heading}.** {text}", "")])
    yield from _section("Who annotated", [card.people, "", f"Annotations for each image: {card.per_item}"])
    if card.agreement:
        rows = [(line.measure, f"{line.value:.3f}", _interval(line.low, line.high)) for line in card.agreement]
        yield from _section("Agreement", [*_table(("measure", "value", "95% interval"), rows), "", card.about_agreement])
    yield from _section("Known limits", [f"- {limit}" for limit in (*card.limits, *card.biases)])
    if card.about.citation:
        yield from _section("Citation", ["```", card.about.citation, "```"])
    yield f"Made with {TOOL} {card.version}."


def _counts(card: DataCard) -> Iterable[str]:
    yield from _section("How many", _counted("valid labels", {str(size): card.sizes[size] for size in sorted(card.sizes)}))
    corrections = {kind.value: n for kind, n in card.corrections.items()}
    yield from _section("What became of the given labels", _counted("correction", corrections))
    yield from _section("How labels were decided", _counted("source", card.sources))
    if card.reasons:
        yield from _section("Why images have no label", _counted("reason", card.reasons))


def _counted(what: str, counts: Mapping[str, int]) -> list[str]:
    return _table((what, "images"), [(name, f"{n:,}") for name, n in counts.items() if n])


def _section(title: str, lines: Iterable[str]) -> list[str]:
    return [f"## {title}", "", *"\n".join(lines).rstrip().split("\n"), ""]


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [headings, ["---"] * len(headings), *rows]
    return ["| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines]


def _interval(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{low:.3f} to {high:.3f}"


def _entry(name: str, value: str) -> list[str]:
    return [f"{name}: {json.dumps(value, ensure_ascii=False)}"]


def _list(name: str, values: Sequence[str]) -> list[str]:
    return [f"{name}:", *(f"- {json.dumps(value, ensure_ascii=False)}" for value in values)]
