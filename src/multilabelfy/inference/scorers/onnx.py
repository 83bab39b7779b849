"""Score with an ONNX model; `FILE.json` beside it says how to prepare a picture, what comes out and for which labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
from PIL.Image import Image as Picture

from multilabelfy.errors import ScorerUnavailable
from multilabelfy.inference.scorers.cards import ModelCard, read_card
from multilabelfy.inference.scorers.preparation import Preparation, Prepared, prepare, value_table
from multilabelfy.inference.scorers.softmax import softmax
from multilabelfy.inference.spec import card_path
from multilabelfy.proposals.model import Scores

ON_PROCESSOR = "CPUExecutionProvider"
PROVIDERS = ("CUDAExecutionProvider", ON_PROCESSOR)
NUMBERS = {"tensor(float)": np.float32, "tensor(float16)": np.float16}
ERRORS_ONLY = 3


@dataclass(frozen=True, slots=True)
class OnnxScorer:
    """A session of ONNX Runtime with what its card says; `fixed_batch` is the batch size of a model that takes no other."""

    labels: tuple[str, ...]
    preparation: Preparation
    table: npt.NDArray[np.float32]
    session: onnxruntime.InferenceSession
    gives_logits: bool
    fixed_batch: int | None

    @property
    def on_device(self) -> bool:
        """Whether something else than the processor scores."""
        return bool(self.session.get_providers()[0] != ON_PROCESSOR)

    @property
    def thread_safe(self) -> bool:
        """A session may be run on several threads at once."""
        return True

    @property
    def batch_size(self) -> int | None:
        """How many pictures it wants at once, where the model insists."""
        return self.fixed_batch

    @property
    def shorter_side(self) -> int:
        """A picture may come smaller, as long as both its sides have so many pixels."""
        return self.preparation.resize

    def prepare(self, picture: Picture) -> Prepared:
        """(3, crop, crop) float32."""
        return prepare(picture, self.preparation, self.table)

    def score(self, batch: npt.NDArray[Any]) -> Scores:
        """(n, 3, crop, crop) → (n, n_labels) softmax, float32."""
        if self.fixed_batch is None:
            return self._scores(batch)
        parts = [self._scores(_filled(part, self.fixed_batch))[: len(part)] for part in _parts(batch, self.fixed_batch)]
        return np.concatenate(parts)

    def _scores(self, batch: npt.NDArray[Any]) -> Scores:
        wanted = self.session.get_inputs()[0]
        output = np.asarray(self.session.run(None, {wanted.name: batch.astype(NUMBERS[wanted.type], copy=False)})[0])
        return softmax(output) if self.gives_logits else output.astype(np.float32, copy=False)


def open_onnx(file: Path) -> OnnxScorer:
    """The scorer of this model. Raises ScorerUnavailable where it cannot be loaded or takes no pictures, InvalidInput for its card."""
    card = read_card(card_path(file), ModelCard)
    session = session_of(file, PROVIDERS)
    wanted = session.get_inputs()[0]
    shape = list(wanted.shape)
    n, *picture = shape if len(shape) == 4 else [None]
    fits = len(picture) == 3 and all(
        not isinstance(edge, int) or edge == size for edge, size in zip(picture, (3, card.crop, card.crop), strict=True)
    )
    if not fits or wanted.type not in NUMBERS or len(session.get_inputs()) != 1:
        raise ScorerUnavailable(
            f"Cannot use '{file}': the first of its {len(session.get_inputs())} inputs is {wanted.type} of shape {shape}, but its card "
            f"prepares one input of floats (n, 3, {card.crop}, {card.crop}). Is `crop` right in '{card_path(file).name}'?"
        )
    preparation = card.preparation
    table = value_table(preparation.mean, preparation.std)
    return OnnxScorer(card.label_keys, preparation, table, session, card.output == "logits", n if isinstance(n, int) else None)


def session_of(file: Path, providers: Sequence[str]) -> onnxruntime.InferenceSession:
    """The model in a session by the first of these providers that is here. Raises ScorerUnavailable where it cannot be loaded."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = ERRORS_ONLY
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # whoever scores has one thread a core already
    available = onnxruntime.get_available_providers()
    try:
        return onnxruntime.InferenceSession(str(file), options, providers=[name for name in providers if name in available])
    except Exception as error:  # ONNX Runtime raises its own classes, which share no root with a name
        raise ScorerUnavailable(f"Cannot load the ONNX model '{file}': {error}") from error


def _parts(batch: npt.NDArray[Any], size: int) -> list[npt.NDArray[Any]]:
    return [batch[start : start + size] for start in range(0, len(batch), size)]


def _filled(part: npt.NDArray[Any], size: int) -> npt.NDArray[Any]:
    """The part with its last picture repeated until it has the size that the model insists on."""
    return part if len(part) == size else np.concatenate([part, np.repeat(part[-1:], size - len(part), axis=0)])
