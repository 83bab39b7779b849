"""Models of transformers score from a folder; they are drawn at random here, and kept small. What every scorer promises they promise too.

All tests that need transformers are here: to import it takes seconds.
"""

import json
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from PIL import Image
from tests.inference.scorers.test_contract import (
    PICTURES,
    SCORERS,
    opened,
    test_a_scorer_takes_a_picture_that_came_as_small_as_it_allows,
    test_a_scorer_that_embeds_and_is_safe_embeds_on_several_threads_as_on_one,
    test_a_scorer_that_embeds_gives_a_picture_the_same_vector_in_every_batch,
    test_a_scorer_that_embeds_gives_the_same_scores_with_embeddings_and_without,
    test_a_scorer_that_promises_to_be_safe_scores_on_several_threads_as_on_one,
    test_every_scorer_keeps_the_contract,
    test_every_scorer_prepares_pictures_on_several_threads_as_on_one,
)
from tests.workflows.proposing.studies_for_proposing import NAME, NOW, add_study, paint, proposed, runs, settings
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import (
    AutoImageProcessor,
    AutoTokenizer,
    CLIPConfig,
    CLIPImageProcessorPil,
    CLIPModel,
    ConvNextImageProcessorPil,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    SiglipConfig,
    SiglipImageProcessorPil,
    SiglipModel,
    ViTConfig,
    ViTForImageClassification,
    ViTImageProcessorPil,
    ViTModel,
)

from multilabelfy.dataset.model import ImageId, Label
from multilabelfy.errors import InvalidInput, InvalidScores, NotProposed, ScorerUnavailable
from multilabelfy.inference.cluster.work import ShardImage, ShardWorker, WorkOrder
from multilabelfy.inference.running.ranked import Ranking
from multilabelfy.inference.scorers.clip import PROMPTS_AT_ONCE, open_clip, text_features
from multilabelfy.inference.scorers.network import networks
from multilabelfy.inference.scorers.pretrained import shorter_side
from multilabelfy.inference.scorers.transformers import IMAGENET_CLASSES, labels_of, open_transformers
from multilabelfy.inference.spec import ScorerKind, parse_spec, source_of
from multilabelfy.proposals.columns import Columns
from multilabelfy.proposals.model import Scorer, embedder_of
from multilabelfy.proposals.prompts import TEMPLATES, Wording
from multilabelfy.workflows.proposing.made_with import made_with
from multilabelfy.workflows.proposing.runs import propose
from multilabelfy.workflows.proposing.suspects import suspects
from multilabelfy.workflows.workspace import Workspace
from multilabelfy.workflows.workspace import opened as opened_workspace

__all__ = [
    "test_a_scorer_takes_a_picture_that_came_as_small_as_it_allows",
    "test_a_scorer_that_embeds_and_is_safe_embeds_on_several_threads_as_on_one",
    "test_a_scorer_that_embeds_gives_a_picture_the_same_vector_in_every_batch",
    "test_a_scorer_that_embeds_gives_the_same_scores_with_embeddings_and_without",
    "test_a_scorer_that_promises_to_be_safe_scores_on_several_threads_as_on_one",
    "test_every_scorer_keeps_the_contract",
    "test_every_scorer_prepares_pictures_on_several_threads_as_on_one",
]

SMALL: dict[str, Any] = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
PICTURES_OF_32 = {**SMALL, "image_size": 32, "patch_size": 8}
CONTEXT = 24
COLOURS = ("blue", "green", "red")
BIRDS = Wording(
    tuple(Label(place, key, (key.title(), f"{key} bird"), "has feathers") for place, key in enumerate(("crane", "emu", "owl"))),
    ("{name}", "a {name}.", "{name}: {definition}"),
)


def vit(folder: Path, *labels: str, kind: type[PreTrainedModel] = ViTForImageClassification) -> Path:
    """A tiny vision transformer with these labels, or with as many numbers, and its preparation of pictures."""
    torch.manual_seed(0)
    named = {"id2label": dict(enumerate(labels)), "label2id": {label: place for place, label in enumerate(labels)}}
    kind(ViTConfig(**SMALL, image_size=32, patch_size=8, **named)).save_pretrained(folder)
    ViTImageProcessorPil(size={"height": 32, "width": 32}).save_pretrained(folder)
    return folder


def clip(folder: Path) -> Path:
    """A tiny CLIP that reads bytes."""
    torch.manual_seed(0)
    texts = {**SMALL, "vocab_size": 258, "max_position_embeddings": CONTEXT, "bos_token_id": 0, "eos_token_id": 1, "pad_token_id": 1}
    CLIPModel(CLIPConfig(text_config=texts, vision_config=PICTURES_OF_32, projection_dim=16)).save_pretrained(folder)
    CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}).save_pretrained(folder)
    return byte_tokenizer(folder)


def siglip(folder: Path) -> Path:
    """A tiny SigLIP that reads bytes."""
    torch.manual_seed(0)
    texts = {**SMALL, "vocab_size": 258, "max_position_embeddings": CONTEXT}
    model = SiglipModel(SiglipConfig(text_config=texts, vision_config=PICTURES_OF_32))
    model.logit_bias.data.fill_(-1.0)
    model.save_pretrained(folder)
    SiglipImageProcessorPil(size={"height": 32, "width": 32}).save_pretrained(folder)
    return byte_tokenizer(folder)


def byte_tokenizer(folder: Path) -> Path:
    """A token for each byte, between one for the beginning and one for the end."""
    tokens = ["<start>", "<end>", *sorted(pre_tokenizers.ByteLevel.alphabet())]
    tokenizer = Tokenizer(models.BPE(vocab={token: place for place, token in enumerate(tokens)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.post_processor = processors.TemplateProcessing(single="<start> $A <end>", special_tokens=[("<start>", 0), ("<end>", 1)])
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token="<start>", eos_token="<end>", pad_token="<end>", model_max_length=CONTEXT
    ).save_pretrained(folder)
    return folder


TINY: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "ViT": ("transformers", lambda folder: vit(folder, *COLOURS)),
    "CLIP": ("clip", clip),
    "SigLIP": ("clip", siglip),
}


def test_a_scorer_of_every_kind_keeps_the_contract_here_or_in_its_own_file() -> None:
    kinds = {name.partition(":")[0] for name in SCORERS} | {kind for kind, _ in TINY.values()}

    assert kinds == set(ScorerKind) - {ScorerKind.SCORES}  # a file of scores is no scorer


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    """Threads of torch that wait for such small networks only cost time."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One model of each kind, each in its folder."""
    folder = tmp_path_factory.mktemp("tiny")
    for name, (_, made) in TINY.items():
        made(folder / name)
    return folder


@pytest.fixture(scope="module")
def scorers(tiny: Path) -> dict[str, Scorer]:
    """All of them, opened once."""
    return {name: opened(f"{kind}:{tiny / name}", tiny, wording=BIRDS) for name, (kind, _) in TINY.items()}


@pytest.fixture(scope="module", params=TINY)
def scorer(request: pytest.FixtureRequest, scorers: dict[str, Scorer]) -> Scorer:
    """What keeps the contract."""
    return scorers[request.param]


@pytest.fixture(scope="module")
def embedders(tiny: Path) -> dict[str, Scorer]:
    """All of them, opened once more, asked to embed."""
    return {name: opened(f"{kind}:{tiny / name}", tiny, wording=BIRDS, embeddings=True) for name, (kind, _) in TINY.items()}


@pytest.fixture(scope="module", params=TINY)
def embedder(request: pytest.FixtureRequest, embedders: dict[str, Scorer]) -> Scorer:
    """What keeps the contract of those that embed."""
    return embedders[request.param]


@pytest.fixture
def in_torch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without ONNX Runtime, for which a network must be exported."""
    monkeypatch.setattr(networks, "find_spec", lambda _: None)


def first_scores(scorer: Scorer) -> npt.NDArray[np.float32]:
    """(1, n_labels), of the first picture."""
    return scorer.score(scorer.prepare(PICTURES[0])[None])


def refusal(folder: Path) -> str:
    with pytest.raises(ScorerUnavailable) as refused:
        open_transformers(str(folder))
    return str(refused.value)


def test_it_scores_as_transformers_does_with_its_preparation(tiny: Path, scorers: dict[str, Scorer]) -> None:
    model = ViTForImageClassification.from_pretrained(tiny / "ViT").eval()
    pixels = ViTImageProcessorPil.from_pretrained(tiny / "ViT")(images=PICTURES[0], return_tensors="pt")
    with torch.inference_mode():
        expected = model(**pixels).logits.softmax(dim=1).numpy()

    assert scorers["ViT"].labels == COLOURS
    assert np.allclose(first_scores(scorers["ViT"]), expected, atol=1e-6)


@pytest.mark.usefixtures("in_torch")
def test_a_classifiers_embedding_is_what_its_classifier_gets(tiny: Path) -> None:
    """In torch, bit for bit; and scores are those without embeddings."""
    folder = tiny / "ViT"
    model = ViTForImageClassification.from_pretrained(folder).eval()
    pixels = ViTImageProcessorPil.from_pretrained(folder)(images=PICTURES[0], return_tensors="pt")
    with torch.inference_mode():
        expected = model.vit(**pixels).last_hidden_state[:, 0].numpy()
    scorer, plain = open_transformers(str(folder), embeddings=True), open_transformers(str(folder))
    embed = embedder_of(scorer)
    assert embed is not None

    scores, vectors = embed(scorer.prepare(PICTURES[0])[None])

    assert np.allclose(vectors, expected, atol=1e-6)
    assert np.array_equal(scores, first_scores(plain))


def test_the_embedding_by_a_model_of_pictures_and_texts_is_the_pictures(tiny: Path, embedders: dict[str, Scorer]) -> None:
    model = CLIPModel.from_pretrained(tiny / "CLIP").eval()
    pixels = AutoImageProcessor.from_pretrained(tiny / "CLIP", backend="pil")(images=PICTURES[0], return_tensors="pt")["pixel_values"]
    with torch.inference_mode():
        text = torch.tensor([[0, 5, 1]])
        expected = model(input_ids=text, pixel_values=pixels).image_embeds.numpy()
    embed = embedder_of(embedders["CLIP"])
    assert embed is not None

    _, vectors = embed(embedders["CLIP"].prepare(PICTURES[0])[None])

    assert np.allclose(vectors, expected, atol=1e-5)


@pytest.mark.usefixtures("in_torch")
def test_weights_in_half_precision_score_in_single_precision(tmp_path: Path) -> None:
    ViTForImageClassification.from_pretrained(vit(tmp_path, *COLOURS)).half().save_pretrained(tmp_path)
    scorer = open_transformers(str(tmp_path))

    assert scorer.prepare(PICTURES[0]).dtype == np.float32
    assert first_scores(scorer).dtype == np.float32


def test_numbers_instead_of_names_mean_the_datasets_own_order() -> None:
    assert labels_of(ViTConfig(num_labels=2)) == ()


def test_imagenets_classes_are_known_by_their_names() -> None:
    names = {place: IMAGENET_CLASSES.get(place, "crane") for place in range(1000)}

    assert labels_of(ViTConfig(id2label=names, label2id={})) == ("imagenet1k",)
    assert labels_of(ViTConfig(id2label={**names, 999: "zebra"}, label2id={}))[-1] == "zebra"


def test_a_picture_needs_the_pixels_that_it_is_resized_to() -> None:
    processor = ViTImageProcessorPil(size={"height": 32, "width": 48})

    assert shorter_side(processor) == 48
    assert shorter_side(ConvNextImageProcessorPil(size={"shortest_edge": 224}, crop_pct=0.875)) == 256
    assert shorter_side(ViTImageProcessorPil(do_resize=False)) is None


def test_a_network_without_a_classifier_is_refused_instead_of_getting_a_random_one(tmp_path: Path) -> None:
    answer = refusal(vit(tmp_path, *COLOURS, kind=ViTModel))

    assert f"Cannot use 'transformers:{tmp_path}': its file lacks weights of a classifier of images (classifier." in answer


def test_a_network_that_knows_no_classes_is_refused(tmp_path: Path) -> None:
    assert "it knows no classes" in refusal(vit(tmp_path, kind=ViTModel))


def test_weights_cut_off_are_refused(tmp_path: Path) -> None:
    weights = vit(tmp_path, *COLOURS) / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:1000])

    assert "transformers cannot load it as a classifier of images: " in refusal(tmp_path)


def test_code_that_comes_with_a_model_is_not_run(tmp_path: Path) -> None:
    config = json.loads((vit(tmp_path, *COLOURS) / "config.json").read_text())
    config |= {"model_type": "their_own", "auto_map": {"AutoConfig": "theirs.Config", "AutoModelForImageClassification": "theirs.Model"}}
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "theirs.py").write_text(f"open({str(tmp_path / 'was-run')!r}, 'w')")

    assert "transformers cannot load it as a classifier of images: " in refusal(tmp_path)
    assert not (tmp_path / "was-run").exists()


def test_a_missing_preparation_is_named(tmp_path: Path) -> None:
    (vit(tmp_path, *COLOURS) / "preprocessor_config.json").unlink()

    assert "there is no preparation of pictures (preprocessor_config.json) that transformers can read" in refusal(tmp_path)


def test_a_preparation_into_several_shapes_is_refused(tmp_path: Path) -> None:
    ViTImageProcessorPil(do_resize=False).save_pretrained(vit(tmp_path, *COLOURS))

    assert "makes (3, 240, 320) of a wide picture and (3, 320, 240) of a tall one" in refusal(tmp_path)


def expected_of(folder: Path, kind: type[PreTrainedModel], *, fills: bool) -> tuple[torch.Tensor, torch.Tensor]:
    """The scaled cosines (1, 3) of the first picture to BIRDS, by the model's own forward pass, prompt by prompt; and its bias."""
    model, tokenizer = kind.from_pretrained(folder).eval(), AutoTokenizer.from_pretrained(folder)
    pixels = AutoImageProcessor.from_pretrained(folder, backend="pil")(images=PICTURES[0], return_tensors="pt")["pixel_values"]
    with torch.inference_mode():
        texts = torch.zeros(3, 0)
        for label, prompt in BIRDS.prompts():
            tokens = tokenizer(prompt, truncation=True, max_length=CONTEXT, padding="max_length" if fills else False, return_tensors="pt")
            text = model(input_ids=tokens["input_ids"], pixel_values=pixels).text_embeds
            texts = texts if texts.shape[1] else texts.new_zeros(3, text.shape[1])
            texts[label] += text[0]
        texts = texts / texts.norm(dim=1, keepdim=True)
        picture = model(input_ids=tokens["input_ids"], pixel_values=pixels).image_embeds
    return picture @ texts.T * model.logit_scale.exp().item(), getattr(model, "logit_bias", torch.zeros(1))


def test_clip_scores_by_softmax_of_scaled_cosines_to_the_mean_of_a_labels_prompts(tiny: Path, scorers: dict[str, Scorer]) -> None:
    cosines, _ = expected_of(tiny / "CLIP", CLIPModel, fills=False)

    assert scorers["CLIP"].labels == ("crane", "emu", "owl")
    assert np.allclose(first_scores(scorers["CLIP"]), cosines.softmax(dim=1).numpy(), atol=1e-5)


def test_siglip_scores_by_sigmoids_as_shares_of_their_sum(tiny: Path, scorers: dict[str, Scorer]) -> None:
    cosines, bias = expected_of(tiny / "SigLIP", SiglipModel, fills=True)

    chances = (cosines + bias.item()).sigmoid()
    assert np.allclose(first_scores(scorers["SigLIP"]), (chances / chances.sum()).numpy(), atol=1e-5)


def test_a_large_label_space_is_read_a_few_prompts_at_a_time() -> None:
    many = Wording(tuple(Label(place, str(place), (str(place),)) for place in range(20_000)), ("{name}", "a {name}"))
    most = 0

    def embed(prompts: Sequence[str]) -> torch.Tensor:
        nonlocal most
        most = max(most, len(prompts))
        return torch.tensor([[1.0, 0.0] if prompt.startswith("a ") else [0.0, 1.0] for prompt in prompts])

    texts = text_features(embed, many)

    assert most == PROMPTS_AT_ONCE
    assert torch.allclose(texts, torch.full((20_000, 2), 0.5**0.5))


def test_a_classifier_is_no_model_of_pictures_and_texts(tiny: Path) -> None:
    with pytest.raises(ScorerUnavailable, match=r"ViTModel is not a model of pictures and texts .*named as transformers:"):
        open_clip(str(tiny / "ViT"), BIRDS)


def test_a_model_of_pictures_and_texts_is_no_classifier(tiny: Path) -> None:
    assert "its file lacks weights of a classifier of images" in refusal(tiny / "CLIP")


def test_a_missing_tokenizer_is_named(tmp_path: Path) -> None:
    (clip(tmp_path) / "tokenizer.json").unlink()

    with pytest.raises(ScorerUnavailable, match="there is no tokenizer that transformers can read beside its weights"):
        open_clip(str(tmp_path), BIRDS)


@pytest.fixture
def study(tmp_path: Path, in_torch: None) -> Iterator[Workspace]:
    """Two pictures of each colour, one of which cannot be read."""
    with opened_workspace(settings(tmp_path), create=True) as workspace:
        pictures = paint(tmp_path, n_of_each=2)
        add_study(workspace, pictures)
        (pictures / "red" / "1.png").write_bytes(b"no picture")
        yield workspace


def test_it_proposes_beside_an_unreadable_picture_and_its_files_name_the_run(study: Workspace, tmp_path: Path) -> None:
    model = vit(tmp_path / "my-vit", "Blue things, blue", "green", "red")  # the dataset's order is another

    done = propose(study, NAME, [f"transformers:{model}"], k=2, now=NOW)
    again = propose(study, NAME, [f"transformers:{model}"], k=2, now=NOW)

    scorer = open_transformers(str(model))
    scores = scorer.score(scorer.prepare(Image.open(tmp_path / "pictures" / "green" / "0.png"))[None])[0]
    first = proposed(study)["green/0.png"][0]
    assert [path for path, _ in done.unreadable] == ["red/1.png"]
    assert [(run.n_new, run.n_before) for run in (*done.runs, *again.runs)] == [(5, 0), (0, 5)]
    assert first.label == 2 - int(scores.argmax())
    assert first.score == pytest.approx(scores.max(), abs=1e-6)
    assert re.fullmatch(r"transformers:my-vit@[0-9a-f]{8}", runs(study)[0].source)


def test_a_model_that_reads_labels_proposes_and_other_templates_are_another_run(study: Workspace, tiny: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny / "CLIP", tmp_path / "my-clip")
    spec = f"clip:{tmp_path / 'my-clip'}"
    (tmp_path / "templates.txt").write_text("{name}\n")

    propose(study, NAME, [spec], k=2, now=NOW)
    propose(study, NAME, [spec], k=2, templates=tmp_path / "templates.txt", now=NOW)

    sources = [run.source for run in runs(study)]
    assert all(re.fullmatch(r"clip:my-clip@[0-9a-f]{8}\.[0-9a-f]{8}", source) for source in sources)
    assert len({source.rpartition(".")[2] for source in sources}) == 2
    assert [run.n_done for run in runs(study)] == [5, 5]
    made = made_with(study)
    assert [made[NAME, source].details["templates"] for source in sources] == [list(TEMPLATES), ["{name}"]]
    assert made[NAME, sources[0]].details["preparation"]["crop_size"] == {"height": 32, "width": 32}
    assert {"multilabelfy", "torch", "transformers", "onnxruntime"} <= set(made[NAME, sources[0]].versions)
    assert suspects(study, NAME, models=["clip:my-clip"]).models == (sources[1],)  # the newest by this model
    with pytest.raises(NotProposed):  # and nobody asks the hub
        suspects(study, NAME, models=["clip:lab/other"])


@pytest.mark.usefixtures("in_torch")
def test_a_worker_of_a_cluster_reads_the_same_labels(tiny: Path, scorers: dict[str, Scorer], tmp_path: Path) -> None:
    spec = parse_spec(f"clip:{tiny / 'CLIP'}")
    ranking = Ranking(source_of(spec, None, BIRDS), Columns(3, np.arange(3)), 3, "")
    PICTURES[0].save(tmp_path / "0.png")
    order = WorkOrder(spec, None, tmp_path, ranking, str(tmp_path), 20.0, max_pixels=10**6, batch_size=1, n_threads=1, wording=BIRDS)

    outcome = ShardWorker(order).outcome([ShardImage(ImageId(1), "0.png", None)])

    assert outcome.error is None
    assert outcome.ranked[0].labels[0].tolist() == np.argsort(-first_scores(scorers["CLIP"])[0]).tolist()


def test_templates_belong_to_a_model_that_reads_them(study: Workspace, tmp_path: Path) -> None:
    (tmp_path / "templates.txt").write_text("{name}\n")

    with pytest.raises(InvalidInput, match="they are read by clip: models, and none is named"):
        propose(study, NAME, [f"transformers:{tmp_path}"], templates=tmp_path / "templates.txt", now=NOW)


def test_weights_that_give_a_nan_end_the_run(study: Workspace, tmp_path: Path) -> None:
    broken = ViTForImageClassification.from_pretrained(vit(tmp_path / "broken", *COLOURS))
    broken.classifier.bias.data[0] = torch.nan
    broken.save_pretrained(tmp_path / "broken")

    with pytest.raises(InvalidScores, match="hold a NaN or an infinite number"):
        propose(study, NAME, [f"transformers:{tmp_path / 'broken'}"], k=2, now=NOW)


def test_classes_that_do_not_fit_are_refused_before_a_picture_is_opened(study: Workspace, tmp_path: Path) -> None:
    with pytest.raises(InvalidScores, match=r"1 are not among the scorer's 2 \('red'; the scorer's begin with 'blue'"):
        propose(study, NAME, [f"transformers:{vit(tmp_path / 'two', 'blue', 'green')}"], k=2, now=NOW)
