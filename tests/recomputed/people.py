"""A report's figures about annotators, from exports."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from tests.recomputed.alike import Answers, of_answers, of_sets
from tests.recomputed.comparing import Reading, of_share, one_after_another, scaled
from tests.recomputed.figures import VOTES, AnyOf, Exports, Floats, Resampled, Row, Table, cell_list, drawn_sums, mean_of_ten, share

FEW = 3
GOLD = ("gold-calibration", "gold-test")
PER = 10


def agreement(of: Exports) -> Table:
    """How far the annotators agree: answers to labels that were shown, and sets with what was found by search."""
    images = voted(of)
    figures = {
        **of_sets("", with_found(of), 2),
        **of_sets(", maybe as yes", with_found(of), 1),
        **of_answers(images),
    }
    return [{"measure": name, "value": figure} for name, figure in figures.items()]


def self_agreement(of: Exports) -> Table:
    """How far annotators agree with themselves, on labels that they were asked about both times."""
    pairs = [(_shown(of.answers[row["image"]][row["annotator"]]), _again(row)) for row in of.checks if row["kind"] == "repeat"]
    both = [[(then[label], now[label]) for label in then.keys() & now.keys()] for then, now in pairs]
    votes = [pair for of_image in both for pair in of_image]
    n_yes, n_both = sum((a == 2) + (b == 2) for a, b in votes), sum(a == b == 2 for a, b in votes)
    same = sum(all((a == 2) == (b == 2) for a, b in of_image) for of_image in both if of_image)
    counts = {
        "same answer to a question": (sum(a == b for a, b in votes), len(votes)),
        "positive agreement": (2 * n_both, n_yes),
        "same set of labels": (same, sum(map(bool, both))),
    }
    return [{"measure": name, "of": n_of, "n": n, **share("share", n_of, n)} for name, (n_of, n) in counts.items()]


def _again(row: Row) -> Answers:
    """The answers to a repeat; who could not tell, or found the picture unfit, gave none."""
    votes = {"yes": 2, "maybe": 1}
    ticked = {label: vote for name, vote in votes.items() for label in cell_list(row[name])}
    silent = cell_list(row["asked"]) if row["outcome"] in ("labelled", "none") else []
    return {label: vote for label, vote in {**dict.fromkeys(silent, 0), **ticked}.items() if label not in cell_list(row["found"])}


def _shown(rows: Sequence[Row]) -> Answers:
    return {row["label"]: VOTES[row["vote"]] for row in rows if row["unprompted"] == "false"}


@cache
def voted(of: Exports) -> list[list[Answers]]:
    """The answers to what was shown, of the images on which at least two people voted."""
    return [[_shown(rows) for rows in of.answers[image].values()] for image in of.complete if len(of.answers[image]) > 1]


@cache
def with_found(of: Exports) -> list[list[tuple[Answers, Answers]]]:
    """The same images with what each person found by search beside the answers to what was shown."""
    people = [of.answers[image].values() for image in of.complete if len(of.answers[image]) > 1]
    return [[(_shown(rows), _found(rows)) for rows in of_image] for of_image in people]


def _found(rows: Sequence[Row]) -> Answers:
    return {row["label"]: VOTES[row["vote"]] for row in rows if row["unprompted"] == "true"}


def agreement_title(_: Exports, rows: Table) -> list[Reading]:
    """How often sets are equal, and how often another says yes too."""
    by_name = {row["measure"]: row for row in rows}
    return one_after_another(of_share(by_name["Equal sets"], "value"), of_share(by_name["Positive agreement"], "value"))


def few_or_shares(n: int, *shares: dict[str, Any]) -> list[Reading]:
    """Of very few answers their number alone, else the shares."""
    return [[n]] if n < FEW else one_after_another(*(of_share(of_one) for of_one in shares))


def self_agreement_title(of: Exports, rows: Table) -> list[Reading]:
    """How often the same answer came again."""
    return few_or_shares(sum(row["kind"] == "repeat" for row in of.checks), rows[0])


def gold(of: Exports) -> Table:
    """Answers to images with known labels: a label counts where it was shown or found; an answer without votes counts nowhere."""
    n = np.zeros(5, dtype=int)  # right, wrong, missed, images all right, images
    for row in gold_answers(of):
        chosen, known = frozenset(cell_list(row["yes"])), frozenset(cell_list(row["known"]))
        asked = {label for name in ("asked", "yes", "maybe") for label in cell_list(row[name])}
        wrong, missed = chosen - known, (known & asked) - chosen
        n += [len(chosen & known), len(wrong), len(missed), not wrong and not missed, 1]
    right, wrong, missed, perfect, n_images = n.tolist()
    counts = {
        "chosen labels that are valid": (right, right + wrong),
        "valid labels that were chosen": (right, right + missed),
        "images with exactly the valid labels": (perfect, n_images),
    }
    return _counted(counts, "of")


def gold_title(of: Exports, rows: Table) -> list[Reading]:
    """The valid labels that were chosen, and the chosen ones that are valid."""
    by_name = {row["measure"]: row for row in rows}
    told = [by_name[name] for name in ("valid labels that were chosen", "chosen labels that are valid") if name in by_name]
    return few_or_shares(len(gold_answers(of)), *told)


def gold_answers(of: Exports) -> list[Row]:
    """The answers to gold that say which labels there are."""
    return [row for row in tested(of) if row["outcome"] in ("labelled", "none")]


def tested(of: Exports) -> list[Row]:
    """The answers to images that are still gold."""
    return [row for row in of.checks if row["kind"] in GOLD and row["retired"] == "false"]


def suggestion(of: Exports) -> Table:
    """What candidates suggest: of the labels finally chosen, those found by search alone; of these, those given up."""
    first = [(frozenset(cell_list(row["first_yes"])), frozenset(cell_list(row["yes"]))) for row in _searched_first(of)]
    counts = {
        "finally chosen labels found by search alone": (sum(len(a & b) for a, b in first), sum(len(b) for _, b in first)),
        "labels found by search and later given up": (sum(len(a - b) for a, b in first), sum(len(a) for a, _ in first)),
    }
    return _counted(counts, "labels")


def suggestion_title(of: Exports, rows: Table) -> list[Reading]:
    """How many of the chosen labels were found by search alone."""
    return few_or_shares(len(_searched_first(of)), rows[0])


def _searched_first(of: Exports) -> list[Row]:
    return [row for row in of.checks if row["kind"] == "search-first"]


def _counted(counts: dict[str, tuple[int, int]], name_of: str) -> Table:
    """Shares with their counts; those of nothing are left out."""
    return [{"measure": name, name_of: n_of, "n": n, **share("share", n_of, n)} for name, (n_of, n) in counts.items() if n]


@cache
def placed(of: Exports) -> tuple[Floats, int]:
    """The votes on screens whose order was drawn: rows of image, place from 0, rank and yes; and how many candidates a group has."""
    rows, sizes = [], [1]
    for at, image in enumerate(sorted(of.finals.keys() | of.complete)):
        for answer in of.counting(image):
            if answer["drawn_order"] == "false":
                continue
            sizes.append(int(answer["group_size"]))
            shown = set(cell_list(answer["asked"]))
            votes = of.answers[image].get(answer["annotator"], ())
            placed = [row for row in votes if row["place"] and row["label"] in shown]
            rows += [[at, int(row["place"]) - 1, int(row["rank"] or -1), row["vote"] == "yes"] for row in placed]
    return np.array(rows, dtype=np.float64), max(sizes)


def position(of: Exports) -> Table:
    """The share of yes by group of the page and by place, plain and adjusted for rank."""
    votes, size = placed(of)
    image, place, _, yes = votes.T
    n_places = int(place.max()) + 1
    rows = []
    for name, width in (("places", size), ("place", 1)):
        for start in range(0, n_places, width):
            here = (place >= start) & (place < start + width)
            end = min(start + width, n_places)
            called = f"{name} {start + 1}–{end}" if width > 1 else f"{name} {start + 1}"
            adjusted = _adjusted(image, here, yes, _left(votes))
            rows.append({"where": called, "answers": int(here.sum()), "share": float(yes[here].mean()), "adjusted": adjusted})
    return rows


def _left(votes: Floats) -> Floats:
    """Each answer less the share of yes among the answers at its rank."""
    _, _, rank, yes = votes.T
    mean = {at: float(yes[rank == at].mean()) for at in set(rank.tolist())}
    return np.asarray(yes - np.array([mean[at] for at in rank.tolist()]))


def _adjusted(image: Floats, here: Floats, yes: Floats, left: Floats) -> Resampled:
    images = np.unique(image)
    by_image = np.array([[(here & (image == one)).sum(), left[here & (image == one)].sum()] for one in images], dtype=np.float64)
    sums = np.vstack([by_image.sum(axis=0), drawn_sums(by_image)])
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = yes.mean() + sums[:, 1] / sums[:, 0]
    return Resampled(float(shares[0]), shares[1:])


def position_title(of: Exports, _rows: Table) -> list[Reading]:
    """The change over ten places."""
    of_one = slope(of)
    return [[scaled(of_one.value, 100 * PER), PER, *(scaled(end, 100 * PER) for end in of_one.interval)], []]


@cache
def slope(of: Exports) -> Resampled:
    """From one place to the next: least squares of what ranks leave of an answer on its place."""
    votes, _ = placed(of)
    image, place, _, _ = votes.T
    x, left = place - place.mean(), _left(votes)
    columns = np.column_stack([np.ones_like(x), x, x * x, left, x * left])
    by_image = np.array([columns[image == one].sum(axis=0) for one in np.unique(image)])
    n, x_sum, xx, y, xy = np.vstack([by_image.sum(axis=0), drawn_sums(by_image)]).T
    slopes = (n * xy - x_sum * y) / (n * xx - x_sum**2)
    return Resampled(float(slopes[0]), slopes[1:])


def effort(of: Exports) -> Table:
    """How long the people worked, most answers first; people of as many answers are told apart by their time alone."""
    by_person: dict[tuple[str, str], list[float]] = defaultdict(list)
    for (_, person), row in of.every_answer.items():
        by_person["annotator", person].append(int(row["present_ms"]) / 1000)
    for row in of.decisions:
        if row["stands"] == "true":
            by_person["expert", row["expert"]].append(int(row["present_ms"]) / 1000)
    numbers = {person: _numbers(by_person, person) for person in by_person}
    return [{"who": numbers[person], **_worker(seconds)} for person, seconds in by_person.items()]


def _numbers(by_person: dict[tuple[str, str], list[float]], person: tuple[str, str]) -> AnyOf:
    """What a person may be called: numbered by answers, most first, in either order among equals."""
    role, n = person[0], len(by_person[person])
    before = sum(other[0] == role and len(answers) > n for other, answers in by_person.items())
    equal = sum(other[0] == role and len(answers) == n for other, answers in by_person.items())
    return AnyOf(frozenset(f"{role} {number}" for number in range(before + 1, before + equal + 1)))


def _worker(seconds: Sequence[float]) -> dict[str, Any]:
    if not sum(seconds):
        return {"answers": len(seconds), "hours": None}
    figures = {"mean_seconds": mean_of_ten(seconds), "median_seconds": float(np.median(seconds))}
    return {"answers": len(seconds), "hours": sum(seconds) / 3600, **figures}


def effort_title(_: Exports, rows: Table) -> list[Reading]:
    """How many people worked for how long, and the mean over all answers; or how many answers there are, of which nobody knows the time."""
    measured = [row for row in rows if row["hours"]]
    if not measured:
        return [[sum(row["answers"] for row in rows)]]
    hours = sum(row["hours"] for row in measured)
    return [[len(measured), hours if hours >= 1 else max(1, 60 * hours), 3600 * hours / sum(row["answers"] for row in measured)]]


TABLES = {
    "agreement": agreement,
    "self-agreement": self_agreement,
    "gold": gold,
    "suggestion": suggestion,
    "position": position,
    "effort": effort,
}
TITLES = {
    "agreement": agreement_title,
    "self-agreement": self_agreement_title,
    "gold": gold_title,
    "suggestion": suggestion_title,
    "position": position_title,
    "effort": effort_title,
}
