"""A report's figures about label sets, from exports."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from math import floor
from typing import Any

import numpy as np
from tests.recomputed import experts
from tests.recomputed.comparing import Reading, of_share, one_after_another, percent
from tests.recomputed.figures import VOTES, Exports, Row, Table, cell_list, over_images, share, wilson, wilson_of

REASONS = {
    "no-class-present": "no class of the label space is present",
    "not-proposed": "the right class was not among the proposals",
    "too-fine-grained": "cannot tell between classes (too fine-grained)",
    "unusable": "the image is unusable (blurred, tiny, edited)",
    "rendition": "a rendition, or text only",
    "inappropriate": "inappropriate",
    "other": "other",
    "unknown": "unknown (imported)",
}
MOST_LISTED = 4


def several_labels(of: Exports) -> Table:
    """The images by their number of labels."""
    sizes = Counter(len(of.labels(image)) for image in of.finals)
    return [{"labels": k, "images": sizes[k], **share("share", sizes[k], len(of.finals))} for k in range(max(sizes) + 1)]


def headline(of: Exports) -> dict[str, Any]:
    """The headline by the released labels."""
    return whole_share(of, {image: of.labels(image) for image in of.finals})


def whole_share(of: Exports, sets: Mapping[str, frozenset[str]]) -> dict[str, Any]:
    """The share with several labels of the finished images, and of all as far as the unfinished ones let it be known.

    Imported labels are of images that nobody drew, and stand for themselves alone; that of the others some were put first, no export says.
    """
    n, n_final = len(of.images), len(of.finals)
    n_several = sum(len(labels) > 1 for labels in sets.values())
    n_begun = len({image for image, _ in of.every_answer} - set(of.finals))
    n_untouched = n - n_final - n_begun
    imported = [image for image, rows in of.finals.items() if rows[0]["source"] == "imported"]
    n_chosen = sum(len(sets[image]) > 1 for image in imported)
    scale = 1 + n_untouched / (n_final - len(imported) + n_begun)
    low = (n_chosen + scale * (n_several - n_chosen)) / n
    ends = (low, min(1.0, low + scale * n_begun / n))
    return {
        "n": n, "n_final": n_final, "n_begun": n_begun, "n_untouched": n_untouched,
        **share("share", n_several, n_final),
        "bounds": (n_several / n, (n_several + n - n_final) / n),
        "ends": ends,
        "whole": (wilson_of(ends[0], n - n_untouched)[0], wilson_of(ends[1], n - n_untouched)[1]),
    }  # fmt: skip


def several_labels_title(of: Exports, _: Table) -> list[Reading]:
    """The headline over all images."""
    whole = headline(of)
    return [[*map(percent, whole["whole"]), whole["n"], whole["n_final"]]] if of.is_unfinished else of_share(whole)


def progress_sentence(of: Exports) -> list[Reading]:
    """How far the study is, and what that leaves open."""
    whole = headline(of)
    n_open = whole["n"] - whole["n_final"]
    kinds = [n for n in (whole["n_begun"], whole["n_untouched"]) if n]
    settled = [len(of.by_posterior)] if of.by_posterior else []
    if not n_open:
        return [[whole["n"], *settled]]
    return [[n_open, whole["n"], percent(n_open / whole["n"]), *kinds, *map(percent, whole["bounds"]), *settled]]


def headline_sentence(of: Exports) -> list[Reading]:
    """The headline as the summary tells it."""
    whole = headline(of)
    if of.is_unfinished:
        return [[*map(percent, whole["whole"]), whole["n"], 95, whole["n_final"], percent(whole["share"])]]
    sizes = [len(of.labels(image)) for image in of.finals]
    nonempty = share("share", sum(size > 1 for size in sizes), sum(size > 0 for size in sizes))
    first, second = ([percent(of_it[name]) for name in ("share", "share_low", "share_high")] for of_it in (whole, nonempty))
    return [[first[0], whole["n"], 95, *first[1:], second[0], sum(size > 0 for size in sizes), *second[1:], float(np.mean(sizes))]]


def kinds(of: Exports) -> Table:
    """How several labels relate."""
    words = {"several-objects": "several objects", "several-names": "one object with several names", "both": "both kinds"}
    n = Counter(rows[0]["relation"] for image, rows in of.finals.items() if rows[0]["relation"] and len(of.labels(image)) > 1)
    return [{"kind": words[kind], "images": n[kind], **share("share", n[kind], sum(n.values()))} for kind in words]


def kinds_title(_: Exports, rows: Table) -> list[Reading]:
    """The most frequent kind, alone or with the next, each as sure as it is."""
    first, second = (of_share(row) for row in sorted(rows, key=lambda row: -float(row["share"]))[:2])
    return [[], *first, *one_after_another(first, second)]


def headline_by_rule(of: Exports) -> Table:
    """Images with several labels by the votes alone, with the jackknife over annotators added to the binomial over images; as released."""
    rules: dict[str, Callable[[list[int]], bool]] = {
        "all annotators said yes": lambda votes: all(vote == 2 for vote in votes),
        "most annotators said yes": lambda votes: sum(vote == 2 for vote in votes) > len(votes) / 2,
        "any annotator said yes": lambda votes: any(vote == 2 for vote in votes),
    }
    people = sorted({person for image in of.complete for person in of.answers[image]})
    return [*(_by_rule(of, name, rule, people) for name, rule in rules.items()), *_as_released(of)]


def headline_by_rule_title(of: Exports, rows: Table) -> list[Reading]:
    """The range over the rules, and the number of images."""
    shares = [percent(row["share"]) for row in rows[:3]]
    return [[min(shares), max(shares), rows[0]["images"]], [min(shares), rows[0]["images"]]]


def _by_rule(of: Exports, name: str, rule: Callable[[list[int]], bool], people: Sequence[str]) -> dict[str, Any]:
    whole, without = _sizes(of, rule, ""), [_sizes(of, rule, person) for person in people]
    row: dict[str, Any] = {"rule": name, "images": whole[0], "nonempty": whole[1]}
    for key, place in (("share", 0), ("share_of_nonempty", 1)):
        row |= dict(
            zip((key, f"{key}_low", f"{key}_high"), _log_odds(whole[2], whole[place], [(s[2], s[place]) for s in without]), strict=True)
        )
    return row


def _sizes(of: Exports, rule: Callable[[list[int]], bool], without: str) -> tuple[int, int, int]:
    n_labels = []
    for image in of.complete:
        votes: dict[str, list[int]] = defaultdict(list)
        for person, rows in of.answers[image].items():
            for row in rows if person != without else ():
                votes[row["label"]].append(VOTES[row["vote"]])
        n_labels += [sum(rule(answers) for answers in votes.values())] if votes else []
    return len(n_labels), sum(n > 0 for n in n_labels), sum(n > 1 for n in n_labels)


def _log_odds(n_of: int, n: int, without: Sequence[tuple[int, int]]) -> tuple[float, float, float]:
    shares = np.array([part / whole for part, whole in without if 0 < part < whole])
    if not 0 < n_of < n or len(shares) < 2:
        return (n_of / n, *wilson(n_of, n))
    odds, p = np.log(shares / (1 - shares)), n_of / n
    spread = (len(odds) - 1) / len(odds) * ((odds - odds.mean()) ** 2).sum() + 1 / (n * p * (1 - p))
    ends = np.log(p / (1 - p)) + np.array([-1, 1]) * 1.959963984540054 * np.sqrt(spread)
    low, high = 1 / (1 + np.exp(-ends))
    return p, float(low), float(high)


def _as_released(of: Exports) -> Table:
    """The released share; and with the agreed images that nobody audited corrected by the audit, by MOVER (Zou & Donner 2008)."""
    sizes = [len(of.labels(image)) for image in of.finals]
    n, n_several, n_nonempty = len(sizes), sum(size > 1 for size in sizes), sum(size > 0 for size in sizes)
    alone = " (finished images alone)" if of.is_unfinished else ""
    whole = share("share", n_several, n)
    nonempty = share("share_of_nonempty", n_several, n_nonempty)
    rows = [{"rule": f"{_settled_by(of)}{alone}", "images": n, "nonempty": n_nonempty, **whole, **nonempty}]
    audited = experts.decided(of)
    if not audited:
        return rows
    part = sum(finals[0]["source"] == "agreed" for finals in of.finals.values()) / n
    (gains, *of_gains), (loses, *of_loses) = (_audited(of, audited, turn) for turn in (1, -1))
    p = n_several / n
    low, high = wilson(n_several, n)
    middle = p + part * (gains - loses)
    down = np.array([p - low, part * (gains - of_gains[0]), part * (of_loses[1] - loses)])
    up = np.array([high - p, part * (of_gains[1] - gains), part * (loses - of_loses[0])])
    ends = max(0.0, middle - float(np.sqrt((down**2).sum()))), min(1.0, middle + float(np.sqrt((up**2).sum())))
    name = f"as released, agreed images corrected by the audit{alone}"
    return [*rows, {"rule": name, "images": n, "share": middle, "share_low": ends[0], "share_high": ends[1]}]


def _settled_by(of: Exports) -> str:
    """Who settled the released images that annotators did not: experts, the posterior, or both."""
    sources = [finals[0]["source"] for finals in of.finals.values()]
    n_experts, n_posterior = sum(source in ("refined", "audited") for source in sources), sources.count("posterior")
    images = {n: f"{n:,} image{'' if n == 1 else 's'}" for n in (n_experts, n_posterior)}
    if not n_posterior:
        return "as released, after the experts" if n_experts else "as released"
    if not n_experts:
        return f"as released: {images[n_posterior]} by the posterior"
    return f"as released: {images[n_experts]} by experts, {n_posterior:,} by the posterior"


def _audited(of: Exports, images: Sequence[str], turn: int) -> tuple[float, float, float]:
    """How often experts gave an agreed image several labels (turn 1) or took them away (-1), as a weighted share."""
    several = [(len(cell_list(of.finals[image][0]["before"])) > 1, len(of.labels(image)) > 1) for image in images]
    return experts.weighted(of, [int(after) - int(before) == turn for before, after in several])


def beyond_the_candidates(of: Exports) -> Table:
    """Labels that an image's first two annotators found by search, and Chao's lower bound for two lists of those that neither found."""
    counts = []
    for pair in searched_by_two(of):
        one, two = ({row["label"] for row in rows if row["unprompted"] == "true" and row["vote"] == "yes"} for rows in pair)
        counts.append([len(one ^ two), len(one & two)])
    once, twice = np.sum(counts, axis=0).tolist()
    bound = over_images(np.array(counts), lambda sums: sums[:, 0] * np.maximum(sums[:, 0] - 1, 0) / (4 * (sums[:, 1] + 1)))
    neither = {"found": "found by neither (an estimate of the fewest)", "labels": bound}
    return [{"found": "found by both annotators", "labels": twice}, {"found": "found by one of them", "labels": once}, neither]


def searched_by_two(of: Exports) -> list[list[list[Row]]]:
    """The votes of the first two annotators of each image on which two gave any."""
    ordered = (
        sorted(of.answers[image].values(), key=lambda rows: (rows[0]["submitted_at"], rows[0]["annotator"])) for image in of.complete
    )
    return [of_image[:2] for of_image in ordered if len(of_image) > 1]


def beyond_the_candidates_title(_: Exports, rows: Table) -> list[Reading]:
    """How many were found, and the fewest that were not: a whole number at the lower end of the interval."""
    n_found, low = rows[0]["labels"] + rows[1]["labels"], rows[2]["labels"].interval[0]
    least = [floor(end) for end in low.range(0.01)]
    return [[n_found], *([n_found, n] for n in range(least[0], least[1] + 1))]


def images_without_labels(of: Exports) -> Table:
    """The images without a label, by reason."""
    n = Counter(rows[0]["reason"] or "unknown" for rows in of.finals.values() if not rows[0]["label"])
    return [{"reason": REASONS[reason], "images": n[reason], **share("share", n[reason], sum(n.values()))} for reason in n]


def images_without_labels_title(of: Exports, rows: Table) -> list[Reading]:
    """How many there are, of how many."""
    n = sum(row["images"] for row in rows)
    return [[n, *([len(of.finals)] if of.is_unfinished else []), percent(n / len(of.finals))]]


def one_by_one(of: Exports) -> Table:
    """The images without a label, with what speaks for their given labels."""
    return [_empty(of, image, rows[0]) for image, rows in of.finals.items() if not rows[0]["label"]]


def one_by_one_title(of: Exports, rows: Table) -> list[Reading]:
    """The images whose given label anybody ticked, or most models name."""
    n_ticked = sum(bool(row.get("ticked")) for row in rows)
    n_named = sum(2 * (row["named"] or 0) > len(of.ranked) for row in rows)
    return [[], [len(rows)], *([n, len(rows)] for n in (n_ticked, n_named))]


def _empty(of: Exports, image: str, row: Row) -> dict[str, Any]:
    given, answers = row["given_label"], of.counting(image) if of.is_study else []
    naming = [source for source, ranked in of.ranked.items() if ranked[image][0] == given]
    cells: dict[str, Any] = {"image": image, "reason": REASONS.get(row["reason"]), "given": of.named(given), "named": len(naming)}
    if len(of.ranked) <= MOST_LISTED:
        cells["models"] = ", ".join(naming) or None
    if answers:
        is_proposed = any(given in ranked[image] for ranked in of.ranked.values())
        n_ticked = sum(given in cell_list(answer["yes"]) for answer in answers)
        cells |= {"proposed": "yes" if is_proposed else "no", "ticked": n_ticked, "answers": len(answers)}
    return cells


TABLES = {
    "several-labels": several_labels,
    "kinds": kinds,
    "headline-by-rule": headline_by_rule,
    "beyond-the-candidates": beyond_the_candidates,
    "images-without-labels": images_without_labels,
    "images-without-labels-one-by-one": one_by_one,
}
TITLES = {
    "several-labels": several_labels_title,
    "kinds": kinds_title,
    "headline-by-rule": headline_by_rule_title,
    "beyond-the-candidates": beyond_the_candidates_title,
    "images-without-labels": images_without_labels_title,
    "images-without-labels-one-by-one": one_by_one_title,
}
