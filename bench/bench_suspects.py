"""Measure how many wrong given labels stand among the most suspicious ones, where it is known which are wrong.

Labels of two datasets are made wrong on purpose, seeded: the demo's drawn scenes, whose truth is known, under the demo's own scorer; and
real photos (where `--photos` has some) under EfficientNet-lite0. A wrong label is any other of the dataset's classes ("any"), or one that
the model itself confuses with it ("alike": drawn from the ten labels that it ranks best besides the valid ones), as people's errors are.
Every ranking is made by the product, from what `propose` keeps. The share found is the mean over `--seeds` draws. A tenth of the labels is
wrong, so that a perfect order finds about 10%, 50% and all of them; a random order finds as large a share as it looks at.
"""

import argparse
import contextlib
import statistics
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from cleanlab.rank import get_label_quality_scores
from sqlalchemy import update

from multilabelfy.demo.drawing.picture import draw as draw_scene
from multilabelfy.demo.making import scenes as made_scenes
from multilabelfy.demo.scorer import demo_labels
from multilabelfy.proposals.suspects import SuspectBy
from multilabelfy.settings import Settings
from multilabelfy.store import schema
from multilabelfy.store.dataset import datasets, images, proposals
from multilabelfy.store.dataset import labels as stored_labels
from multilabelfy.workflows.importing.applying import import_dataset
from multilabelfy.workflows.importing.request import ImportRequest
from multilabelfy.workflows.proposing.kept_scores import believers, mean_scores
from multilabelfy.workflows.proposing.runs import propose
from multilabelfy.workflows.proposing.suspects import suspects
from multilabelfy.workflows.workspace import Workspace, opened

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PHOTOS = Path(__file__).resolve().parents[2] / "shared" / "data" / "photos"
SEED = 77
LOOKED_AT = (0.01, 0.05, 0.10)
SHARE_WRONG = 0.10
N_ALIKE = 10
LOOKER = "python:multilabelfy.demo.scorer:looker"
ADJUSTED = "(self-confidence, adjusted)"
LITE0 = "python:bench_proposals:lite0"

Draw = Callable[[np.random.Generator, str], str]
"""A wrong label for an image."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A dataset whose truth is known: its pictures, label space, valid labels by image (the first is what it would be given), and model."""

    name: str
    pictures: Path
    labels: str
    valid: Mapping[str, Sequence[str]]
    model: str


def scenes(folder: Path, n_images: int) -> Subject:
    """The demo's scenes that have a valid label; what they are given before errors is a valid one of them, drawn by seed."""
    keys = demo_labels()
    shown = [scene for scene in made_scenes(SEED, n_images) if scene.truth]
    (folder / "scenes").mkdir()
    for scene in shown:
        draw_scene(scene.composition).save(folder / "scenes" / scene.name, "JPEG", quality=88)
    (folder / "labels.txt").write_text("\n".join(keys), encoding="utf-8")
    valid = {scene.name: [keys[label] for label in sorted(scene.truth, key=lambda label: label != scene.given)] for scene in shown}
    return Subject(f"{len(valid)} drawn scenes, the demo's looker", folder / "scenes", str(folder / "labels.txt"), valid, LOOKER)


def photos(folder: Path) -> Subject:
    """Real photos in class folders: what the folder says is right."""
    paths = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    valid = {path.as_posix(): [path.parts[0]] for path in paths}
    return Subject(f"{len(paths)} photos, EfficientNet-lite0", folder, "imagenet1k", valid, LITE0)


@contextlib.contextmanager
def proposed(subject: Subject, folder: Path) -> Iterator[Workspace]:
    """A workspace in which the model has proposed once; errors are written into the given labels afterwards."""
    given = folder / "given.csv"
    given.write_text("image,label\n" + "".join(f'"{image}",{labels[0]}\n' for image, labels in subject.valid.items()))
    with opened(Settings(workspace=folder / "workspace"), create=True) as workspace:
        import_dataset(workspace, ImportRequest("bench", subject.pictures, given=given, labels=subject.labels), now=NOW)
        propose(workspace, "bench", [subject.model], folder=Path(__file__).parent, now=NOW)
        yield workspace


def with_errors(subject: Subject, draw: Draw, seed: int) -> dict[str, str]:
    """A wrong label for a seeded share of the images."""
    generator = np.random.default_rng(seed)
    names = sorted(subject.valid)
    wrong = generator.choice(len(names), size=round(SHARE_WRONG * len(names)), replace=False)
    return {names[place]: draw(generator, names[place]) for place in sorted(wrong.tolist())}


def any_other(subject: Subject) -> Draw:
    """Any class of the dataset's pictures that is not valid."""
    classes = sorted({label for labels in subject.valid.values() for label in labels})
    return lambda generator, image: str(generator.choice([label for label in classes if label not in subject.valid[image]]))


def alike(subject: Subject, workspace: Workspace) -> Draw:
    """One of the labels that the model ranks best besides the valid ones."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, "bench")
        space = stored_labels.label_space(c, dataset.id)
        ranked = {path: [space[proposal.label].key for proposal in of_image] for path, of_image in proposals.iterate(c, dataset.id)}
    return lambda generator, image: str(generator.choice([key for key in ranked[image] if key not in subject.valid[image]][:N_ALIKE]))


def found_by(workspace: Workspace, wrong: Mapping[str, str], by: SuspectBy) -> list[float]:
    """The share of the wrong labels among the first of each share that is looked at."""
    ranked = [suspect.image for suspect in suspects(workspace, "bench", by=by).ranked()]
    return shares_found(ranked, wrong)


def found_by_adjusted(workspace: Workspace, wrong: Mapping[str, str]) -> list[float]:
    """The same by cleanlab's self-confidence less each class's usual one, which the product does not use."""
    with workspace.store.reading() as c:
        dataset = datasets.find(c, "bench")
        space = stored_labels.label_space(c, dataset.id)
        shown = list(images.iterate(c, dataset.id))
        scores, _ = mean_scores(c, believers(c, dataset, space, ()), shown, len(space))
    given = np.array([image.given_label for image in shown])
    quality = get_label_quality_scores(given, scores, method="self_confidence", adjust_pred_probs=True)
    return shares_found([shown[place].path for place in np.argsort(quality, kind="stable")], wrong)


def shares_found(ranked: Sequence[str], wrong: Mapping[str, str]) -> list[float]:
    """Of the wrong labels, the share among the first of each share that is looked at."""
    looked_at = [max(1, round(share * len(ranked))) for share in LOOKED_AT]
    return [sum(image in wrong for image in ranked[:n]) / len(wrong) for n in looked_at]


def give(workspace: Workspace, labels: Mapping[str, str]) -> None:
    """Write other given labels over those of the import, which no part of the product does."""
    with workspace.store.writing() as c:
        dataset = datasets.find(c, "bench")
        space = stored_labels.label_space(c, dataset.id)
        for image, key in labels.items():
            here = (schema.images.c.dataset_id == dataset.id) & (schema.images.c.path == image)
            c.execute(update(schema.images).where(here).values(given_label=space.index_of(key)))


def measured(workspace: Workspace, subject: Subject, draw: Draw, n_seeds: int) -> dict[str, list[list[float]]]:
    """The shares found by every measure, a list for each draw of errors."""
    by_measure: dict[str, list[list[float]]] = {name: [] for name in (*map(str, SuspectBy), ADJUSTED)}
    for seed in range(n_seeds):
        wrong = with_errors(subject, draw, seed)
        give(workspace, wrong)
        for by in SuspectBy:
            by_measure[str(by)].append(found_by(workspace, wrong, by))
        by_measure[ADJUSTED].append(found_by_adjusted(workspace, wrong))
        give(workspace, {image: subject.valid[image][0] for image in wrong})
    return by_measure


def report(title: str, n_images: int, by_measure: Mapping[str, list[list[float]]]) -> None:
    print(title)
    print(f"  {'':30} " + " ".join(f"first {share:4.0%}" for share in LOOKED_AT))
    n_wrong = round(SHARE_WRONG * n_images)
    print(f"  {'a perfect order':30} " + " ".join(f"{min(1.0, round(share * n_images) / n_wrong):10.1%}" for share in LOOKED_AT))
    print(f"  {'a random order':30} " + " ".join(f"{share:10.1%}" for share in LOOKED_AT))
    for by, draws in by_measure.items():
        print(f"  {by:30} " + " ".join(f"{statistics.fmean(shares):10.1%}" for shares in zip(*draws, strict=True)))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--photos", type=Path, default=PHOTOS)
    options.add_argument("--scenes", type=int, default=1000)
    options.add_argument("--seeds", type=int, default=10)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        subjects = [scenes(Path(temporary), chosen.scenes)]
        subjects += [photos(chosen.photos)] if chosen.photos.is_dir() else []
        for number, subject in enumerate(subjects):
            folder = Path(temporary) / str(number)
            folder.mkdir()
            with proposed(subject, folder) as workspace:
                for kind, draw in (("any other class", any_other(subject)), ("a class that looks alike", alike(subject, workspace))):
                    title = f"{subject.name}; {SHARE_WRONG:.0%} wrong, {kind}; {chosen.seeds} draws"
                    report(title, len(subject.valid), measured(workspace, subject, draw, chosen.seeds))


if __name__ == "__main__":
    main()
