"""`analysis-plan` and `plan`: what a study will measure, and what quality so many answers and hours would bring."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.options import (
    DatasetName,
    EvidenceGoldOption,
    EvidencePredictionsOption,
    JsonOption,
    LabelSpaceOption,
    WorkspaceOption,
)
from multilabelfy.cli.output import emit, now, progress_bar, say, workspace_at
from multilabelfy.formats.inputs import VOTES
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.annotation.study.analysis_plan import StoredPlan
    from multilabelfy.simulation.plan import WayOutcome, WayToAsk
    from multilabelfy.statistics.intervals import Measured
    from multilabelfy.workflows.analysing.planning import StudyPlan
    from multilabelfy.workflows.upkeep.plans import AnalysisPlans

Source = tuple[float | None, float | None]
ASSUMED = (
    "Hardly any label has three votes, or was decided by an expert: how people err rests on what is assumed of typical annotators. "
    "Ask a third person about some images."
)
COLUMNS = "{:42} {:>8} {:>14} {:>14}   {:20} {:20} {}"


def analysis_plan(
    name: DatasetName,
    write: Annotated[Path | None, typer.Option(help="Read the draft from this Markdown file, which has the printed headings.")] = None,
    freeze: Annotated[
        bool, typer.Option("--freeze", help="Freeze the draft: it can no longer change, and a later draft is an amendment.")
    ] = False,
    version: Annotated[int | None, typer.Option(min=1, help="Print this version; 1 is the original plan.")] = None,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Print the analysis plan (the draft, if there is one), or write and freeze it. `sha256sum` of the printed text gives its hash."""
    from multilabelfy.workflows.upkeep import plans

    with workspace_at(workspace) as opened:
        if write is not None:
            plans.write_plan(opened, name, plans.sections_in(write), None, now())
        if freeze:
            _say_frozen(plans.freeze_plan(opened, name, None, now()))
        versions = plans.plans_of(opened, name)
        text = versions.text if version is None else plans.plan_version(opened, name, version).text
    emit(_versions_json(versions, text), as_json=as_json, human=lambda: text.removesuffix("\n"))


def plan(
    name: Annotated[
        str | None, typer.Argument(help="The dataset whose answers are the pilot; nothing with --votes or an error level.")
    ] = None,
    votes: Annotated[Path | None, typer.Option(help=f"The votes of a file are the pilot instead: {VOTES.briefly}.")] = None,
    predictions: EvidencePredictionsOption = None,
    gold: EvidenceGoldOption = None,
    label_space: LabelSpaceOption = None,
    sensitivity: Annotated[
        float | None, typer.Option(help="Without a pilot: the share of valid labels that get a yes.", min=0.01, max=0.99)
    ] = None,
    false_yes: Annotated[
        float | None, typer.Option(help="Without a pilot: the share of other labels that get a yes.", min=0.001, max=0.99)
    ] = None,
    correlation: Annotated[
        float | None,
        typer.Option(
            help="Without a pilot: how far two people's errors are correlated. Left out, it is 0.15, as on ReaL's votes.", min=0, max=1
        ),
    ] = None,
    labels: Annotated[int, typer.Option(help="Without a pilot: how many labels are asked on each image.", min=1, max=1000)] = 20,
    images: Annotated[int | None, typer.Option(help="How many images to plan for. Left out, those of the pilot, or 1,000.", min=1)] = None,
    people: Annotated[
        int | None, typer.Option("--annotators", help="How many annotators take part. Left out, as many as in the pilot, or 20.", min=1)
    ] = None,
    seconds: Annotated[
        float | None, typer.Option(help="Seconds an answer takes. Left out, as measured in the dataset, or 20.", min=0.1)
    ] = None,
    expert_seconds: Annotated[
        float | None, typer.Option(help="Seconds an expert's decision takes. Left out, as measured in the dataset, or 40.", min=0.1)
    ] = None,
    studies: Annotated[int, typer.Option(help="How many studies are simulated.", min=2, max=10_000)] = 20,
    seed: Annotated[int, typer.Option(help="The same seed gives the same plan.", min=0)] = 0,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Plan a study: which label quality so many answers, annotators' hours and experts' hours would bring, by simulation."""
    from multilabelfy.simulation.pilot import ErrorLevel
    from multilabelfy.workflows.analysing.evidence_of_files import EvidenceFiles
    from multilabelfy.workflows.analysing.planning import WantedPlan, plan_error_level, plan_study
    from multilabelfy.workflows.analysing.votes_of_files import plan_votes

    files = EvidenceFiles(tuple(predictions or ()), None, gold, label_space)
    _check_source(name, votes, (sensitivity, false_yes), files_given=bool(files or label_space), correlation=correlation)
    wanted = WantedPlan(images, people, labels, seconds, expert_seconds, n_studies=studies, seed=seed)
    with progress_bar("Simulating", "studies") as advance:
        if votes is not None:
            made = plan_votes(votes, files, wanted, advance)
        elif sensitivity is not None and false_yes is not None:
            made = plan_error_level(ErrorLevel(sensitivity, false_yes), correlation, wanted, advance)
        else:
            with workspace_at(workspace) as opened:
                made = plan_study(opened, name or "", wanted, advance)
    for warning in _warnings(made):
        say(f"Warning: {warning}")
    emit(_as_json(made), as_json=as_json, human=lambda: _as_text(made))


def _say_frozen(plan: "StoredPlan") -> None:
    when = f"after {counted(plan.n_answers, 'answer')}" if plan.n_answers else "before the first answer"
    what = "The analysis plan" if plan.version == 1 else f"Amendment {plan.version - 1} of the analysis plan"
    say(f"{what} is frozen, {when}. Its SHA-256 is {plan.sha256}.")


def _versions_json(versions: "AnalysisPlans", text: str) -> dict[str, Any]:
    frozen = [
        {"version": plan.version, "sha256": plan.sha256, "frozen_at": plan.frozen_at, "n_answers": plan.n_answers}
        for plan in versions.frozen
    ]
    return {"frozen": frozen, "has_draft": versions.draft is not None, "n_answers": versions.n_answers, "text": text}


def _check_source(name: str | None, votes: Path | None, level: Source, *, files_given: bool, correlation: float | None) -> None:
    """One source and what belongs to it. Raises BadParameter."""
    has_level = any(rate is not None for rate in level)
    if sum((name is not None, votes is not None, has_level)) != 1:
        raise typer.BadParameter("give a dataset's name, --votes, or an error level (--sensitivity and --false-yes)")
    if has_level and None in level:
        raise typer.BadParameter("--sensitivity and --false-yes go together")
    if files_given and votes is None:
        raise typer.BadParameter("--predictions, --gold and --label-space go with --votes")
    if correlation is not None and not has_level:
        raise typer.BadParameter("--correlation goes with an error level: with a pilot it is measured")
    sensitivity, false_yes = level
    if sensitivity is not None and false_yes is not None and sensitivity <= false_yes:
        raise typer.BadParameter("--sensitivity must be greater than --false-yes: else answers say nothing")


def _warnings(made: "StudyPlan") -> list[str]:
    warnings = [ASSUMED] if made.rests_on_assumptions else []
    if made.is_small:
        warnings.append(f"The pilot has answers on {counted(made.n_pilot, 'image')} only, too few to tell how people err.")
    if made.lacks_people:
        warnings.append(f"Some ways need more people than {counted(made.n_people, 'annotator')}: nobody answers an image twice.")
    if not made.are_seconds_known:
        assumed = f"{made.answer_seconds:g} s for an answer and {made.decision_seconds:g} s for an expert's decision"
        warnings.append(f"Hours assume {assumed}, where nothing was measured. State them with --seconds and --expert-seconds.")
    return warnings


def _as_json(made: "StudyPlan") -> dict[str, Any]:
    return {
        "images": made.n_images,
        "annotators": made.n_people,
        "pilot_images": made.n_pilot,
        "seconds": made.answer_seconds,
        "expert_seconds": made.decision_seconds,
        "correlation": made.correlation,
        "correlation_measured": made.is_correlation_measured,
        "rests_on_assumptions": made.rests_on_assumptions,
        "studies": made.forecast.n_studies,
        "simulated_images": made.forecast.n_images,
        "several": made.forecast.several,
        "today": asdict(made.today) if made.today else None,
        "ways": [_way_as_json(made, outcome) for outcome in made.forecast.outcomes],
    }


def _way_as_json(made: "StudyPlan", outcome: "WayOutcome") -> dict[str, Any]:
    way = outcome.way
    return {
        "least_visits": way.rule.floor,
        "most_visits": way.rule.cap,
        "bound": way.rule.bound if way.is_adaptive else None,
        "experts_decide": way.has_experts,
        "visits_an_image": asdict(outcome.visits),
        "votes_a_label": asdict(outcome.votes),
        "images_to_experts": asdict(outcome.experts),
        "annotator_hours": asdict(made.annotator_hours(outcome)),
        "expert_hours": asdict(made.expert_hours(outcome)),
        "f1": asdict(outcome.f1),
        "images_right": asdict(outcome.images_right),
        "headline_error": asdict(outcome.headline),
        "headline_interval": asdict(made.headline_interval(outcome)),
    }


def _as_text(made: "StudyPlan") -> str:
    forecast = made.forecast
    source = f"a pilot of {counted(made.n_pilot, 'image')}" if made.n_pilot else "the stated error level"
    errors = f"errors correlated by {made.correlation:.2f}{'' if made.is_correlation_measured else ' (assumed)'}"
    lines = [
        f"A plan for {counted(made.n_images, 'image')} and {counted(made.n_people, 'annotator')}, from {source}; {errors}.",
        f"The means of {counted(forecast.n_studies, 'simulated study', 'simulated studies')} of {counted(forecast.n_images, 'image')}, "
        "and the middle 95% of them; experts are taken to be right.",
        "",
        COLUMNS.format("answers an image", "answers", "annotators", "experts", "F1 of labels", "images right", "share with several labels"),
    ]
    lines += [_way_as_text(made, outcome) for outcome in forecast.outcomes]
    lines += ["", f"In truth {forecast.several:.1%} of the simulated images have several labels."]
    if made.today:
        today = made.today
        lines.append(
            f"Today: {counted(today.n_images, 'image')} with {today.visits:.1f} answers each; by their own posterior an F1 of "
            f"{today.f1:.2f} and {today.images_right:.0%} of the images right."
        )
    return "\n".join(lines)


def _way_as_text(made: "StudyPlan", outcome: "WayOutcome") -> str:
    ends = made.headline_interval(outcome)
    return COLUMNS.format(
        _words(outcome.way),
        f"{outcome.visits.value:.1f}",
        _hours(made.annotator_hours(outcome)),
        _hours(made.expert_hours(outcome)),
        _figure(outcome.f1, "{:.2f}"),
        _figure(outcome.images_right, "{:.0%}"),
        f"{(outcome.headline.value or 0.0) + made.forecast.several:.0%} [{ends.low:.0%}, {ends.high:.0%}]",
    )


def _words(way: "WayToAsk") -> str:
    """A way to ask, in words."""
    rule = way.rule
    if way.is_adaptive:
        asked = f"{rule.floor} to {rule.cap}, to {rule.bound:g} expected errors"
        return f"{asked}; experts" if way.has_experts else asked
    return f"{rule.cap}; experts decide disputes" if way.has_experts else f"{rule.cap}"


def _hours(measured: "Measured") -> str:
    value = measured.value or 0.0
    return "–" if not value else f"{value:,.1f} h" if value < 100 else f"{value:,.0f} h"


def _figure(measured: "Measured", form: str) -> str:
    value = form.format(measured.value)
    ends = measured.interval
    return f"{value} [{form.format(ends.low)}, {form.format(ends.high)}]" if ends else value
