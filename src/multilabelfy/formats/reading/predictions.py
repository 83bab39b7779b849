"""Read models' predictions: `.npy`, `.npz` of several models, or a table `image,label,rank`. Nothing is ever unpickled."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
import polars as pl

from multilabelfy.dataset.model import LabelSpace
from multilabelfy.errors import InvalidInput, Problem
from multilabelfy.evaluation.measures.model import NO_LABEL, Predictions, Rankings, ScoredImages
from multilabelfy.formats.imagenet1k import imagenet1k
from multilabelfy.formats.inputs import PREDICTIONS
from multilabelfy.plurals import counted

SHOWN = 5
MODEL_COLUMNS = ("model", "source")


def read_predictions(path: Path, labels: LabelSpace | None = None) -> Predictions:
    """Read one file. The model is named after the file, unless the file names its models.

    In a table, `label` is a key if `labels` is given and knows it, else an index. Raises InvalidInput.
    """
    readers = {".npy": _read_npy, ".npz": _read_npz}
    suffix = path.suffix.lower()
    if suffix in readers:
        return readers[suffix](path)
    if suffix in (".csv", ".tsv", ".parquet"):
        return _read_table(path, labels)
    raise _invalid(path, [f"files of the kind '{path.suffix}' are not read"])


def _read_npy(path: Path) -> Predictions:
    array = _load(path)
    if not isinstance(array, np.ndarray) or array.ndim not in (1, 2) or not array.size:
        raise _invalid(path, [f"its shape is {getattr(array, 'shape', 'unknown')}"])
    if array.dtype.kind in "iu":
        return Rankings((path.stem,), array.reshape(1, len(array), -1))
    if array.dtype.kind == "f" and array.ndim == 2:
        return ScoredImages(path.stem, array.astype(np.float32) if array.dtype == np.float16 else array)
    raise _invalid(path, [f"its values are {array.dtype} in {counted(array.ndim, 'dimension')}"])


def _read_npz(path: Path) -> Rankings:
    arrays = _arrays(path)
    missing = [name for name in ("models", "images", "ranked") if name not in arrays]
    if missing:
        raise _invalid(path, [f"it lacks the array '{name}'" for name in missing])
    models, images, ranked = arrays["models"], arrays["images"], arrays["ranked"]
    ranked = ranked[:, :, np.newaxis] if ranked.ndim == 2 else ranked
    if ranked.ndim != 3 or ranked.shape[:2] != (len(models), len(images)) or not ranked.size:
        raise _invalid(
            path, [f"'ranked' is {ranked.shape}, but the file names {counted(len(models), 'model')} and {counted(len(images), 'image')}"]
        )
    if ranked.dtype.kind not in "iu":
        raise _invalid(path, [f"'ranked' holds {ranked.dtype}, but must hold label indices"])
    return Rankings(_unique_models(path, models.tolist()), ranked, _names(images))


def _arrays(path: Path) -> Mapping[str, npt.NDArray[Any]]:
    archive = _load(path)
    if isinstance(archive, np.ndarray):
        raise _invalid(path, ["it is a single array, not an archive of several"])
    wanted = ("models", "images", "ranked")
    with archive:
        try:
            return {name: archive[name] for name in wanted if name in archive.files}
        except (ValueError, OSError, BadZipFile) as error:
            raise _invalid(path, [f"it is damaged, or holds pickled objects, which are never read ({error})"]) from error


def _load(path: Path) -> "npt.NDArray[Any] | np.lib.npyio.NpzFile":
    try:
        return np.load(path, allow_pickle=False)  # type: ignore[no-any-return]
    except FileNotFoundError:
        raise InvalidInput("Cannot read the predictions", [Problem(str(path), "there is no such file")]) from None
    except (ValueError, OSError, EOFError, BadZipFile) as error:
        raise _invalid(path, [f"it is not a NumPy file, or holds pickled objects ({error})"]) from error


def _read_table(path: Path, labels: LabelSpace | None) -> Rankings:
    table = _table(path)
    model = next((column for column in MODEL_COLUMNS if column in table.columns), None)
    models = table[model].cast(pl.String).to_list() if model else [path.stem] * table.height
    images = table["image"].cast(pl.String).to_list()
    indices, ranks = _label_indices(path, table["label"], labels), _ranks(path, table["rank"])
    model_names, image_names = tuple(dict.fromkeys(models)), tuple(dict.fromkeys(images))
    model_place, image_place = _codes(models, model_names), _codes(images, image_names)
    ranked = np.full((len(model_names), len(image_names), int(ranks.max())), NO_LABEL, dtype=np.int64)
    _require_each_rank_once(path, images, model_place, image_place, ranks)
    ranked[model_place, image_place, ranks - 1] = indices
    return Rankings(model_names, ranked, image_names)


def _table(path: Path) -> pl.DataFrame:
    try:
        table = pl.read_parquet(path) if path.suffix.lower() == ".parquet" else _read_text_table(path)
    except FileNotFoundError:
        raise InvalidInput("Cannot read the predictions", [Problem(str(path), "there is no such file")]) from None
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _invalid(path, [f"it is not a table that can be read ({error})"]) from error
    table = table.rename({column: column.strip().lower() for column in table.columns})
    missing = [column for column in ("image", "label", "rank") if column not in table.columns]
    problems = [f"it lacks the column '{column}'" for column in missing]
    if not missing:
        rows = table.select(pl.any_horizontal(pl.col("image", "label", "rank").is_null())).to_series().arg_true()[:SHOWN]
        problems = [f"row {row + 1} has an empty cell" for row in rows] or ([] if table.height else ["it has no rows"])
    if problems:
        raise _invalid(path, problems)
    return table


def _read_text_table(path: Path) -> pl.DataFrame:
    separator = "\t" if path.suffix.lower() == ".tsv" else ","
    return pl.read_csv(path, infer_schema=False, separator=separator)


def _label_indices(path: Path, column: pl.Series, labels: LabelSpace | None) -> npt.NDArray[np.int64]:
    written = column.cast(pl.String)
    texts = written.unique().to_list()
    space = labels or _imagenet_where_it_fits(texts)
    keys = space.index_by_key if space else {}
    index = {text: keys[text] if text in keys else _as_index(text) for text in texts}
    unknown = sorted(text for text, label in index.items() if label is None)
    if unknown:
        raise _invalid(path, [_unknown_label(text, labels) for text in unknown[:SHOWN]])
    return np.array([index[text] for text in written.to_list()], dtype=np.int64)


def _imagenet_where_it_fits(texts: Sequence[str]) -> LabelSpace | None:
    """ImageNet-1k, if every label is one of its WordNet ids."""
    return imagenet1k() if set(texts) <= imagenet1k().index_by_key.keys() else None


def _as_index(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def _unknown_label(text: str, labels: LabelSpace | None) -> str:
    if labels is None:
        return f"the label '{text}' is not an index: name the label space in which it is a key (--label-space)"
    return f"there is no label '{text}' in '{labels.name}'"


def _ranks(path: Path, column: pl.Series) -> npt.NDArray[np.int64]:
    ranks = column.cast(pl.Int64, strict=False)
    wrong = (ranks.is_null() | (ranks < 1)).arg_true()[:SHOWN]
    if len(wrong):
        raise _invalid(path, [f"row {row + 1} has the rank '{column[row]}': ranks are whole numbers from 1" for row in wrong])
    return ranks.to_numpy().astype(np.int64)


def _codes(values: Sequence[str], names: Sequence[str]) -> npt.NDArray[np.int64]:
    place = {name: position for position, name in enumerate(names)}
    return np.fromiter((place[value] for value in values), dtype=np.int64, count=len(values))


def _require_each_rank_once(
    path: Path, images: Sequence[str], model: npt.NDArray[np.int64], image: npt.NDArray[np.int64], ranks: npt.NDArray[np.int64]
) -> None:
    """Check that each image of each model has the ranks 1, 2, … n, each exactly once."""
    order = np.lexsort((ranks, image, model))
    first = np.ones(len(order), dtype=bool)
    first[1:] = (np.diff(model[order]) != 0) | (np.diff(image[order]) != 0)
    starts = np.flatnonzero(first)
    expected = np.arange(len(order)) - np.repeat(starts, np.diff([*starts, len(order)])) + 1
    wrong = np.flatnonzero(ranks[order] != expected)[:SHOWN]
    if wrong.size:
        problems = [
            f"the ranks of the image '{images[order[i]]}' are not 1, 2, …: it has {ranks[order[i]]} instead of {expected[i]}" for i in wrong
        ]
        raise _invalid(path, problems)


def _unique_models(path: Path, models: Sequence[object]) -> tuple[str, ...]:
    names = tuple(str(model) for model in models)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise _invalid(path, [f"the model '{name}' occurs more than once" for name in twice])
    return names


def _names(images: npt.NDArray[Any]) -> tuple[str, ...]:
    return tuple(str(name) for name in images.tolist())


def _invalid(path: Path, problems: Sequence[str]) -> InvalidInput:
    return InvalidInput("Cannot read the predictions", [Problem(str(path), problem) for problem in problems], PREDICTIONS.forms)
