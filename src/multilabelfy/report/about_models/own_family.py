"""The finding about the proposer and the models under test: does the proposer favour its own family?"""

from collections.abc import Sequence

from multilabelfy.evaluation.many_models.own_family import ModelUnderTest
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, Subject, ends, table, with_interval
from multilabelfy.report.wording import counted, percent
from multilabelfy.statistics.shares import Share


def own_family_finding(found: Sequence[ModelUnderTest], dataset: Subject) -> Finding:
    """Each model's ReaL accuracy with what nobody judged as wrong and as right, and its rank without its own family's labels."""
    ordered = sorted(found, key=lambda one: (one.rank.value, one.model))
    proposers = sorted({one.family for one in found if one.is_of_proposers})
    return Finding(
        slug="proposer-and-models",
        title=_title(ordered),
        subtitle=f"ReaL accuracy of {counted(len(found), 'model')} on {dataset}, over {counted(found[0].real.n, 'image')} with labels "
        "that people were asked about; bars are 95% intervals",
        definition="A first label that nobody judged (it was before no annotator and no expert, and nobody found it) counts as wrong in "
        "ReaL, although it may be valid; the other value counts it as right, so that what is true lies between the two. The rank is by "
        "ReaL, 1 the best; beside it the rank that the model would have without the valid labels that its own family’s proposers alone "
        "brought up: the given label, and what people found by search, count as brought up from elsewhere, and images that lose all their "
        "labels fall out. With a single proposer that leaves little more than given labels. A family is the letters that a model’s name "
        "begins with: models that are alike under different names are not seen to be. Shares have Wilson’s intervals, ranks those of a "
        f"bootstrap over images, all models together. {_families(proposers)}",
        table=table(
            (
                ("model", "model", CellKind.TEXT),
                ("family", "family", CellKind.TEXT),
                ("proposes", "its family proposed", CellKind.TEXT),
                *with_interval("unjudged", "first labels nobody judged"),
                *with_interval("real", "ReaL, unjudged is wrong"),
                *with_interval("real_if_valid", "ReaL, unjudged is right"),
                *with_interval("rank", "rank", CellKind.COUNT),
                ("own_labels", "valid labels by its family alone", CellKind.COUNT),
                *with_interval("rank_without_own", "rank without these", CellKind.COUNT),
            ),
            [_row(one) for one in ordered],
        ),
        drawing=Drawing.DOTS,
        axes=("", "ReaL accuracy"),
        series={"real": "unjudged is wrong", "real_if_valid": "unjudged is right"}
        if any(one.unjudged.n_of for one in found)
        else {"real": "ReaL"},
    )


def _title(ordered: Sequence[ModelUnderTest]) -> str:
    shares = [one.unjudged.value or 0.0 for one in ordered]
    if len(ordered) == 1:
        return f"{percent(shares[0])} of the first labels of {ordered[0].model} were judged by nobody"
    unjudged = f"Nobody judged {percent(min(shares))} to {percent(max(shares))} of the models’ first labels"
    if not max(shares):
        unjudged = "People judged every first label of the models"
    falling = [one for one in ordered if one.rank_without_own.interval.low > one.rank.interval.high]
    if not falling:
        return f"{unjudged}; no model reliably loses its rank without its own family’s labels"
    first = falling[0]
    others = f", as do {len(falling) - 1} others" if len(falling) > 1 else ""
    ranks = f"from rank {first.rank.value} to {first.rank_without_own.value}"
    return f"{unjudged}; {first.model} falls {ranks} without the labels that only its own family proposed{others}"


def _families(proposers: Sequence[str]) -> str:
    if not proposers:
        return "None of these models is of a proposer’s family."
    return f"The proposers’ families among these models: {', '.join(proposers)}."


def _row(one: ModelUnderTest) -> list[Cell]:
    shares = [cell for share in (one.unjudged, one.real, one.real_if_valid) for cell in _share(share)]
    ranks = [[rank.value, *ends(rank.interval)] for rank in (one.rank, one.rank_without_own)]
    return [one.model, one.family, "yes" if one.is_of_proposers else "no", *shares, *ranks[0], one.n_own, *ranks[1]]


def _share(share: Share) -> list[Cell]:
    return [share.value, *ends(share.interval)]
