"""Decide where a database may lie: SQLite's locks and shared memory do not hold on a network file system."""

from pathlib import Path

from multilabelfy.errors import StoreUnavailable

MOUNTS = Path("/proc/mounts")
NETWORK_FILE_SYSTEMS = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb", "smb3", "smbfs", "ncpfs", "afs", "coda"),
        *("ceph", "lustre", "gpfs", "beegfs", "ocfs2", "gfs2", "glusterfs", "davfs"),
        *("fuse.glusterfs", "fuse.sshfs", "fuse.ceph", "fuse.rclone", "fuse.s3fs", "fuse.gcsfuse", "fuse.davfs2"),
    }
)


def refuse_network(path: Path, mounts: Path = MOUNTS) -> None:
    """Raise StoreUnavailable if the file would lie on a network file system. A system without a list of mounts is not questioned."""
    kind = file_system(path, mounts)
    if kind in NETWORK_FILE_SYSTEMS:
        raise StoreUnavailable(
            f"Cannot keep a database at {path}: that is a network file system ({kind}), on which SQLite loses answers. "
            "Put the workspace on a local disk, or name a PostgreSQL database in MULTILABELFY_DATABASE_URL."
        )


def file_system(path: Path, mounts: Path = MOUNTS) -> str | None:
    """The type of the file system that holds the path (the last mount of the longest matching mount point), or None if unknown."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return None
    resolved = path.resolve()
    kind, longest = None, -1
    for fields in (line.split() for line in lines):
        if len(fields) < 3:
            continue
        point = Path(_unescaped(fields[1]))
        if resolved.is_relative_to(point) and len(point.parts) >= longest:
            kind, longest = fields[2], len(point.parts)
    return kind


def _unescaped(field: str) -> str:
    """The kernel writes a space, tab, newline and backslash of a mount point as octal."""
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(code, character)
    return field
