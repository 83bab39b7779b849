"""The labels that shards say their pictures have: as the dataset's labels, and as given labels."""

from collections import Counter
from collections.abc import Mapping

from multilabelfy.dataset.model import LabelSpace
from multilabelfy.dataset.validation import label_finder, unknown_label
from multilabelfy.errors import InvalidInput, Problem, WayOut
from multilabelfy.formats.reading.label_space import GIVEN, labels_from_names, labels_in_order
from multilabelfy.formats.reading.pictures.shards import CLASS_LISTS
from multilabelfy.plurals import counted
from multilabelfy.workflows.importing.request import Looking
from multilabelfy.workflows.importing.rules import NAMED

ATTEMPT = "Cannot find the labels"


def labels_in_shards(looking: Looking) -> LabelSpace:
    """The classes that are listed, in their order; else the labels that occur. Raises InvalidInput for numbers without names."""
    packed = looking.folder.packed
    if packed.label_problems:
        raise InvalidInput(ATTEMPT, packed.label_problems)
    if packed.classes:
        return labels_in_order(packed.classes, GIVEN)
    written = set(packed.given.values())
    if all(label.isascii() and label.isdigit() for label in written):
        ways = (WayOut(f"name them in a file {CLASS_LISTS[0]} beside the shards"), *NAMED)
        raise InvalidInput(ATTEMPT, [Problem(str(looking.request.images_root), "its labels are numbers", ways)])
    return labels_from_names(written, GIVEN)


def given_in_shards(looking: Looking, labels: LabelSpace) -> Mapping[str, int]:
    """The given labels of the new pictures by path.

    Where none of the listed classes is the key of a label, and there are as many of both, a class is the label of its number.
    """
    packed, find = looking.folder.packed, label_finder(labels)
    by_name = {name: find(name) for name in packed.classes}
    if len(packed.classes) == len(labels) and all(label is None for label in by_name.values()):
        find = {name: number for number, name in enumerate(packed.classes)}.get
        looking.findings.notes.append("the shards' classes have other names than the labels: they were taken in their order")
    looking.findings.fatal.extend(problem for problem in packed.label_problems if problem not in looking.findings.fatal)
    given, unknown = {}, Counter[str]()
    for path in looking.fresh:
        if (written := packed.given.get(path)) is not None:
            if (label := find(written)) is None:
                unknown[written] += 1
            else:
                given[path] = label
    looking.findings.fatal.extend(
        Problem(str(looking.request.images_root), f"{unknown_label(written, labels)} ({counted(n, 'picture')})")
        for written, n in sorted(unknown.items())
    )
    return given
