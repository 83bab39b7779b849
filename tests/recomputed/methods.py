"""What a report says under Methods, from exports: its results are recomputed, and what was set stands so in the data card."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import inf

import numpy as np
from tests.recomputed import people
from tests.recomputed.alike import coincidences
from tests.recomputed.comparing import Difference, percent
from tests.recomputed.figures import Exports, Near, over_images
from tests.recomputed.models import DECIDED
from tests.recomputed.telling import Texts, Told, told, untold

CHECKS = ("images with known labels ({}% of the answers;", "a person’s own earlier images ({}%;", "{}% of the images are to be answered")
SET = Near(0.0, inf)
"""A number that an owner chose: exports tell no more of it than that the data card has it too."""
NO_RESULTS = ("1,000 resamples (400 to compare more than 200 models)", "All intervals are")


def misstated(of: Exports, paragraphs: Sequence[Sequence[str]]) -> Iterator[Difference]:
    """Figures under Methods that are not ours, numbers that nobody recomputes, and what the data card does not say in the same words.

    A report of label files has no results there.
    """
    if not of.is_study:
        return
    for heading, text in paragraphs:
        found = untold(text, PARTS[heading](of) if heading in PARTS else [], (*NO_RESULTS, *of.ranked))
        yield from (replace(one, where=f"methods, {heading}") for one in found)
        if heading in OF_THE_CARD and text not in of.stated:
            yield Difference(f"methods, {heading}", "the data card does not say this in the same words")


def release(of: Exports) -> Texts:
    """How many images are released, decided by whom, out of how many labels, and how many are not."""
    number = int(next(iter(of.finals.values()))[0]["release"])
    sources = Counter(rows[0]["source"] for rows in of.finals.values())
    n_open = len(of.images) - len(of.finals)
    return [
        told("Release {} holds the final labels of {} image(s)", number, len(of.finals)),
        *(told(f"{{}} {DECIDED[source]}", n) for source, n in sources.items()),
        told("out of {} label(s)", len(of.names)),
        *([told("{} image(s) had no final labels yet", n_open)] if n_open else []),
    ]


def proposed(of: Exports) -> Texts:
    """How many of the released images each model covers."""
    return [told(f"{model} ({{}} image(s))", sum(image in ranked for image in of.finals)) for model, ranked in of.ranked.items()]


def annotated(of: Exports) -> Texts:
    """How many people answered how many images, under which protocol, and how often single answers were checked."""
    answers = list(of.every_answer.values())
    n_checked = [len(people.tested(of)), *(sum(row["kind"] == kind for row in of.checks) for kind in ("repeat", "search-first"))]
    return [
        told("{} annotator(s) answered", len({row["annotator"] for row in answers})),
        told("(version {})", max(int(row["protocol_version"]) for row in answers)),
        told("Each image went to {} annotator(s)", max(len(of.counting(image)) for image in of.complete)),
        told("up to {} candidates in groups of {}", SET, max(int(row["group_size"]) for row in answers if row["group_size"])),
        told("with {} decoys", SET),
        *(_checked(words, n) for words, n in zip(CHECKS, n_checked, strict=True)),
        *time([int(row["present_ms"]) for row in answers]),
    ]


def _checked(words: str, n: int) -> Told:
    """The share that the protocol asks for, and how many there are so far."""
    between = " by search alone before the candidates are shown (" if words is CHECKS[-1] else " "
    return told(f"{words}{between}{{}} answer(s) so far)", SET, n) if n else told(f"{words}{between}no answer so far)", SET)


def time(spent_ms: Sequence[int]) -> Texts:
    """How long these answers took; nothing where it was not measured."""
    seconds = sum(spent_ms) / 1000
    if not seconds:
        return []
    total, unit = (seconds / 3600, "hours") if seconds >= 3600 else (max(1.0, seconds / 60), "minute(s)")
    whole = f"Their {{}} answer(s) took {{}} {unit}"
    if len(spent_ms) == 1:
        return [told(whole, 1, total)]
    return [told(f"{whole}, {{}} second(s) each on average", len(spent_ms), total, seconds / len(spent_ms))]


def agreed(of: Exports) -> Texts:
    """How far annotators agreed, and how often they said yes."""
    by_name = {row["measure"]: row["value"] for row in people.agreement(of)}
    tables = np.array([coincidences(image).ravel() for image in people.voted(of)])
    prevalence = over_images(tables, lambda sums: sums[:, 6:].sum(axis=1) / sums.sum(axis=1))
    shares = {
        "the same set of labels": by_name["Equal sets"],
        "positive agreement": by_name["Positive agreement"],
        "prevalence of yes": prevalence,
    }
    alpha = by_name["Krippendorff’s alpha"]
    return [
        *(told(f"{name} {{}}% ({{}}–{{}}%)", *map(percent, (figure.value, *figure.interval))) for name, figure in shares.items()),
        told("Krippendorff’s alpha {} ({}–{})", alpha.value, *alpha.interval),
    ]


def refined(of: Exports) -> Texts:
    """How many experts gave how many decisions, and which shares two of them decided."""
    standing = [row for row in of.decisions if row["stands"] == "true"]
    shares = [told("{}% of the disputed images", SET), told("{}% of the agreed ones", SET)]
    return [told("{} expert(s)", len({row["expert"] for row in standing})), *shares, *time([int(row["present_ms"]) for row in standing])]


PARTS: Mapping[str, Callable[[Exports], Texts]] = {
    "Labels and release": release,
    "1 Proposals": proposed,
    "2 Annotation": annotated,
    "3 Disagreement": agreed,
    "4 Refinement": refined,
    "Numbers": lambda _: [told("The study’s seed is {}", SET)],
}
OF_THE_CARD = ("2 Annotation", "3 Disagreement", "4 Refinement")
