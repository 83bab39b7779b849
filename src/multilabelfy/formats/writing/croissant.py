"""`croissant`: a data card as Croissant 1.0 with its Responsible AI terms: JSON-LD (docs.mlcommons.org/croissant).

It describes the table beside it, named by its SHA-256, with one record per image, and lists all labels and the hierarchy above them. It
does not contain the pictures.
"""

import json
from typing import Any

from multilabelfy.dataset.model import Concept, Label
from multilabelfy.formats.exported.cards import write_card
from multilabelfy.formats.exported.data_card import TABLE, TOOL, DataCard
from multilabelfy.formats.exported.exported import ExportedDataset, Wanted, Written
from multilabelfy.formats.files.write_tables import ColumnType
from multilabelfy.formats.writing.corrected import columns_of

CONFORMS_TO = ["http://mlcommons.org/croissant/1.0", "http://mlcommons.org/croissant/RAI/1.0"]
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    **{
        term: f"cr:{term}"
        for term in (
            *("citeAs", "column", "equivalentProperty", "extract", "field", "fileProperty", "fileObject", "fileSet", "format", "includes"),
            *("isLiveDataset", "jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex", "repeated", "replace"),
            *("samplingRate", "separator", "source", "subField", "transform", "isArray", "arrayShape"),
        )
    },
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "sc": "https://schema.org/",
}
TYPES = {
    **{ColumnType.TEXT: "sc:Text", ColumnType.TEXTS: "sc:Text", ColumnType.INTEGER: "sc:Integer"},
    **{ColumnType.NUMBER: "sc:Float", ColumnType.NUMBERS: "sc:Float"},
}
SPDX = "https://spdx.org/licenses/"
LABEL_COLUMNS = {"index": "sc:Integer", "key": "sc:Text", "name": "sc:Text"}


def write(dataset: ExportedDataset, wanted: Wanted) -> Written:
    """Write the card and its table, see `write_card`."""
    return write_card(dataset, wanted, lambda card: json.dumps(croissant(card), ensure_ascii=False, indent=1) + "\n")


def croissant(card: DataCard) -> dict[str, Any]:
    """The card as JSON-LD, without what nobody stated (a licence, creators, an address)."""
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": CONFORMS_TO,
        "name": card.name,
        "description": card.description,
        "version": f"{card.release}.0.0",
        "datePublished": card.released_on.isoformat(),
        "keywords": ["image classification", "multi-label", "label errors"],
        **_about(card),
        **_responsible(card),
        "distribution": [_file(card)],
        "recordSet": [_images(card), _labels(card), *_parents(card)],
    }


def _about(card: DataCard) -> dict[str, Any]:
    about = card.about
    stated: dict[str, Any] = {}
    if about.license:
        stated["license"] = about.license if about.license_is_address else SPDX + about.license
    if about.creators:
        stated["creator"] = [{"@type": "sc:Person", "name": name} for name in about.creators]
    if about.url:
        stated["url"] = about.url
    if about.citation:
        stated["citeAs"] = about.citation
    return stated


def _responsible(card: DataCard) -> dict[str, Any]:
    """The terms of the extension for responsible AI; a term that may have several values is a list."""
    analysis = [str(line) for line in card.agreement]
    terms: dict[str, Any] = {
        "dataAnnotationProtocol": list(card.paragraphs("Annotation", "Disagreement", "Refinement")),
        "dataAnnotationPlatform": [f"{TOOL} {card.version}"],
        "dataAnnotationAnalysis": [*analysis, card.about_agreement] if analysis else [],
        "annotationsPerItem": card.per_item,
        "annotatorDemographics": [card.people],
        "machineAnnotationTools": list(card.proposers),
        "dataUseCases": [
            "Training and measuring image classifiers on sets of valid labels.",
            "Finding given labels that are wrong, and images with several valid labels.",
        ],
        "dataLimitations": list(card.limits),
        "dataBiases": list(card.biases),
        "personalSensitiveInformation": ["The table names nobody. What the pictures show of people was not examined."],
        "dataReleaseMaintenancePlan": "Releases are numbered, and earlier ones stay; the version's first number is the release.",
    }
    return {f"rai:{term}": value for term, value in terms.items() if value}


def _file(card: DataCard) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": TABLE,
        "name": TABLE,
        "description": f"The final labels of release {card.release}: one row per image.",
        "contentUrl": TABLE,
        "contentSize": f"{card.n_bytes} B",
        "encodingFormat": "application/x-parquet",
        "sha256": card.sha256,
    }


def _images(card: DataCard) -> dict[str, Any]:
    columns, meanings = columns_of(has_chances=card.has_chances), card.columns
    fields = [_column(name, kind, meanings[name]) for name, kind in columns.items()]
    return {
        "@type": "cr:RecordSet",
        "@id": "images",
        "name": "images",
        "description": "What was decided about each image.",
        "key": {"@id": "images/image"},
        "field": fields,
    }


def _column(name: str, kind: ColumnType, meaning: str) -> dict[str, Any]:
    repeated = {"repeated": True} if kind in (ColumnType.TEXTS, ColumnType.NUMBERS) else {}
    return {
        "@type": "cr:Field",
        "@id": f"images/{name}",
        "name": name,
        "description": meaning,
        "dataType": TYPES[kind],
        **repeated,
        "source": {"fileObject": {"@id": TABLE}, "extract": {"column": name}},
    }


def _labels(card: DataCard) -> dict[str, Any]:
    """All labels with their names, inside the card itself."""
    data = [{"labels/index": label.index, "labels/key": label.key, "labels/name": ", ".join(label.names)} for label in card.labels.labels]
    return {
        "@type": "cr:RecordSet",
        "@id": "labels",
        "name": "labels",
        "description": f"The labels of “{card.labels.name}”.",
        "key": {"@id": "labels/key"},
        "field": [_inline("labels", name, data_type) for name, data_type in LABEL_COLUMNS.items()],
        "data": data,
    }


def _parents(card: DataCard) -> list[dict[str, Any]]:
    """Which concept each label and each concept is a kind of, inside the card itself; nothing of labels without a hierarchy."""
    space = card.labels
    nodes: list[Label | Concept] = [*space.labels, *space.concepts]
    data = [{"parents/key": node.key, "parents/parent": parent} for node in nodes for parent in node.parents]
    if not data:
        return []
    return [
        {
            "@type": "cr:RecordSet",
            "@id": "parents",
            "name": "parents",
            "description": f"The hierarchy above the labels of “{space.name}”: which concept a label or a concept is a kind of.",
            "field": [_inline("parents", name, "sc:Text") for name in ("key", "parent")],
            "data": data,
        }
    ]


def _inline(of: str, name: str, data_type: str) -> dict[str, Any]:
    """A field whose data stand in the card."""
    return {"@type": "cr:Field", "@id": f"{of}/{name}", "name": name, "dataType": data_type}
