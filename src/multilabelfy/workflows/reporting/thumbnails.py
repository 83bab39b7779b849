"""The thumbnails embedded in a study's report, from the cache of display sizes."""

from multilabelfy.errors import ExtraMissing, ForbiddenPath, NoPictures, PicturesUnreachable, UnreadablePicture
from multilabelfy.report.findings import Report
from multilabelfy.store.dataset import datasets, images
from multilabelfy.store.decisions import withheld
from multilabelfy.workflows.showing.addresses import picture_file
from multilabelfy.workflows.workspace import Workspace

EDGE = 160
MOST = 150
"""Pictures in one file: at about 6 KB each they add no more than a megabyte."""


def thumbnails(workspace: Workspace, name: str, report: Report) -> dict[str, bytes]:
    """The pictures of the report's findings, as WebP by image path; without those that cannot be read or are withheld by now.

    Raises UnknownDataset.
    """
    with workspace.store.reading() as c:
        images_by_path = images.by_paths(c, datasets.find(c, name).id, images_shown(report)[:MOST])
        not_shown = withheld.among(c, [image.id for image in images_by_path.values()])
    shown = {path: image for path, image in images_by_path.items() if image.id not in not_shown}
    by_path: dict[str, bytes] = {}
    for path, image in shown.items():
        try:
            by_path[path] = picture_file(workspace, image.token, EDGE).read_bytes()
        except (UnreadablePicture, NoPictures, ForbiddenPath, PicturesUnreachable, ExtraMissing):
            continue
    return by_path


def images_shown(report: Report) -> list[str]:
    """The paths of the images that any finding shows, each once, in their order."""
    return list(dict.fromkeys(picture.image for finding in report.findings for group in finding.pictures for picture in group.shown))
