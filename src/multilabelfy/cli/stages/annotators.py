"""`annotators`: how everybody answers, how fast, and what is worth a talk, with its evidence."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from multilabelfy.cli.options import (
    EvidenceGoldOption,
    EvidencePredictionsOption,
    JsonOption,
    LabelSpaceOption,
    OverwriteOption,
    WithNamesOption,
    WorkspaceOption,
)
from multilabelfy.cli.output import emit, say, shown, workspace_at
from multilabelfy.formats.inputs import VOTES
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.disagreement.raters.concerns import Concern
    from multilabelfy.disagreement.raters.review import RaterPair, RaterProfile, RaterReview
    from multilabelfy.formats.tables_of_results import NamedReview
    from multilabelfy.statistics.intervals import Measured

ASSUMED = (
    "Hardly any label has three votes, or was decided by an expert: rates rest on what is assumed of typical annotators. "
    "Ask a third person about some images, or let experts decide some."
)


def annotators(
    name: Annotated[str | None, typer.Argument(help="The dataset's name; nothing with --votes.")] = None,
    votes: Annotated[Path | None, typer.Option(help=f"Review those who cast the votes of a file instead: {VOTES.briefly}.")] = None,
    predictions: EvidencePredictionsOption = None,
    gold: EvidenceGoldOption = None,
    label_space: LabelSpaceOption = None,
    out: Annotated[Path | None, typer.Option(help="Also write a table with a row for each annotator, as .parquet or .csv.")] = None,
    overwrite: OverwriteOption = False,
    with_names: WithNamesOption = False,
    as_json: JsonOption = False,
    workspace: WorkspaceOption = None,
) -> None:
    """Show how each annotator answers (errors, speed, gold, repeats, drift), what is worth a talk and why, and who errs alike."""
    from multilabelfy.formats.files.whole_files import check_writable
    from multilabelfy.formats.files.write_tables import check_suffix
    from multilabelfy.formats.tables_of_results import write_annotators
    from multilabelfy.workflows.analysing.annotators import review_annotators
    from multilabelfy.workflows.analysing.evidence_of_files import EvidenceFiles
    from multilabelfy.workflows.analysing.votes_of_files import review_votes

    files = EvidenceFiles(tuple(predictions or ()), None, gold, label_space)
    if (name is None) == (votes is None):
        raise typer.BadParameter("give either a dataset's name or --votes")
    if name is not None and (files or label_space):
        raise typer.BadParameter("--predictions, --gold and --label-space go with --votes")
    if out is not None:
        check_suffix(out)
        check_writable(out, overwrite=overwrite)
    if votes is not None:
        reviewed = review_votes(votes, files)
    else:
        with workspace_at(workspace) as opened:
            reviewed = review_annotators(opened, name or "", with_names=with_names)
    if out is not None:
        write_annotators(out, reviewed, overwrite=overwrite)
        say(f"Wrote {out}.")
    if reviewed.review.rests_on_assumptions:
        say(f"Warning: {ASSUMED}")
    emit(_as_json(reviewed), as_json=as_json, human=lambda: _as_text(name or str(votes), reviewed))


def _as_json(reviewed: "NamedReview") -> dict[str, Any]:
    review = reviewed.review
    return {
        "annotators": [_profile_as_json(reviewed, profile) for profile in review.profiles],
        "pairs": [_pair_as_json(reviewed, pair) for pair in review.pairs],
        "votes": asdict(review.votes) if review.votes else None,
        "tests": review.n_tests,
        "pair_tests": review.n_pair_tests,
        "rests_on_assumptions": review.rests_on_assumptions,
    }


def _profile_as_json(reviewed: "NamedReview", profile: "RaterProfile") -> dict[str, Any]:
    rates, gold, again = profile.rates, reviewed.gold[profile.rater], reviewed.again_of(profile.rater)
    answers = ("no", "maybe", "yes")
    return {
        "annotator": reviewed.annotators[profile.rater],
        "answers": profile.n_answers,
        "votes": rates.n_votes,
        "enough": profile.is_enough,
        "sensitivity": asdict(rates.sensitivity),
        "specificity": asdict(rates.specificity),
        "confusion": {
            where: {answer: asdict(rate) for answer, rate in zip(answers, of, strict=True)}
            for where, of in zip(("not_valid", "valid"), rates.answers, strict=True)
        },
        "speed": asdict(profile.speed) if profile.speed else None,
        "gold": asdict(gold),
        "again": asdict(again),
        "drift": {"change": asdict(profile.drift.change), "pace": asdict(profile.drift.pace)} if profile.drift else None,
        "concerns": [_concern_as_json(reviewed, concern) for concern in profile.concerns],
    }


def _pair_as_json(reviewed: "NamedReview", pair: "RaterPair") -> dict[str, Any]:
    of = pair.dependence
    return {
        "annotators": [reviewed.annotators[of.first], reviewed.annotators[of.second]],
        "images": of.n_images,
        "labels": of.n_questions,
        "alike": of.n_alike,
        "expected": of.n_expected,
        "correlation": asdict(of.correlation),
        "concern": _concern_as_json(reviewed, pair.concern) if pair.concern else None,
    }


def _concern_as_json(reviewed: "NamedReview", concern: "Concern") -> dict[str, Any]:
    from multilabelfy.formats.tables_of_results import sentence

    evidence = {**concern.numbers, **concern.shares, **concern.decimals}
    about = {"kind": concern.kind.value, "sentence": sentence(concern), "evidence": evidence, "images": reviewed.images_of(concern)}
    return about | {"p": concern.p, "p_among_all": concern.others_too}


def _tests_as_text(review: "RaterReview") -> str:
    of_pairs = f" and {review.n_pair_tests} of pairs" if review.n_pair_tests else ", and no two share enough labels to be compared"
    return f"{counted(review.n_tests, 'test')} of people{of_pairs}; of what is found, at most 5% is expected to be false"


def _as_text(name: str, reviewed: "NamedReview") -> str:
    review = reviewed.review
    if not review.profiles:
        return f"{name}: nobody has cast a vote yet."
    n_concerned = sum(bool(profile.concerns) for profile in review.profiles)
    n_pairs = sum(pair.concern is not None for pair in review.pairs)
    concerns = f"something to look at for {n_concerned}, and for {counted(n_pairs, 'pair')} ({_tests_as_text(review)})"
    tested = review.n_tests or review.n_pair_tests
    lines = [f"{name}: {counted(len(review.profiles), 'annotator')}; {concerns if tested else 'too few answers to tell'}."]
    for profile in review.profiles:
        lines += [_profile_as_text(reviewed, profile), *_concerns_as_text(reviewed, profile.concerns)]
    for pair in review.pairs:
        if pair.concern:
            both = " and ".join(reviewed.annotators[rater] for rater in (pair.dependence.first, pair.dependence.second))
            lines += [f"{both}: correlation of errors {shown(pair.dependence.correlation)}.", *_concerns_as_text(reviewed, [pair.concern])]
    if review.votes:
        worth = review.votes.n_effective
        lines.append(
            f"Votes: {review.votes.n_votes:.1f} on a label are worth at most {shown(worth)} independent ones "
            f"(mean correlation of errors {shown(review.votes.correlation)})."
        )
    return "\n".join(lines)


def _profile_as_text(reviewed: "NamedReview", profile: "RaterProfile") -> str:
    who = f"{reviewed.annotators[profile.rater]}: {counted(profile.n_answers, 'answer')}"
    if not profile.is_enough:
        return f"{who}; too few to tell."
    parts = [who]
    if profile.rates.informedness is not None:
        parts.append(f"yes to {_share(profile.rates.sensitivity)} of valid labels, no yes to {_share(profile.rates.specificity)} of others")
    if profile.speed:
        _, quarter, _, three_quarters, _ = profile.speed.quantiles
        parts.append(f"{profile.speed.median.value:.1f} s an answer (median; half between {quarter:.1f} and {three_quarters:.1f})")
    gold, again = reviewed.gold[profile.rater], reviewed.again_of(profile.rater)
    if gold.recall.n:
        parts.append(
            f"on gold {gold.recall.n_of} of {counted(gold.recall.n, 'valid label')} chosen, "
            f"{gold.precision.n_of} of {gold.precision.n} yes right"
        )
    if again.alike.n:
        parts.append(f"again alike on {again.alike.n_of} of {counted(again.alike.n, 'label')}")
    if profile.drift and profile.drift.change.value is not None:
        parts.append(f"late − early {shown(profile.drift.change)}")
    return "; ".join(parts) + "."


def _concerns_as_text(reviewed: "NamedReview", concerns: "tuple[Concern, ...] | list[Concern]") -> list[str]:
    from multilabelfy.formats.tables_of_results import sentence

    lines = []
    for concern in concerns:
        lines.append(f"  ! {sentence(concern)}")
        if concern.images:
            lines.append(f"    Look at: {', '.join(reviewed.images_of(concern))}")
    return lines


def _share(measured: "Measured") -> str:
    if measured.value is None:
        return "an unknown share"
    ends = f" [{measured.interval.low:.1%}, {measured.interval.high:.1%}]" if measured.interval else ""
    return f"{measured.value:.1%}{ends}"
