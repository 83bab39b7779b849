"""The address of a database: what may be written, how it is shown, and whether a SQLite file can be there."""

from contextlib import suppress
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from multilabelfy.errors import StoreUnavailable, StoreUnreachable

_SECRET = ("password", "sslpassword")
"""What libpq takes as a secret behind the `?` of an address."""
_DRIVER = "postgresql+psycopg"


def sqlite_url(path: Path) -> str:
    """The address of a SQLite file."""
    return URL.create("sqlite", database=str(path)).render_as_string(hide_password=False)


def address_without_password(url: str) -> str:
    """An address as it may be shown and compared. Raises StoreUnreachable if it is none."""
    return shown(parsed(url))


def is_same_address(first: str, second: str) -> bool:
    """Whether two addresses are written alike, whatever their passwords."""
    return address_without_password(first) == address_without_password(second)


def shown(address: URL) -> str:
    """A parsed address without its passwords, written as people write it: no driver, and a socket's path with its slashes."""
    if address.drivername == _DRIVER:
        address = address.set(drivername="postgresql")
    hidden = {name: "***" for name in _SECRET if name in address.query}
    where, mark, query = address.update_query_dict(hidden).render_as_string(hide_password=True).partition("?")
    return where + mark + query.replace("%2F", "/").replace("%2A", "*")


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite address; None for PostgreSQL's."""
    address = parsed(url)
    return Path(address.database or "") if address.get_backend_name() == "sqlite" else None


def is_relative(url: str) -> bool:
    """Whether it names a file that is another one in each folder."""
    file = sqlite_file(url)
    return file is not None and file.name not in ("", ":memory:") and not file.is_absolute()


def from_anywhere(url: str) -> str:
    """The address that names the same from whatever folder a program is started: a SQLite file has its whole path."""
    return sqlite_url(Path(parsed(url).database or "").absolute()) if is_relative(url) else url


def parsed(url: str) -> URL:
    """The parsed address; `postgres://` and `postgresql://` mean psycopg.

    Raises StoreUnreachable if it is none, which shows no part of it: what stands in a wrong place may be a password.
    """
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise StoreUnreachable(f"This is no address of a database. {_FORM}") from error
    except ValueError:  # the port; what stands there may be a password behind which the @ is missing
        raise StoreUnreachable(f"The port in the database's address is no number. {_FORM}") from None
    if address.drivername in ("postgres", "postgresql"):
        address = address.set(drivername=_DRIVER)
    if address.get_backend_name() not in ("sqlite", "postgresql"):
        raise StoreUnreachable(f"Cannot open a '{address.drivername}' database: only SQLite and PostgreSQL are known. {_FORM}")
    if address.get_backend_name() == "postgresql" and _is_cut_at_a_sign(url, address):
        raise StoreUnreachable(
            "A sign in the password of the database's address would be taken for a part of the address. In a password, write @ as %40, "
            "/ as %2F, : as %3A, ? as %3F, # as %23 and % as %25."
        )
    return address


def check_file(address: URL, *, create: bool) -> None:
    """Raise StoreUnavailable if SQLite's file cannot be there, or is missing and not to be made."""
    if not address.database or address.database == ":memory:":
        raise StoreUnavailable("Cannot keep answers in memory alone: name a file, as in sqlite:////home/ada/workspace/multilabelfy.db.")
    path = Path(address.database)
    if not create and not path.is_file():
        raise StoreUnavailable(f"There is no database at {path}. Check the workspace's name, or import a dataset to make one.")
    if not path.parent.is_dir():
        raise StoreUnavailable(f"Cannot make a database at {path}: there is no folder {path.parent}. Make it first.")
    refuse_network(path)


def make_private(file: Path) -> None:
    """Where SQLite is about to make a file, make it empty: it, and so the log beside it, is for its owner alone."""
    if not file.exists():
        with suppress(OSError):  # SQLite says why it cannot be made
            file.touch(mode=0o600)


def _is_cut_at_a_sign(url: str, address: URL) -> bool:
    """Whether an @ of the password was taken for the end of it: another one is left."""
    query = "" if "?" in str(address.password or "") else url.partition("?")[2]
    return "@" in f"{address.host or ''}{address.database or ''}{query.partition('=')[0]}"


_FORM = (
    "Write it as postgresql://user:password@host/name, or postgresql://user:password@host:5432/name. The workspace's own file needs no "
    "address in the settings, and is called `sqlite` in `backup --move-to`."
)


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
