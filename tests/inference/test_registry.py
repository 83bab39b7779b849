"""A SPEC opens what it names, and only what it names is imported."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from multilabelfy.errors import ScorerUnavailable
from multilabelfy.inference.registry import RECOMMENDED, kinds_here, open_scorer
from multilabelfy.inference.scorers.scores_file import ScoresFile
from multilabelfy.inference.spec import ScorerKind, parse_spec


def test_scores_of_a_file_are_opened(tmp_path: Path) -> None:
    np.save(tmp_path / "s.npy", np.ones((1, 1), dtype=np.float32))

    assert isinstance(open_scorer(parse_spec(f"scores:{tmp_path / 's.npy'}"), folder=tmp_path), ScoresFile)


def test_a_checkpoint_belongs_to_a_timm_model_alone(tmp_path: Path) -> None:
    with pytest.raises(ScorerUnavailable, match="only a timm/ model takes one"):
        open_scorer(parse_spec("python:m:f"), folder=tmp_path, checkpoint=tmp_path / "w.pth")


def test_every_kind_says_what_it_needs() -> None:
    kinds = {each.kind: each for each in kinds_here()}

    assert set(kinds) == set(ScorerKind)
    assert kinds[ScorerKind.SCORES].is_available
    assert kinds[ScorerKind.PYTHON].is_available


def test_the_recommended_model_is_the_first_of_timms_real_table(shared_data: Path) -> None:
    first = (shared_data / "timm" / "results-imagenet-real.csv").read_text().splitlines()[1].split(",")

    assert f"timm/{first[0]}" == RECOMMENDED
    assert first[2] == "91.144"


def test_looking_at_the_kinds_and_reading_scores_imports_no_engine(tmp_path: Path) -> None:
    np.save(tmp_path / "s.npy", np.ones((1, 1), dtype=np.float32))
    code = (
        "import sys; from pathlib import Path\n"
        "from multilabelfy.inference.registry import kinds_here, open_scorer\n"
        "from multilabelfy.inference.spec import parse_spec\n"
        f"kinds_here(); open_scorer(parse_spec('scores:{tmp_path / 's.npy'}'), folder=Path())\n"
        "print(sorted({'torch', 'timm', 'onnxruntime'} & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_who_cannot_embed_says_what_would_help(tmp_path: Path) -> None:
    np.save(tmp_path / "s.npy", np.ones((1, 1), dtype=np.float32))
    code = "class Own:\n    labels, prepare, score = (), print, print\n    score_and_embed = None\nown = Own"
    (tmp_path / "mlf_scorer_without_vectors.py").write_text(code)
    ways_out = {
        f"scores:{tmp_path / 's.npy'}": "a file of scores has none",
        "python:mlf_scorer_without_vectors:own": r"the scorer has no method `score_and_embed\(batch\)`",
    }

    for spec, way_out in ways_out.items():
        with pytest.raises(ScorerUnavailable, match=f"Cannot get embeddings from '.*': {way_out}.*Or propose without `--embeddings`"):
            open_scorer(parse_spec(spec), folder=tmp_path, embeddings=True)
        open_scorer(parse_spec(spec), folder=tmp_path)
