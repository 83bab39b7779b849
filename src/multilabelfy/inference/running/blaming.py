"""Whatever a scorer raises is said of the scorer, with what was tried."""

from collections.abc import Iterator
from contextlib import contextmanager

from multilabelfy.errors import MultilabelfyError, ScorerFailed


@contextmanager
def blamed(attempt: str) -> Iterator[None]:
    """Whatever a scorer raises becomes a ScorerFailed that says what was tried; our own errors stay what they are."""
    try:
        yield
    except MultilabelfyError:
        raise
    except Exception as error:  # a scorer may be a person's own code
        raise ScorerFailed(f"The scorer failed to {attempt}: {type(error).__name__}: {error}") from error
