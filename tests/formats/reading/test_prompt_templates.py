"""Templates of prompts are read line by line, with every fault named."""

from pathlib import Path

import pytest

from multilabelfy.errors import InvalidInput
from multilabelfy.formats.reading.prompt_templates import read_templates


def test_a_line_is_a_template(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("a photo of a {name}.\n\n  ein Foto von {name}: {definition}\na photo of a {name}.\n", encoding="utf-8")

    assert read_templates(tmp_path / "t.txt") == ("a photo of a {name}.", "ein Foto von {name}: {definition}")


def test_all_faults_are_named_with_their_lines(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("a photo\na {name}\n{name} {colour}\n")

    with pytest.raises(InvalidInput) as refused:
        read_templates(tmp_path / "t.txt")

    assert [problem.where.rpartition(":")[2] for problem in refused.value.problems] == ["1", "3"]
    assert "such as “a photo of a {name}.”" in str(refused.value)


def test_a_file_of_empty_lines_holds_no_template(tmp_path: Path) -> None:
    (tmp_path / "t.txt").write_text("\n \n", encoding="utf-8-sig")

    with pytest.raises(InvalidInput, match="it holds no template"):
        read_templates(tmp_path / "t.txt")
