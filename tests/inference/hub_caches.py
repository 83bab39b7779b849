"""A model in a hub's cache, as the hub's client lays it down."""

from pathlib import Path

COMMIT = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"


def cached(cache: Path, name: str, *, weights: str = "model.safetensors", revision: str = "main", config: str = "{}") -> Path:
    """The snapshot's folder."""
    repository = cache / f"models--{name.replace('/', '--')}"
    snapshot = repository / "snapshots" / COMMIT
    snapshot.mkdir(parents=True)
    (snapshot / "config.json").write_text(config)
    (snapshot / weights).write_bytes(b"weights")
    (repository / "refs").mkdir()
    (repository / "refs" / revision).write_text(COMMIT)
    return snapshot
