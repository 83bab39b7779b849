"""What `import` says of pictures with the same content, for people to read."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.workflows.importing.imported_copies import ImportedCopies, ShownGroup

MOST_NAMED = 4


def copies_lines(copies: "ImportedCopies") -> Iterator[str]:
    """Lines of the summary: how many are copies, the first groups, and of how many pictures it is not known; none where there are none."""
    if copies.n_groups:
        in_how_many = f"given labels contradict in {copies.n_contradicting}" if copies.n_contradicting else "no given labels contradict"
        groups = counted(copies.n_groups, "group")
        yield f"  copies      {counted(copies.n_images, 'picture')} with the content of another, in {groups}; {in_how_many}"
        yield from (f"    {_group(group)}" for group in copies.groups)
        if copies.n_groups > len(copies.groups):
            yield f"    and {counted(copies.n_groups - len(copies.groups), 'more group', 'more groups')}"
    if copies.n_not_compared:
        yield f"  copies      not looked for among {counted(copies.n_not_compared, 'picture')}: {copies.why_not}"


def _group(group: "ShownGroup") -> str:
    named = [f"{copy.image} ({copy.given_label})" if copy.given_label else copy.image for copy in group.images[:MOST_NAMED]]
    more = f" and {group.n_images - len(named)} more" if group.n_images > len(named) else ""
    return f"{'contradicting: ' if group.contradicts else ''}{', '.join(named)}{more}"
