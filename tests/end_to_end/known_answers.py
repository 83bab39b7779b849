"""Two annotators and an expert with known answers, and the final labels that follow from them, worked out by hand.

Of an image with the given label g, o is the lowest other candidate, and x the lowest label that is no candidate. By the image's number:

| number mod 6 | Ada          | Bob    | Eve, the expert     | final  | why |
|--------------|--------------|--------|---------------------|--------|-----|
| 0            | g            | g      | –                   | g      | the sets are equal |
| 1            | g, o         | g, o   | –                   | g, o   | the sets are equal |
| 2            | g, o         | g      | g, o                | g, o   | a strict superset disagrees |
| 3            | none         | none   | none: not present   | –      | an agreed empty set needs its reason |
| 4            | cannot tell  | g      | g                   | g      | "cannot tell" goes to an expert |
| 5            | g, x (found) | g      | g, x                | g, x   | an unprompted label makes the sets differ |
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """What everybody says of one image; an empty set with `unsure` is "cannot tell", without it "no label fits"."""

    ada: frozenset[int]
    bob: frozenset[int]
    eve: frozenset[int] | None
    final: frozenset[int]
    ada_is_unsure: bool = False

    def of(self, name: str) -> frozenset[int]:
        """What this person ticks."""
        answer = {"Ada": self.ada, "Bob": self.bob, "Eve": self.eve}[name]
        assert answer is not None, "this image agrees: no expert is asked"
        return answer


def known(number: int, given: int, candidates: set[int]) -> Known:
    """The known answers for the image of this number."""
    g = frozenset({given})
    o = frozenset({min(candidates - g)})
    x = frozenset({min(set(range(1000)) - candidates - g)})
    nothing: frozenset[int] = frozenset()
    return (
        Known(g, g, None, g),
        Known(g | o, g | o, None, g | o),
        Known(g | o, g, g | o, g | o),
        Known(nothing, nothing, nothing, nothing),
        Known(nothing, g, g, g, ada_is_unsure=True),
        Known(g | x, g, g | x, g | x),
    )[number % 6]
