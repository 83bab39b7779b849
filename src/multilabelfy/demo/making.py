"""Make the demo's dataset as a person would have it: a folder of pictures with a table of given labels, a label file, reference pictures.

Beside it stands what a person would not have: the truth, in the form of the paper's JSON.
"""

import csv
import json
import shutil
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path

from multilabelfy.demo.catalogue import label_space
from multilabelfy.demo.drawing.composition import Composition
from multilabelfy.demo.drawing.picture import draw
from multilabelfy.demo.drawing.references import reference
from multilabelfy.demo.drawing.scenes import Scene, scene

Progress = Callable[[int, int], None]
"""Called with the number of pictures drawn so far, and the number to draw."""
QUALITY = 88
N_REFERENCES = 4
CREDIT = """The things in these pictures are drawn by OpenMoji, the open-source emoji and icon project (https://openmoji.org), under the
licence CC BY-SA 4.0 (https://creativecommons.org/licenses/by-sa/4.0/). The pictures are made from them by `multilabelfy demo`, and stand
under the same licence.
"""


@dataclass(frozen=True, slots=True)
class MadeDataset:
    """Where the dataset lies, and the scenes that its pictures show, in the order of their names."""

    folder: Path
    scenes: tuple[Scene, ...]

    @property
    def images(self) -> Path:
        """The pictures."""
        return self.folder / "images"

    @property
    def references(self) -> Path:
        """The reference pictures, a folder a label."""
        return self.folder / "reference"

    @property
    def labels(self) -> Path:
        """The label space: a table key,names,definition."""
        return self.folder / "labels.csv"

    @property
    def given(self) -> Path:
        """The single label that each picture came with: a table image,label."""
        return self.folder / "given.csv"

    @property
    def truth(self) -> Path:
        """What is really valid: the paper's JSON {image: [label index as text]}."""
        return self.folder / "truth.json"


def silent(done: int, total: int) -> None:
    """A progress callback that does nothing."""


def scenes(seed: int, n_images: int) -> tuple[Scene, ...]:
    """What the pictures of the demo show."""
    return tuple(scene(seed, number) for number in range(n_images))


def make_dataset(folder: Path, seed: int, n_images: int, *, n_threads: int = 2, progress: Progress = silent) -> MadeDataset:
    """Draw `n_images` scenes and the reference pictures of every label into a folder. The same seed gives the same pictures."""
    made = MadeDataset(folder, scenes(seed, n_images))
    made.images.mkdir(parents=True, exist_ok=True)
    for label in label_space().labels:
        (made.references / label.key).mkdir(parents=True, exist_ok=True)
    jobs = [*_scene_jobs(made), *_reference_jobs(made)]
    with ThreadPoolExecutor(n_threads) as threads:
        for done, _ in enumerate(threads.map(lambda job: job(), jobs), start=1):
            progress(done, len(jobs))
    _write_tables(made)
    return made


def _scene_jobs(made: MadeDataset) -> Iterable[Callable[[], None]]:
    return (partial(_draw, scene.composition, made.images / scene.name) for scene in made.scenes)


def _reference_jobs(made: MadeDataset) -> Iterable[Callable[[], None]]:
    for label in label_space().labels:
        for number in range(N_REFERENCES):
            yield partial(_draw, reference(label.key, number), made.references / label.key / f"{number + 1}.jpg")


def _draw(composition: Composition, path: Path) -> None:
    draw(composition).save(path, "JPEG", quality=QUALITY)


def _write_tables(made: MadeDataset) -> None:
    with as_file(files("multilabelfy.demo.catalogue").joinpath("labels.csv")) as table:
        shutil.copyfile(table, made.labels)
    with made.given.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["image", "label"])
        rows.writerows([scene.name, label_space()[scene.given].key] for scene in made.scenes)
    truth = {scene.name: [str(label) for label in scene.truth] for scene in made.scenes}
    made.truth.write_text(json.dumps(truth), encoding="utf-8")
    (made.folder / "CREDIT.txt").write_text(CREDIT, encoding="utf-8")
