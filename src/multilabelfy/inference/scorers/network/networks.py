"""A network of torch at work: by torch, or on a processor through ONNX Runtime, once both have given the same lists for the first pictures.

ONNX Runtime folds a network's layers together and takes a fraction of torch's time, in another order of additions: scores differ in their
last digits. So torch scores the first pictures, too, and goes on alone if it ranks them otherwise.
"""

import tempfile
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch

from multilabelfy.inference.precision import Precision
from multilabelfy.inference.scorers.network.folding import fold
from multilabelfy.inference.scorers.network.last_layer import ScoredAndEmbedded, WithEmbedding, same_directions
from multilabelfy.inference.scorers.network.less_precise import LessPrecise
from multilabelfy.proposals.model import ScoreAndEmbed, Scores
from multilabelfy.proposals.ranking import top_k

N_COMPARED = 8
"""So many first pictures are scored by both."""
K_COMPARED = 20
TIE = 1e-6
"""Labels whose scores differ by less may change places."""
NOT_INSTALLED = "torch scores. ONNX Runtime would take a fraction of the time: pip install 'multilabelfy[onnx]'"
AGREED = "ONNX Runtime scores: its lists of the first pictures are those of torch"
DIFFERENT = "torch scores: through ONNX Runtime, the lists of the first pictures would not be the same"
OTHERWISE = "torch scores: through ONNX Runtime, the embeddings of the first pictures would not be the same"

Outcome = tuple[npt.NDArray[np.float32], ...]
"""Of prepared pictures, scores (n, n_labels), and, from a network that was told its last layer, embeddings (n, width)."""


class Network(Protocol):
    """Scores prepared pictures, on several threads at once."""

    @property
    def on_device(self) -> bool:
        """Whether something else than the processor scores."""

    @property
    def remark(self) -> str:
        """What a person should know of how it scores; empty if nothing."""

    @property
    def embeds(self) -> bool:
        """Whether it was told its last layer."""

    def score(self, batch: Any) -> Scores:
        """(n, 3, height, width) → (n, n_labels) softmax, float32."""

    def score_and_embed(self, batch: Any) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """The same with embeddings, (n, width) float32: the input of the last layer."""


@dataclass(frozen=True, slots=True)
class NetworkScorer:
    """What scorers of a network have in common; how each prepares its pictures is its own."""

    labels: tuple[str, ...]
    network: Network

    @property
    def on_device(self) -> bool:
        """Whether something else than the processor scores."""
        return self.network.on_device

    @property
    def remark(self) -> str:
        """What a person should know of how it scores; empty if nothing."""
        return self.network.remark

    @property
    def thread_safe(self) -> bool:
        """A network in eval mode may score on several threads at once."""
        return True

    @property
    def score_and_embed(self) -> ScoreAndEmbed | None:
        """`score` with the embeddings of the same pass; None where the network was not told its last layer."""
        return self.network.score_and_embed if self.network.embeds else None

    @property
    def precision(self) -> Precision | None:
        """In which numbers it calculates, where somebody asked for others than float32."""
        return getattr(self.network, "precision", None)

    @property
    def try_out(self) -> Callable[[npt.NDArray[Any]], None] | None:
        """What sees the first pictures before any is scored, where the precision is another than float32."""
        return getattr(self.network, "try_out", None)

    @property
    def place(self) -> Callable[[npt.NDArray[Any]], Any] | None:
        """What brings a batch to the device, on another thread than the one that scores; None on a processor."""
        return getattr(self.network, "place", None) if self.on_device else None

    def score(self, batch: Any) -> Scores:
        """(n, 3, height, width) → (n, n_labels) softmax, float32."""
        return self.network.score(batch)


class InTorch:
    """The network in eval mode on its device, with its weights as convolutions like them. Told its `last` layer, it embeds, too.

    On a CUDA device, batches are copied from pinned memory on a stream of their own, beside what the device calculates meanwhile
    (https://docs.pytorch.org/docs/stable/notes/cuda.html#use-pinned-memory-buffers).
    """

    def __init__(self, model: torch.nn.Module, device: torch.device, remark: str = "", last: torch.nn.Module | None = None) -> None:
        self.model = model.eval().to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload]  # not in torch's stubs
        self.remark = remark
        self.device = device
        self.both = None if last is None else WithEmbedding(self.model, last)
        self._copies = torch.cuda.Stream(device) if device.type == "cuda" else None  # type: ignore[no-untyped-call]  # torch

    @property
    def embeds(self) -> bool:
        """Whether it was told its last layer."""
        return self.both is not None

    @property
    def on_device(self) -> bool:
        """Whether something else than the processor scores."""
        return self.device.type != "cpu"

    def place(self, batch: npt.NDArray[Any]) -> Any:
        """The batch on the device, once it is there; called on another thread than `score`. Without CUDA the batch as it is."""
        if self._copies is None:
            return batch
        with torch.inference_mode(), torch.cuda.stream(self._copies):
            pictures = torch.from_numpy(batch).pin_memory().to(self.device, non_blocking=True)
            pictures = pictures.contiguous(memory_format=torch.channels_last)
        self._copies.synchronize()  # this thread alone waits; and `score` ends after the device has read them, before they are let go
        return pictures

    def score(self, batch: Any) -> Scores:
        """(n, 3, height, width), as NumPy's array or placed already → (n, n_labels) softmax, float32."""
        with torch.inference_mode():
            return _probabilities(self.model(self._on_device(batch)))

    def score_and_embed(self, batch: Any) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """The same with embeddings, (n, width) float32, for a network that was told its last layer."""
        assert self.both is not None
        with torch.inference_mode():
            logits, embeddings = self.both(self._on_device(batch))
            return _probabilities(logits), embeddings.float().cpu().numpy()

    def _on_device(self, batch: Any) -> torch.Tensor:
        return torch.as_tensor(batch).to(self.device, memory_format=torch.channels_last)


class ThroughOnnx:
    """The network in a session of ONNX Runtime, as long as that changes no list of the first pictures; `remark` says which it is."""

    on_device = False

    def __init__(self, network: InTorch, session: Any) -> None:
        self.remark = ""
        self.embeds = network.embeds
        self._torch: InTorch | None = network
        self._session = session
        self._n_agreed = 0
        self._comparing = threading.Lock()

    def score(self, batch: npt.NDArray[Any]) -> Scores:
        """(n, 3, height, width) → (n, n_labels) softmax, float32."""
        return self._outcome(batch)[0]

    def score_and_embed(self, batch: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """The same with embeddings, (n, width) float32, for a network that was told its last layer."""
        scores, embeddings = self._outcome(batch)
        return scores, embeddings

    def _outcome(self, batch: npt.NDArray[Any]) -> Outcome:
        if self._torch is not None and self._session is not None:
            with self._comparing:
                network, session = self._torch, self._session
                if network is not None and session is not None:
                    return self._compared(network, session, batch)
        return _run(self._session, batch) if self._torch is None else _by_torch(self._torch, batch)

    def _compared(self, network: InTorch, session: Any, batch: npt.NDArray[Any]) -> Outcome:
        ours, theirs = _run(session, batch), _by_torch(network, batch)
        if why := _differ(ours, theirs):
            self._session, self.remark = None, why
            return theirs
        self._n_agreed += len(batch)
        if self._n_agreed >= N_COMPARED:
            self._torch, self.remark = None, AGREED  # torch's weights are let go
        return ours


def same_lists(ours: Scores, theirs: Scores, k: int = K_COMPARED) -> bool:
    """Whether each row of (n, n_labels) has the same k best labels in the same order, but for ties: scores that differ by 1e-6 at most."""
    ranked, _ = top_k(ours, k)
    _, best = top_k(theirs, k)
    return bool(np.isfinite(theirs).all() and (np.abs(np.take_along_axis(theirs, ranked, axis=1) - best) <= TIE).all())


def swiftest(network: InTorch, size: tuple[int, int, int], precision: Precision = Precision.FLOAT32) -> Network:
    """The network through ONNX Runtime on a processor, where that is installed and takes the network; else the network itself.

    `size` is (channels, height, width) of its pictures. In another `precision` than float32, torch scores.
    """
    if precision is not Precision.FLOAT32:
        return LessPrecise(network, precision)
    if network.on_device:
        return network
    if any(find_spec(module) is None for module in ("onnx", "onnxruntime")):  # torch's exporter needs the first
        return _alone(network, NOT_INSTALLED)
    try:
        return ThroughOnnx(network, _session_of(network, size))
    except Exception as error:  # an exporter stumbles over what a network is made of in many ways
        return _alone(network, f"torch scores: the model cannot be exported for ONNX Runtime ({_first_line(error)})")


def best_device() -> torch.device:
    """The accelerator there is, else the processor; CUDA_VISIBLE_DEVICES chooses among several."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def _probabilities(logits: torch.Tensor) -> Scores:
    scores: Scores = logits.float().softmax(dim=1).cpu().numpy()
    return scores


def _alone(network: InTorch, remark: str) -> InTorch:
    """The network in torch for good."""
    fold(network.model)
    network.remark = remark
    return network


def _session_of(network: InTorch, size: tuple[int, int, int]) -> Any:
    from multilabelfy.inference.scorers.onnx import ON_PROCESSOR, session_of

    with tempfile.TemporaryDirectory(prefix="multilabelfy-") as folder:
        file = Path(folder) / "network.onnx"
        if network.both is None:
            _export(torch.nn.Sequential(network.model, torch.nn.Softmax(dim=1)).eval(), size, file)
        else:
            _export(ScoredAndEmbedded(network.both).eval(), size, file, "scores", "embeddings")
        return session_of(file, (ON_PROCESSOR,))


def _export(model: torch.nn.Module, size: tuple[int, int, int], file: Path, *outputs: str) -> None:
    names = outputs or ("scores",)
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # this exporter is the older one, and it traces Python's branches
        torch.onnx.export(
            model,
            (torch.zeros(1, *size),),
            str(file),
            input_names=["pictures"],
            output_names=list(names),
            dynamic_axes={name: {0: "n"} for name in ("pictures", *names)},
            dynamo=False,
        )


def _run(session: Any, batch: npt.NDArray[Any]) -> Outcome:
    return tuple(np.asarray(each, dtype=np.float32) for each in session.run(None, {"pictures": batch}))


def _by_torch(network: InTorch, batch: npt.NDArray[Any]) -> Outcome:
    return network.score_and_embed(batch) if network.embeds else (network.score(batch),)


def _differ(ours: Outcome, theirs: Outcome) -> str:
    """What is not the same in two outcomes; empty if all is."""
    if not same_lists(ours[0], theirs[0]):
        return DIFFERENT
    return "" if all(same_directions(*each) for each in zip(ours[1:], theirs[1:], strict=True)) else OTHERWISE


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).split("\n")[0][:200]
