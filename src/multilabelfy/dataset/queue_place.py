"""Draw each image's place in the queue from the seed, so that annotators meet the classes mixed."""

import hashlib


def queue_place(path: str, seed: int) -> float:
    """Where an image stands in the queue, from 0 to 1: drawn by the seed for each path alone, so that classes come mixed."""
    return drawn("queue", path, seed)


def drawn(purpose: str, path: str, seed: int) -> float:
    """A number from 0 to below 1, in steps of 2⁻⁴⁸, drawn by the seed for each purpose and path alone."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{purpose}:{path}".encode()).digest()[:6], "big") / 2**48
