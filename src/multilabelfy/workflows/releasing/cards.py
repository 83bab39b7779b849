"""Write the data cards that lie beside a report."""

from pathlib import Path

from multilabelfy.formats.exported.data_card import TABLE
from multilabelfy.formats.exported.exported import Wanted
from multilabelfy.formats.outputs import CARDS
from multilabelfy.report.material import Material
from multilabelfy.workflows.releasing.exported_study import opened_study
from multilabelfy.workflows.workspace import Workspace


def write_cards(workspace: Workspace, name: str, folder: Path, material: Material | None = None) -> dict[str, Path]:
    """Write a data card of every form and their table into a report's folder, over earlier ones; returns the paths by form.

    The `material` of the report serves the cards too, unless there is a newer release by now.
    """
    with opened_study(workspace, name, None, material=material) as dataset:
        for card in CARDS:
            card.writer()(dataset, Wanted(folder / card.file, overwrite=True))
    return {**{card.name: folder / card.file for card in CARDS}, "table": folder / TABLE}
