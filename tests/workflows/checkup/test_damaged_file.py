"""A checkup finds a database that another program or a disk has damaged, also where people would not notice."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.studies import Study, ready_study
from tests.workflows.checkup.test_checkup import found

from multilabelfy.workflows.checkup.item import Severity
from multilabelfy.workflows.workspace import opened


def test_rows_whose_parents_are_gone_are_damage(tmp_path: Path) -> None:
    study = ready_study(tmp_path)
    study.invite("Ada")
    study.workspace.close()
    with closing(sqlite3.connect(study.workspace.folder / "multilabelfy.db")) as c, c:
        c.execute("DELETE FROM annotators")
    assert "refers to a row of annotators that is missing" in told_after(study)


def test_an_index_that_is_not_like_its_table_is_damage(tmp_path: Path) -> None:
    study = ready_study(tmp_path)
    study.workspace.close()
    file = study.workspace.folder / "multilabelfy.db"
    with closing(sqlite3.connect(file)) as c:
        [page] = c.execute("SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_images_1'").fetchone()
        [size] = c.execute("PRAGMA page_size").fetchone()
    content, path = file.read_bytes(), study.images[3].path.encode()
    place = content.index(path, (page - 1) * size, page * size)
    file.write_bytes(content[:place] + path.swapcase() + content[place + len(path) :])
    assert "missing from index sqlite_autoindex_images_1" in told_after(study)


def told_after(study: Study) -> str:
    """What a checkup says of the file as it is now, which is a problem."""
    with opened(study.workspace.settings) as workspace:
        item = found(Study(workspace, study.dataset, study.images), "database")
    assert (item.severity, "restore it from a backup" in item.detail) == (Severity.PROBLEM, True)
    return item.detail
