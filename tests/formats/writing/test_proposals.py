"""The table of proposals."""

from pathlib import Path

from multilabelfy.dataset.model import Label, LabelSpace
from multilabelfy.formats.writing.proposals import write_proposals
from multilabelfy.proposals.model import Proposal

SPACE = LabelSpace("letters", tuple(Label(index, f"k{index}", (f"name, {index}",)) for index in range(5)))


def test_proposals_are_a_row_each(tmp_path: Path) -> None:
    proposed = [("1.jpg", [Proposal(3, 1, 0.75, "m"), Proposal(0, 2, 0.25, "m")]), ("2.jpg", [])]
    assert write_proposals(tmp_path / "p.csv", proposed, SPACE) == 2
    assert (tmp_path / "p.csv").read_text() == "image,label,rank,score,source\n1.jpg,k3,1,0.75,m\n1.jpg,k0,2,0.25,m\n"
