"""What can be wrong with a shard, which says nothing of any picture, and what with one picture in it."""

from multilabelfy.errors import PicturesUnreachable, UnreadablePicture


def unusable(shard: object, why: str) -> PicturesUnreachable:
    """Of a shard that is gone or damaged, or cannot be read as it is written."""
    return PicturesUnreachable(f"Cannot read pictures in '{shard}': {why}.", why, is_of_a_shard=True)


def missing(shard: object, name: str, why: str) -> UnreadablePicture:
    """Of a picture that the shard does not have, while the others may well be there."""
    return UnreadablePicture(f"Cannot open the picture '{shard}/{name}': {why}.", why)
