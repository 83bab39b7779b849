"""A dataset whose pictures lie in tar archives or Parquet tables is imported, proposed and shown as one of a folder is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.packed import put_parquet, put_tar
from tests.workflows.proposing.studies_for_proposing import NAME, NOW, add_study, paint, propose_by, proposed, runs, settings, states

from multilabelfy.dataset.image_states import AWAITING_ANSWERS
from multilabelfy.errors import InvalidInput, PicturesUnreachable
from multilabelfy.store.dataset import datasets, exemplars, images
from multilabelfy.workflows.checkup.checkup import check
from multilabelfy.workflows.checkup.item import Severity
from multilabelfy.workflows.importing.applying import ImportSummary, import_dataset
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.owning.relocating import places_of, relocate
from multilabelfy.workflows.showing.addresses import THUMB, picture_file
from multilabelfy.workflows.workspace import Workspace, opened

COLOURS = ("red", "green", "blue")
N_OF_EACH = 3
PATHS = [f"{colour}/{number}.png" for colour in COLOURS for number in range(N_OF_EACH)]


@pytest.fixture(scope="module")
def painted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return paint(tmp_path_factory.mktemp("painted"), N_OF_EACH)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with opened(settings(tmp_path), create=True) as workspace:
        yield workspace


def folders_in_a_tar(pictures: Path, folder: Path) -> tuple[Path, dict[str, str]]:
    """One archive of the class folders: each path there is the one of the folder."""
    return put_tar(folder / "all.tar", *((path, (pictures / path).read_bytes()) for path in PATHS)), {path: path for path in PATHS}


def samples_in_tars(pictures: Path, folder: Path) -> tuple[Path, dict[str, str]]:
    """An archive for each number, with samples of a picture and its class, whose names are listed beside them."""
    for number in range(N_OF_EACH):
        members = [(f"{c}.png", (pictures / colour / f"{number}.png").read_bytes()) for c, colour in enumerate(COLOURS)]
        put_tar(folder / "wds" / f"{number}.tar", *members, *((f"{c}.cls", str(c).encode()) for c in range(3)))
    (folder / "wds" / "classes.txt").write_text("\n".join(COLOURS))
    return folder / "wds", {
        f"{number}.tar/{c}.png": f"{colour}/{number}.png" for number in range(N_OF_EACH) for c, colour in enumerate(COLOURS)
    }


def rows_in_parquet(pictures: Path, folder: Path) -> tuple[Path, dict[str, str]]:
    """Two tables with the pictures' files and labels, without paths in the second one."""
    halves = {"a": PATHS[:5], "b": PATHS[5:]}
    where: dict[str, str] = {}
    for name, paths in halves.items():
        rows = [(path if name == "a" else None, (pictures / path).read_bytes()) for path in paths]
        labels = [COLOURS.index(path.split("/")[0]) for path in paths]
        put_parquet(folder / "hf" / "data" / f"{name}.parquet", rows, label=labels, names=COLOURS)
        own = [f"/{Path(path).name}" if name == "a" else "" for path in paths]
        where |= {f"data/{name}.parquet/{row:08}{own[row]}": path for row, path in enumerate(paths)}
    return folder / "hf", where


def bring_in(workspace: Workspace, root: Path, **more: Any) -> ImportSummary:
    return import_dataset(workspace, ImportRequest(NAME, root, **more), now=NOW)


def ordered(root: Path, **more: Any) -> dict[str, Any]:
    """The labels' order of the other studies, where the shards have none of their own."""
    (root.parent / "labels.txt").write_text("\n".join(COLOURS))
    return {"labels": str(root.parent / "labels.txt"), **more}


def shown(workspace: Workspace, path: str) -> bytes:
    """The bytes of a picture as a page shows it."""
    with workspace.store.reading() as c:
        token = images.by_path(c, datasets.find(c, NAME).id, path).token
    return picture_file(workspace, token, THUMB).read_bytes()


def given(workspace: Workspace) -> dict[str, int | None]:
    with workspace.store.reading() as c:
        return {image.path: image.given_label for image in images.iterate(c, datasets.find(c, NAME).id)}


@pytest.mark.parametrize("packed", [folders_in_a_tar, samples_in_tars, rows_in_parquet])
def test_shards_are_imported_proposed_and_shown_as_the_same_folder_is(
    packed: Any, workspace: Workspace, painted: Path, tmp_path: Path
) -> None:
    root, path_of = packed(painted, tmp_path / "packed")
    bring_in(workspace, root, **(ordered(root) if packed is folders_in_a_tar else {}))
    propose_by(workspace, "colours")

    with opened(settings(tmp_path / "folder"), create=True) as other:
        add_study(other, painted)
        propose_by(other, "colours")
        expected, page, labels = proposed(other), shown(other, "red/1.png"), given(other)
    assert {path_of[path]: ranks for path, ranks in proposed(workspace).items()} == expected
    assert {path_of[path]: label for path, label in given(workspace).items()} == labels
    assert next(shown(workspace, path) for path, original in path_of.items() if original == "red/1.png") == page
    assert not [item for item in check(workspace, NOW) if "pictures" in item.what and item.severity is not Severity.OK]
    assert {path.suffix for path in tmp_path.rglob("*.png") if "folder" not in path.parts} == set()  # nothing was unpacked


def test_importing_again_adds_the_shards_that_came_meanwhile(workspace: Workspace, painted: Path, tmp_path: Path) -> None:
    root, _ = samples_in_tars(painted, tmp_path)
    (root / "2.tar").rename(tmp_path / "2.tar")
    first = bring_in(workspace, root)
    propose_by(workspace, "colours")
    (tmp_path / "2.tar").rename(root / "2.tar")

    told: list[tuple[int, int]] = []
    second = import_dataset(workspace, ImportRequest(NAME, root), progress=lambda done, total: told.append((done, total)), now=NOW)
    propose_by(workspace, "colours")

    assert told == [(1, 3), (2, 3), (3, 3), (3, 3), (9, 9), (9, 9)]  # three shards, three new pictures, ends and contents of all copies
    assert (first.n_images, second.n_images, second.n_known, len(proposed(workspace))) == (6, 3, 6, 9)
    assert "read out of 3 shards; they are not unpacked" in second.notes


def test_a_shard_that_is_gone_or_damaged_puts_no_image_aside_and_the_run_goes_on_later(
    workspace: Workspace, painted: Path, tmp_path: Path
) -> None:
    root, _ = samples_in_tars(painted, tmp_path)
    bring_in(workspace, root)
    whole = (root / "1.tar").read_bytes()
    (root / "1.tar").write_bytes(whole[:2000])

    with pytest.raises(PicturesUnreachable, match=r"1\.tar': it is .* did not arrive whole.*run the same command to go on"):
        propose_by(workspace, "colours")
    [item] = [item for item in check(workspace, NOW) if item.what == f"pictures of {NAME}"]
    assert "did not arrive whole" in item.detail
    (root / "1.tar").unlink()
    with pytest.raises(PicturesUnreachable, match="there is no such file"):
        propose_by(workspace, "colours")
    [item] = [item for item in check(workspace, NOW) if item.what == f"pictures of {NAME}"]
    assert "3 of 9 are gone, the first '1.tar/0.png'" in item.detail
    with pytest.raises(PicturesUnreachable, match="there is no such file"):
        shown(workspace, "1.tar/0.png")
    assert set(states(workspace).values()) <= set(AWAITING_ANSWERS)

    (root / "1.tar").write_bytes(whole)
    propose_by(workspace, "colours")
    assert (len(proposed(workspace)), runs(workspace)[0].finished_at is not None) == (9, True)


def test_pictures_that_were_packed_after_the_import_are_the_same_pictures(workspace: Workspace, painted: Path, tmp_path: Path) -> None:
    add_study(workspace, painted)
    propose_by(workspace, "colours")
    archive, _ = folders_in_a_tar(painted, tmp_path / "packed")
    others = put_tar(tmp_path / "others.tar", *((path, (painted / "red" / "0.png").read_bytes()) for path in PATHS[:8]))

    with pytest.raises(InvalidInput, match=r"blue/2\.png: the archive has no such file"):
        relocate(workspace, NAME, others)
    moved = relocate(workspace, NAME, archive)

    assert (moved.images_root, moved.n_compared) == (str(archive), 9)
    assert [place.is_there for place in places_of(workspace, NAME)] == [True]


def test_reference_pictures_may_lie_in_shards(workspace: Workspace, painted: Path, tmp_path: Path) -> None:
    archive, _ = folders_in_a_tar(painted, tmp_path / "packed")
    tables, path_of = rows_in_parquet(painted, tmp_path / "packed")

    bring_in(workspace, painted, reference=archive)
    import_dataset(workspace, ImportRequest("others", painted, reference=tables), now=NOW)

    with workspace.store.reading() as c:
        kept = [{each.path for each in exemplars.all_of(c, datasets.find(c, name).id)} for name in (NAME, "others")]
    assert kept == [set(PATHS), set(path_of)]


def test_numbers_without_names_are_no_labels(workspace: Workspace, painted: Path, tmp_path: Path) -> None:
    root, _ = samples_in_tars(painted, tmp_path)
    (root / "classes.txt").unlink()

    with pytest.raises(
        InvalidInput, match=r"its labels are numbers: name them in a file classes\.txt beside the shards, or pass labels='imagenet1k'"
    ):
        bring_in(workspace, root)
    bring_in(workspace, root, **ordered(root))
    assert given(workspace)["0.tar/2.png"] == 2


def test_classes_of_other_names_are_taken_in_their_order_if_there_are_as_many_as_labels(
    workspace: Workspace, painted: Path, tmp_path: Path
) -> None:
    root, _ = rows_in_parquet(painted, tmp_path)
    for name, keys in (("ids", "n1\nn2\nn3"), ("more", "n1\nn2\nn3\nn4")):
        (tmp_path / f"{name}.txt").write_text(keys)

    with pytest.raises(InvalidInput, match=r"there is no label 'blue' in more \(3 pictures\)"):
        bring_in(workspace, root, labels=str(tmp_path / "more.txt"))
    summary = bring_in(workspace, root, labels=str(tmp_path / "ids.txt"))

    assert (summary.n_given, summary.notes[-1]) == (
        9,
        "the shards' classes have other names than the labels: they were taken in their order",
    )


def test_a_table_without_labels_has_no_class_folders_either(workspace: Workspace, painted: Path, tmp_path: Path) -> None:
    for colour in COLOURS:
        put_parquet(tmp_path / "hf" / colour / "0.parquet", [("1.png", (painted / colour / "0.png").read_bytes())])

    with pytest.raises(InvalidInput, match="the tables hold no labels that are taken, so the labels must be named"):
        bring_in(workspace, tmp_path / "hf")
    assert bring_in(workspace, tmp_path / "hf", **ordered(painted)).n_given == 0
