"""Findings about the proposals: recall at k against keys pressed, by number of labels and by class, and several models together."""

from multilabelfy.evaluation.proposals.missed import Missed
from multilabelfy.evaluation.proposals.recall import RecallAt
from multilabelfy.evaluation.proposals.unions import Union
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, Subject, ends, table, with_interval
from multilabelfy.report.naming import NameOf
from multilabelfy.report.wording import FEWEST_TO_NAME, between, count, counted, percent, share_in_words, tied
from multilabelfy.statistics.significance import excludes_zero

MOST_CLASSES = 25


def missed_findings(missed: Missed, judged: str, name_of: NameOf, dataset: Subject) -> list[Finding]:
    """Recall by k and by number of labels; by class and of several models where there are some. `judged` says how labels became valid."""
    findings = [_by_k(missed, judged, dataset), _by_label_count(missed, dataset)]
    if len(missed.by_class) > 1 and any(
        held.n_of < held.n for held, _ in missed.by_class.values()
    ):  # of nothing missed, none is more often
        findings.append(_by_class(missed, name_of, dataset))
    if missed.unions:
        findings.append(_unions(missed, dataset))
    return findings


def _by_k(missed: Missed, judged: str, dataset: Subject) -> Finding:
    at = missed.at(missed.best, missed.k)
    several = missed.n_models > 1
    return Finding(
        slug="proposals-by-k",
        title=_title(missed, at, dataset),
        subtitle=f"Recall of {'the best of ' if several else ''}{counted(missed.n_models, 'model')} by the number k of labels that it "
        f"proposes; {counted(at.n_labels, 'valid label')} of {counted(at.n_images, 'image')} of {dataset}",
        definition=f"Recall is the share of all valid labels that are among an image’s first k. “Complete” are images of which all are. "
        "Keys are those that an annotator presses for an image: one for each group of five, and one for each valid label among the k. "
        f"{judged} Intervals are bootstrap intervals over images; where all or none are held, Wilson’s.",
        table=table(
            (
                ("k", "k", CellKind.COUNT),
                ("images", "images", CellKind.COUNT),
                ("keys", "keys", CellKind.NUMBER),
                ("complete", "complete images", CellKind.SHARE),
                *(column for n, model in enumerate(missed.by_k) for column in with_interval(_column(n), f"recall, {model}")),
            ),
            [_row(missed, at_k) for at_k in missed.by_k[missed.best]],
        ),
        drawing=Drawing.CURVES,
        axes=("labels that are proposed (k)", "share of the valid labels"),
        series={_column(n): model for n, model in enumerate(missed.by_k)},
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
    shares = [cell for model in missed.by_k for cell in _share(missed.at(model, at.k))]
    return [at.k, at.n_images, at.keys, at.of_images, *shares]


def _share(at: RecallAt) -> list[Cell]:
    return [at.of_labels, *ends(at.interval)]


def _column(n: int) -> str:
    return "recall" if not n else f"recall_{n + 1}"


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


def _unions(missed: Missed, dataset: Subject) -> Finding:
    return Finding(
        slug="proposals-of-several-models",
        title=_unions_title(missed, dataset),
        subtitle=f"Share of the valid labels among the first {count(missed.k)}, of the best of {counted(missed.n_models, 'model')} and "
        f"with those that add most; {dataset}; bars are 95% intervals",
        definition=f"Lists are joined by reciprocal rank fusion (Cormack, Clarke & Büttcher 2009) and cut at {count(missed.k)}, so that "
        "people are asked about as many labels as by one model. Models are added one at a time, each the one that adds most. They are "
        "chosen on every second image and measured on the others, both ways; the rows name those chosen on all. Intervals are "
        "bootstrap intervals over images; a gain is over the first row, on the same images.",
        table=table(
            (
                ("models", "models", CellKind.TEXT),
                *with_interval("recall", "recall"),
                *with_interval("gain", "gain over one model", CellKind.POINTS),
            ),
            [_union_row(union) for union in missed.unions],
        ),
        drawing=Drawing.DOTS,
        axes=("", "share of the valid labels"),
        series={"recall": "recall"},
    )


def _union_row(union: Union) -> list[Cell]:
    return [" + ".join(union.models), union.recall, *ends(union.interval), union.gain, *ends(union.gain_interval)]


def _unions_title(missed: Missed, dataset: Subject) -> str:
    best = missed.unions[-1]
    together = f"{count(len(best.models))} models together"
    if best.gain_interval is None or not excludes_zero(best.gain_interval) or best.gain < 0:
        return f"At the same k, {together} do not reliably hold more{dataset.of_finished} than one"
    gain = f"{100 * best.gain:.1f} points ({between(best.gain_interval).rstrip('%')})"
    return f"At the same k, {together} hold {gain} more of the valid labels{dataset.of_finished} than one"
