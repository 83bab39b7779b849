"""Where a database may lie."""

from pathlib import Path

import pytest

from multilabelfy.errors import StoreUnavailable
from multilabelfy.store.database.opening.addresses import file_system, refuse_network

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/ada/disk ext4 rw 0 0
//nas/share /mnt/my\\040share cifs rw 0 0
tmpfs /mnt/hidden tmpfs rw 0 0
nas: /mnt/hidden fuse.sshfs rw 0 0
"""


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    path = tmp_path / "mounts"
    path.write_text(MOUNTS)
    return path


@pytest.mark.parametrize(
    ("place", "kind"),
    [
        ("/data/w.db", "ext4"),
        ("/home/ada/w.db", "nfs4"),
        ("/home/ada/disk/w.db", "ext4"),
        ("/home/ada/diskette/w.db", "nfs4"),
        ("/homestead/w.db", "ext4"),
        ("/mnt/my share/w.db", "cifs"),
        ("/mnt/hidden/w.db", "fuse.sshfs"),  # what was mounted last over a place is what is there
    ],
)
def test_a_file_lies_on_the_last_mount_of_the_longest_mount_point(mounts: Path, place: str, kind: str) -> None:
    assert file_system(Path(place), mounts) == kind


def test_a_network_file_system_is_refused_with_the_way_out(mounts: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"network file system \(nfs4\).*local disk.*MULTILABELFY_DATABASE_URL"):
        refuse_network(Path("/home/ada/w.db"), mounts)
    refuse_network(Path("/data/w.db"), mounts)


def test_a_system_without_a_list_of_mounts_is_believed(tmp_path: Path) -> None:
    assert file_system(Path("/home/w.db"), tmp_path / "absent") is None
    refuse_network(Path("/home/w.db"), tmp_path / "absent")
