"""The pictures of a tar archive with their labels, in WebDataset's form: what belongs together has one key.

The key of `cat/1.jpg` and `cat/1.cls` is `cat/1`: a member's name up to the first dot behind its folders. A label is a name or a number in
`KEY.cls`, or the value of `label` (`cls`, `class`) in `KEY.json`.
Source: https://github.com/webdataset/webdataset (the file format).
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields

from multilabelfy.errors import Problem
from multilabelfy.formats.reading.pictures.file_names import is_hidden, is_picture
from multilabelfy.formats.reading.pictures.packed import Packed
from multilabelfy.pictures.shards.files import Facts, ShardFile
from multilabelfy.pictures.shards.tar_shard import Member, members

LABELS = (".cls", ".json")
"""The suffixes of labels, the first before the others."""
FIELDS = ("label", "cls", "class")
SAMPLES = "samples-1"
"""Under this name what a walk collected is kept; another form of it needs another name."""


@dataclass(slots=True)
class _Contents:
    """What a walk through an archive collects: pictures by name; labels by key and suffix, each as it is written, with what is wrong
    with it and the name of its member; how often a name occurs; problems; and the number of other files by suffix.
    """

    pictures: dict[str, str] = field(default_factory=dict)
    labels: dict[str, dict[str, tuple[str, str, str]]] = field(default_factory=dict)
    twice: dict[str, int] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    others: dict[str, int] = field(default_factory=dict)


def read_tar(shard: ShardFile, classes: Sequence[str] = ()) -> Packed:
    """The archive's pictures; hidden ones are passed over. Raises PicturesUnreachable where it cannot be read as a whole."""
    contents = _Contents(**shard.recalled(SAMPLES, lambda: _contents(shard)))
    of_key = Counter(contents.pictures.values())
    unclear = {key for key in contents.labels if of_key[key] > 1}
    paths = [name for name, key in contents.pictures.items() if key not in unclear and name not in contents.twice]
    skippable = [Problem(f"{shard}/{name}", what) for name, what in (*contents.problems, *_unclear(contents, unclear))]
    label_problems: list[Problem] = []
    given = dict(_given(shard, contents, paths, classes, label_problems))
    return Packed(tuple(paths), given, tuple(classes), tuple(label_problems), tuple(skippable), Counter(contents.others))


def _contents(shard: ShardFile) -> Facts:
    contents = _Contents()
    for member in members(shard, lambda name: _suffix(name) in LABELS and not is_hidden(name)):
        name, suffix = member.name, _suffix(member.name)
        if is_hidden(name):
            continue
        if is_picture(name):
            _note_picture(contents, member)
        elif suffix in LABELS and member.is_file:
            contents.labels.setdefault(_key(name), {})[suffix] = *_label(member.content, suffix), name
        else:
            contents.others[suffix or "(no suffix)"] = contents.others.get(suffix or "(no suffix)", 0) + 1
    return {part.name: getattr(contents, part.name) for part in fields(contents)}


def _suffix(name: str) -> str:
    return name[name.rfind(".") :].lower() if "." in name.rpartition("/")[2] else ""


def _note_picture(contents: _Contents, member: Member) -> None:
    name = member.name
    if {"", ".", ".."} & set(name.split("/")):
        contents.problems.append((name, "its path leads out of the archive"))
    elif not member.is_file:
        contents.problems.append((name, "it is a link, and only files are read"))
    elif name in contents.pictures:
        contents.twice[name] = contents.twice.get(name, 1) + 1
    else:
        contents.pictures[name] = _key(name)


def _key(name: str) -> str:
    folder, slash, file = name.rpartition("/")
    return f"{folder}{slash}{file.partition('.')[0]}"


def _unclear(contents: _Contents, unclear: set[str]) -> Iterator[tuple[str, str]]:
    for name, n in contents.twice.items():
        yield name, f"it is in the archive {n} times"
    of_key = defaultdict(list)
    for name, key in contents.pictures.items():
        if key in unclear:
            of_key[key].append(name)
    for key, names in of_key.items():
        yield key, f"several pictures have this key, so that its label is unclear: {', '.join(names)}"


def _given(
    shard: ShardFile, contents: _Contents, paths: Sequence[str], classes: Sequence[str], problems: list[Problem]
) -> Iterator[tuple[str, str]]:
    for path in paths:
        by_suffix = contents.labels.get(contents.pictures[path], {})
        for written, wrong, name in (by_suffix[suffix] for suffix in LABELS if suffix in by_suffix):
            try:
                label = named(written, classes) if written else ""
            except ValueError as error:
                wrong = str(error)
            if wrong:
                problems.append(Problem(f"{shard}/{name}", wrong))
                break
            if label:
                yield path, label
                break


def _label(content: bytes, suffix: str) -> tuple[str, str]:
    """What is written as the label, empty where nothing is; and what is wrong with it."""
    try:
        sample = json.loads(content) if suffix == ".json" else {FIELDS[0]: content.decode()}
    except ValueError:
        return "", "it is not JSON" if suffix == ".json" else "it is not text (UTF-8)"
    if not isinstance(sample, dict):
        return "", ""
    value = next((sample[name] for name in FIELDS if name in sample), None)
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else "", ""


def named(written: str, classes: Sequence[str]) -> str:
    """The name of a label that is written as a number; as it is, where numbers have no names. Raises ValueError.

    >>> named("1", ["cat", "dog"]), named("dog", ["cat", "dog"]), named("1", [])
    ('dog', 'dog', '1')
    """
    if not classes or written in classes:
        return written
    if not written.isdecimal():
        raise ValueError(f"'{written[:100]}' is not one of the listed classes")
    if int(written) >= len(classes):
        raise ValueError(f"the label {written} is not one of the listed classes, 0 to {len(classes) - 1}")
    return classes[int(written)]
