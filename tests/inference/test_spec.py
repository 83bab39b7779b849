"""What a SPEC says, and the name under which its proposals are kept."""

from pathlib import Path

import pytest
from tests.inference.hub_caches import cached

from multilabelfy.dataset.model import Label
from multilabelfy.errors import ScorerUnavailable
from multilabelfy.inference import spec as specs
from multilabelfy.inference.precision import Precision
from multilabelfy.inference.spec import ScorerKind, Spec, check_precision, parse_spec, require_modules, source_of
from multilabelfy.proposals.prompts import Wording


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("timm/resnet50.a1_in1k", Spec(ScorerKind.TIMM, "resnet50.a1_in1k")),
        ("timm/hf-hub:timm/resnet10t.c3_in1k", Spec(ScorerKind.TIMM, "hf-hub:timm/resnet10t.c3_in1k")),
        ("transformers:google/vit-base-patch16-224@main", Spec(ScorerKind.TRANSFORMERS, "google/vit-base-patch16-224@main")),
        ("clip:models/our-clip", Spec(ScorerKind.CLIP, "models/our-clip")),
        ("onnx:models/lite0.onnx", Spec(ScorerKind.ONNX, "models/lite0.onnx")),
        ("scores:C:\\scores.npy", Spec(ScorerKind.SCORES, "C:\\scores.npy")),
        ("python:my.models:best", Spec(ScorerKind.PYTHON, "my.models:best")),
    ],
)
def test_a_spec_is_read_and_written_the_same(text: str, spec: Spec) -> None:
    assert parse_spec(text) == spec
    assert str(spec) == text


@pytest.mark.parametrize("text", ["resnet50", "timm/", "onnx:", "tensorflow/resnet50", ""])
def test_what_names_no_model_is_answered_with_the_forms_there_are(text: str) -> None:
    with pytest.raises(ScorerUnavailable) as refused:
        parse_spec(text)

    assert f"'{text}' names no model" in str(refused.value)
    forms = ("timm/MODEL", "transformers:NAME", "clip:NAME", "onnx:FILE.onnx", "scores:FILE.npy", "python:MODULE:FUNCTION")
    assert all(form in str(refused.value) for form in forms)


def test_a_source_names_the_file_without_its_folder_and_a_part_of_its_digest(tmp_path: Path) -> None:
    (tmp_path / "s.npy").write_bytes(b"abc")

    # SHA-256 of the SHA-256 of "abc"
    assert source_of(parse_spec(f"scores:{tmp_path / 's.npy'}")) == "scores:s.npy@4f8b42c2"


def test_other_weights_or_another_card_make_another_source(tmp_path: Path) -> None:
    model, card = tmp_path / "m.onnx", tmp_path / "m.onnx.json"
    model.write_bytes(b"weights")
    card.write_text("{}")
    spec = parse_spec(f"onnx:{model}")
    first = source_of(spec)

    card.write_text('{"crop": 224}')
    other_card = source_of(spec)
    model.write_bytes(b"other weights")

    assert len({first, other_card, source_of(spec)}) == 3


def test_a_model_and_a_function_are_named_as_they_were_asked_for(tmp_path: Path) -> None:
    weights = tmp_path / "w.pth"
    weights.write_bytes(b"abc")

    assert source_of(parse_spec("timm/resnet50")) == "timm/resnet50"
    assert source_of(parse_spec("timm/resnet50"), weights) == "timm/resnet50@4f8b42c2"
    assert source_of(parse_spec("python:my.models:best")) == "python:my.models:best"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScorerUnavailable, match=r"Cannot read the file '.*none\.npy': No such file"):
        source_of(parse_spec(f"scores:{tmp_path / 'none.npy'}"))


def test_a_missing_extra_is_named_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(specs.MODULES, ScorerKind.TIMM, ("torch_that_is_not_there", "timm_that_is_not_there"))

    with pytest.raises(ScorerUnavailable) as refused:
        require_modules(ScorerKind.TIMM, "timm/resnet50")

    assert str(refused.value) == (
        "Cannot use 'timm/resnet50': torch_that_is_not_there and timm_that_is_not_there are not installed. "
        "Install the extra 'timm': pip install 'multilabelfy[timm]'"
    )


def test_a_model_of_the_hub_is_named_with_its_revision_and_one_that_reads_labels_with_its_prompts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    cached(tmp_path, "lab/model")
    cats, dogs = (Wording((Label(0, "n1", (name,)),)) for name in ("cat", "dog"))

    assert source_of(parse_spec("transformers:lab/model"), None, cats) == "transformers:lab/model@0a1b2c3d"
    assert source_of(parse_spec("clip:lab/model"), None, cats) == f"clip:lab/model@0a1b2c3d.{cats.digest}"
    assert cats.digest != dogs.digest


def test_what_clip_models_need_comes_with_the_extra_transformers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(specs.MODULES, ScorerKind.CLIP, ("transformers_that_is_not_there",))

    with pytest.raises(ScorerUnavailable, match=r"Install the extra 'transformers': pip install 'multilabelfy\[transformers\]'"):
        source_of(parse_spec("clip:lab/model"))


def test_scores_and_functions_need_nothing_beyond_the_base() -> None:
    require_modules(ScorerKind.SCORES, "scores:s.npy")
    require_modules(ScorerKind.PYTHON, "python:m:f")


def test_another_precision_makes_another_source(tmp_path: Path) -> None:
    (tmp_path / "w.pt").write_bytes(b"abc")
    spec = parse_spec("timm/resnet50")

    assert source_of(spec, precision=Precision.FLOAT32) == source_of(spec) == "timm/resnet50"
    assert source_of(spec, precision=Precision.BFLOAT16) == "timm/resnet50@bfloat16"
    assert source_of(spec, tmp_path / "w.pt", precision=Precision.FLOAT16) == "timm/resnet50@4f8b42c2.float16"  # digest: as above


@pytest.mark.parametrize("text", ["onnx:m.onnx", "scores:s.npy", "python:my.models:best"])
def test_what_is_no_network_of_torch_takes_no_precision(text: str) -> None:
    check_precision(parse_spec(text), Precision.FLOAT32)

    with pytest.raises(ScorerUnavailable, match=f"Cannot use '{text}' in bfloat16: only timm/, transformers: and clip: models take"):
        check_precision(parse_spec(text), Precision.BFLOAT16)
