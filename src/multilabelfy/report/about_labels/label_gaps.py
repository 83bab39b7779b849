"""Findings about gaps: labels that no image has, and names that annotators found missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from multilabelfy.report.about_labels.class_names import Names
from multilabelfy.report.findings import Cell, CellKind, Finding, Picture, Pictures, Subject, table
from multilabelfy.report.wording import count, counted

MOST_NAMES_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Unused:
    """A label that no image has in the end: the numbers of images given as it, shown beside it, and on which it was ticked.

    A number is None where there are no given labels, or no annotators.
    """

    label: int
    n_given: int | None = None
    n_shown: int | None = None
    n_ticked: int | None = None


@dataclass(frozen=True, slots=True)
class MissingName:
    """A name that annotators reported missing, the number of answers that did so, and pictures of some of these images."""

    name: str
    n_answers: int
    pictures: tuple[Picture, ...] = ()


def unused_finding(unused: Sequence[Unused], n_labels: int, names: Names, dataset: Subject) -> Finding:
    """Labels that no image has."""
    none = "Every label has an image"
    return Finding(
        slug="without-images",
        title=f"{count(len(unused))} of {counted(n_labels, 'label')} {'has' if len(unused) == 1 else 'have'} no image" if unused else none,
        subtitle=f"Labels of the label space that no image of {dataset} has",
        definition="A label without images may be rare, never proposed, or always lose to a twin. Shown and ticked: the number of images "
        "on which any annotator was shown the label, and said yes to it.",
        table=table(
            (
                ("label", "label", CellKind.TEXT),
                ("given", "images given as it", CellKind.COUNT),
                ("shown", "images shown beside it", CellKind.COUNT),
                ("ticked", "of them ticked", CellKind.COUNT),
                ("suggestion", "suggestion", CellKind.TEXT),
            ),
            [_row(gap, names) for gap in unused],
        ),
    )


def missing_names_finding(missing: Sequence[MissingName], dataset: Subject) -> Finding:
    """Names that annotators found missing from the label space, most frequent first."""
    return Finding(
        slug="missing-names",
        title=f"Annotators reported {counted(len(missing), 'missing name')}" if missing else "Annotators reported no missing names",
        subtitle=f"Names that annotators and experts of {dataset} reported missing from the label space",
        definition="Names as written, ignoring case; each person and image counts once.",
        table=table(
            (("name", "name", CellKind.TEXT), ("answers", "answers", CellKind.COUNT)), [(name.name, name.n_answers) for name in missing]
        ),
        pictures=tuple(
            Pictures(f"{name.name}: {counted(name.n_answers, 'answer')}", name.pictures)
            for name in missing[:MOST_NAMES_SHOWN]
            if name.pictures
        ),
    )


def _row(gap: Unused, names: Names) -> list[Cell]:
    return [names.of(gap.label), gap.n_given, gap.n_shown, gap.n_ticked, _suggestion(gap)]


def _suggestion(gap: Unused) -> str | None:
    """What the label's counts suggest; None where there are no counts."""
    if gap.n_ticked:
        return "ticked, yet never final: look for its twin"
    if gap.n_shown == 0:
        return "nobody was shown it: propose more labels"
    if gap.n_given:
        return "given, yet never valid: look at what replaces it"
    return None if gap.n_shown is None else "rare: keep it, or drop it"
