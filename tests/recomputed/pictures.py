"""What stands below pictures, from exports: the image's labels and what speaks for the given one; and the headings that count images."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from tests.recomputed import given
from tests.recomputed.comparing import Difference
from tests.recomputed.figures import Exports, cell_list
from tests.recomputed.labels import REASONS

from multilabelfy.refinement.empty_reasons import REASONS as RULES

WITHHELD = {reason.value for reason, meaning in RULES.items() if not meaning.may_be_shown}
"""Which reasons keep pictures back is a rule and no figure: it stands in the one table of reasons."""


def miscaptioned(of: Exports, finding: Mapping[str, Any]) -> Iterator[Difference]:
    """The headings and the lines below pictures that are not ours."""
    ours = headings(of)
    for kind in finding["pictures"]:
        if kind["heading"] not in ours:
            yield Difference("its pictures", f"nobody recomputes the heading “{kind['heading']}”")
        for picture in kind["shown"]:
            lines = caption(of, picture["image"])
            if list(picture["lines"]) != lines:
                yield Difference(f"below {picture['image']}", f"it says {picture['lines']}, and should say {lines}")


def headings(of: Exports) -> set[str]:
    """Every heading that pictures may have: reasons for an empty set, replacements, and one without a figure."""
    reasons = Counter(rows[0]["reason"] or "unknown" for rows in of.finals.values() if not rows[0]["label"])
    replaced = Counter((of.given(image), label) for image in given.rejected(of) for label in of.labels(image))
    return {
        "The surest",
        *(f"{REASONS[reason].capitalize()}: {_images(n)}{', not shown here' * (reason in WITHHELD)}" for reason, n in reasons.items()),
        *(f"{of.named(label)} should be {of.named(instead)}: {_images(n)}" for (label, instead), n in replaced.items()),
    }


def caption(of: Exports, image: str) -> list[str]:
    """Its given label, its valid ones, how many models and annotators name the given one."""
    label, valid, answers = of.given(image), [row["label"] for row in of.finals[image] if row["label"]], of.counting(image)
    lines = [f"given: {of.named(label)}"] if label else []
    lines += [f"valid: {', '.join(map(of.named, valid))}"] if valid else []
    if label and of.ranked:
        lines.append(f"named by {given.n_naming(of, image)} of {len(of.ranked)} model{'' if len(of.ranked) == 1 else 's'}")
    if label and answers:
        proposed = "proposed" if any(label in ranked[image] for ranked in of.ranked.values()) else "not proposed"
        lines.append(f"{proposed}, ticked by {sum(label in cell_list(row['yes']) for row in answers)} of {len(answers)}")
    return lines


def _images(n: int) -> str:
    return f"{n} image{'' if n == 1 else 's'}"
