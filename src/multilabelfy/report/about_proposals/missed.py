"""Findings about the proposals: recall at k against keys pressed, by number of labels and by class."""

from multilabelfy.evaluation.proposals.missed import Missed
from multilabelfy.evaluation.proposals.recall import RecallAt
from multilabelfy.report.about_proposals.unions import unions_finding
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, Subject, ends, table, with_interval
from multilabelfy.report.wording import FEWEST_TO_NAME, NameOf, count, counted, percent, share_in_words, tied

MOST_CLASSES = 25


def missed_findings(missed: Missed, judged: str, name_of: NameOf, dataset: Subject) -> list[Finding]:
    """Recall by k and by number of labels; by class and of several models where there are some. `judged` says how labels became valid."""
    findings = [_by_k(missed, judged, dataset), _by_label_count(missed, dataset)]
    if len(missed.by_class) > 1 and any(
        held.n_of < held.n for held, _ in missed.by_class.values()
    ):  # of nothing missed, none is more often
        findings.append(_by_class(missed, name_of, dataset))
    if missed.unions:
        findings.append(unions_finding(missed, dataset))
    return findings


def _by_k(missed: Missed, judged: str, dataset: Subject) -> Finding:
    at = missed.at(missed.best, missed.k)
    several = missed.n_models > 1
    return Finding(
        slug="proposals-by-k",
        title=_title(missed, at, dataset),
        subtitle=f"Recall of {'the best of ' if several else ''}{counted(missed.n_models, 'model')} against the keys that an annotator "
        f"presses, for each number k of labels that it proposes; {counted(at.n_labels, 'valid label')} of "
        f"{counted(at.n_images, 'image')} of {dataset}",
        definition="Recall is the share of all valid labels that are among an image’s first k. “Complete” are images of which all are. "
        "Keys are those that an annotator presses for an image, the mean over images: one for each group of five, and one for each valid "
        "label among the k. (Their median goes in steps: it is in the table.) Where the curve is steep, more candidates are worth their "
        f"keys; where it is flat, they cost keys and find little. {judged} Intervals are bootstrap intervals over images; where all or "
        "none are held, Wilson’s.",
        table=table(
            (
                ("k", "k", CellKind.COUNT),
                ("images", "images", CellKind.COUNT),
                ("median_keys", "keys, median", CellKind.NUMBER),
                ("complete", "complete images", CellKind.SHARE),
                *(column for n, model in enumerate(missed.by_k) for column in _columns(n, model, several=len(missed.by_k) > 1)),
            ),
            [_row(missed, at_k) for at_k in missed.by_k[missed.best]],
        ),
        drawing=Drawing.COST,
        axes=("keys that an annotator presses for an image (mean)", "share of the valid labels"),
        series={_column("recall", n): model for n, model in enumerate(missed.by_k)},
        costs={_column("recall", n): _column("keys", n) for n in range(len(missed.by_k))},
    )


def _title(missed: Missed, at: RecallAt, dataset: Subject) -> str:
    if at.interval is None:
        return f"Too few images say what the first {count(missed.k)} labels hold"
    share = share_in_words(at.of_labels or 0, at.interval, 1)
    whose = f"The first {count(missed.k)} labels of {tied(missed.tied)}"
    title = f"{whose} hold {share} of the valid labels{dataset.of_finished}"
    half = [recall for recall in missed.by_k[missed.best] if recall.k <= missed.k / 2]
    if not half or len(missed.tied) > 1 or (half[-1].of_labels or 0) > at.interval.low:  # it would seem to hold as much as the whole
        return title
    fewer = "the first alone holds" if half[-1].k == 1 else f"the first {count(half[-1].k)} hold"
    return f"{title}; {fewer} {percent(half[-1].of_labels)}"


def _row(missed: Missed, at: RecallAt) -> list[Cell]:
    of_models = [cell for model in missed.by_k for cell in _keys_and_share(missed.at(model, at.k))]
    return [at.k, at.n_images, at.median_keys, at.of_images, *of_models]


def _keys_and_share(at: RecallAt) -> list[Cell]:
    return [at.keys, at.of_labels, *ends(at.interval)]


def _columns(n: int, model: str, *, several: bool) -> tuple[tuple[str, str, CellKind], ...]:
    keys = (_column("keys", n), f"keys, {model}" if several else "keys", CellKind.NUMBER)
    return (keys, *with_interval(_column("recall", n), f"recall, {model}"))


def _column(name: str, n: int) -> str:
    return name if not n else f"{name}_{n + 1}"


def _by_label_count(missed: Missed, dataset: Subject) -> Finding:
    counts = missed.by_label_count
    first, last = min(counts), max(counts)
    change = f"from {percent(counts[first].value)} with {counted(first, 'valid label')} to {percent(counts[last].value)} with {count(last)}"
    apart = counts[first].interval, counts[last].interval
    is_lower = apart[0] is not None and apart[1] is not None and apart[1].high < apart[0].low
    return Finding(
        slug="proposals-by-number-of-labels",
        title=f"The first {count(missed.k)} labels hold less of {dataset.kind} with more labels: {change}"
        if is_lower
        else f"The first {count(missed.k)} labels do not reliably hold less of {dataset.kind} with more labels",
        subtitle=f"Share of the valid labels among the first {count(missed.k)} of {missed.best}, by an image’s number of valid labels; "
        f"{dataset}; bars are 95% intervals",
        definition=f"An image with more than {count(missed.k)} valid labels cannot have all of them among the first {count(missed.k)}. "
        "Labels of one image are not independent of each other, which Wilson’s intervals take them to be: they are a little too narrow "
        "where images have many.",
        table=table(
            (
                ("labels", "valid labels of the image", CellKind.TEXT),
                ("held", "held", CellKind.COUNT),
                ("of", "valid labels", CellKind.COUNT),
                *with_interval("share", "share held"),
            ),
            [[str(n), of.n_of, of.n, of.value, *ends(of.interval)] for n, of in counts.items()],
        ),
        drawing=Drawing.DOTS,
        axes=("valid labels", "share held"),
        series={"share": "share held"},
    )


def _by_class(missed: Missed, name_of: NameOf, dataset: Subject) -> Finding:
    rows = sorted(missed.by_class.items(), key=lambda row: (row[1][1].interval.high, row[0]))
    n_held, n = (sum(getattr(share, part) for share, _ in missed.by_class.values()) for part in ("n_of", "n"))
    overall = n_held / n
    below = [label for label, (share, shrunk) in rows if shrunk.interval.high < overall and share.n - share.n_of >= FEWEST_TO_NAME]
    named = f"the mean of {1 - overall:.0%}, first {name_of(below[0])}" if below else ""
    return Finding(
        slug="proposals-by-class",
        title=f"{counted(len(below), 'label is', 'labels are')} reliably missed more often than {named}{dataset.of_finished}"
        if below
        else f"No label is reliably missed more often than the others{dataset.of_finished}",
        subtitle=f"Labels of {dataset} by how often they are among the first {count(missed.k)} of {missed.best} where they are valid; "
        f"{counted(len(rows), 'label')}",
        definition="The first of many shares is mostly luck, so each is shrunk towards all of them as far as its images are few "
        "(beta-binomial model, empirical Bayes; Efron & Morris 1975). Its interval is the posterior’s; the upper end orders the rows.",
        table=table(
            (
                ("label", "label", CellKind.TEXT),
                ("held", "held", CellKind.COUNT),
                ("images", "images", CellKind.COUNT),
                ("share", "share", CellKind.SHARE),
                *with_interval("shrunk", "share, shrunk"),
            ),
            [
                [name_of(label), of.n_of, of.n, of.value, shrunk.value, *ends(shrunk.interval)]
                for label, (of, shrunk) in rows[:MOST_CLASSES]
            ],
        ),
    )
