"""Findings about gaps: labels that no image has, and names that annotators found missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from multilabelfy.report.about_labels.class_names import Names
from multilabelfy.report.findings import Cell, CellKind, Finding, Picture, Pictures, Subject, table
from multilabelfy.report.wording import count, counted

MOST_NAMES_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Unused:
    """A label that no image has in the end: how many images it was given, and in how many annotators were shown it and ticked it.

    None where there are no given labels, or no annotators.
    """

    label: int
    n_given: int | None = None
    n_shown: int | None = None
    n_ticked: int | None = None


@dataclass(frozen=True, slots=True)
class MissingName:
    """A name that annotators missed, in how many answers, and pictures of some of their images."""

    name: str
    n_answers: int
    pictures: tuple[Picture, ...] = ()


def unused_finding(found: Sequence[Unused], n_labels: int, names: Names, dataset: Subject) -> Finding:
    """Labels that no image has."""
    none = "Every label has an image"
    return Finding(
        slug="without-images",
        title=f"{count(len(found))} of {counted(n_labels, 'label')} have no image" if found else none,
        subtitle=f"Labels of the label space that no image of {dataset} has",
        definition="A label without images may be rare, never proposed, or always lose to a twin. Shown and ticked: images in which any "
        "annotator was shown the label, and said yes to it.",
        table=table(
            (
                ("label", "label", CellKind.TEXT),
                ("given", "images given as it", CellKind.COUNT),
                ("shown", "images shown beside it", CellKind.COUNT),
                ("ticked", "of them ticked", CellKind.COUNT),
                ("suggestion", "suggestion", CellKind.TEXT),
            ),
            [_row(one, names) for one in found],
        ),
    )


def missing_names_finding(found: Sequence[MissingName], dataset: Subject) -> Finding:
    """Names that annotators found missing from the label space, the most frequent first."""
    return Finding(
        slug="missing-names",
        title=f"Annotators missed {counted(len(found), 'name')}" if found else "Annotators missed no name",
        subtitle=f"Names that annotators and experts of {dataset} wrote as missing from the label space",
        definition="As written, without regard to case; each person and image counts once.",
        table=table(
            (("name", "name", CellKind.TEXT), ("answers", "answers", CellKind.COUNT)), [(one.name, one.n_answers) for one in found]
        ),
        pictures=tuple(
            Pictures(f"{one.name}: {counted(one.n_answers, 'answer')}", one.pictures) for one in found[:MOST_NAMES_SHOWN] if one.pictures
        ),
    )


def _row(one: Unused, names: Names) -> list[Cell]:
    return [names.of(one.label), one.n_given, one.n_shown, one.n_ticked, _suggestion(one)]


def _suggestion(one: Unused) -> str | None:
    """What its counts suggest; nothing where there are none."""
    if one.n_ticked:
        return "ticked, yet never final: look for its twin"
    if one.n_shown == 0:
        return "nobody was shown it: propose more labels"
    if one.n_given:
        return "given, yet never valid: look at what replaces it"
    return None if one.n_shown is None else "rare: keep it, or drop it"
