"""The finding about near copies: how many images are one, and where their given labels contradict."""

from multilabelfy.dataset.copies import Copies, CopyGroup
from multilabelfy.report.findings import Cell, CellKind, Finding, Subject, table
from multilabelfy.report.wording import NameOf, count, counted, decimals_of, percent, tied

MOST_GROUPS = 25
MOST_NAMED = 4
"""Images of a group that its row names."""


def near_copies_finding(copies: Copies, name_of: NameOf, dataset: Subject) -> Finding:
    """The groups, those whose given labels contradict first; there is at least one."""
    share = percent(copies.n_images / copies.n_compared, decimals_of(copies.n_compared))
    n_groups = counted(len(copies.groups), "group")
    contradicting = counted(copies.n_images_contradicting, "is", "are")
    return Finding(
        slug="near-copies",
        title=f"{count(copies.n_images)} of {counted(copies.n_compared, 'image')} are near copies of another{_contradiction(copies)}",
        subtitle=f"Groups of near copies in {dataset}, those with contradicting given labels first; {n_groups}; "
        f"{share} of the images have a near copy, {contradicting} in a group whose given labels contradict",
        definition="Near copies are images whose pictures have nearly the same fingerprint (perceptual hash, Zauner 2010): at most "
        f"{copies.most_apart} of its 64 bits differ. A group is all that such pairs connect. Given labels of a group contradict if two are "
        "different: then at least one of them is wrong, or both are valid. Among many thousands of images some pairs are as near by "
        "chance, and pictures without contrast all look the same. Nothing was dropped.",
        table=table(
            (
                ("group", "group", CellKind.COUNT),
                ("images", "images", CellKind.COUNT),
                ("contradict", "given labels contradict", CellKind.TEXT),
                ("given", "given labels", CellKind.TEXT),
                ("named", "images by name", CellKind.TEXT),
            ),
            [_row(number, group, name_of) for number, group in enumerate(copies.groups[:MOST_GROUPS], start=1)],
        ),
    )


def _contradiction(copies: Copies) -> str:
    """In how many groups labels contradict; nothing where no image of a group has a given label."""
    if not any(group.labels for group in copies.groups):
        return ""
    if not copies.n_contradicting:
        return "; their given labels do not contradict"
    return f"; given labels contradict in {count(copies.n_contradicting)} of {counted(len(copies.groups), 'group')}"


def _row(number: int, group: CopyGroup, name_of: NameOf) -> list[Cell]:
    labels = tied([name_of(label) for label in group.labels]) if group.labels else None
    more = len(group.images) - MOST_NAMED
    named = ", ".join(group.images[:MOST_NAMED]) + (f" and {count(more)} more" if more > 0 else "")
    return [number, len(group.images), "yes" if group.contradicts else "no", labels, named]
