"""Measure the search over 22,000 labels: how long a text takes, beside one look at every name for the text (what a plain list would do).

ImageNet's names, hierarchy and descriptions stand 22 times in it, each time in letters of their own, so that there are 22 times as many
words as well. The texts are the table of everyday words, every beginning of them (as they are typed), and texts that nothing has.
"""

import argparse
import csv
import random
import statistics
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from string import ascii_lowercase

from multilabelfy.dataset.label_index import LabelIndex
from multilabelfy.dataset.label_names import fold, names_text
from multilabelfy.dataset.model import Concept
from multilabelfy.formats.imagenet1k import imagenet1k

TABLE = Path(__file__).resolve().parents[1] / "tests" / "dataset" / "everyday_words.csv"
TIMES = 22
NOTHING = ("flamethrower", "elehpant", "germna shepherd", "quxzt", "fire hydrant", "red car with a dog")


def index_of(times: int) -> LabelIndex:
    """The labels of ImageNet, `times` times: first in their own letters, then in others."""
    names, parents, concepts, definitions = [], {}, {}, {}
    for copy, write in enumerate(alphabets(times)):
        for label in imagenet1k().labels:
            index = copy * 1000 + label.index
            names.append((index, write(names_text(label.names))))
            parents[index] = tuple(f"{copy}{key}" for key in label.parents)
            definitions[index] = write(label.definition.casefold())
        for concept in imagenet1k().concepts:
            key = f"{copy}{concept.key}"
            concepts[key] = Concept(key, tuple(map(write, concept.names)), tuple(f"{copy}{above}" for above in concept.parents))
    return LabelIndex(names, parents, concepts, definitions)


def alphabets(times: int) -> Iterator[Callable[[str], str]]:
    """Ways to write a text: as it is, then with other letters, vowels for vowels."""
    draw = random.Random(22)
    yield str
    for _ in range(times - 1):
        vowels, others = list("aeiou"), [x for x in ascii_lowercase if x not in "aeiou"]
        draw.shuffle(vowels)
        draw.shuffle(others)
        table = str.maketrans("aeiou" + "".join(x for x in ascii_lowercase if x not in "aeiou"), "".join(vowels + others))
        yield lambda text, table=table: text.casefold().translate(table)  # type: ignore[misc]


def milliseconds(work: Callable[[], object]) -> float:
    """Processor time, the least of three."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append((time.process_time() - start) * 1000)
    return min(times)


def plainly(index: LabelIndex, text: str) -> list[int]:
    """One look at every name."""
    wanted = f" {fold(text)}"
    return [label for label, names in index.names if wanted in names]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=TIMES, help="how many times ImageNet's 1,000 labels (22)")
    index = index_of(parser.parse_args().times)
    words = [row["query"] for row in csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines())]
    tracemalloc.start()
    for text in ("car", *NOTHING):
        index.find(text, 12)
    print(f"{len(index.names):,} labels; made ready in memory: {tracemalloc.get_traced_memory()[0] / 1e6:.0f} MB")
    tracemalloc.stop()
    groups = {
        "everyday words": words,
        "their beginnings": sorted({word[:n] for word in words for n in range(1, len(word))})[::3],
        "nothing has it": list(NOTHING),
    }
    for name, texts in groups.items():
        took = {text: milliseconds(lambda text=text: index.find(text, 12)) for text in texts}  # type: ignore[misc]
        plain = statistics.median(milliseconds(lambda text=text: plainly(index, text)) for text in texts)  # type: ignore[misc]
        slowest = max(took, key=took.__getitem__)
        median = statistics.median(took.values())
        print(f"{name}: median {median:.1f} ms, slowest {took[slowest]:.1f} ms ({slowest!r}); {median / plain:.1f} x a plain look")


if __name__ == "__main__":
    main()
