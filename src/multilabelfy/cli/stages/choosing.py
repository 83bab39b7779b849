"""What `models` says to help to choose one: this machine, a suggestion for it, the models on it, and the best ones for their work."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from multilabelfy.cli.stages.pace import duration
from multilabelfy.plurals import counted

if TYPE_CHECKING:
    from multilabelfy.inference.choosing.suggesting import SuggestedModel
    from multilabelfy.inference.choosing.table import KnownModel
    from multilabelfy.workflows.proposing.kinds import Choice, UsableModel

GIB = 2**30
UNKNOWN = "?"


def choice_json(choice: "Choice") -> dict[str, Any]:
    """The same as an object; what is not known is null."""
    suggestion = choice.suggestion
    return {
        "machine": {"processor": choice.machine.processor, "graphics_cards": list(choice.machine.cards)},
        "suggested": {
            **asdict(suggestion.known),
            "n_images": suggestion.n_images,
            "estimated_seconds": suggestion.seconds,
            "is_guess": suggestion.is_guess,
        },
        "here": [_here_json(model) for model in choice.here],
        "best": [asdict(known) for known in choice.best],
    }


def choice_lines(choice: "Choice") -> list[str]:
    """For people to read."""
    cards = ", ".join(choice.machine.cards) or "no graphics card with a driver of NVIDIA's"
    lines = [f"This machine: {choice.machine.processor}; {cards}", *_suggestion_lines(choice.suggestion)]
    if choice.here:
        lines.append("Models that are on this machine:")
        lines += [line for model in choice.here for line in _here_lines(model)]
    else:
        lines.append("No model is on this machine yet: timm fetches weights from the hub at their first use.")
    lines += ["The best for their work (10⁹ multiplications a picture; accuracies in percent, published by timm's authors):", _HEAD]
    return [*lines, *(_row(known) for known in choice.best)]


def _suggestion_lines(suggestion: "SuggestedModel") -> list[str]:
    for_how_many = counted(suggestion.n_images, "image")
    if suggestion.seconds is None:
        reason = "the best by ReaL accuracy, since there is a graphics card"
    else:
        what = (
            "the best by ReaL accuracy within an hour"
            if suggestion.is_in_time
            else "the one with the least work; none is through in an hour"
        )
        basis = "a guess: no model of the table was measured here yet" if suggestion.is_guess else "estimated from earlier runs here"
        reason = f"{what}; {for_how_many} should take about {duration(suggestion.seconds)} ({basis})"
    licence = f"; licence of its weights: {suggestion.known.license or UNKNOWN}"
    return [f"Suggested here: {suggestion.known.model}", f"      {reason}{licence}"]


def _here_json(model: "UsableModel") -> dict[str, Any]:
    return {
        "model": model.spec,
        "where": model.where,
        "known": model.known and asdict(model.known),
        "speed": model.speed and asdict(model.speed),
    }


def _here_lines(model: "UsableModel") -> list[str]:
    parts = [f"in {model.where}"]
    if model.known is not None:
        parts += [
            f"{_number(model.known.millions, 1)} million parameters",
            f"{model.known.edge} pixels",
            f"ReaL {_number(model.known.real, 1)}",
        ]
    if model.speed is None:
        parts.append("not measured on this machine")
    else:
        memory = f", at most {model.speed.peak_bytes / GIB:.1f} GiB" if model.speed.peak_bytes else ""
        parts.append(f"{model.speed.images_per_second:.1f} images/s{memory} ({model.speed.device}, {model.speed.at[:10]})")
    return [f"  {model.spec}", f"      {'; '.join(parts)}"]


_HEAD = f"  {'GMACs':>7} {'million':>8} {'pixels':>6} {'ReaL':>5} {'ImageNet':>8} {'V2':>5}  model"


def _row(known: "KnownModel") -> str:
    return (
        f"  {_number(known.gigamacs, 2):>7} {_number(known.millions, 1):>8} {known.edge:>6} {_number(known.real, 1):>5} "
        f"{_number(known.imagenet, 1):>8} {_number(known.imagenetv2, 1):>5}  {known.model}"
    )


def _number(value: float | None, digits: int) -> str:
    return UNKNOWN if value is None else f"{value:.{digits}f}"
