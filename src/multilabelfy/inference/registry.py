"""Turn the SPEC that a person writes into a scorer. An engine is imported only when a SPEC asks for it."""

from dataclasses import dataclass
from pathlib import Path

from multilabelfy.errors import ScorerUnavailable
from multilabelfy.inference.precision import Precision
from multilabelfy.inference.scorers.scores_file import ScoresFile, open_scores
from multilabelfy.inference.spec import FORMS, MEANINGS, ScorerKind, Spec, check_precision, extra_of, missing_modules, require_modules
from multilabelfy.proposals.model import Scorer, embedder_of
from multilabelfy.proposals.prompts import Wording

RECOMMENDED = "timm/eva02_large_patch14_448.mim_m38m_ft_in22k_in1k"
"""The best model by ReaL accuracy in timm's table (results-imagenet-real.csv): 91.144. The paper's proposer."""

HINTS = {
    ScorerKind.TIMM: "",
    ScorerKind.TRANSFORMERS: "",
    ScorerKind.CLIP: "",
    ScorerKind.ONNX: 'If the model gives logits, say "output": "logits" in the JSON file beside it.',
    ScorerKind.SCORES: 'If they are logits, write {"output": "logits"} into a JSON file beside it, of the same name with .json added.',
    ScorerKind.PYTHON: "If the model gives logits, let `score` return their softmax.",
}
"""What to do, by kind, if scores are not softmax."""

NO_LAST_LAYER = "the last layer of this network is not one that we find."
WITHOUT_EMBEDDINGS = {
    ScorerKind.TIMM: NO_LAST_LAYER,
    ScorerKind.TRANSFORMERS: NO_LAST_LAYER,
    ScorerKind.CLIP: NO_LAST_LAYER,
    ScorerKind.ONNX: 'its card names no output for them. Where the model has one, say "embedding": "NAME OF THE OUTPUT" in the JSON file '
    "beside it.",
    ScorerKind.SCORES: "a file of scores has none.",
    ScorerKind.PYTHON: "the scorer has no method `score_and_embed(batch)`. Write one that gives scores and vectors, both of n rows.",
}
"""Why there are none, by kind, and what to do."""


@dataclass(frozen=True, slots=True)
class KindHere:
    """One kind of SPEC and whether it can be used here; `missing` names the modules that are not installed."""

    kind: ScorerKind
    form: str
    meaning: str
    missing: tuple[str, ...]

    @property
    def extra(self) -> str:
        """What brings the missing modules: `pip install 'multilabelfy[EXTRA]'`."""
        return extra_of(self.kind)

    @property
    def is_available(self) -> bool:
        """Whether all it needs is installed."""
        return not self.missing


def kinds_here() -> tuple[KindHere, ...]:
    """Every kind of SPEC, in the order of the documentation."""
    return tuple(KindHere(kind, FORMS[kind], MEANINGS[kind], missing_modules(kind)) for kind in ScorerKind)


def open_scorer(
    spec: Spec,
    *,
    folder: Path,
    checkpoint: Path | None = None,
    wording: Wording | None = None,
    embeddings: bool = False,
    precision: Precision = Precision.FLOAT32,
) -> Scorer | ScoresFile:
    """What this SPEC names, ready to score; `python:` modules are also looked for in `folder`, and a model of texts reads the `wording`.

    With `embeddings`, it has `score_and_embed`. Raises ScorerUnavailable with a way out where it cannot be had, or cannot embed, and
    InvalidInput for a card that does not fit.
    """
    scorer = _opened(spec, folder, checkpoint, wording, precision, embeddings=embeddings)
    if embeddings and embedder_of(scorer) is None:
        raise ScorerUnavailable(f"Cannot get embeddings from '{spec}': {WITHOUT_EMBEDDINGS[spec.kind]} Or propose without `--embeddings`.")
    return scorer


def _opened(
    spec: Spec, folder: Path, checkpoint: Path | None, wording: Wording | None, precision: Precision, *, embeddings: bool
) -> Scorer | ScoresFile:
    if checkpoint is not None and spec.kind is not ScorerKind.TIMM:
        raise ScorerUnavailable(f"Cannot use --checkpoint with '{spec}': only a timm/ model takes one.")
    check_precision(spec, precision)
    require_modules(spec.kind, str(spec))
    match spec.kind:
        case ScorerKind.TIMM:
            from multilabelfy.inference.scorers.timm import open_timm

            return open_timm(spec.target, checkpoint, precision, embeddings=embeddings)
        case ScorerKind.TRANSFORMERS:
            from multilabelfy.inference.scorers.transformers import open_transformers

            return open_transformers(spec.target, precision, embeddings=embeddings)
        case ScorerKind.CLIP:
            from multilabelfy.inference.scorers.clip import open_clip

            if wording is None:
                raise ScorerUnavailable(f"Cannot use '{spec}' here: it needs the labels of a dataset.")
            return open_clip(spec.target, wording, precision, embeddings=embeddings)
        case ScorerKind.ONNX:
            from multilabelfy.inference.scorers.onnx import open_onnx

            return open_onnx(spec.file, embeddings=embeddings)
        case ScorerKind.SCORES:
            return open_scores(spec.file)
        case ScorerKind.PYTHON:
            from multilabelfy.inference.scorers.python_function import open_function

            return open_function(spec.target, folder=folder, embeddings=embeddings)
