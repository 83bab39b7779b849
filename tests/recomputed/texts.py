"""What must stand below the titles: the closed forms that subtitles and definitions tell, as they print them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from tests.recomputed import experts, labels, many_models, models, people, specifications
from tests.recomputed.alike import coincidences
from tests.recomputed.figures import Exports, Table, cell_list, share, wilson

MINUS = "−"


def signed(value: float, decimals: int = 1) -> str:
    """A number with its sign."""
    return f"{value:+.{decimals}f}".replace("-", MINUS)


def counted(n: int, one: str, several: str = "") -> str:
    """A number of things."""
    return f"{n:,} {one if n == 1 else several or one + 's'}"


def interval(low: float, high: float, decimals: int = 1) -> str:
    """The ends of an interval of a share."""
    return f"{100 * low:.{decimals}f}–{100 * high:.{decimals}f}%"


def several_labels(of: Exports, _: Table) -> list[str]:
    """The headline of the finished images, of those with a label, and of all; the mean; what is possible at all."""
    whole, sizes = labels.headline(of), [len(of.labels(image)) for image in of.finals]
    n, n_labelled, n_several = len(sizes), sum(size > 0 for size in sizes), sum(size > 1 for size in sizes)
    texts = [
        f"{n_several / n:.1%} of all {n}",
        f"95% interval {interval(*wilson(n_several, n))}",
        f"{n_several / n_labelled:.1%} of the {n_labelled} with any label ({interval(*wilson(n_several, n_labelled))})",
        f"The mean is {np.mean(sizes):.3f} labels per image",
        f"{sizes.count(0)} without any",
    ]
    if of.is_unfinished:
        low, high = whole["bounds"]
        texts += [f"Of all {whole['n']} images: {interval(*whole['whole'])}", f"the share is between {low:.1%} and {high:.1%}"]
    return texts


def kinds(of: Exports, rows: Table) -> list[str]:
    """How many images of how many have a kind."""
    n_several = sum(len(of.labels(image)) > 1 for image in of.finals)
    return [f"{sum(row['images'] for row in rows)} of {counted(n_several, 'image')} of"]


def beyond_the_candidates(of: Exports, _: Table) -> list[str]:
    """How often the first two annotators of an image used the search."""
    pairs = [rows for image in of.complete if len(rows := labels.first_two(of, image)) > 1]
    n = sum(of.every_answer[rows[0]["image"], rows[0]["annotator"]]["search_used"] == "true" for pair in pairs for rows in pair)
    return [f"{counted(len(pairs), 'image')} of", f"search was used in {n} of {2 * len(pairs)} answers"]


def of_models(of: Exports, _: Table) -> list[str]:
    """The gain and its images."""
    gains = models.gains(of)
    return [f"over the same {counted(len(gains), 'image')}", f"{signed(100 * float(np.mean(gains)))} points"]


def by_number_of_labels(of: Exports, _: Table) -> list[str]:
    """The slopes over the number of labels."""
    images = [image for image in of.finals if of.labels(image) and of.given(image)]
    sizes = [len(of.labels(image)) for image in images]
    if len(set(sizes)) < 2:
        return []
    slopes = [100 * float(np.polyfit(sizes, [measure(of, image) for image in images], 1)[0]) for measure in (models.top1, models.real)]
    return [
        f"top-1 changes by {signed(slopes[0], 2)} (",
        f"and ReaL by {signed(slopes[1], 2)} (",
        f"the difference is {signed(slopes[1] - slopes[0], 2)} (",
    ]


def misses(of: Exports, rows: Table) -> list[str]:
    """All models pooled."""
    return [f"All models pooled: {sum(row['valid'] for row in rows) / sum(row['misses'] for row in rows):.2%} ("]


def given_against_final(of: Exports, rows: Table) -> list[str]:
    """The valid given labels, of all images and of those with a label."""
    n, n_valid, n_empty = sum(row["images"] for row in rows), sum(row["images"] for row in rows[:2]), rows[3]["images"]
    of_all = share("p", n_valid, n)
    ends = interval(of_all["p_low"] or 0.0, of_all["p_high"] or 0.0, 2)
    return [f"in {n_valid} images: {n_valid / n:.2%} of all (95% interval {ends}) and {n_valid / (n - n_empty):.2%} of those"]


def agreement(of: Exports, _: Table) -> list[str]:
    """How many questions at least two answered, on how many images, and how many of the answers are yes."""
    images = people.voted(of)
    tables = np.array([coincidences(image) for image in images])
    n = sum(sum(label in answers for answers in image) > 1 for image in images for label in set().union(*image))
    return [f"{n:,} questions", f"{len(images)} images of", f"{tables[:, 2].sum() / tables.sum():.1%} of the answers are yes"]


def position(of: Exports, _: Table) -> list[str]:
    """How many answers on how many images and screens, and the slope from one place to the next."""
    [slope, *_ends], _none = people.position_title(of, [])
    votes, _size = people.placed(of)
    n_screens = sum(row["drawn_order"] == "true" and bool(cell_list(row["asked"])) for image in of.complete for row in of.counting(image))
    of_each = f"{len(votes):,} answers on {len(np.unique(votes[:, 0]))} images"
    return [of_each, f"the {n_screens} screens", f"changes by {signed(slope / people.PER, 2)} points"]


def expert_agreement(of: Exports, _: Table) -> list[str]:
    """How many images two experts decided, and on how many of these annotators had agreed."""
    pairs = experts.pairs(of)
    return [f"{counted(len(pairs), 'image')} of", f"decided by both, {sum(first['kind'] == 'audit' for first, _ in pairs)} of which"]


def reveal(of: Exports, _: Table) -> list[str]:
    """How many answers by how many experts."""
    after = {(row["image"], row["expert"]) for row in of.decisions if row["step"] == "after-reveal"}
    return [f"{counted(len(after), 'answer')} by {counted(len({expert for _, expert in after}), 'expert')} on"]


def effort(_: Exports, rows: Table) -> list[str]:
    """How many people and answers."""
    return [f"{counted(len(rows), 'person', 'people')}, {counted(sum(row['answers'] for row in rows), 'answer')} on"]


def ranks(of: Exports, rows: Table) -> list[str]:
    """Kendall's tau-b between the two orders, and the number of pairs."""
    tau = signed(many_models.tau(of), 3).lstrip("+")
    return [f"Kendall’s tau {tau}", f"Of {counted(len(rows) * (len(rows) - 1) // 2, 'pair')} of models"]


def real_against_top1(of: Exports, _: Table) -> list[str]:
    """The straight line through the models."""
    top1, real, *_drawn = many_models.accuracies(of)
    slope, intercept = np.polyfit(top1, real, 1)
    r_squared = np.corrcoef(top1, real)[0, 1] ** 2
    return [f"slope {slope:.4f} (", f"intercept {intercept:.4f}, R² {r_squared:.4f}"]


def specification_curve(_: Exports, rows: Table) -> list[str]:
    """The ranges with one choice changed."""
    several = [row for row in rows if row["measure"] == specifications.SEVERAL and row["changed"] < 2]
    ends = [end for row in several for end in ([row["value"]] if row["value"] is not None else [row["value_low"], row["value_high"]])]
    return [f"Several labels {min(ends):.0f}–{max(ends):.0f}%"]


Text = Callable[[Exports, Table], list[str]]
TEXTS: dict[str, Text] = {
    "several-labels": several_labels,
    "kinds": kinds,
    "beyond-the-candidates": beyond_the_candidates,
    "models": of_models,
    "accuracy-by-number-of-labels": by_number_of_labels,
    "misses": misses,
    "given-against-final": given_against_final,
    "agreement": agreement,
    "position": position,
    "expert-agreement": expert_agreement,
    "reveal": reveal,
    "effort": effort,
    "ranks": ranks,
    "real-against-top1": real_against_top1,
    "specification-curve": specification_curve,
}


def missing(of: Exports, table: Table, finding: Any) -> list[str]:
    """What a finding's subtitle and definition do not say, and should."""
    below = f"{finding['subtitle']} {finding['definition']}"
    texts = TEXTS[finding["slug"]](of, table) if finding["slug"] in TEXTS else []
    return [text for text in texts if text not in below]
