"""Say in a line what a label means: as much of its definition as fits, never broken within a word."""

import re

A_LINE = 72
SENTENCE = re.compile(r"(.+?[.!?])(?=\s|$)")
PAUSE = re.compile(r"[,;:](?=\s)|\s(?=[(–—])")
"""Where a sentence may stop and still say something."""


def in_a_line(definition: str, at_most: int = A_LINE) -> str:
    """The definition's first sentence; if that is longer than `at_most` characters, up to its last pause among them, else its last word.

    What is left out is marked. A pause in the first half would leave too little to say.

    >>> in_a_line("A small dog. It barks.", 20), in_a_line("A bird with a long neck, a small head and a bill.", 40)
    ('A small dog.', 'A bird with a long neck …')
    >>> in_a_line("A cat, which nobody has ever seen anywhere", 30)
    'A cat, which nobody has ever …'
    """
    text = " ".join(definition.split())
    sentence = SENTENCE.match(text)
    first = sentence[1] if sentence else text
    if len(first) <= at_most:
        return first
    room = first[: at_most - 1]
    pauses = [pause.start() for pause in PAUSE.finditer(room) if pause.start() >= at_most // 2]
    words = room.rfind(" ") if first[at_most - 1 : at_most].strip() else len(room)
    cut = pauses[-1] if pauses else words if words > 0 else len(room)
    return f"{first[:cut].rstrip(' ,;:')} …"
