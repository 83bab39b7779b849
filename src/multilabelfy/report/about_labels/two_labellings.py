"""Findings about two labellings of the same images: how far they agree, who has what, by class, and who is right."""

from collections.abc import Sequence
from dataclasses import dataclass

from multilabelfy.evaluation.labels.against_gold import AgainstGold, Rightness, SetSeverity
from multilabelfy.evaluation.labels.two_labellings import ByClass, Comparison, Match
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, Subject, ends, table, with_interval
from multilabelfy.report.wording import NameOf, between, count, counted, percent, share_in_title
from multilabelfy.statistics.intervals import Measured
from multilabelfy.statistics.shares import Share
from multilabelfy.statistics.significance import LEVEL

SEVERITIES = {
    SetSeverity.CORRECT: "images exactly right",
    SetSeverity.MINOR: "images wrong, minor",
    SetSeverity.MAJOR: "images wrong, major",
}


@dataclass(frozen=True, slots=True)
class TwoLabellings:
    """Two labellings with what sentences call them, compared; `gold` where something says who is right, and `judge` says what does."""

    names: tuple[str, str]
    compared: Comparison
    gold: AgainstGold | None = None
    judge: str = "gold"


def two_labellings_findings(two: TwoLabellings, name_of: NameOf, dataset: Subject) -> list[Finding]:
    """Agreement on sets, classes that differ if there are any, and who is right if gold says so."""
    findings = [_agreement(two, dataset)]
    if two.compared.classes:
        findings.append(_by_class(two, name_of, dataset))
    if two.gold is not None and two.gold.n_images:
        findings.append(_against_gold(two, two.gold, dataset))
    return findings


def _agreement(two: TwoLabellings, dataset: Subject) -> Finding:
    of, (first, second) = two.compared, two.names
    words = {
        Match.EQUAL: "the same labels",
        Match.FIRST_HOLDS_SECOND: f"{first} has more, and all of {second}’s",
        Match.SECOND_HOLDS_FIRST: f"{second} has more, and all of {first}’s",
        Match.OVERLAP: "some in common, each has its own",
        Match.APART: "no label in common",
        Match.ONE_EMPTY: "one of them has no label",
    }
    rows: list[list[Cell]] = [[words[row.match], row.n_images, row.share, *ends(row.interval)] for row in of.matches]
    same = share_in_title(of.equal.value or 0, of.equal.interval, 1)
    return Finding(
        slug="labellings-agree",
        title=f"{first} and {second} have the same labels for {same[:1].lower()}{same[1:]} of the images",
        subtitle=f"How the two label sets of an image relate; {counted(of.n_images, 'image')} of {dataset}; bars are 95% intervals",
        definition=f"Of all labels, {count(of.n_both)} are in both, {count(of.n_first)} in {first} alone and {count(of.n_second)} in "
        f"{second} alone; the mean is {of.mean_sizes[0]:.3f} and {of.mean_sizes[1]:.3f} labels per image. Mean Jaccard similarity of the "
        f"sets {_measured(of.jaccard)}, MASI similarity (Passonneau 2006) {_measured(of.masi)}; two empty sets are alike. Shares have "
        "Wilson’s intervals, means bootstrap intervals over images.",
        table=table(
            (("relation", "relation", CellKind.TEXT), ("images", "images", CellKind.COUNT), *with_interval("share", "share")), rows
        ),
        drawing=Drawing.BARS,
        axes=("", "share of the images"),
    )


def _by_class(two: TwoLabellings, name_of: NameOf, dataset: Subject) -> Finding:
    of, (first, second) = two.compared, two.names
    leaning = of.n_leaning(1), of.n_leaning(2)
    title = (
        f"{counted(leaning[0], 'class leans', 'classes lean')} towards {first}, {count(leaning[1])} towards {second}"
        if any(leaning)
        else f"No class reliably leans towards {first} or {second}"
    )
    return Finding(
        slug="labellings-by-class",
        title=title,
        subtitle=f"Images of {dataset} that have a class in one labelling alone; {counted(len(of.classes), 'class', 'classes')} with such "
        "images",
        definition=f"“Of the differing” is {first}’s share of the images that have the class in one labelling alone, with Wilson’s "
        "interval at 95%. A class leans where it is reliably more often in that labelling alone, by exact sign tests "
        "over all of these classes. The largest difference comes first.",
        table=table(
            (
                ("label", "class", CellKind.TEXT),
                ("both", "in both", CellKind.COUNT),
                ("first", f"in {first} alone", CellKind.COUNT),
                ("second", f"in {second} alone", CellKind.COUNT),
                *with_interval("of_first", "of the differing"),
                ("leans", "leans towards", CellKind.TEXT),
            ),
            [_class_row(row, two.names, name_of) for row in of.classes],
        ),
    )


def _class_row(row: ByClass, names: Sequence[str], name_of: NameOf) -> list[Cell]:
    leans = names[row.leans - 1] if row.leans else None
    return [name_of(row.label), row.n_both, row.n_first, row.n_second, row.n_first / row.n_differs, *ends(row.of_first), leans]


def _against_gold(two: TwoLabellings, gold: AgainstGold, dataset: Subject) -> Finding:
    first, second = two.names
    rows = [
        _gold_row("labels that are valid", gold.first.valid, gold.second.valid),
        _gold_row("valid labels that it has", gold.first.found, gold.second.found),
        *(_gold_row(words, _severe(gold.first, kind), _severe(gold.second, kind)) for kind, words in SEVERITIES.items()),
        _gold_row("labels that it alone has and that are valid", gold.only_first, gold.only_second),
    ]
    return Finding(
        slug="labellings-against-gold",
        title=_gold_title(two.names, gold),
        subtitle=f"Two labellings against {two.judge}; {counted(gold.n_images, 'image')} of {dataset}; bars are 95% intervals",
        definition=f"In {counted(gold.first_right, 'image')} only {first} has exactly the labels of {two.judge}, in "
        f"{count(gold.second_right)} only {second} (exact sign test, p = {gold.p:.2g}). Severity after Vasudevan et al. (2022, “When does "
        "dough become a bagel?”), with the label hierarchy in place of their reviewers (our interpretation): a label that is not valid is "
        "a minor mistake if it and a valid label of the image are a kind of each other or share a parent or grandparent, else a major "
        "one; a set that only lacks labels is minor, and one without any is major. Without a hierarchy every label that is not valid is "
        "major. Intervals are Wilson’s.",
        table=table(
            (
                ("measure", "measure", CellKind.TEXT),
                *with_interval("first", first),
                ("of_first", f"out of, {first}", CellKind.COUNT),
                *with_interval("second", second),
                ("of_second", f"out of, {second}", CellKind.COUNT),
            ),
            rows,
        ),
        drawing=Drawing.DOTS,
        axes=("", "share"),
        series={"first": first, "second": second},
    )


def _gold_title(names: tuple[str, str], gold: AgainstGold) -> str:
    n = gold.first_right + gold.second_right
    if gold.p > LEVEL:
        score = f"{count(gold.first_right)} to {count(gold.second_right)} images"
        return f"Neither {names[0]} nor {names[1]} is reliably right more often ({score})"
    right, n_right = max(zip(names, (gold.first_right, gold.second_right), strict=True), key=lambda item: item[1])
    return f"{right} is right more often: in {count(n_right)} of the {count(n)} images in which exactly one of the two is"


def _severe(of: Rightness, kind: SetSeverity) -> Share:
    return of.severity[kind]


def _gold_row(measure: str, first: Share, second: Share) -> list[Cell]:
    return [measure, first.value, *ends(first.interval), first.n, second.value, *ends(second.interval), second.n]


def _measured(of: Measured) -> str:
    return f"{percent(of.value)} ({between(of.interval)})"
