"""`bench_serve` runs from beginning to end, beside a Label Studio where one can be driven, and says so where none can."""

import os
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest
from bench.label_studio import label_studio, milliseconds

ROOT = Path(__file__).resolve().parents[2]
GENERATOR = """
import json
print(json.dumps({"acknowledged": 4, "wall_s": 2.0, "client_cpu_share_of_one_core": 0.1, "step_ms": {"p50": 184.0, "p95": 209.0}}))
"""


def test_it_measures_a_small_study_and_drives_label_studio_in_turns_with_it(tmp_path: Path) -> None:
    (tmp_path / "loadgen.py").write_text(GENERATOR)
    (tmp_path / "ls.json").write_text("{}")
    small = ["--images", "30", "--steps", "2", "--warm", "1", "--rounds", "1", "--annotators", "2"]
    beside = ["--label-studio", "http://ls.example", "--label-studio-setup", str(tmp_path / "ls.json"), "--load", str(tmp_path)]
    command = [sys.executable, str(ROOT / "bench" / "bench_serve.py"), *small, *beside, "--label-studio-pid", str(os.getpid())]
    measured = subprocess.run(command, capture_output=True, text=True, timeout=280)
    assert measured.returncode == 0, measured.stderr
    assert " 2 annotators, SQLite, 1 worker: " in measured.stdout
    assert " 2 annotators, bare server: " in measured.stdout
    assert " 2 annotators, Label Studio: " in measured.stdout
    assert "2 steps/s, p50 184.0 ms, p95 209.0 ms" in measured.stdout
    assert "ratio Label Studio / SQLite, 1 worker: " in measured.stdout


def test_where_label_studio_cannot_be_driven_that_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named = {"label_studio_setup": tmp_path / "ls.json", "label_studio_pid": None, "load": tmp_path}
    assert label_studio(Namespace(label_studio="http://ls.example", **named)) is None
    generator = tmp_path / "loadgen.py"
    assert capsys.readouterr().out == f"Label Studio is not measured beside: there is no load generator at '{generator}'.\n"
    generator.touch()
    assert label_studio(Namespace(label_studio="http://ls.example", **named)) is None
    assert "there is no project of Label Studio at" in capsys.readouterr().out
    number = Namespace(label_studio="220", **named)
    assert (label_studio(number), milliseconds(number), capsys.readouterr().out) == (None, 220.0, "")
