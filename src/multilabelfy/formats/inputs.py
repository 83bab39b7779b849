"""The kinds of files that are read, one record each.

The options' help, the readers' errors and docs/reference/formats.md come from these records.
"""

from dataclasses import dataclass

from multilabelfy.formats.files.read_tables import SUFFIXES
from multilabelfy.pictures.shards.places import SHARDS as SHARD_SUFFIXES


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One kind of file: what it holds, which options take it, its suffixes, and what it looks like.

    `briefly` goes into an option's help. `forms` is complete: errors name it as the way out.
    """

    name: str
    options: tuple[str, ...]
    suffixes: tuple[str, ...]
    briefly: str
    forms: str


LABEL_SPACE = Input(
    name="labels",
    options=(
        "import --labels",
        "evaluate --label-space",
        "report --label-space",
        "compare --label-space",
        "aggregate --label-space",
        "plan --label-space",
        "replay --label-space",
    ),
    suffixes=(*SUFFIXES, ".txt"),
    briefly="imagenet1k, or a file (a table key,names,definition,parents, or one key per line)",
    forms="Labels are `imagenet1k`, a table with the column key and optionally names (separated by |), definition, parents and "
    "index (.csv, .tsv, .parquet, .json, .jsonl), or a text file with one key per line.",
)
IMAGE_NAMES = Input(
    name="names of images",
    options=("import --names",),
    suffixes=(*SUFFIXES, ".txt"),
    briefly="one name a line, or a table with the column image",
    forms="Names of images are a text file with one name per line, or a table with the column image "
    "(.csv, .tsv, .parquet, .json, .jsonl); each is a path below the root, as cat/1.jpg. Or each is that of a shard.",
)
LABEL_SETS = Input(
    name="label sets",
    options=(
        "import --final-labels",
        "gold --from",
        "evaluate --labels",
        "evaluate --sample",
        "report --labels",
        "report --original-labels",
        "compare --gold",
        "aggregate --gold",
        "plan --gold",
        "replay --gold",
        "models --labels",
    ),
    suffixes=(*SUFFIXES, ".npz", ".npy"),
    briefly="the paper's JSON, ReaL's list, or a table image,label",
    forms="Labels come as the paper's JSON {image: [index, …]}, as ReaL's list of lists, as a plain list of indices, "
    "or as a table image,label (.csv, .tsv, .parquet, .json, .jsonl).",
)
GIVEN_LABELS = Input(
    name="given labels",
    options=("import --given", "evaluate --given", "report --given", "report --original-given", "aggregate --given", "replay --given"),
    suffixes=LABEL_SETS.suffixes,
    briefly="{image: index}, a list of indices, a table image,label, or .npz",
    forms="Given labels take any form of label sets, with exactly one label per image; an .npz file holds the arrays images and given.",
)
PREDICTIONS = Input(
    name="predictions of models",
    options=(
        "evaluate --predictions",
        "report --predictions",
        "report --original-predictions",
        "aggregate --predictions",
        "plan --predictions",
        "replay --predictions",
    ),
    suffixes=(".npy", ".npz", ".csv", ".tsv", ".parquet"),
    briefly=".npy of labels (n,), ranked labels (n, k) or scores (n, n_labels); a table image,label,rank; .npz of several models",
    forms="Predictions are a .npy of shape (n,) with labels, (n, k) with ranked labels or (n, n_labels) with scores; "
    "an .npz with models, images and ranked; or a table image,label,rank (.csv, .tsv, .parquet).",
)
VOTES = Input(
    name="votes",
    options=(
        "import --votes",
        "aggregate",
        "aggregate --machines",
        "plan --votes",
        "replay",
        "report --votes",
        "report --original-votes",
        "compare --votes",
    ),
    suffixes=(".csv", ".parquet", ".npz"),
    briefly="a long table image,label,annotator,vote (CSV or Parquet; crowd-kit's task,worker,label too), or ReaL's raters.npz",
    forms="Votes are a .csv or .parquet table image,label,annotator,vote, or task,worker,label with tasks IMAGE|LABEL as crowd-kit has it, "
    "or ReaL's raters.npz.",
)
SCORES = Input(
    name="scores of labels",
    options=("report --scores", "report --original-scores"),
    suffixes=(*SUFFIXES, ".npz"),
    briefly="a table image,label,score as `aggregate` writes it, or ReaL's scores.npz",
    forms="Scores are a table image,label,score (.csv, .tsv, .parquet, .json, .jsonl) with scores from 0 to 1, or ReaL's scores.npz.",
)
ACCURACIES = Input(
    name="published accuracies",
    options=("report --published",),
    suffixes=SUFFIXES,
    briefly="tables model,img_size,top1 as timm publishes them",
    forms="The table has the columns model, img_size and top1, with top1 as a percentage.",
)
PROMPT_TEMPLATES = Input(
    name="templates of prompts",
    options=("propose --templates",),
    suffixes=(".txt",),
    briefly="a text file with one template per line, such as: a photo of a {name}.",
    forms="Templates are a text file (.txt) with one per line, such as “a photo of a {name}.” or “a {name} in the wild: {definition}”.",
)
SHARDS = Input(
    name="shards of pictures",
    options=("import --images", "import --reference", "relocate --images", "relocate --reference"),
    suffixes=SHARD_SUFFIXES,
    briefly="tar archives or Parquet tables with pictures in them",
    forms="Shards are uncompressed tar archives (.tar), with each picture's label beside it in KEY.cls or KEY.json, or in class folders; "
    "or Parquet tables (.parquet, with the extra `parquet`) with a column of pictures {bytes, path} and a column of labels. Name one of "
    "them, or a folder that has no other pictures.",
)
INPUTS = (SHARDS, LABEL_SPACE, IMAGE_NAMES, LABEL_SETS, GIVEN_LABELS, PREDICTIONS, VOTES, SCORES, ACCURACIES, PROMPT_TEMPLATES)
