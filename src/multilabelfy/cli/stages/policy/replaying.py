"""`replay`: what votes and visits a rule of asking would have taken, on votes that are there, and how good its labels are."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.output import JsonOption, emit, progress_bar, say
from multilabelfy.cli.stages.evidence_options import EvidenceLabelSpaceOption
from multilabelfy.formats.inputs import GIVEN_LABELS, LABEL_SETS, PREDICTIONS, VOTES
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.disagreement.policy.adaptive import AdaptiveOverlap
    from multilabelfy.workflows.analysing.replaying import ReplayedRule, ReplayedVotes


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command()(replay)


def replay(
    votes: Annotated[Path, typer.Argument(help=f"The votes: {VOTES.briefly}.", show_default=False)],
    floor: Annotated[int, typer.Option("--floor", help="Every image is visited at least so often.", min=1)] = 2,
    cap: Annotated[
        int | None,
        typer.Option(
            "--cap", help="No image is visited more often. Left out, as often as there are votes on a label.", min=1, show_default=False
        ),
    ] = None,
    bound: Annotated[
        list[float] | None,
        typer.Option(
            "--bound",
            help="An image has had enough when so many wrong labels are expected at most; repeat it for several. Left out, 0.4, 0.2, 0.1.",
            min=0,
            show_default=False,
        ),
    ] = None,
    threshold: Annotated[float, typer.Option("--threshold", help="From which chance on a label is valid.", min=0.01, max=0.99)] = 0.5,
    clear: Annotated[
        float,
        typer.Option("--clear", help="Later visits leave out labels that are wrong with at most this chance; 0: none.", min=0, max=0.5),
    ] = 0.0,
    predictions: Annotated[
        list[Path] | None,
        typer.Option(
            "--predictions",
            help=f"Count models as evidence: {PREDICTIONS.briefly}. It must name its images; repeat it for several files.",
            show_default=False,
        ),
    ] = None,
    given: Annotated[
        Path | None,
        typer.Option("--given", help=f"Count the label that each image came with as evidence: {GIVEN_LABELS.briefly}.", show_default=False),
    ] = None,
    gold: Annotated[
        Path | None,
        typer.Option("--gold", help=f"Known label sets to hold labels against, never evidence: {LABEL_SETS.briefly}.", show_default=False),
    ] = None,
    label_space: EvidenceLabelSpaceOption = None,
    seed: Annotated[int, typer.Option("--seed", help="The random order of each image's raters.", min=0)] = 0,
    as_json: JsonOption = False,
) -> None:
    """Replay votes: how many a rule of asking would have taken, fixed or adaptive, and the F1 of its labels against gold or all votes."""
    from multilabelfy.workflows.analysing.of_files.evidence import EvidenceFiles
    from multilabelfy.workflows.analysing.replaying import Rules, replay_votes

    rules = Rules(floor, cap, threshold=threshold, clear=clear)
    rules = Rules(floor, cap, tuple(bound), threshold, clear) if bound else rules
    with progress_bar("Replaying", "rules") as advance:
        made = replay_votes(votes, EvidenceFiles(tuple(predictions or ()), given, gold, label_space), rules, seed, advance)
    if not made.adapts:
        votes_each = counted(made.most_votes, "vote")
        say(f"Warning: no label has more than {votes_each}: with a floor of {floor} nothing is left to choose. State a lower --floor.")
    emit(_as_json(made), as_json=as_json, human=lambda: _as_text(made))


def _as_json(made: "ReplayedVotes") -> dict[str, Any]:
    counts = {"images": made.n_images, "questions": made.n_questions, "known_questions": made.n_known, "against_gold": made.has_gold}
    return counts | {"rules": [_rule_as_json(rule) for rule in made.rules]}


def _rule_as_json(of: "ReplayedRule") -> dict[str, Any]:
    is_adaptive = of.rule.floor < of.rule.cap
    return {
        "floor": of.rule.floor,
        "cap": of.rule.cap,
        "bound": of.rule.bound if is_adaptive else None,
        "votes_a_question": of.votes,
        "visits_an_image": of.visits,
        "f1": asdict(of.f1),
    }


def _as_text(made: "ReplayedVotes") -> str:
    truth = "gold" if made.has_gold else "what all votes come to"
    asked = f"{counted(made.n_questions, 'label')} of {counted(made.n_images, 'image')}"
    head = f"{asked}; F1 against {truth}, over {counted(made.n_known, 'label')}."
    row = "{:28} {:>8} {:>8}   {}"
    lines = [head, "", row.format("visits an image", "votes", "visits", "F1")]
    lines += [row.format(_words(of.rule), f"{of.votes:.2f}", f"{of.visits:.2f}", _f1(of)) for of in made.rules]
    return "\n".join(lines)


def _words(rule: "AdaptiveOverlap") -> str:
    return f"{rule.floor} to {rule.cap}, bound {rule.bound:g}" if rule.floor < rule.cap else f"{rule.cap}"


def _f1(of: "ReplayedRule") -> str:
    """To three places: rules often differ in the third."""
    value, ends = of.f1.value, of.f1.interval
    interval = f" [{ends.low:.3f}, {ends.high:.3f}]" if ends else ""
    return "not defined" if value is None else f"{value:.3f}{interval}"
