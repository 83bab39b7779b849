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
from multilabelfy.proposals.model import ScoreAndEmbed, Scores

ON_PROCESSOR = "CPUExecutionProvider"
PROVIDERS = ("CUDAExecutionProvider", ON_PROCESSOR)
NUMBERS = {"tensor(float)": np.float32, "tensor(float16)": np.float16}
ERRORS_ONLY = 3


@dataclass(frozen=True, slots=True)
class OnnxScorer:
    """A session of ONNX Runtime with what its card says; `fixed_batch` is the batch size of a model that takes no other.

    `embedding` is the output that holds embeddings, where they are asked for and the card names one.
    """

    labels: tuple[str, ...]
    preparation: Preparation
    table: npt.NDArray[np.float32]
    session: onnxruntime.InferenceSession
    gives_logits: bool
    fixed_batch: int | None
    embedding: str | None = None

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
        return self._softmax(self._run(batch)[0])

    @property
    def score_and_embed(self) -> ScoreAndEmbed | None:
        """`score` with the output that its card calls the embedding, (n, width) float32; None where there is none, or none is wanted."""
        return None if self.embedding is None else self._scores_and_embeddings

    def _scores_and_embeddings(self, batch: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        scores, embeddings = self._run(batch, self.embedding)
        return self._softmax(scores), embeddings.reshape(len(batch), -1).astype(np.float32, copy=False)

    def _softmax(self, output: npt.NDArray[Any]) -> Scores:
        return softmax(output) if self.gives_logits else output.astype(np.float32, copy=False)

    def _run(self, batch: npt.NDArray[Any], *more: str | None) -> list[npt.NDArray[Any]]:
        """The first output and these for a batch of any size."""
        wanted, outputs = self.session.get_inputs()[0], [self.session.get_outputs()[0].name, *more]
        pictures = batch.astype(NUMBERS[wanted.type], copy=False)
        if self.fixed_batch is None:
            return [np.asarray(each) for each in self.session.run(outputs, {wanted.name: pictures})]
        runs = []
        for part in _parts(pictures, self.fixed_batch):
            given = {wanted.name: _filled(part, self.fixed_batch)}
            runs.append([np.asarray(each)[: len(part)] for each in self.session.run(outputs, given)])
        return [np.concatenate(each) for each in zip(*runs, strict=True)]


def open_onnx(file: Path, *, embeddings: bool = False) -> OnnxScorer:
    """The scorer of this model, which embeds, too, if asked to and if its card says how.

    Raises ScorerUnavailable where it cannot be loaded, takes no pictures or lacks the output that its card names; InvalidInput.
    """
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
    embedding = card.embedding if embeddings else None
    _check_embedding(session, embedding, file)
    preparation = card.preparation
    table = value_table(preparation.mean, preparation.std)
    fixed_batch = n if isinstance(n, int) else None
    return OnnxScorer(card.label_keys, preparation, table, session, card.output == "logits", fixed_batch, embedding)


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


def _check_embedding(session: onnxruntime.InferenceSession, name: str | None, file: Path) -> None:
    shapes = {output.name: list(output.shape) for output in session.get_outputs()}
    if name is None:
        return
    attempt = f"Cannot get embeddings from '{file}': '{card_path(file).name}' calls its output '{name}' the embedding, but"
    if name not in shapes:
        raise ScorerUnavailable(f"{attempt} its outputs are {', '.join(map(repr, shapes))}.")
    if len(shapes[name]) < 2 or any(isinstance(edge, int) and edge != 1 for edge in shapes[name][2:]):
        raise ScorerUnavailable(f"{attempt} that is of shape {shapes[name]}, and one vector a picture is wanted, (n, width).")


def _parts(batch: npt.NDArray[Any], size: int) -> list[npt.NDArray[Any]]:
    return [batch[start : start + size] for start in range(0, len(batch), size)]


def _filled(part: npt.NDArray[Any], size: int) -> npt.NDArray[Any]:
    """The part with its last picture repeated until it has the size that the model insists on."""
    return part if len(part) == size else np.concatenate([part, np.repeat(part[-1:], size - len(part), axis=0)])
