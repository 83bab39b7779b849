"""Say which figures over images whoever must stay blind may see: a figure over one image is that image's answer.

A bound on the size of groups is what statistical offices use against the same danger (threshold rule; Hundepool et al. 2012, *Statistical
Disclosure Control*, section 4.2). Zero is withheld as one is: that nobody chose a label is an answer, too.
"""

SMALLEST_GROUP = 5
"""Over so many images, and no fewer, a figure may be shown to somebody who may still be asked about one of them."""


def at_least(n: int) -> int | None:
    """A number of images as whoever stays blind may see it; None stands for fewer than SMALLEST_GROUP.

    >>> at_least(5), at_least(4), at_least(0)
    (5, None, None)
    """
    return n if n >= SMALLEST_GROUP else None
