"""`disagreements` and `aggregate`: what is disputed, and scores from votes of any origin."""

from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.options import (
    DatasetName,
    EvidenceGivenOption,
    EvidenceGoldOption,
    EvidencePredictionsOption,
    JsonOption,
    LabelSpaceOption,
    VotesArgument,
    WorkspaceOption,
)
from multilabelfy.cli.output import emit, say, shown, workspace_at
from multilabelfy.formats.inputs import VOTES
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.disagreement.agreement.agreement import Agreement
    from multilabelfy.evaluation.experts.expert_work import ExpertWork
    from multilabelfy.workflows.analysing.analysis import Analysis


class MethodName(StrEnum):
    """The ways to aggregate votes."""

    POSTERIOR = "posterior"
    DAWID_SKENE = "dawid-skene"
    ONE_COIN = "one-coin"
    MEAN = "mean"
    UNANIMOUS = "unanimous"
    MAJORITY = "majority"
    UNION = "union"


def disagreements(
    name: DatasetName,
    top: Annotated[int, typer.Option(min=0, help="How many labels and pairs of labels to list.")] = 10,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Show how many images agree, which labels and pairs are disputed, and how well annotators agree."""
    from multilabelfy.workflows.analysing.analysis import analyse

    with workspace_at(workspace) as opened:
        analysis = analyse(opened, name)
    names = {index: label.name for index, label in analysis.names.items()}
    emit(_as_json(analysis, names), as_json=as_json, human=lambda: _as_text(name, analysis, names, top))


def aggregate(
    votes: VotesArgument,
    out: Annotated[Path, typer.Option(help="The file for the scores: image,label,score as .parquet or .csv.")],
    method: Annotated[MethodName, typer.Option(help="How to turn votes into a score.")] = MethodName.POSTERIOR,
    predictions: EvidencePredictionsOption = None,
    given: EvidenceGivenOption = None,
    gold: EvidenceGoldOption = None,
    machines: Annotated[
        Path | None, typer.Option(help=f"Count machines' votes, each machine by its own measured errors (posterior): {VOTES.briefly}.")
    ] = None,
    label_space: LabelSpaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Turn votes into a score for each label of each image. Rank by the column log_odds, which does not saturate as score does."""
    from multilabelfy.workflows.analysing.evidence_of_files import EvidenceFiles
    from multilabelfy.workflows.analysing.votes_of_files import Method
    from multilabelfy.workflows.analysing.votes_of_files import aggregate as score_votes

    files = EvidenceFiles(tuple(predictions or ()), given, gold, label_space, machines)
    summary = score_votes(votes, Method(method.value), out, files)
    votes_of = f"{counted(summary.n_votes, 'vote')} by {counted(summary.n_annotators, 'person', 'people')}"
    say(f"Scored {counted(summary.n_questions, 'label')} of {counted(summary.n_images, 'image')}: {votes_of}.")
    for warning in summary.warnings:
        say(f"Warning: {warning}")
    emit(asdict(summary), as_json=as_json, human=lambda: summary.out)


def _as_json(analysis: "Analysis", names: dict[int, str]) -> dict[str, Any]:
    return {
        "images": analysis.n_images,
        "compared": analysis.n_compared,
        "agreed": analysis.n_agreed,
        "disputed": analysis.n_disputed,
        "reasons": {why.value: n for why, n in sorted(analysis.reasons.items())},
        "labels": [{**asdict(dispute), "name": names[dispute.label]} for dispute in analysis.labels],
        "pairs": [
            {"labels": list(mixed_up.pair), "names": [names[label] for label in mixed_up.pair], "n_images": len(mixed_up.images)}
            for mixed_up in analysis.pairs
        ],
        "agreement": _of_answers(analysis.agreement),
        "sets": _of_sets(analysis.agreement),
        "sets_maybe_as_yes": _of_sets(analysis.agreement, with_maybe=True),
        "experts": {**asdict(analysis.experts), "agreement": _of_experts(analysis.experts)},
    }


def _of_answers(agreement: "Agreement") -> dict[str, Any]:
    counts = {"n_images": agreement.n_images, "n_questions": agreement.n_questions, "n_answers": agreement.n_answers}
    return counts | {key: asdict(figure) for key, figure in agreement.answers.items()}


def _of_sets(agreement: "Agreement", *, with_maybe: bool = False) -> dict[str, Any]:
    figures = agreement.sets_with_maybe if with_maybe else agreement.sets
    return {"n_images": agreement.n_images_compared} | {key: asdict(figure) for key, figure in figures.items()}


def _of_experts(experts: "ExpertWork") -> dict[str, Any] | None:
    of = experts.agreement
    if of is None:
        return None
    figures = {"questions": _of_answers(of.decided), "sets": _of_sets(of.decided), "blind_sets": _of_sets(of.blind) if of.blind else None}
    return {"n_images": of.n_images, "n_audited": of.n_audited, **figures}


def _as_text(name: str, analysis: "Analysis", names: dict[int, str], top: int) -> str:
    from multilabelfy.disagreement.agreement.measures import MEASURES

    agreement = analysis.agreement
    asked = f"{counted(agreement.n_questions, 'label')} of {counted(agreement.n_images, 'image')}"
    have = _verb(analysis.n_compared, "has", "have")
    lines = [
        f"{name}: {analysis.n_compared} of {counted(analysis.n_images, 'image')} {have} all their answers; "
        f"{analysis.n_agreed} {_verb(analysis.n_agreed, 'agrees', 'agree')}, "
        f"{analysis.n_disputed} {_verb(analysis.n_disputed, 'goes', 'go')} to an expert.",
        *(f"  {n:6}  {why.value}" for why, n in sorted(analysis.reasons.items(), key=lambda item: (-item[1], item[0]))),
        f"How well they agree, on {asked} that at least two were shown:",
        *(f"  {shown(agreement.of(measure)):18}  {measure.name}" for measure in MEASURES),
    ]
    lines += _about_experts(analysis)
    disputed = [dispute for dispute in analysis.labels if dispute.n_disputed][:top]
    lines += ["Most disputed labels:"] if disputed else []
    lines += [f"  {dispute.n_disputed:6} of {dispute.n_named:<6}  {names[dispute.label]}" for dispute in disputed]
    lines += ["Chosen instead of each other:"] if analysis.pairs[:top] else []
    lines += [f"  {len(pair.images):6}  {names[pair.pair[0]]} / {names[pair.pair[1]]}" for pair in analysis.pairs[:top]]
    return "\n".join(lines)


def _about_experts(analysis: "Analysis") -> list[str]:
    """What two experts, the audit and the reveal show, if there is anything to show."""
    from multilabelfy.disagreement.agreement.measures import EQUAL_SETS, MASI
    from multilabelfy.statistics.intervals import Measured

    experts, lines = analysis.experts, []
    if experts.agreement is not None:
        first = experts.agreement.blind or experts.agreement.decided
        equal, masi = shown(first.of(EQUAL_SETS)), shown(first.of(MASI))
        before = " before the reveal" if experts.agreement.blind else ""
        lines.append(f"Two experts on {counted(experts.agreement.n_images, 'image')}{before}: {equal} equal sets, MASI distance {masi}.")
    if experts.audit is not None:
        wrong = Measured(experts.audit.wrong.share, experts.audit.wrong.interval)
        of = f"{experts.audit.n_decided} of {experts.audit.n_drawn} drawn"
        lines.append(f"Audit: {shown(wrong)} of the agreed images were decided differently ({of}).")
    if experts.changes.n:
        changes = experts.changes.share(experts.changes.n_changed)
        changed = Measured(changes.value, changes.interval)
        lines.append(f"After the reveal experts changed {shown(changed)} of {counted(experts.changes.n, 'answer')}.")
    if experts.n_contested:
        lines.append(f"Three experts decided differently on {counted(experts.n_contested, 'image')}: no final labels until reopened.")
    return lines


def _verb(n: int, singular: str, plural: str) -> str:
    return singular if n == 1 else plural
