"""Figures that never come, for what happens to the process that works on them."""

import os
import time

from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.store.database.connection import Connection
from multilabelfy.workflows.analysing.analysis_cache import KeptFigures
from multilabelfy.workflows.workspace import Workspace


class Endless(KeptFigures[None]):
    """It leaves its process's number in the workspace, and sleeps."""

    def now(self, workspace: Workspace, _name: str, _begin: object = None) -> tuple[tuple[object, ...], None]:
        partly = workspace.settings.workspace / "pid.part"
        partly.write_text(str(os.getpid()))
        partly.rename(workspace.settings.workspace / "pid")
        time.sleep(600)
        return (), None

    def make(self, _c: Connection, _dataset: StoredDataset, _begin: object) -> None:
        return None
