"""The finding about the proposer and the models under test: does the proposer favour its own family?"""

from collections.abc import Sequence

from multilabelfy.evaluation.many_models.own_family import ModelUnderTest
from multilabelfy.report.findings import Cell, CellKind, Drawing, Finding, Subject, ends, table, with_interval
from multilabelfy.report.wording import counted, percent
from multilabelfy.statistics.shares import Share


def own_family_finding(models: Sequence[ModelUnderTest], dataset: Subject) -> Finding:
    """Each model's ReaL accuracy with unjudged labels as wrong and as right, and its rank without its own family's labels."""
    ordered = sorted(models, key=lambda model: (model.rank.value, model.model))
    proposers = sorted({model.family for model in models if model.is_of_proposers})
    return Finding(
        slug="proposer-and-models",
        title=_title(ordered),
        subtitle=f"ReaL accuracy of {counted(len(models), 'model')} on {dataset}, over {counted(models[0].real.n, 'image')} with labels "
        "that people were asked about; bars are 95% intervals",
        definition="A first label that nobody judged (no annotator or expert was shown it, and nobody found it) counts as wrong in "
        "ReaL, although it may be valid; the other value counts it as right, so the true accuracy lies between the two. Ranks are by "
        "ReaL; 1 is best. The second rank is the one the model would have without the valid labels that only its own family’s proposers "
        "contributed. The given label and labels found by search count as contributed by others; images that lose all their labels are "
        "left out. With a single proposer, little more than given labels remains. A family is the letters with which a model’s name "
        "begins, so related models with different names are not recognised. Shares have Wilson’s intervals; ranks have intervals from one "
        f"bootstrap over images, all models together. {_families(proposers)}",
        table=table(
            (
                ("model", "model", CellKind.TEXT),
                ("family", "family", CellKind.TEXT),
                ("proposes", "its family proposed", CellKind.TEXT),
                *with_interval("unjudged", "first labels that nobody judged"),
                *with_interval("real", "ReaL, unjudged is wrong"),
                *with_interval("real_if_valid", "ReaL, unjudged is right"),
                *with_interval("rank", "rank", CellKind.COUNT),
                ("own_labels", "valid labels by its family alone", CellKind.COUNT),
                *with_interval("rank_without_own", "rank without these", CellKind.COUNT),
            ),
            [_row(model) for model in ordered],
        ),
        drawing=Drawing.DOTS,
        axes=("", "ReaL accuracy"),
        series={"real": "unjudged is wrong", "real_if_valid": "unjudged is right"}
        if any(model.unjudged.n_of for model in models)
        else {"real": "ReaL"},
    )


def _title(ordered: Sequence[ModelUnderTest]) -> str:
    shares = [model.unjudged.value or 0.0 for model in ordered]
    if len(ordered) == 1 and not shares[0]:
        return f"People judged every first label of {ordered[0].model}"
    if len(ordered) == 1:
        return f"Nobody judged {percent(shares[0])} of the first labels of {ordered[0].model}"
    unjudged = f"Nobody judged {percent(min(shares))} to {percent(max(shares))} of the models’ first labels"
    if not max(shares):
        unjudged = "People judged every first label of the models"
    falling = [model for model in ordered if model.rank_without_own.interval.low > model.rank.interval.high]
    if not falling:
        return f"{unjudged}; no model reliably loses its rank without its own family’s labels"
    first = falling[0]
    others = f", and {counted(len(falling) - 1, 'other')} also {'falls' if len(falling) == 2 else 'fall'}" if len(falling) > 1 else ""
    ranks = f"from rank {first.rank.value} to {first.rank_without_own.value}"
    return f"{unjudged}; {first.model} falls {ranks} without the labels that only its own family proposed{others}"


def _families(proposers: Sequence[str]) -> str:
    if not proposers:
        return "None of these models belongs to a proposer’s family."
    return f"The proposers’ families among these models: {', '.join(proposers)}."


def _row(model: ModelUnderTest) -> list[Cell]:
    shares = [cell for share in (model.unjudged, model.real, model.real_if_valid) for cell in _share(share)]
    ranks = [[rank.value, *ends(rank.interval)] for rank in (model.rank, model.rank_without_own)]
    return [model.model, model.family, "yes" if model.is_of_proposers else "no", *shares, *ranks[0], model.n_own, *ranks[1]]


def _share(share: Share) -> list[Cell]:
    return [share.value, *ends(share.interval)]
