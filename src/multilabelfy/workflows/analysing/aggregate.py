"""Turn a file of votes into a score for each label of each image: by a fixed rule, or by Dawid-Skene."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Method(StrEnum):
    """The ways to aggregate votes."""

    UNANIMOUS = "unanimous"
    MAJORITY = "majority"
    UNION = "union"
    DAWID_SKENE = "dawid-skene"


@dataclass(frozen=True, slots=True)
class AggregationSummary:
    """What was aggregated, and where the scores lie."""

    method: Method
    n_images: int
    n_questions: int
    n_votes: int
    n_annotators: int
    out: str


def aggregate(votes: Path, method: Method, out: Path) -> AggregationSummary:
    """Read the votes, score every question, write `image,label,score` (and `log_odds` where the method has them). Raises InvalidInput."""
    from multilabelfy.disagreement import dawid_skene
    from multilabelfy.disagreement.rules import RULES
    from multilabelfy.formats.reading.votes import read_votes
    from multilabelfy.formats.writing.scores import write_scores

    table = read_votes(votes)
    images, labels = table.images_asked(), table.labels_asked()
    if method is Method.DAWID_SKENE:
        fit = dawid_skene.fit(table.questions)
        write_scores(out, images, labels, fit.score, fit.log_odds)
    else:
        write_scores(out, images, labels, RULES[method.value](table.questions.counts()))
    return AggregationSummary(method, len(table.images), len(table.questions), len(table.questions.vote), len(table.raters), str(out))
