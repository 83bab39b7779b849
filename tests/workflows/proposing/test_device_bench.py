"""What is to measure a graphics card runs on the processor, too, so that it is known to work where a card is lent."""

from pathlib import Path

import pytest
import torch
from tests.workflows.proposing.lite0_for_proposing import one_thread
from tests.workflows.proposing.studies_for_proposing import paint

from bench import on_device
from multilabelfy.inference.precision import Precision


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETWORK", "test_resnet")
    monkeypatch.setenv("PRECISION", Precision.FLOAT32)
    monkeypatch.setenv("DEVICE", "cpu")
    monkeypatch.setattr(on_device, "SECONDS_BARE", 0.0)


def test_every_number_of_threads_is_a_run_beside_the_bare_forward_pass(tmp_path: Path) -> None:
    device = torch.device("cpu")
    with one_thread():
        rate, paces = on_device.measured(device, paint(tmp_path, n_of_each=4), tmp_path, threads=(1, 2))

    first, one, two = on_device.lines(device, rate, paces)
    assert [(pace.n_threads, pace.batch, pace.rate > 0) for pace in paces] == [(1, 8, True), (2, 8, True)]
    assert first.startswith("test_resnet in float32 on cpu: the bare forward pass scores ")
    assert one.startswith("  propose,  1 decoding threads: ")
    assert two.endswith("%, batches of up to 8")


def test_without_a_card_nothing_is_measured_unless_a_device_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_device, "best_device", lambda: torch.device("cpu"))

    assert on_device.device_named("card") is None
    assert on_device.device_named("cpu") == torch.device("cpu")
    assert on_device.NO_CARD.startswith("no graphics card here")
