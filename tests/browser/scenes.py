"""Studies at every point of their life, each made and served once for all tests: what the tests of screens and accessibility look at.

A scene is shared: a test may look, press keys and break a form, but saves nothing. A page is opened in a context that was wiped, with the
cookies of a person who signed in before, so that nothing that a browser keeps goes from one test to the next.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Page
from tests.answering import answer, person
from tests.browser.kept import Contexts
from tests.browser.live import NAMES, UNPICTURED, served_workspace, study_of_today
from tests.careless import careless_study
from tests.checking import gold_study
from tests.studies import HIERARCHY, Study
from tests.votes_elsewhere import study_of_votes

from multilabelfy.annotation.answers import Submission
from multilabelfy.annotation.checking.checks import GoldKind
from multilabelfy.annotation.model import Outcome, Role
from multilabelfy.annotation.response_times import Timing
from multilabelfy.annotation.study.analysis_plan import default_sections
from multilabelfy.annotation.study.protocol import BLIND, AnnotationProtocol
from multilabelfy.refinement.cases.decision import Decision
from multilabelfy.settings import load_settings
from multilabelfy.store.dataset import proposals
from multilabelfy.store.dataset.looks import embeddings
from multilabelfy.web.app import utcnow
from multilabelfy.workflows.alike.kin import find_kin
from multilabelfy.workflows.annotating import desk as annotating
from multilabelfy.workflows.annotating.taking import Answer
from multilabelfy.workflows.owning.comments import answer_comment, comments_page
from multilabelfy.workflows.owning.configuring import set_paused, write_guidelines
from multilabelfy.workflows.owning.gold import draw_gold
from multilabelfy.workflows.refining import desk as refining
from multilabelfy.workflows.refining.talking import add_note
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.reporting.made import report_folder
from multilabelfy.workflows.reporting.writing import report_of_study, write_report
from multilabelfy.workflows.team import people
from multilabelfy.workflows.upkeep.plans import freeze_plan, write_plan
from multilabelfy.workflows.workspace import Workspace, open_workspace

NAME = "pilot"
UNCHECKED = AnnotationProtocol("mine")
ASKING = replace(UNCHECKED, maybe_allowed=True, relation_asked=True)
BLINDLY = replace(
    BLIND, n_practice=0, calibration_share=0.0, test_gold_share=0.0, repeat_share=0.0, search_first_share=0.0, audit_share=0.0
)


def empty(folder: Path) -> Workspace:
    """A workspace without a dataset."""
    return open_workspace(load_settings(folder), create=True)


def fresh(folder: Path) -> Workspace:
    """Nobody has answered yet: three pictures, a hierarchy of labels, maybe and relation asked."""
    return made(folder, protocol=ASKING, n_images=3, concepts=HIERARCHY).workspace


def paper(folder: Path) -> Workspace:
    """Nobody has answered yet, under the paper's protocol."""
    return made(folder).workspace


def searching(folder: Path) -> Workspace:
    """Every picture is searched first."""
    return made(folder, protocol=replace(UNCHECKED, search_first_share=1.0), n_images=3).workspace


def unproposed(folder: Path) -> Workspace:
    """No model has proposed a label yet."""
    return made(folder, n_images=2, proposed=False).workspace


def paused(folder: Path) -> Workspace:
    """An owner has paused it."""
    study = made(folder, n_images=2)
    set_paused(study.workspace, NAME, True)
    return study.workspace


def waiting(folder: Path) -> Workspace:
    """Somebody else holds the only picture."""
    study = made(folder, protocol=replace(UNCHECKED, overlap=1), n_images=1)
    annotating.next_work(study.workspace, NAME, person(study, "Zoe"), utcnow())
    return study.workspace


def finished(folder: Path) -> Workspace:
    """Ada and Bob have answered all there is, and disagree nowhere."""
    study = made(folder, n_images=2)
    for who in ("Ada", "Bob"):
        for image in range(2):
            answer(study, who, image, [image], now=utcnow())
    return study.workspace


def voted(folder: Path) -> Workspace:
    """Votes that were cast elsewhere, without pictures."""
    return study_of_votes(folder).workspace


def practising(folder: Path) -> Workspace:
    """Ada's first picture is practice, and answered: one label missed, one not there."""
    known = {2: (GoldKind.PRACTICE, (2, 4))}
    study = gold_study(folder, replace(UNCHECKED, n_practice=1), known, n_images=4, now=utcnow())
    [sheet, *_] = annotating.next_work(study.workspace, NAME, person(study, "Ada"), utcnow()).sheets
    said = Answer(
        Submission("practised-1", Outcome.LABELLED, frozenset({2, 3})),
        Timing(age=0, elapsed=4000, opened=(0,) * len(sheet.groups), present=4000),
        sheet.protocol_version,
        sheet.guidelines_version,
        {},
    )
    annotating.submit(study.workspace, NAME, person(study, "Ada"), sheet.assignment, said, utcnow())
    return study.workspace


def disputed(folder: Path) -> Workspace:
    """Ada and Bob disagree on three pictures, with a note; one has a remark by an expert, and another a decision. Votes are open."""
    study = made(folder, protocol=ASKING, n_images=6, concepts=HIERARCHY)
    disagree(study, range(3))
    ed = person(study, NAMES[Role.EXPERT], Role.EXPERT)
    person(study, "Fay", Role.EXPERT)
    decide(study, 1)
    case = refining.next_work(study.workspace, NAME, ed, utcnow()).case
    assert case is not None
    add_note(study.workspace, NAME, ed, case.assignment, "remark-number-1", "is it a toy?", utcnow())
    return study.workspace


def blind(folder: Path) -> Workspace:
    """Ada and Bob disagree; an expert answers blind first."""
    study = made(folder, protocol=BLINDLY, n_images=3)
    disagree(study, range(2))
    return study.workspace


def worked(folder: Path) -> Workspace:
    """A study with something on every page: answers, comments, decisions, gold, a plan, guidelines, a release and a report."""
    study = made(folder, n_images=10, n_labels=60, concepts=HIERARCHY)
    space, olga = study.workspace, person(study, NAMES[Role.OWNER], Role.OWNER)
    person(study, NAMES[Role.EXPERT], Role.EXPERT)
    disagree(study, range(5))
    for image in range(5, 8):
        for who in ("Ada", "Bob"):
            answer(study, who, image, [image, image + 1], now=utcnow())
    answer(study, "Ada", 8, outcome=Outcome.UNFIT, missing_label="unicorn", now=utcnow())
    answer(study, "Ada", 9, [9], note="is a toy a cat?", now=utcnow())
    decide(study, 3)
    people.deactivate(space, person(study, "Gone").id, utcnow(), by=olga)
    draw_gold(space, NAME, 2, None, utcnow())
    write_guidelines(
        space, NAME, "# What counts\n\n- **Parts** count.\n- See [the paper](https://arxiv.org/abs/2401.17736).", olga, utcnow()
    )
    write_guidelines(space, NAME, "# What counts\n\n- **Parts** count.\n\n| seen | counts |\n|---|---|\n| a toy | no |", olga, utcnow())
    write_plan(space, NAME, default_sections(), olga, utcnow())
    freeze_plan(space, NAME, olga, utcnow())
    said = comments_page(space, NAME, is_open=True, kind=None).views[-1].comment.number
    answer_comment(space, NAME, olga, said, "reply-number-1", "Count it as a cat.", utcnow())
    find_alike(study)
    resolve(space, NAME, utcnow())
    told = report_of_study(space, NAME, now=utcnow())
    write_report(replace(told, findings=told.findings[:4]), report_folder(space, NAME))
    return space


def careless(folder: Path) -> Workspace:
    """Somebody never chooses, and two answer alike."""
    return careless_study(folder, made, utcnow()).workspace


def made(folder: Path, **wanted: Any) -> Study:
    """A ready study of this kind, of today."""
    return study_of_today(folder, **{"unpictured": UNPICTURED, **wanted})


def find_alike(study: Study) -> None:
    """Every image's kin, by embeddings that were drawn."""
    with study.workspace.store.writing() as c:
        [run, *_] = proposals.runs(c, study.dataset.id)
        vectors = np.random.default_rng(0).standard_normal((len(study.images), 4))
        embeddings.add_chunk(c, run.id, [image.id for image in study.images], vectors)
    find_kin(study.workspace, NAME)


def disagree(study: Study, numbers: range) -> None:
    """Ada and Bob choose different labels of these images, and Ada says why."""
    for image in numbers:
        answer(study, "Ada", image, [image, image + 2], maybe=[image + 3], note="only the ears", now=utcnow())
        answer(study, "Bob", image, [image + 1], now=utcnow())


def decide(study: Study, n: int) -> None:
    """Ed decides on so many pictures."""
    ed = person(study, NAMES[Role.EXPERT], Role.EXPERT)
    for number in range(n):
        case = refining.next_work(study.workspace, NAME, ed, utcnow()).case
        assert case is not None
        chosen = frozenset({case.shown[0].label.index})
        refining.decide(study.workspace, NAME, ed, case.assignment, Decision(f"decision-{number:03}", chosen), utcnow())


Maker = Callable[[Path], Workspace]
MAKERS: dict[str, Maker] = {
    maker.__name__: maker
    for maker in (
        empty,
        fresh,
        paper,
        searching,
        unproposed,
        paused,
        waiting,
        finished,
        practising,
        disputed,
        blind,
        worked,
        careless,
        voted,
    )
}


@dataclass
class Scenes:
    """Every scene by its name, made when it is first asked for."""

    folder: Path
    contexts: Contexts
    closing: contextlib.ExitStack
    served: dict[Maker, tuple[Workspace, str]] = field(default_factory=dict)
    cookies: dict[tuple[Maker, Role], Any] = field(default_factory=dict)
    kept: dict[tuple[str, Role | None], Page] = field(default_factory=dict)

    def show(self, make: Maker) -> tuple[Workspace, str]:
        """The workspace of a scene and the address at which it is served."""
        if make not in self.served:
            workspace = make(self.folder / f"{len(self.served)}-{make.__name__}")
            self.closing.callback(workspace.close)
            self.served[make] = workspace, self.closing.enter_context(served_workspace(workspace))
        return self.served[make]

    def page(self, scene: str | Maker, role: Role | None = Role.ANNOTATOR, *, own: bool = False, **options: Any) -> Page:
        """A new page of a scene in which such a person is signed in (nobody without a role).

        It is closed by the test, or by the next one that asks for the same. With `own=True` its context is nobody's before or after: for a
        test that stops the clock, and for pages that stay open.
        """
        make = MAKERS[scene] if isinstance(scene, str) else scene
        _, address = self.show(make)
        if role and (make, role) not in self.cookies:
            self.cookies[make, role] = self._signed_in(make, role)
        wanted = {"base_url": address, "viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", **options}
        context = self.contexts.browser.new_context(**wanted) if own else self.contexts.handed_on(role, wanted)
        context.add_cookies(self.cookies[make, role] if role else [])
        return context.new_page()

    def kept_page(self, scene: str, role: Role | None) -> Page:
        """A page that is opened once for a scene and role, to be left open: for pages of which the browser keeps nothing."""
        if (scene, role) not in self.kept:
            self.kept[scene, role] = self.page(scene, role, own=True)
        page = self.kept[scene, role]
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        page.set_viewport_size({"width": 1280, "height": 800})
        return page

    def link(self, scene: str, who: str, role: Role) -> str:
        """The path of an invitation link."""
        workspace, _ = self.show(MAKERS[scene])
        link = people.invite(workspace, who, role, utcnow()).link
        return link[link.index("/sign-in/") :]

    def _signed_in(self, make: Maker, role: Role) -> Any:
        workspace, address = self.show(make)
        link = people.invite(workspace, NAMES[role], role, utcnow()).link
        with contextlib.closing(self.contexts.browser.new_context(base_url=address)) as context:
            context.request.post(link[link.index("/sign-in/") :], headers={"Origin": address})
            return context.cookies()


@pytest.fixture(scope="session")
def scenes(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The scenes of all tests."""
    with contextlib.ExitStack() as closing:
        yield Scenes(tmp_path_factory.mktemp("scenes"), Contexts(chromium), closing)
