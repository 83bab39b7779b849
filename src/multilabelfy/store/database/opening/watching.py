"""Let somebody watch the database at work: which transactions are open, and how long a writer waits for its turn."""

from typing import Literal, Protocol

Kind = Literal["reading", "writing"]


class Watcher(Protocol):
    """Is told of each transaction, from whatever thread has it."""

    def opened(self, kind: Kind) -> None:
        """One more is open; a writer that still waits counts already."""

    def closed(self, kind: Kind) -> None:
        """One less is open, however it ended."""

    def waited(self, seconds: float) -> None:
        """A writer's turn has come after so many seconds."""
