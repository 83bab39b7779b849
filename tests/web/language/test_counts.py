"""Nothing counts "1 images": a number before a noun goes through `ngettext` or `plural` on pages, and through `counted` in messages.

Each scan finds a number that stands before a plural without them. What it may find can never be one, and is listed with the reason.
"""

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from scripts.translations import texts

import multilabelfy

SOURCE = Path(multilabelfy.__file__).parent
NOUN = re.compile(r"%\((?!name|command|host|folder|own|time|maybe|number)\w+\)s (?:\w+ )?([a-z]{3,}(?<!s)s)\b(?!’)")
VERB = re.compile(r"%\((?!images|labels|files|compared)\w+\)s (?:of (?:the )?%\(\w+\)s )?(?:(?!to )\w+ )?(?:have|are|were|agree|go|wait)\b")
AFTER_A_NUMBER = re.compile(r"^ (?:[a-z]+ ){0,1}?[a-z-]{3,}(?<!s)s\b")
COUNT = re.compile(r"\bn_\w+|\blen\(|\bsum\(|\bn\b")
NEVER_ONE = (
    "At most",  # a setting's files
    "at most",
    "characters",  # beyond a limit
    " hours",  # from two on
    "a run of",  # runs are of several
    "fewer than",  # the smallest group is of several
    "images or more",
    "images on",
    "The first %(n)s",  # of more than are shown
    "votes on a label are worth",  # a mean
    "who were asked chose",
    "resampled",
    "The link names the address",
    "Release %(n)s contains",  # its number
    "in %(n)s of %(all)s answers",
    "of the %(all)s labels that both saw",
    "You answered",
)
SEVERAL = {
    "annotation/answers.py": "",  # one five has a sentence of its own; characters beyond a limit
    "annotation/study/analysis_plan.py": "characters",
    "workflows/owning/comments.py": "characters",
    "workflows/refining/talking.py": "characters",
    "cli/stages/releasing.py": "holds",
    "cli/stages/annotators.py": "pairs",
    "cli/stages/evaluating.py": "",  # images without labels; of a sample, and a smaller one is refused
    "dataset/validation.py": "labels have the indices",  # a space of one label is refused
    "demo/": "",  # its numbers are known
    "formats/reading/given_labels.py": "given labels",  # not one: that is what is wrong
    "formats/reading/pictures/picture_archive.py": "files",  # beyond a limit
    "formats/reading/pictures/tar_pictures.py": "times",  # once is right
    "inference/scorers/onnx.py": "inputs",
    "pictures/shards/parquet_shard.py": "columns",  # one is the right number
    "report/about_given/label_errors.py": "given labels",
    "report/about_labels/beyond_candidates.py": "answers",  # two people's
    "report/about_labels/label_counts.py": "ha",  # one has a form of its own
    "report/about_labels/mixed_up.py": "pairs",
    "report/about_labels/two_labellings.py": "",
    "report/about_models/": "",  # one model is named
    "report/about_proposals/unions.py": "models together",  # of one there is no union
    "report/about_people/experts.py": "",  # fewer than three have a title of their own
    "report/about_proposals/missed.py": "",
    "report/figures/inset.py": "models",
    "report/wording.py": "others",
    "report/methods.py": "got",
    "workflows/analysing/": "iterations",
    "workflows/releasing/data_cards.py": "",
    "workflows/releasing/exports.py": "images",  # one has a sentence of its own
    "web/operating/logs.py": "bytes",
    "web/language/formatting.py": "",  # what `plural` is made of
    "pictures/shards/tar_shard.py": "bytes",  # a million of them
    "plurals.py": "",
}
"""By file or folder, what is counted there and never comes to one, or is told otherwise where it does."""


@pytest.mark.parametrize("pattern", [NOUN, VERB])
def test_a_page_counts_in_both_numbers(pattern: re.Pattern[str]) -> None:
    whole = [message.id for message in texts() if message.id and isinstance(message.id, str)]
    assert [text for text in whole if pattern.search(text) and not any(known in text for known in NEVER_ONE)] == []


def test_so_does_a_message() -> None:
    found = [
        f"{file}: {words}"
        for file, words in counted_by_hand()
        if not any(file.startswith(known) and what in words for known, what in SEVERAL.items())
    ]
    assert found == []


def counted_by_hand() -> Iterator[tuple[str, str]]:
    """Each f-string in which a count stands before a plural that the string itself has: file and words."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            parts = node.values if isinstance(node, ast.JoinedStr) else []
            for number, words in pairwise(parts):
                if isinstance(number, ast.FormattedValue) and isinstance(words, ast.Constant):
                    written = ast.unparse(number.value)
                    if COUNT.search(written) and "counted" not in written and AFTER_A_NUMBER.search(str(words.value)):
                        yield str(path.relative_to(SOURCE)), str(words.value)
