"""Read the JSON file beside a model or its scores, naming everything in it that does not fit."""

from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from multilabelfy.errors import InvalidInput, Problem, ScorerUnavailable
from multilabelfy.inference.scorers.preparation import Preparation

EXAMPLE = (
    '{"resize": 256, "crop": 224, "interpolation": "bicubic", "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225], '
    '"output": "logits", "labels": "imagenet1k"}'
)
Edge = Annotated[int, Field(ge=1, le=8192)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Finite = Annotated[float, Field(allow_inf_nan=False)]


class Card(BaseModel):
    """What a model and its scores have in common: `labels` is "imagenet1k" or the keys of the columns, in their order."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    output: Literal["softmax", "logits"]
    labels: Literal["imagenet1k"] | list[str]

    @field_validator("labels")
    @classmethod
    def _each_label_once(cls, labels: str | list[str]) -> str | list[str]:
        if isinstance(labels, list) and len(set(labels)) < len(labels):
            raise ValueError("a label is named more than once")
        return labels

    @property
    def label_keys(self) -> tuple[str, ...]:
        """The labels as the port wants them."""
        return (self.labels,) if isinstance(self.labels, str) else tuple(self.labels)


class ScoresCard(Card):
    """What a file of scores holds; if silent, softmax of the dataset's labels in its order. `images` names the image of each row."""

    output: Literal["softmax", "logits"] = "softmax"
    labels: Literal["imagenet1k"] | list[str] = []
    images: list[str] = []

    @field_validator("images")
    @classmethod
    def _each_image_once(cls, images: list[str]) -> list[str]:
        if len(set(images)) < len(images):
            raise ValueError("an image is named more than once")
        return images


class ModelCard(Card):
    """How to prepare a picture for a model, and what comes out; `embedding` names the output that is a picture's vector, if one is."""

    resize: Edge
    crop: Edge
    interpolation: Literal["nearest", "box", "bilinear", "hamming", "bicubic", "lanczos"]
    mean: Annotated[list[Finite], Field(min_length=3, max_length=3)]
    std: Annotated[list[Positive], Field(min_length=3, max_length=3)]
    embedding: str | None = None

    @model_validator(mode="after")
    def _crop_fits(self) -> "ModelCard":
        if self.crop > self.resize:
            raise ValueError(f"crop is {self.crop} and resize {self.resize}: a square cannot be cut from a smaller picture")
        return self

    @property
    def preparation(self) -> Preparation:
        """The part that concerns pictures."""
        red, green, blue = self.mean
        red_std, green_std, blue_std = self.std
        return Preparation(self.resize, self.crop, self.interpolation, (red, green, blue), (red_std, green_std, blue_std))


AnyCard = TypeVar("AnyCard", bound=Card)


def read_card(path: Path, kind: type[AnyCard]) -> AnyCard:
    """The card in this file. Raises InvalidInput with all its problems, ScorerUnavailable where there is no such file."""
    try:
        return kind.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ScorerUnavailable(
            f"Cannot read '{path}': {error.strerror}. It says how to prepare a picture, what comes out and for which labels, for example\n"
            f"  {EXAMPLE}"
        ) from None
    except ValidationError as error:
        problems = [Problem(_place(path, problem["loc"]), _said(problem["msg"], problem["input"])) for problem in error.errors()]
        raise InvalidInput(f"Cannot use '{path}'", problems, f"For example\n  {EXAMPLE}") from None


def _place(path: Path, location: tuple[int | str, ...]) -> str:
    parts = [str(part) for part in location if not str(part).startswith(("literal[", "list["))]
    return f"{path.name}, {'.'.join(parts)}" if parts else path.name


def _said(message: str, value: object) -> str:
    shown = "" if isinstance(value, dict | bytes) or "Field required" in message else f" (it is {value!r})"
    return message.removeprefix("Value error, ") + shown
