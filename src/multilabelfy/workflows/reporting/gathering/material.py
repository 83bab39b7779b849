"""Gather the material of a report from a stored study."""

import shlex
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from multilabelfy.annotation.study.analysis_plan import StoredPlan
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import LabelSpace
from multilabelfy.disagreement.agreement.agreement import Agreement
from multilabelfy.disagreement.answer_quality.kin_pace import kin_pace
from multilabelfy.disagreement.answer_quality.position import positions
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.evaluation.experts.audit import Audit, Corrected, corrected_headline
from multilabelfy.evaluation.labels.beyond_candidates import beyond_candidates
from multilabelfy.evaluation.labels.consensus import several_by_rule
from multilabelfy.evaluation.labels.given_on_the_way import GivenOnTheWay, on_the_way
from multilabelfy.evaluation.measures.by_label_count import kind_groups, source_groups
from multilabelfy.evaluation.measures.model import NO_LABEL, LabelledImages
from multilabelfy.formats.reading.predictions import read_predictions
from multilabelfy.refinement.model import EmptyReason, FinalLabels, LabelSource
from multilabelfy.report.about_given.cases import Evidence
from multilabelfy.report.about_people.people import PersonsWork, workers
from multilabelfy.report.findings import Subject
from multilabelfy.report.material import SEED, Material
from multilabelfy.report.methods import FrozenPlan, StudyFacts, methods_of_study
from multilabelfy.store.answers import annotations
from multilabelfy.store.answers.counting import timed_answers
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import analysis_plans, datasets, labels, proposals
from multilabelfy.store.decisions import refinements, withheld
from multilabelfy.workflows.alike.copies import near_copies_in
from multilabelfy.workflows.analysing.analysis import analysed_answers
from multilabelfy.workflows.analysing.answer_quality import answer_quality
from multilabelfy.workflows.analysing.asked import Answers, questions_asked
from multilabelfy.workflows.evaluating.evaluation import measured
from multilabelfy.workflows.reporting.gathering.judged import judged_in_study
from multilabelfy.workflows.reporting.gathering.naming import namer
from multilabelfy.workflows.reporting.gathering.panel import panel_of
from multilabelfy.workflows.reporting.gathering.posterior_headline import posterior_shares_of
from multilabelfy.workflows.reporting.gathering.proposers import Proposed, proposers_measured
from multilabelfy.workflows.reporting.gathering.released import Released, released
from multilabelfy.workflows.reporting.gathering.two_labellings import two_annotators
from multilabelfy.workflows.reporting.gathering.unfinished import is_drawn, progress_of
from multilabelfy.workflows.reporting.gathering.ways_to_ask import kept_ways_to_ask
from multilabelfy.workflows.workspace import Workspace

MS = 1000


def material_of_study(workspace: Workspace, name: str, predictions: Sequence[Path] = ()) -> Material:
    """The material from a dataset's newest release. Raises UnknownDataset, UnknownRelease, and InvalidInput for further predictions,
    and for a damaged file of simulated studies."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name)
        shares = posterior_shares_of(c, dataset)  # first: beside all the rest it would need the memory of both
        material = material_in(c, dataset, predictions)
        by_posterior = None if shares is None else shares.headline(material.beyond)
        return replace(material, ways=kept_ways_to_ask(workspace, dataset), by_posterior=by_posterior)


def material_in(c: Connection, dataset: StoredDataset, predictions: Sequence[Path] = ()) -> Material:
    """As above, in an open transaction, so that everything shows one moment. Reading files of predictions in it keeps nobody waiting."""
    newest = released(c, dataset)
    finals, labelled = newest.finals, newest.labelled
    if not finals:
        reason = f"its newest release, number {newest.release.number}, holds no image"
        way_out = f"Run `multilabelfy resolve {shlex.quote(dataset.name)}` once images have final labels."
        raise InvalidInput("There is nothing to report on", [Problem(dataset.name, reason)], way_out)
    space = labels.label_space(c, dataset.id)
    proposed = proposers_measured(c, dataset, labelled, [final.image for _, final in finals])
    annotators, experts = _workers(c, dataset)
    analysed = analysed_answers(c, dataset)
    analysis, answers = analysed.analysis, analysed.answers
    further = tuple(model for path in predictions for model in measured(labelled, read_predictions(path, space), str(path), len(space)))
    if further and len(proposed.labelled) < len(labelled):
        proposed = Proposed(labelled, (), proposed.covered, tuple(proposed.covered))
    measured_finals = _of_images(finals, proposed.labelled)
    agreed = analysis.agreement if analysis.agreement.n_questions else None
    progress = progress_of(c, dataset, {final.image: final for _, final in finals})
    checks, not_shown = answer_quality(c, dataset), withheld.of_dataset(c, dataset.id)
    facts = _facts(dataset, newest, space, proposed, (annotators, experts), agreed, analysis_plans.frozen(c, dataset.id))
    return Material(
        subject=Subject(dataset.name, len(finals) if progress.n_unfinished else None),
        labelled=labelled,
        release=newest.release.number,
        progress=progress,
        is_drawn=is_drawn(c, dataset, [final for _, final in finals]),
        panel=panel_of(c, dataset, [final for _, final in finals]),
        models=(*proposed.models, *further),
        measured_on=proposed.labelled,
        reasons=Counter(final.reason or EmptyReason.UNKNOWN for _, final in finals if not final.labels),
        relations=Counter(final.relation for _, final in finals if final.relation is not None and len(final.labels) > 1),
        sources=facts.sources,
        kinds=kind_groups([len(final.labels) for final in measured_finals], [final.relation for final in measured_finals]),
        decided=source_groups([final.source for final in measured_finals]),
        agreement=agreed,
        by_rule=several_by_rule(analysed.questions),
        answers=checks,
        experts=analysis.experts,
        corrected=_corrected(analysis.experts.audit, finals),
        missed=proposed.missed,
        beyond=beyond_candidates(answers.values(), seed=SEED),
        asked=questions_asked(c, dataset, proposed.labelled, measured_finals, answers),
        evidence=Evidence(
            ways=_on_their_way(c, dataset, answers, newest),
            reasons={path: final.reason for path, final in finals if final.reason is not None},
            withheld=frozenset(path for path, final in finals if final.image in not_shown),
            has_pictures=True,
        ),
        against_given=_against_given(finals, answers, labelled),
        workers=(*annotators, *experts),
        methods=methods_of_study(replace(facts, checks=checks)),
        name_of=namer(space),
        judged=judged_in_study(analysed, [final.image for _, final in finals]),
        two_annotators=two_annotators(answers, [final for _, final in finals], space),
        near_copies=near_copies_in(c, dataset),
        kin_pace=kin_pace(timed_answers(c, dataset.id), seed=SEED),
        positions=positions(answers.values(), seed=dataset.seed, resampling_seed=SEED),
    )


def _of_images(finals: Sequence[tuple[str, FinalLabels]], images: LabelledImages) -> list[FinalLabels]:
    """The final labels of these images, in their order."""
    by_path = dict(finals)
    return [by_path[path] for path in images.sets.images]


def _on_their_way(c: Connection, dataset: StoredDataset, answers: Answers, newest: Released) -> dict[str, GivenOnTheWay]:
    """Follow the given label of each released image that annotators answered, by path."""
    given = newest.labelled.given
    if given is None:
        return {}
    proposed = np.zeros(len(given), dtype=bool)
    for run in proposals.best_of_runs(c, dataset.id, [final.image for _, final in newest.finals]):
        proposed[run.place] |= (run.labels == given[run.place, np.newaxis]).any(axis=1)
    each = zip(newest.finals, given.tolist(), proposed.tolist(), strict=True)
    return {
        path: on_the_way(label, answers[final.image], final.labels, proposed=is_proposed)
        for (path, final), label, is_proposed in each
        if label != NO_LABEL and final.image in answers
    }


def _against_given(finals: Sequence[tuple[str, FinalLabels]], answers: Answers, labelled: LabelledImages) -> npt.NDArray[np.float64] | None:
    """The share of annotators who did not tick the given label, (n_images,); 0 without answers, None without given labels."""
    if labelled.given is None:
        return None
    votes = [
        [label in annotation.chosen() for annotation in answers.get(final.image, ())]
        for (_, final), label in zip(finals, labelled.given, strict=True)
    ]
    return np.array([1 - sum(ticked) / len(ticked) if ticked else 0.0 for ticked in votes])


def _workers(c: Connection, dataset: StoredDataset) -> tuple[tuple[PersonsWork, ...], tuple[PersonsWork, ...]]:
    times = annotations.times(c, dataset.id)
    annotating: dict[int, list[float]] = {person: [took / MS for took in of_each] for person, of_each in times.items()}
    refining: dict[int, list[float]] = defaultdict(list)
    for _, decisions in refinements.iterate_standing(c, dataset.id):
        for decision in decisions:
            refining[decision.expert].append(decision.present_ms / MS)
    return workers("annotator", annotating), workers("expert", refining)


def _corrected(audit: Audit | None, finals: Sequence[tuple[str, FinalLabels]]) -> Corrected | None:
    """The headline, with the agreed images that nobody audited corrected by the audit; None if there is nothing to report."""
    n_unaudited = sum(final.source is LabelSource.AGREED for _, final in finals)
    if audit is None or not finals:
        return None
    return corrected_headline(sum(len(final.labels) > 1 for _, final in finals), len(finals), n_unaudited, audit)


def _facts(
    dataset: StoredDataset,
    newest: Released,
    space: LabelSpace,
    proposed: Proposed,
    people: tuple[Sequence[PersonsWork], Sequence[PersonsWork]],
    agreed: Agreement | None,
    plans: Sequence[StoredPlan],
) -> StudyFacts:
    return StudyFacts(
        protocol=dataset.protocol,
        protocol_version=dataset.protocol_version,
        n_labels=len(space),
        label_space=dataset.label_space,
        release=newest.release.number,
        n_released=len(newest.finals),
        n_unresolved=newest.release.n_unresolved,
        sources=Counter(final.source for _, final in newest.finals),
        proposers=proposed.covered,
        left_out=proposed.left_out,
        annotators=people[0],
        experts=people[1],
        seed=dataset.seed,
        agreement=agreed,
        by_posterior=newest.release.by_posterior,
        was_voted_elsewhere=not dataset.has_pictures,
        plans=[FrozenPlan(plan.sha256, plan.frozen_at, plan.n_answers or 0) for plan in plans if plan.frozen_at is not None],
    )
