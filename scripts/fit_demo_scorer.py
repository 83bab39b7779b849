"""Fit the demo's two scorers on scenes of seeds that the demo does not use, and write their weights into the package.

    python scripts/fit_demo_scorer.py            (about 5 minutes on two cores)

The network over windows learns from windows that frame a thing, in 4 scenes out of 5 seeds, and from windows that do not; then once more
with the windows that it mistook. The glance learns from whole pictures. What share of each to mix is chosen on scenes that neither saw.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt

from multilabelfy.demo.catalogue import label_space
from multilabelfy.demo.drawing.picture import draw
from multilabelfy.demo.drawing.scenes import Scene, scene
from multilabelfy.demo.features import CELL, EDGES, SPAN, STRIDE, cells, glance, places
from multilabelfy.demo.scorer import WEIGHTS, Weights, glance_evidence, softmax, window_evidence, window_logits

Floats = npt.NDArray[np.float32]
FIRST_SEED = 9_001
N_SEEDS = 10
N_HIDDEN = 128
N_LABELS = len(label_space())


@dataclass
class Lesson:
    """What one scene teaches: the windows taken and their targets (n_labels + 1), the glance and the labels that are valid."""

    looks: Floats
    targets: Floats
    glance: Floats
    truth: Floats


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scenes", type=int, default=400, help="scenes of each seed")
    parser.add_argument("--out", type=Path, default=WEIGHTS)
    arguments = parser.parse_args()
    rng = np.random.default_rng(0)
    seeds = range(FIRST_SEED, FIRST_SEED + N_SEEDS)
    lessons = [lesson(rng, *drawn(seed, number)) for seed in seeds[:-1] for number in range(arguments.scenes)]
    print(f"{len(lessons)} scenes drawn")
    weights = fit_glance(np.stack([taught.glance for taught in lessons]), np.stack([taught.truth for taught in lessons]), rng)
    looks, targets = np.concatenate([taught.looks for taught in lessons]), np.concatenate([taught.targets for taught in lessons])
    del lessons
    weights |= fit_looks(looks, targets, rng, rounds=12)
    more = [mistaken(weights, *drawn(seed, number)) for seed in seeds[:-1] for number in range(0, arguments.scenes, 3)]
    looks, targets = np.concatenate([looks, *(taught[0] for taught in more)]), np.concatenate([targets, *(taught[1] for taught in more)])
    print(f"{len(looks)} windows")
    weights |= fit_looks(looks, targets, rng, rounds=25)
    weights |= mixed(weights, [drawn(seeds[-1], number) for number in range(arguments.scenes)])
    stored = {name: value.astype(np.float16) if value.ndim == 2 else value for name, value in weights.items()}
    np.savez_compressed(arguments.out, **stored, seeds=np.array([seeds[0], seeds[-1]], dtype=np.int32))  # type: ignore[arg-type]
    print(f"{arguments.out}: {arguments.out.stat().st_size / 1024:.0f} KB")


def drawn(seed: int, number: int) -> tuple[Scene, Floats]:
    """A scene and the cells of its picture."""
    made = scene(seed, number)
    return made, cells(draw(made.composition))


def lesson(rng: np.random.Generator, scene: Scene, grids: Floats) -> Lesson:
    """Up to four windows around each thing, and as many that hold none."""
    fits, owners = framing(scene)
    chosen = []
    for place in range(len(scene.seen)):
        near = np.flatnonzero((owners == place) & (fits > 0.45))
        best = np.argsort(-fits[near])[:10]
        chosen += list(near[rng.permutation(best)[:4]])
    empty = np.flatnonzero(fits < 0.2)
    chosen += list(rng.choice(empty, min(len(empty), 10), replace=False))
    taken = np.array(chosen)
    return Lesson(
        grids[places()[taken]].reshape(len(taken), -1), targets_of(scene, fits[taken], owners[taken]), glance(grids), valid(scene)
    )


def framing(scene: Scene) -> tuple[Floats, npt.NDArray[np.int64]]:
    """For every window, how well it frames the thing that it frames best (intersection over union), and which that is."""
    frames, scale = window_frames(), 1 / max(scene.composition.width, scene.composition.height)
    shift = (1 - np.array([scene.composition.width, scene.composition.height] * 2) * scale) / 2
    fits = np.zeros((len(scene.seen), len(frames)), dtype=np.float32)
    for place, thing in enumerate(scene.seen):
        left, top, right, bottom = np.array(thing.placement.box()) * scale + shift
        side = max(right - left, bottom - top) * 1.12 / 2
        middle = np.array([(left + right) / 2, (top + bottom) / 2])
        fits[place] = overlap(frames, np.concatenate([middle - side, middle + side]))
    return fits.max(axis=0), fits.argmax(axis=0)


def window_frames() -> Floats:
    """(n_windows, 4): left, top, right, bottom as shares of the square."""
    frames = []
    for edge in EDGES:
        corners = np.arange(0, edge // CELL - SPAN + 1, STRIDE) * CELL / edge
        top, left = np.meshgrid(corners, corners, indexing="ij")
        frames.append(np.stack([left, top, left + SPAN * CELL / edge, top + SPAN * CELL / edge], axis=-1).reshape(-1, 4))
    return np.concatenate(frames).astype(np.float32)


def overlap(frames: Floats, box: npt.NDArray[np.float64]) -> Floats:
    wide = np.clip(np.minimum(frames[:, 2], box[2]) - np.maximum(frames[:, 0], box[0]), 0, None)
    tall = np.clip(np.minimum(frames[:, 3], box[3]) - np.maximum(frames[:, 1], box[1]), 0, None)
    areas = (frames[:, 2] - frames[:, 0]) * (frames[:, 3] - frames[:, 1]) + (box[2] - box[0]) * (box[3] - box[1])
    return np.asarray(wide * tall / (areas - wide * tall), dtype=np.float32)


def targets_of(scene: Scene, fits: Floats, owners: npt.NDArray[np.int64]) -> Floats:
    """A thing's labels share the window that frames it; all other windows, and strangers, are 'nothing of these'."""
    targets = np.zeros((len(fits), N_LABELS + 1), dtype=np.float32)
    for row, (fit, owner) in enumerate(zip(fits, owners, strict=True)):
        keys = scene.seen[owner].thing.labels if fit > 0.45 and scene.truth else ()
        for key in keys:
            targets[row, label_space().index_of(key)] = 1 / len(keys)
        targets[row, -1] = 0 if keys else 1
    return targets


def valid(scene: Scene) -> Floats:
    row = np.zeros(N_LABELS, dtype=np.float32)
    row[list(scene.truth)] = 1
    return row


def mistaken(weights: Weights, scene: Scene, grids: Floats) -> tuple[Floats, Floats]:
    """The ten empty windows that the network is surest to see something in."""
    fits, owners = framing(scene)
    looks = grids[places()].reshape(len(places()), -1)
    surest = np.where(fits < 0.25, 1 - softmax(window_logits(weights, looks))[:, -1], 0)
    taken = np.argsort(-surest)[:10]
    return looks[taken], targets_of(scene, fits[taken], owners[taken])


def fit_looks(looks: Floats, targets: Floats, rng: np.random.Generator, rounds: int) -> dict[str, Floats]:
    """A network of one hidden layer by Adam on the cross-entropy; the spread of the inputs is folded into the first layer."""
    mean, spread = looks.mean(axis=0), looks.std(axis=0) + np.float32(0.02)
    drawn_layers = [normal(rng, looks.shape[1], N_HIDDEN), np.zeros(N_HIDDEN), normal(rng, N_HIDDEN, N_LABELS + 1), np.zeros(N_LABELS + 1)]
    layers: list[Floats] = [layer.astype(np.float32) for layer in drawn_layers]
    adam = Adam(layers)
    batches = -(-len(looks) // 256)
    for turn in range(rounds):
        loss = 0.0
        for rows in shuffled(len(looks), 256, rng):
            inputs = (looks[rows] - mean) / spread
            hidden = np.maximum(inputs @ layers[0] + layers[1], 0)
            kept = hidden * (rng.random(hidden.shape, dtype=np.float32) > 0.2) / np.float32(0.8)
            chances = softmax(kept @ layers[2] + layers[3])
            loss -= float((targets[rows] * np.log(chances + 1e-9)).sum(axis=1).mean())
            error = (chances - targets[rows]) / len(rows)
            back = (error @ layers[2].T) * (kept > 0) / np.float32(0.8)
            slopes = [inputs.T @ back + 2e-5 * layers[0], back.sum(axis=0), kept.T @ error + 2e-5 * layers[2], error.sum(axis=0)]
            adam.step(slopes, 2e-3 * (1 - turn / rounds))
        print(f"  round {turn + 1}: {loss / batches:.3f}")
    first = layers[0] / spread[:, None]
    return {"look_in": first, "look_in_bias": layers[1] - mean @ first, "look_out": layers[2], "look_out_bias": layers[3]}


def fit_glance(glances: Floats, truth: Floats, rng: np.random.Generator) -> dict[str, Floats]:
    """A linear softmax whose target is shared by the valid labels."""
    mean = glances.mean(axis=0)
    seen = truth.sum(axis=1) > 0
    inputs, targets = glances[seen] - mean, truth[seen] / truth[seen].sum(axis=1, keepdims=True)
    layers = [np.zeros((glances.shape[1], N_LABELS), dtype=np.float32), np.zeros(N_LABELS, dtype=np.float32)]
    adam = Adam(layers)
    for turn in range(30):
        for rows in shuffled(len(inputs), 128, rng):
            error = (softmax(inputs[rows] @ layers[0] + layers[1]) - targets[rows]) / len(rows)
            adam.step([inputs[rows].T @ error + 1e-3 * layers[0], error.sum(axis=0)], 2e-3 * (1 - turn / 30))
    return {"glance_mean": mean, "glance_out": layers[0], "glance_bias": layers[1]}


def mixed(weights: dict[str, Floats], held_out: Sequence[tuple[Scene, Floats]]) -> dict[str, Floats]:
    """The share of the glance, and the sharpness, that fit unseen scenes best: the most valid labels among 20, then the likelihood."""
    known = [(scene, grids) for scene, grids in held_out if scene.truth]
    truth, given = np.stack([valid(scene) for scene, _ in known]), np.array([scene.given for scene, _ in known])
    glances = glance_evidence(weights, np.stack([grids for _, grids in known]))
    best, chosen, scores = (-1.0, -np.inf), (0.0, 0.0, 0.0), glances
    for size_counts in (0.0, 0.25, 0.5, 0.75, 1.0):
        weights["size_counts"] = np.float32(size_counts)  # type: ignore[assignment]
        looks = np.stack([window_evidence(weights, grids) for _, grids in known])
        for share, sharpness in product((0.0, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2), (0.4, 0.6, 0.8, 1.0, 1.3)):
            trial = softmax(looks * np.float32(sharpness) + np.float32(share) * glances)
            fit = (round(recall(trial, truth), 2), float((truth * np.log(trial + 1e-9)).sum(axis=1).mean()))
            if fit > best:
                best, chosen, scores = fit, (size_counts, sharpness, share), trial
    report("looker", scores, truth, given)
    report("glancer", softmax(glances), truth, given)
    print("how much size counts, sharpness, share of the glance:", chosen)
    return {name: np.float32(value) for name, value in zip(("size_counts", "sharpness", "glance_share"), chosen, strict=True)}  # type: ignore[misc]


def report(name: str, scores: Floats, truth: Floats, given: npt.NDArray[np.int64]) -> None:
    first = scores.argmax(axis=1)
    among = float((np.argsort(-scores, axis=1)[:, :20] == given[:, None]).any(axis=1).mean())
    right, valid_first = float((first == given).mean()), float(truth[np.arange(len(truth)), first].mean())
    print(
        f"{name}: recall at 20 {recall(scores, truth):.3f}, given among 20 {among:.3f}, top-1 {right:.3f}, first is valid {valid_first:.3f}"
    )


def recall(scores: Floats, truth: Floats) -> float:
    """The share of all valid labels that are among the first 20."""
    ranks = np.argsort(-scores, axis=1, kind="stable")[:, :20]
    return float(np.take_along_axis(truth, ranks, axis=1).sum() / truth.sum())


class Adam:
    """Adam (Kingma & Ba, 2015) over a list of arrays, in place."""

    def __init__(self, layers: Sequence[Floats]) -> None:
        self.layers = layers
        self.first = [np.zeros_like(layer) for layer in layers]
        self.second = [np.zeros_like(layer) for layer in layers]
        self.steps = 0

    def step(self, slopes: Sequence[Floats], rate: float) -> None:
        self.steps += 1
        for layer, first, second, slope in zip(self.layers, self.first, self.second, slopes, strict=True):
            first += np.float32(0.1) * (slope - first)
            second += np.float32(0.001) * (slope * slope - second)
            step = (first / (1 - 0.9**self.steps)) / (np.sqrt(second / (1 - 0.999**self.steps)) + 1e-8)
            layer -= np.float32(rate) * step.astype(np.float32)


def normal(rng: np.random.Generator, n_in: int, n_out: int) -> npt.NDArray[np.float64]:
    return rng.normal(0, np.sqrt(2 / n_in), (n_in, n_out))


def shuffled(n: int, size: int, rng: np.random.Generator) -> Iterator[npt.NDArray[np.int64]]:
    order = rng.permutation(n)
    for start in range(0, n, size):
        yield order[start : start + size]


if __name__ == "__main__":
    main()
