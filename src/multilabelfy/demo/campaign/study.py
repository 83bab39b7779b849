"""Take the demo's dataset through all four stages, by the same workflows that people and commands use.

Simulated people answer; the queue, the rules, the store and the report are the real ones. Some images are left unanswered and some
disputes undecided, so that a visitor has something to do.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.protocol import BLIND
from multilabelfy.demo.campaign.answering import AnnotatorsAtWork, ExpertsAtWork
from multilabelfy.demo.campaign.asking import N_STUDIES, asked_both_ways, known_images
from multilabelfy.demo.campaign.cast import ANNOTATORS, EXPERTS, VISITORS, truth_of
from multilabelfy.demo.making import MadeDataset
from multilabelfy.simulation.campaign import campaign
from multilabelfy.simulation.truth import Truth
from multilabelfy.workflows.importing import applying
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.owning import configuring
from multilabelfy.workflows.proposing import runs
from multilabelfy.workflows.releasing import exports, resolve
from multilabelfy.workflows.reporting import made as made_reports
from multilabelfy.workflows.reporting.gathering.ways_to_ask import keep_ways_to_ask
from multilabelfy.workflows.showing import addresses
from multilabelfy.workflows.team import people
from multilabelfy.workflows.workspace import Workspace

NAME = "demo"
SCORERS = ("python:multilabelfy.demo.scorer:looker", "python:multilabelfy.demo.scorer:glancer")
SHIFTS = (0.78, 0.10)
"""The share of all answers that come before the experts decide, and after: what is disputed then, and all the rest, is left to visitors."""

Stage = Callable[[str], None]
"""Told the name of each stage as it begins."""


@dataclass(frozen=True, slots=True)
class Study:
    """What came of it: the paths of the report, of the final labels and of the truth, and how many images are in the release."""

    report: Path
    final_labels: Path
    truth: Path
    n_released: int
    n_unresolved: int


def unwatched(stage: str) -> None:
    """A study that nobody watches."""


def run_study(workspace: Workspace, made: MadeDataset, *, seed: int, now: datetime, begins: Stage = unwatched) -> Study:
    """The whole campaign, told as if it had taken place on the day before `now`. The workspace must not have a dataset of this name."""
    done = run_stages(workspace, made, seed=seed, now=now, begins=begins)
    begins(f"two ways to ask, for the same time: {N_STUDIES} simulated studies")
    keep_ways_to_ask(workspace, NAME, asked_both_ways(known_images(workspace, NAME, made.scenes), range(N_STUDIES)))
    begins("final labels and the report")
    return publish(workspace, made, min(done + timedelta(minutes=5), now), now)


def run_stages(workspace: Workspace, made: MadeDataset, *, seed: int, now: datetime, begins: Stage = unwatched) -> datetime:
    """All of it up to the final labels. Returns when the last answer came."""
    start = now - timedelta(days=1)
    begins("import the pictures, their given labels and the reference pictures")
    import_dataset(workspace, made, seed, start)
    begins("stage 1: two small models propose labels")
    runs.propose(workspace, NAME, SCORERS, now=start)
    begins(f"stage 2: {len(ANNOTATORS)} annotators tick every label that is valid")
    done = annotate(workspace, made, seed, start + timedelta(hours=1), SHIFTS[0])
    begins(f"stages 3 and 4: {len(EXPERTS)} experts decide what is disputed; the annotators go on")
    done = refine(workspace, made, seed, done + timedelta(hours=1))
    return annotate(workspace, made, seed, done + timedelta(hours=1), SHIFTS[1])


def import_dataset(workspace: Workspace, made: MadeDataset, seed: int, now: datetime) -> None:
    """As `multilabelfy import` does it; then the owner writes the guidelines."""
    applying.import_dataset(
        workspace,
        ImportRequest(NAME, made.images, given=made.given, labels=str(made.labels), reference=made.references, protocol=BLIND, seed=seed),
        now=now,
    )
    owner = people.invite(workspace, VISITORS[Role.OWNER], Role.OWNER, now).person
    text = files("multilabelfy.demo").joinpath("guidelines.md").read_text(encoding="utf-8")
    configuring.write_guidelines(workspace, NAME, text, owner, now)


def annotate(workspace: Workspace, made: MadeDataset, seed: int, start: datetime, share: float) -> datetime:
    """Stage 2: everyone answers until this share of all answers has come. Returns when the last one came."""
    staff = [people.invite(workspace, name, Role.ANNOTATOR, start).person for name in ANNOTATORS]
    at_work = AnnotatorsAtWork(workspace, NAME, staff, _truths(workspace, made), seed)
    n_answers = round(len(made.scenes) * BLIND.overlap * share)
    last = start
    for turn in campaign(_shares(n_answers, len(staff)), at_work.next_answer, at_work.seconds, start):
        at_work.submit(turn)
        last = max(last, turn.done)
    return last


def refine(workspace: Workspace, made: MadeDataset, seed: int, start: datetime) -> datetime:
    """Stage 4: the experts decide all that is disputed. Returns when the last decision came."""
    staff = [people.invite(workspace, name, Role.EXPERT, start).person for name in EXPERTS]
    at_work = ExpertsAtWork(workspace, NAME, staff, {scene.name: truth_of(scene) for scene in made.scenes}, seed)
    last = start
    for turn in campaign([len(made.scenes)] * len(staff), at_work.next_decision, at_work.seconds, start):
        at_work.submit(turn)
        last = max(last, turn.done)
    return last


def publish(workspace: Workspace, made: MadeDataset, resolved_at: datetime, now: datetime) -> Study:
    """The first release, its labels in the paper's form, and the report on it."""
    from multilabelfy.workflows.releasing.cards import write_cards
    from multilabelfy.workflows.reporting import live_charts, thumbnails, writing  # charts are slow to import
    from multilabelfy.workflows.reporting.gathering.material import material_of_study

    resolved = resolve.resolve(workspace, NAME, resolved_at)
    final_labels = workspace.folder / "final-labels.json"
    exports.export(workspace, NAME, "final-labels", final_labels, overwrite=True)
    with ThreadPoolExecutor(1) as beside:  # the script takes seconds, and another core is free
        script = beside.submit(live_charts.keep_script, workspace)
        material = material_of_study(workspace, NAME)
        report = writing.report_of_material(material, now=now)
        shown = thumbnails.thumbnails(workspace, NAME, report)
        page = writing.write_report(report, made_reports.report_folder(workspace, NAME), shown)
        write_cards(workspace, NAME, made_reports.report_folder(workspace, NAME), material)
        script.result()
    return Study(page, final_labels, made.truth, resolved.release.n_images if resolved.release else 0, resolved.n_unresolved)


def _truths(workspace: Workspace, made: MadeDataset) -> dict[str, Truth]:
    """By the opaque name under which a page shows a picture: annotators know no other."""
    names = addresses.picture_names(workspace, NAME)
    return {names[scene.name]: truth_of(scene) for scene in made.scenes}


def _shares(total: int, n_people: int) -> list[int]:
    """As many turns for each as for the others, the first few one more."""
    return [total // n_people + (person < total % n_people) for person in range(n_people)]
