"""What the demo's report does not tell is recomputed from the exports of another study: two annotators, six models, checks, errors."""

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from tests.checking import assignment_of, next_sheet
from tests.checking import say as answers
from tests.deciding import case
from tests.deciding import say as decides
from tests.recomputed import report as recomputed
from tests.recomputed.comparing import Difference, beyond_chance
from tests.studies import NOW, Study, ready_study

from multilabelfy.annotation.checking.checks import GoldKind
from multilabelfy.annotation.model import Vote
from multilabelfy.annotation.study.protocol import BLIND
from multilabelfy.dataset.model import Concept, ImageId
from multilabelfy.refinement.model import EmptyReason
from multilabelfy.report.findings import Report
from multilabelfy.store.dataset import proposals
from multilabelfy.store.dataset.looks import fingerprints
from multilabelfy.store.handing_out import assignments
from multilabelfy.workflows.alike.copies import near_copies_of, write_copies
from multilabelfy.workflows.owning.gold import gold_from_file
from multilabelfy.workflows.releasing.by_posterior import PosteriorWanted
from multilabelfy.workflows.releasing.exports import export
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.reporting.writing import report_of_study

N_IMAGES, N_LABELS, N_RANKED = 42, 10, 7
MODELS = {
    "timm/resnet50.a1": 0.9,
    "timm/resnet18.a1": 0.8,
    "timm/vit_base_16.b2": 0.7,
    "timm/eva02_large.c3": 0.6,
    "onnx:Tiny-lite4.onnx@0a1b2c3d": 0.45,
    "timm/far9": 0.1,
}
"""How often each of them names a label that is the given one, where this is valid; the last names another valid one instead."""
PROTOCOL = replace(
    BLIND,
    n_candidates=8,
    n_practice=0,
    relation_asked=False,
    two_expert_share=0.3,
    audit_share=0.3,
    calibration_share=0.15,
    test_gold_share=0.15,
    repeat_share=0.15,
    repeat_after=2,
    search_first_share=0.2,
)
GOLD = range(37, N_IMAGES)
CUT = 0.6, 0.2
"""From which chance on the posterior settles what experts have left, and how far every label must be from it."""
LOOKS = {number: 0x9E3779B97F4A7C15 * (number + 1) % 2**64 for number in range(N_IMAGES)}
LOOKS |= {10: LOOKS[0] ^ 0b11, 20: LOOKS[0] ^ 0b110, 30: LOOKS[0], 40: LOOKS[0] ^ 1, 2: LOOKS[1] ^ 1, 3: LOOKS[1], 5: LOOKS[4]}
"""The fingerprint of each image: five are near copies with one given label, three others and two have several."""
N_DECIDED = {"Eve": 17, "Eli": 8}
"""How many cases each expert decides, and leaves the others."""
CONCEPTS = (Concept("feline", ("feline",), ("animal",)), Concept("tool", ("tool",)), Concept("animal", ("animal",)))
"""Above the first four labels, and above all others: they are not kin."""


def truth(number: int) -> frozenset[int]:
    """The valid labels of an image; its given label is its number's last digit."""
    if number % 10 == 3:
        return frozenset({5})
    if number % 13 == 6:
        return frozenset()
    return frozenset((number + step) % N_LABELS for step in range(1 + number % 3))


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Study]:
    """Two people answer everything with slips of their own, experts decide most of what goes to them, the posterior some of the rest."""
    folder = tmp_path_factory.mktemp("study")
    ready = ready_study(folder, protocol=PROTOCOL, n_images=N_IMAGES, n_labels=N_LABELS, n_exemplars=1, proposed=False, concepts=CONCEPTS)
    propose(ready)
    look(ready)
    mark_gold(ready, folder / "gold.csv")
    for who, seed in (("Ada", 1), ("Bob", 2)):
        annotate(ready, who, np.random.default_rng(seed))
    for who in ("Eve", "Eli"):
        decide(ready, who)
    resolve(ready.workspace, "pilot", NOW, PosteriorWanted(*CUT))
    yield ready
    ready.workspace.close()


def mark_gold(study: Study, file: Path) -> None:
    """The last images come with their labels, and test annotators."""
    rows = [f"{study.images[number].path},k{label:05}" for number in GOLD for label in sorted(truth(number))]
    file.write_text("\n".join(["image,label", *rows]))
    gold_from_file(study.workspace, "pilot", file, GoldKind.TEST, NOW)


def look(study: Study) -> None:
    """The fingerprints that a proposing model would leave."""
    with study.workspace.store.writing() as c:
        fingerprints.set_of_images(c, {study.images[number].id: f"{code:016x}" for number, code in LOOKS.items()})


def propose(study: Study) -> None:
    """The first labels of each model's ranking."""
    with study.workspace.store.writing() as c:
        for seed, (source, skill) in enumerate(MODELS.items()):
            generator = np.random.default_rng(seed)
            ranked = [_ranked(number, skill, generator) for number in range(N_IMAGES)]
            run = proposals.start_run(c, study.dataset.id, source, N_RANKED, NOW)
            scores = np.tile((0.5 ** np.arange(1, N_RANKED + 1)).astype(np.float32), (N_IMAGES, 1))
            proposals.add_chunk(c, run, [image.id for image in study.images], np.array(ranked, dtype=np.int32), scores)
            proposals.finish_run(c, run, NOW)


def _ranked(number: int, skill: float, generator: np.random.Generator) -> list[int]:
    given, others = number % N_LABELS, sorted(truth(number) - {number % N_LABELS})
    is_told = bool(others) and skill < 0.2
    first = given if generator.random() < skill else others[0] if is_told else int(generator.integers(N_LABELS))
    rest = generator.permutation([label for label in range(N_LABELS) if label != first]).tolist()
    return [first, *rest][:N_RANKED]


def annotate(study: Study, who: str, slips: np.random.Generator) -> None:
    """This person sees each valid label with nine chances in ten, and now and then one that is not there."""
    while (sheet := next_sheet(study, who)) is not None:
        number = _number(study, assignment_of(study, sheet).image)
        shown = {option.label.index for option in sheet.options()}
        seen = {label for label in truth(number) if slips.random() < 0.9} | {label for label in shown if slips.random() < 0.03}
        first = {label: Vote.YES for label in range(N_LABELS) if (label in seen and slips.random() < 0.6) or slips.random() < 0.02}
        answers(study, who, sheet, seen & shown, first=first if sheet.by_search_first else None)


def decide(study: Study, who: str) -> None:
    """This expert decides some cases as it is, but for images with three labels, of which the last is overlooked."""
    for _ in range(N_DECIDED[who]):
        found = case(study, who)
        assert found is not None
        with study.workspace.store.reading() as c:
            labels = sorted(truth(_number(study, assignments.get(c, found.assignment).image)))
        decides(study, who, *(labels[:2] if who == "Eli" else labels), reason=None if labels else EmptyReason.NO_CLASS_PRESENT)


def _number(study: Study, image: ImageId) -> int:
    return next(number for number, stored in enumerate(study.images) if stored.id == image)


@pytest.fixture(scope="module")
def report(study: Study) -> Report:
    return report_of_study(study.workspace, "pilot", now=NOW)


def test_the_methods_say_how_often_answers_were_checked_and_not_only_how_often_they_should_be(report: Report) -> None:
    text = dict(report.methods)["2 Annotation"]
    assert re.search(r"mixes in, .* images with known labels \(30\.0% of the answers; [1-9]\d* answers so far\)", text)
    assert re.search(r"earlier images \(15\.0%; [1-9]\d* answers so far\)\.", text)
    assert re.search(r" 20\.0% of the images are to be answered by search alone .* \([1-9]\d* answers so far\)", text)


def test_the_methods_say_what_the_posterior_settled_and_what_it_left(report: Report) -> None:
    text = dict(report.methods)["4 Refinement"]
    assert re.search(
        r"[1-9]\d* got the labels with a chance of at least 0\.6 and no label closer to it than 0\.2 .* [1-9]\d* were left", text
    )


def test_every_finding_that_a_demo_lacks_is_recomputed_from_exports(study: Study, report: Report, tmp_path: Path) -> None:
    for file in (*recomputed.NEEDED, "checks.csv"):
        export(study.workspace, "pilot", Path(file).stem, tmp_path / file)
    write_copies(*near_copies_of(study.workspace, "pilot"), tmp_path / "copies.csv")
    (tmp_path / "report.json").write_text(json.dumps(asdict(report), default=str), encoding="utf-8")
    of_demo = {"kinds", "beyond-the-candidates", "accuracy-by-kind", "same-effort", "same-effort-hours", "same-effort-headline"}
    elsewhere = of_demo, {"drop", "drop-by-model"}  # a replicate has those
    assert recomputed.TABLES.keys() - {finding.slug for finding in report.findings} == set.union(*elsewhere)
    assert recomputed.differences(tmp_path, tmp_path) == []


def test_one_end_of_a_hundred_may_lie_outside_by_chance_and_ten_may_not() -> None:
    near, far = Difference("an end", "it is three errors off", by_chance=True), Difference("an end", "it is six errors off")
    assert beyond_chance([near, far], 100) == [far]
    assert beyond_chance([near] * 10, 100) == [near] * 10
