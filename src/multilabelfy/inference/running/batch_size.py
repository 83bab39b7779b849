"""How many pictures a scorer gets at once: on a device, doubled as long as that pays; halved where memory runs out."""

import threading

MOST = 256
MOST_BYTES = 256 * 2**20
PAYS = 1.1
"""A doubled batch is kept where it scores so many times as many pictures a second."""

NO_MEMORY = ("out of memory", "failed to allocate", "can't allocate memory", "cannot allocate memory")
"""What CUDA, ONNX Runtime and torch on a processor say, and the system."""


class BatchSize:
    """The size of the next batch. Threads may share it."""

    def __init__(self, size: int, *, may_grow: bool = False) -> None:
        self.size = size
        self._may_grow = may_grow
        self._rate: float | None = None  # of the size before
        self._n_batches = 0
        self._lock = threading.Lock()

    def took(self, n: int, seconds: float, n_bytes: int) -> None:
        """A batch of n pictures, `n_bytes` in all, was scored in `seconds`. The first one is not a measure: everything is new to it."""
        self._n_batches += 1
        if not self._may_grow or n < self.size or self._n_batches == 1 or seconds <= 0:
            return
        rate, before = n / seconds, self._rate
        if before is not None and rate < PAYS * before:
            self.size, self._may_grow = self.size // 2, False
        elif self.size * 2 > MOST or n_bytes * 2 > MOST_BYTES:
            self._may_grow = False
        else:
            self.size, self._rate = self.size * 2, rate

    def ran_out(self, n: int) -> int:
        """A batch of n pictures did not fit into memory: returns how many to try, and no batch grows any more."""
        with self._lock:
            self.size, self._may_grow = max(1, min(self.size, n // 2)), False
            return self.size


def is_out_of_memory(error: Exception) -> bool:
    """Whether an engine, each in its own words, says that memory ran out."""
    text = str(error).lower()
    return isinstance(error, MemoryError) or "OutOfMemory" in type(error).__name__ or any(words in text for words in NO_MEMORY)
