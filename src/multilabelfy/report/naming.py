"""How findings name a label for people."""

from collections.abc import Callable

NameOf = Callable[[int], str]
"""From a label's index to what a table or title calls it."""
