"""A SPEC of the command line: the kind of scorer, where it comes from, and the name under which its proposals are kept."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from multilabelfy.errors import ScorerUnavailable
from multilabelfy.inference.hub import pretrained
from multilabelfy.inference.precision import Precision
from multilabelfy.proposals.prompts import Wording

LONGEST_NAME = 160
"""Characters of a file or function name that a source keeps."""


class ScorerKind(StrEnum):
    """Where scores come from."""

    TIMM = "timm"
    TRANSFORMERS = "transformers"
    CLIP = "clip"
    ONNX = "onnx"
    SCORES = "scores"
    PYTHON = "python"


FORMS = {
    ScorerKind.TIMM: "timm/MODEL [--checkpoint FILE]",
    ScorerKind.TRANSFORMERS: "transformers:NAME",
    ScorerKind.CLIP: "clip:NAME [--templates FILE]",
    ScorerKind.ONNX: "onnx:FILE.onnx",
    ScorerKind.SCORES: "scores:FILE.npy",
    ScorerKind.PYTHON: "python:MODULE:FUNCTION",
}
MEANINGS = {
    ScorerKind.TIMM: "a model of timm by its name; with --checkpoint its weights come from a local file (safetensors, or torch's format)",
    ScorerKind.TRANSFORMERS: "an image classifier of Hugging Face's transformers: OWNER/NAME of the hub (or OWNER/NAME@REVISION), or "
    "a folder with its files",
    ScorerKind.CLIP: "a model of pictures and texts (CLIP, SigLIP), named likewise, for labels that no classifier knows: it reads their "
    "names and definitions, in sentences of ours or by --templates",
    ScorerKind.ONNX: "an ONNX model; FILE.onnx.json beside it says how to prepare a picture, what comes out, and for which labels",
    ScorerKind.SCORES: "scores made elsewhere: one row an image, in the order of the import, one column a label",
    ScorerKind.PYTHON: "your own scorer: FUNCTION() gives an object with `labels`, `prepare(picture)` and `score(batch)`",
}
MODULES: dict[ScorerKind, tuple[str, ...]] = {
    ScorerKind.TIMM: ("torch", "timm"),
    ScorerKind.TRANSFORMERS: ("torch", "timm", "transformers"),
    ScorerKind.CLIP: ("torch", "timm", "transformers"),
    ScorerKind.ONNX: ("onnxruntime",),
    ScorerKind.SCORES: (),
    ScorerKind.PYTHON: (),
}
"""What each kind needs installed beyond the base."""
NETWORKS = (ScorerKind.TIMM, ScorerKind.TRANSFORMERS, ScorerKind.CLIP)
"""The kinds that torch scores, and so in any precision."""
NO_PRECISION = "only timm/, transformers: and clip: models take a `--precision`; other scorers calculate as they were made."
HUB = (ScorerKind.TRANSFORMERS, ScorerKind.CLIP)
"""The kinds whose models are found by `hub.pretrained`."""


@dataclass(frozen=True, slots=True)
class Spec:
    """A parsed SPEC: for `timm/resnet50` the kind is timm and the target `resnet50`."""

    kind: ScorerKind
    target: str

    def __str__(self) -> str:
        return f"{self.kind}{'/' if self.kind is ScorerKind.TIMM else ':'}{self.target}"

    @property
    def file(self) -> Path:
        """The file of an `onnx:` or `scores:` SPEC."""
        return Path(self.target)


def parse_spec(text: str) -> Spec:
    """Parse a SPEC that a person wrote. Raises ScorerUnavailable, which lists the forms."""
    for kind in ScorerKind:
        prefix = f"{kind}/" if kind is ScorerKind.TIMM else f"{kind}:"
        if text.startswith(prefix) and len(text) > len(prefix):
            return Spec(kind, text[len(prefix) :])
    forms = "\n".join(f"  {FORMS[kind]:32} {MEANINGS[kind]}" for kind in ScorerKind)
    raise ScorerUnavailable(f"'{text}' names no model. It can be one of\n{forms}")


def extra_of(kind: ScorerKind) -> str:
    """The extra that brings what this kind needs."""
    return str(ScorerKind.TRANSFORMERS if kind is ScorerKind.CLIP else kind)


def check_precision(spec: Spec, precision: Precision) -> None:
    """Raises ScorerUnavailable where another precision than float32 is asked of a scorer that is no network of torch."""
    if precision is not Precision.FLOAT32 and spec.kind not in NETWORKS:
        raise ScorerUnavailable(f"Cannot use '{spec}' in {precision}: {NO_PRECISION}")


def source_of(spec: Spec, checkpoint: Path | None = None, wording: Wording | None = None, precision: Precision = Precision.FLOAT32) -> str:
    """The name under which a scorer's proposals are kept: the SPEC without folders, and a part of the SHA-256 of the files it reads.

    So the same command resumes its own run, other weights of the same name make another one, and no path of this machine is stored.
    A model of the hub has its commit instead, and one that reads labels has a part of the SHA-256 of its prompts behind it. Another
    precision than float32 comes last: `timm/resnet50@bfloat16`. Raises ScorerUnavailable where a file is missing.
    """
    source = _source(spec, checkpoint, wording)
    if precision is Precision.FLOAT32:
        return source
    return f"{source}{'.' if '@' in source else '@'}{precision}"


def _source(spec: Spec, checkpoint: Path | None, wording: Wording | None) -> str:
    match spec.kind:
        case ScorerKind.TIMM:
            return f"timm/{spec.target[:LONGEST_NAME]}" + (f"@{_digest(checkpoint)}" if checkpoint else "")
        case ScorerKind.TRANSFORMERS | ScorerKind.CLIP:
            require_modules(spec.kind, str(spec))
            model = pretrained(spec.target, f"Cannot use '{spec}'")
            words = f".{wording.digest}" if spec.kind is ScorerKind.CLIP and wording else ""
            return f"{spec.kind}:{model.name[:LONGEST_NAME]}@{model.revision}{words}"
        case ScorerKind.PYTHON:
            return f"python:{spec.target[:LONGEST_NAME]}"
        case ScorerKind.ONNX | ScorerKind.SCORES:
            return f"{spec.kind}:{spec.file.name[:LONGEST_NAME]}@{_digest(spec.file, card_path(spec.file))}"


def card_path(file: Path) -> Path:
    """The JSON file beside a model's or scores' file that says what it holds."""
    return file.with_name(file.name + ".json")


def require_modules(kind: ScorerKind, attempt: str) -> None:
    """Raises ScorerUnavailable, naming the extra and the command, where what this kind needs is not installed."""
    missing = missing_modules(kind)
    if missing:
        raise ScorerUnavailable(
            f"Cannot use '{attempt}': {' and '.join(missing)} {'is' if len(missing) == 1 else 'are'} not installed. "
            f"Install the extra '{extra_of(kind)}': pip install 'multilabelfy[{extra_of(kind)}]'"
        )


def missing_modules(kind: ScorerKind) -> tuple[str, ...]:
    """Which of the modules that a kind needs are not installed here; nothing is imported to find out."""
    return tuple(module for module in MODULES[kind] if find_spec(module) is None)


def _digest(*files: Path) -> str:
    """The first 8 hexadecimal digits of the SHA-256 of these files' contents; a second one may be missing."""
    whole = hashlib.sha256()
    for place, file in enumerate(files):
        if place and not file.exists():
            continue
        try:
            with file.open("rb") as content:
                whole.update(hashlib.file_digest(content, "sha256").digest())
        except OSError as error:
            raise ScorerUnavailable(f"Cannot read the file '{file}': {error.strerror}. Is its path right, seen from here?") from None
    return whole.hexdigest()[:8]
