"""The machine is named from what its system says."""

import re
from pathlib import Path

import numpy as np
import pytest

from multilabelfy.inference.choosing import machine
from multilabelfy.inference.choosing.machine import FORGET_PEAK, device_of, forget_peak_memory, peak_memory, this_machine

MIB = 2**20


def test_the_processor_has_its_cores_and_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cpuinfo").write_text("processor\t: 0\nmodel name\t: A  fast\t processor\nmodel name\t: A  fast\t processor\n")
    monkeypatch.setattr(machine, "CPU_INFO", tmp_path / "cpuinfo")

    assert re.fullmatch(r"\d+ cores? of A fast processor", this_machine().processor)
    assert device_of(object()) == this_machine().processor


def test_a_machine_that_says_nothing_of_its_processor_has_one_nevertheless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "CPU_INFO", tmp_path / "none")

    assert re.fullmatch(r"\d+ cores? of .+", this_machine().processor)


def test_graphics_cards_are_those_that_a_driver_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "CARDS", tmp_path)
    assert this_machine().cards == ()
    (tmp_path / "0000:01:00.0").mkdir()
    (tmp_path / "0000:01:00.0" / "information").write_text("Model: \t\t NVIDIA A Card\nIRQ:   \t\t 1\n")

    assert this_machine().cards == ("NVIDIA A Card",)


@pytest.mark.skipif(not FORGET_PEAK.exists(), reason="only Linux counts a process's peak anew")
def test_the_most_memory_held_is_counted_from_where_it_was_forgotten() -> None:
    np.ones(256 * MIB, dtype=np.uint8)
    before = peak_memory()
    forget_peak_memory()
    after = peak_memory()

    assert before is not None
    assert after is not None
    assert after < before - 128 * MIB
