"""Commands for maintenance and tests, which help does not list: a server does most of this by itself."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.options import (
    DatasetName,
    EvidenceGivenOption,
    EvidencePredictionsOption,
    JsonOption,
    LabelSpaceOption,
    VotesArgument,
    WorkspaceOption,
)
from multilabelfy.cli.output import emit, now, progress_bar, say, workspace_at
from multilabelfy.formats.inputs import LABEL_SETS
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.disagreement.policy.adaptive import AdaptiveOverlap
    from multilabelfy.web.owner.unsent_answers import File
    from multilabelfy.workflows.analysing.replaying import ReplayedRule, ReplayedVotes
    from multilabelfy.workflows.owning.unsent_answers import Imported
    from multilabelfy.workflows.settling.overlap import OverlapNow


def upgrade(
    check: Annotated[bool, typer.Option("--check", help="Only say what would be done; exit with status 1 if something would.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a workspace of an older version up to date, after a copy of its database was kept.

    Other commands do so, too, when they open it.
    """
    from multilabelfy.settings import load_settings
    from multilabelfy.workflows.upkeep import upgrading

    settings = load_settings(workspace)
    state = upgrading.state(settings)
    kept = None if check else upgrading.upgrade(settings)
    result = {"version": state.version, "revision": state.revision, "needed": state.needed, "kept": str(kept) if kept else None}
    step = f"from revision {state.revision} to {state.needed}, which Multilabelfy {state.version} needs"
    if not state.is_needed:
        text = f"Nothing to do: the workspace has revision {state.revision}, which Multilabelfy {state.version} needs."
    elif check:
        text = f"To be brought up to date: {step}. A copy is kept first ({state.n_free_bytes / (1 << 30):.1f} GiB are free)."
    else:
        text = f"Brought up to date: {step}. As it was, it is kept in '{kept}'."
    emit(result, as_json=as_json, human=lambda: text)
    if check and state.is_needed:
        raise typer.Exit(1)


def import_answers(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files that the annotate page saved.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Import answers that a browser saved to a file because it could not send them: each once, as if that browser had sent it.

    The exit status is 1 if a file cannot be used or an answer is refused.
    The workspace's folder imported-answers keeps a trace of each file.
    """
    with workspace_at(workspace) as opened:
        from multilabelfy.web.owner.unsent_answers import import_file

        imported = [import_file(opened, str(file), _read(file), now(), by=None) for file in files]
    result = [
        {"file": file.name, "problems": [str(problem) for problem in file.problems], "answers": [asdict(answer) for answer in file.came]}
        for file in imported
    ]
    emit(result, as_json=as_json, human=lambda: "\n".join(map(_file_text, imported)))
    if any(file.problems or any(answer.reason for answer in file.came) for file in imported):
        raise typer.Exit(1)


def _read(file: Path) -> bytes:
    from multilabelfy.errors import InvalidInput, Problem

    try:
        return file.read_bytes()
    except OSError as error:
        raise InvalidInput("Cannot import answers", [Problem(str(file), f"it cannot be read ({error.strerror})")]) from None


def _file_text(file: "File") -> str:
    if file.problems:
        return "\n".join([f"{file.name}: nothing was imported", *(f"  {problem}" for problem in file.problems)])
    counts = ", ".join(f"{n} {result}" for result, n in file.counts.items()) or "it holds no answers"
    return "\n".join([f"{file.name}: {counts}", *(f"  {_refusal(answer)}" for answer in file.came if answer.reason)])


def _refusal(answer: "Imported") -> str:
    where = f"assignment {answer.assignment}" if answer.assignment else f"answer {answer.id}"
    return f"{where}{f' of {answer.person}' if answer.person else ''} was refused: {answer.reason}"


def overlap(name: DatasetName, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Decide which images are put before one more annotator, where the protocol's overlap adapts. A server does so by itself."""
    from multilabelfy.workflows.settling.overlap import decide_overlap

    with workspace_at(workspace) as opened:
        decided = decide_overlap(opened, name, now())
    emit(_overlap_json(decided), as_json=as_json, human=lambda: _overlap_text(decided))


def _overlap_json(decided: "OverlapNow") -> dict[str, Any]:
    return {"n_asked_again": decided.n_asked_again, "decided": {reason.value: n for reason, n in decided.by_reason.items()}}


def _overlap_text(decided: "OverlapNow") -> str:
    from multilabelfy.annotation.overlap import OverlapReason

    words = {
        OverlapReason.ENOUGH: "had enough",
        OverlapReason.IN_DOUBT: "in doubt, one more annotator is asked",
        OverlapReason.AT_CAP: "in doubt, and asked about as often as the protocol allows",
        OverlapReason.WITH_EXPERT: "in doubt, and with an expert",
        OverlapReason.PANEL: "in the panel, which keeps the fixed overlap",
    }
    lines = [f"{counted(decided.by_reason[reason], 'image')}: {text}" for reason, text in words.items() if decided.by_reason[reason]]
    if not lines:
        return "No image has its least answers yet: nothing was decided."
    return "\n".join([*lines, f"Waiting for one more annotator now: {counted(decided.n_asked_again, 'image')}"])


def queue(name: DatasetName, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Order the experts' queue by what a decision is expected to gain, where the protocol says so. A server does so by itself."""
    from multilabelfy.workflows.settling.expert_queue import order_queue

    with workspace_at(workspace) as opened:
        ordered = order_queue(opened, name)
    emit({"n_waiting": ordered.n_waiting}, as_json=as_json, human=lambda: _queue_text(ordered.n_waiting))


def _queue_text(n_waiting: int) -> str:
    if not n_waiting:
        return "No case waits for an expert: there is nothing to order."
    wait = "waits" if n_waiting == 1 else "wait"
    return f"{counted(n_waiting, 'case')} {wait} for experts, ordered by what a second of their time is expected to gain."


def replay(
    votes: VotesArgument,
    floor: Annotated[int, typer.Option(help="Every image is visited at least so often.", min=1)] = 2,
    cap: Annotated[
        int | None, typer.Option(help="No image is visited more often. Left out, as often as there are votes on a label.", min=1)
    ] = None,
    bound: Annotated[
        list[float] | None,
        typer.Option(
            help="An image has had enough when so many wrong labels are expected at most; repeat it for several. Left out, 0.4, 0.2, 0.1.",
            min=0,
        ),
    ] = None,
    threshold: Annotated[float, typer.Option(help="From which chance on a label is valid.", min=0.01, max=0.99)] = 0.5,
    clear: Annotated[
        float, typer.Option(help="Later visits leave out labels that are wrong with at most this chance; 0: none.", min=0, max=0.5)
    ] = 0.0,
    predictions: EvidencePredictionsOption = None,
    given: EvidenceGivenOption = None,
    gold: Annotated[
        Path | None, typer.Option(help=f"Known label sets to hold labels against, never evidence: {LABEL_SETS.briefly}.")
    ] = None,
    label_space: LabelSpaceOption = None,
    seed: Annotated[int, typer.Option(help="The random order of each image's raters.", min=0)] = 0,
    as_json: JsonOption = False,
) -> None:
    """Replay votes: how many a rule of asking would have taken, fixed or adaptive, and the F1 of its labels against gold or all votes."""
    from multilabelfy.workflows.analysing.evidence_of_files import EvidenceFiles
    from multilabelfy.workflows.analysing.replaying import Rules, replay_votes

    rules = Rules(floor, cap, threshold=threshold, clear=clear)
    rules = Rules(floor, cap, tuple(bound), threshold, clear) if bound else rules
    with progress_bar("Replaying", "rules") as advance:
        made = replay_votes(votes, EvidenceFiles(tuple(predictions or ()), given, gold, label_space), rules, seed, advance)
    if not made.adapts:
        votes_each = counted(made.most_votes, "vote")
        say(f"Warning: no label has more than {votes_each}: with a floor of {floor} nothing is left to choose. State a lower --floor.")
    emit(_replayed_json(made), as_json=as_json, human=lambda: _replayed_text(made))


def _replayed_json(made: "ReplayedVotes") -> dict[str, Any]:
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


def _replayed_text(made: "ReplayedVotes") -> str:
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
