"""A picture in a shard: read when it is opened, out of the middle of its file."""

from dataclasses import dataclass
from typing import BinaryIO

from multilabelfy.pictures.shards import parquet_shard, tar_shard
from multilabelfy.pictures.shards.files import ShardFile
from multilabelfy.pictures.shards.places import is_table


@dataclass(frozen=True, slots=True)
class ShardPicture:
    """The picture of this name in a shard."""

    shard: ShardFile
    name: str

    def __str__(self) -> str:
        return f"{self.shard}/{self.name}"

    def open(self) -> BinaryIO:
        """Its content as a file, to be closed. Raises UnreadablePicture, PicturesUnreachable and ExtraMissing."""
        open_part = parquet_shard.open_row if is_table(self.shard.name) else tar_shard.open_member
        return open_part(self.shard, self.name)

    def n_bytes(self) -> int | None:
        """Its size by the archive's list; None for a row of a table, which is not known without reading. Raises as `open`."""
        return None if is_table(self.shard.name) else tar_shard.place_in(self.shard, self.name)[1]

    def is_file(self) -> bool:
        """Whether it is there, by the shard's list. Raises PicturesUnreachable where the shard is damaged, and ExtraMissing."""
        has_part = parquet_shard.has_row if is_table(self.shard.name) else tar_shard.has_member
        return self.shard.is_there() and has_part(self.shard, self.name)
