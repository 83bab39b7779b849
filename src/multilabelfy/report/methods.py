"""The methods section of a report: what the study did, in sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from multilabelfy.annotation.study.overlap_words import annotators_text, stopping_rule_text
from multilabelfy.annotation.study.protocol import AnnotationProtocol, CandidateOrder, RefinementStyle
from multilabelfy.disagreement.agreement.agreement import Agreement
from multilabelfy.disagreement.agreement.measures import ALPHA, EQUAL_SETS, POSITIVE, PREVALENCE, Form
from multilabelfy.refinement.final_labels.by_posterior import ByPosterior
from multilabelfy.refinement.label_sources import SOURCES, LabelSource
from multilabelfy.report.about_people.answer_quality import AnswerQuality
from multilabelfy.report.about_people.people import PersonsWork, time_text
from multilabelfy.report.findings import Finding
from multilabelfy.report.wording import between, count, counted, from_to, percent, plain
from multilabelfy.statistics.intervals import Measured
from multilabelfy.statistics.significance import IN_WORDS

_WILSON = """several-labels kinds images-without-labels given-against-final given-on-the-way errors-by-class models misses
 real-against-top1 proposer-and-models gold self-agreement suggestion reveal twins inside mixed-up headline-by-rule
 labellings-agree labellings-by-class labellings-against-gold specification-curve
 proposals-by-number-of-labels proposals-by-k accuracy-by-number-of-labels accuracy-by-kind accuracy-by-decision same-effort
 same-effort-headline found-by-search"""
_BOOTSTRAP = """models accuracy-by-number-of-labels accuracy-by-kind accuracy-by-decision misses drop drop-by-model effort
 agreement beyond-the-candidates ranks proposer-and-models specification-curve position labellings-agree
 proposals-by-k proposals-of-several-models found-by-search same-effort"""
INTERVALS: Mapping[str, frozenset[str]] = {
    "Wilson’s for shares": frozenset(_WILSON.split()),
    "percentile bootstrap intervals for means, differences, ratios and places, over images (times: over answers; a drop: over the images "
    "of both datasets)": frozenset(_BOOTSTRAP.split()),
    "percentile bootstrap intervals over groups of images for the pace among kin": frozenset({"kin-pace"}),
    "the basic bootstrap’s for Kendall’s tau": frozenset({"ranks"}),
    "Student’s t for a fit through models": frozenset({"real-against-top1", "published"}),
    "the largest bootstrap deviation of any model for those that sampling does not explain": frozenset({"real-against-top1"}),
    "the posterior’s of a beta-binomial model for shrunk shares": frozenset({"errors-by-class", "proposals-by-class"}),
    "by White’s robust standard error for each model’s slope": frozenset({"trend-by-model"}),
    "Wilson’s at the effective number of images (Korn & Graubard 1998) for how often people answer and choose alike": frozenset(
        {"agreement", "expert-agreement"}
    ),
    "by a jackknife over annotators and the binomial over images for the headline by rule": frozenset({"headline-by-rule"}),
    "Wilson’s at the number of images that its variances are worth, with bounds added, for the headline by the posterior": frozenset(
        {"headline-by-posterior"}
    ),
    "Wilson’s with Kish’s effective sample size for the audit": frozenset({"audit"}),
    "Wilson’s with Kish’s effective sample size for the panel": frozenset({"panel", "same-effort-headline"}),
}
"""Each kind of interval and the findings that have it. A test holds every finding against it."""


@dataclass(frozen=True, slots=True)
class FrozenPlan:
    """An analysis plan, or an amendment: the hash of its text, when it was frozen, and how many answers there were then."""

    sha256: str
    frozen_at: datetime
    n_answers: int


@dataclass(frozen=True, slots=True)
class StudyFacts:
    """What a study did. `proposers` maps each proposing model to how many of the released images it covers.

    `agreement` is that of the annotators before refinement, None where no two answered the same; `plans` are the frozen analysis
    plan and its amendments, oldest first; `by_posterior` says how the posterior settled images of the release, if it did.
    `was_voted_elsewhere`: the votes were imported without pictures, and nobody answered here.
    """

    protocol: AnnotationProtocol
    protocol_version: int
    n_labels: int
    label_space: str
    release: int
    n_released: int
    n_unresolved: int
    sources: Mapping[LabelSource, int]
    proposers: Mapping[str, int]
    left_out: Sequence[str]
    annotators: Sequence[PersonsWork]
    experts: Sequence[PersonsWork]
    seed: int
    agreement: Agreement | None = None
    plans: Sequence[FrozenPlan] = ()
    checks: AnswerQuality = field(default_factory=AnswerQuality)
    by_posterior: ByPosterior | None = None
    was_voted_elsewhere: bool = False


def methods_of_study(facts: StudyFacts) -> tuple[tuple[str, str], ...]:
    """The paragraphs, in the order of the stages."""
    return (
        ("Labels and release", _release_text(facts)),
        ("Plan", plan_text(facts.plans)),
        ("1 Proposals", _proposals_text(facts)),
        ("2 Annotation", _annotation_text(facts)),
        ("3 Disagreement", _disagreement_text(facts.protocol) + _agreement_text(facts.agreement)),
        ("4 Refinement", _refinement_text(facts) + posterior_text(facts.by_posterior)),
        ("Numbers", f"{numbers_text()} The study’s seed is {facts.seed}."),
    )


def methods_of_files(labels: str, given: str | None, predictions: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """What a report made from files alone is based on; paths as the caller named them."""
    from_given = f", the given labels from {given}" if given else ""
    from_predictions = f", the predictions from {', '.join(predictions)}" if predictions else ""
    return ("Files", f"The label sets come from {labels}{from_given}{from_predictions}. Rows join by image name."), (
        "Numbers",
        numbers_text(),
    )


def methods_of_published(names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """What a report made from published accuracies is based on."""
    joined = f"The accuracies come from the published tables {' and '.join(names)}, joined on model and image size."
    return ("Files", joined), (
        "Numbers",
        "The tables hold no images, so single accuracies have no intervals here.",
    )


def plan_text(plans: Sequence[FrozenPlan]) -> str:
    """Whether the analysis was fixed before anybody had voted, and what was amended since."""
    if not plans:
        return "No analysis plan was frozen."
    first, amendments = plans[0], plans[1:]
    sentences = [f"The analysis plan was frozen {_frozen_text(first)}."]
    sentences += [f"Amendment {number} was frozen {_frozen_text(amendment)}." for number, amendment in enumerate(amendments, start=1)]
    return " ".join(sentences)


def _frozen_text(plan: FrozenPlan) -> str:
    when = f"after {counted(plan.n_answers, 'answer')}" if plan.n_answers else "before the first answer"
    return f"on {plan.frozen_at:%Y-%m-%d}, {when}; its SHA-256 is {plan.sha256}"


def numbers_text() -> str:
    """How the numbers of a report are computed."""
    return (
        "All intervals are at 95%. A bootstrap draws 1,000 resamples (400 to compare more than 200 models) and is seeded, so that the same "
        f"data give the same report. Among equal scores the lower label index ranks first. {IN_WORDS}"
    )


def intervals_of(findings: Sequence[Finding]) -> tuple[tuple[str, str], ...]:
    """The paragraph on the intervals that a report's findings really have, each kind once; empty where they have none."""
    slugs = {finding.slug for finding in findings}
    used = [kind for kind, having in INTERVALS.items() if having & slugs]
    return (("Intervals", f"Intervals are {'; '.join(used)}."),) if used else ()


def _release_text(facts: StudyFacts) -> str:
    decided = ", ".join(f"{count(n)} {SOURCES[source].decided}" for source, n in facts.sources.items() if n)
    left_out = "is" if facts.n_unresolved == 1 else "are"
    unresolved = (
        f" {counted(facts.n_unresolved, 'image')} had no final labels yet and {left_out} not part of it." if facts.n_unresolved else ""
    )
    return (
        f"Release {facts.release} holds the final labels of {counted(facts.n_released, 'image')} ({decided}), out of "
        f"{counted(facts.n_labels, 'label')} ({facts.label_space}).{unresolved}"
    )


def _proposals_text(facts: StudyFacts) -> str:
    if not facts.proposers:
        return "No model proposed labels."
    named = ", ".join(f"{source} ({counted(n, 'image')})" for source, n in facts.proposers.items())
    left_out = f" Not measured as models, since they cover fewer images: {', '.join(facts.left_out)}." if facts.left_out else ""
    return f"Labels were proposed by {named}, ranked by softmax score.{left_out}"


def _annotation_text(facts: StudyFacts) -> str:
    p = facts.protocol
    if facts.was_voted_elsewhere:
        return (
            f"{counted(len(facts.annotators), 'annotator')} voted elsewhere; their votes were imported without the pictures. "
            "On which labels each of them voted is known, but not in which order they saw these and for how long. Most "
            f"images have answers of {annotators_text(p)}, and each counts with all its answers."
        )
    order = "in the model’s order" if p.order is CandidateOrder.RANKED else "in an order shuffled for each annotator"
    given = f" The candidates always included the given label, with {counted(p.n_decoys, 'decoy')}." if p.given_label_always else ""
    answers = "yes, maybe and no" if p.maybe_allowed else "yes and no"
    adaptive = f" {stopping_rule_text(p)}" if p.is_adaptive else ""
    return (
        f"{counted(len(facts.annotators), 'annotator')} answered under the protocol “{p.preset}” (version {facts.protocol_version}). Each "
        f"image went to {annotators_text(p)}, blind to each other, with up to "
        f"{counted(p.n_candidates, 'candidate')} in groups of "
        f"{p.group_size}, {order}, without scores. The answers were {answers}; a label that was not shown got no "
        f"vote.{given}{adaptive}{_checks_text(p, facts.checks)}"
        f"{time_text(facts.annotators)}"
    )


def _checks_text(protocol: AnnotationProtocol, checks: AnswerQuality) -> str:
    """How single answers are to be checked, and how often they were; empty where they are not."""
    known, n_known = protocol.test_gold_share + protocol.calibration_share, checks.gold.n_images + checks.gold.n_silent
    parts = [f"images with known labels ({percent(known)} of the answers; {_so_far(n_known)})"] if known else []
    again = f"a person’s own earlier images ({percent(protocol.repeat_share)}; {_so_far(checks.again.n_images)})"
    parts += [again] if protocol.repeat_share else []
    mixed = f" The protocol mixes in, unmarked and not counted as votes, {' and '.join(parts)}." if parts else ""
    share, n_searched = protocol.search_first_share, checks.suggested.n_answers
    first = f" {percent(share)} of the images are to be answered by search alone before the candidates are shown ({_so_far(n_searched)})."
    return f"{mixed}{first if share else ''}"


def _so_far(n: int) -> str:
    return f"{counted(n, 'answer') if n else 'no answer'} so far"


def _disagreement_text(protocol: AnnotationProtocol) -> str:
    maybe = " So did any image with a maybe." if protocol.maybe_allowed else ""
    return f"An image went to an expert if its label sets differed (even if one contained the other), were empty, or were left open.{maybe}"


def _agreement_text(agreement: Agreement | None) -> str:
    """How far annotators agreed before any expert looked."""
    if agreement is None:
        return ""
    named = {"the same set of labels": EQUAL_SETS, "positive agreement": POSITIVE, "prevalence of yes": PREVALENCE, ALPHA.name: ALPHA}
    figures = [(name, agreement.of(measure), measure.form) for name, measure in named.items()]
    parts = [f"{name} {_measured(figure, as_share=form is Form.SHARE)}" for name, figure, form in figures if figure.value is not None]
    return f" Before refinement: {', '.join(parts)}; intervals are over images." if parts else ""


def _measured(measured: Measured, *, as_share: bool) -> str:
    if as_share:
        return f"{percent(measured.value)} ({between(measured.interval)})" if measured.interval else percent(measured.value)
    ends = f" ({from_to(plain(measured.interval.low, 3), plain(measured.interval.high, 3))})" if measured.interval else ""
    return f"{plain(measured.value or 0.0, 3)}{ends}"


def _refinement_text(facts: StudyFacts) -> str:
    if facts.protocol.refinement is RefinementStyle.BLIND:
        how = "answered before the earlier votes were revealed, and could then revise the answer"
    else:
        how = "saw the earlier votes and notes, without names, from the start"
    twice = _shares_text(facts.protocol)
    return f"{counted(len(facts.experts), 'expert')} {how}. Every empty set has a reason.{twice}{time_text(facts.experts)}"


def posterior_text(made_by: ByPosterior | None) -> str:
    """What the posterior settled, and all that is needed to do it again."""
    if made_by is None:
        return ""
    margin = f" and no label closer to it than {made_by.margin:g}" if made_by.margin else ""
    models = f", and from the first five labels of {', '.join(made_by.models)}" if made_by.models else ""
    machines = f", and from {counted(made_by.n_machine_votes, 'vote')} by {', '.join(made_by.machines)}" if made_by.machines else ""
    given = "as well as the given label" if made_by.has_given_label else "without the given label"
    parameters = ", ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in made_by.parameters.items())
    stopped = "" if made_by.has_converged else ", where they still moved"
    return (
        f" Of the images that waited for an expert, {count(made_by.n_settled)} got the labels with a chance of at least "
        f"{made_by.threshold:g}{margin} by the method posterior (Multilabelfy {made_by.version}), "
        f"from {counted(made_by.n_votes, 'vote')} by {counted(made_by.n_annotators, 'person', 'people')}{models}{machines}, {given}; "
        f"{count(made_by.n_left)} were left to experts ({count(made_by.n_below)} with no such label, {count(made_by.n_in_doubt)} with a "
        f"label too close to the threshold, {count(made_by.n_for_experts)} that a person wanted an expert for). "
        f"The method’s parameters: {parameters}. It stopped after {counted(made_by.n_iterations, 'iteration')}{stopped}. "
        f"The SHA-256 of votes and evidence is {made_by.sha256}."
    )


def _shares_text(protocol: AnnotationProtocol) -> str:
    """Which images two experts decided."""
    disputed, agreed = protocol.two_expert_share, protocol.audit_share
    parts = [f"{percent(disputed)} of the disputed images"] if disputed else []
    parts += [f"{percent(agreed)} of the agreed ones (the audit)"] if agreed else []
    if not parts:
        return ""
    return (
        f" A share drawn by seed, {' and '.join(parts)}, went to two experts, unmarked and independently; where they differed, a third was "
        "asked, and the set that two of them chose is final. Where all three differed, the image has no final labels."
    )
