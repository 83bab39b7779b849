"""Final labels by the posterior of a study's own votes: what it settles, what it never touches, and what a release says of it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from tests.answering import answer, person
from tests.deciding import say
from tests.studies import NOW, SOURCE, Study, ready_study

from multilabelfy import __version__
from multilabelfy.annotation.model import Outcome, Role
from multilabelfy.annotation.study.protocol import PAPER, REAL, RefinementStyle
from multilabelfy.dataset.model import ImageId, ImageState
from multilabelfy.refinement.image_filter import ImageFilter
from multilabelfy.refinement.model import FinalLabels, LabelSource
from multilabelfy.store.decisions import releases
from multilabelfy.workflows.analysing.chances import Caution, Chances, Counted, chances_of
from multilabelfy.workflows.analysing.votes_of_files import Method, aggregate
from multilabelfy.workflows.owning.gallery import gallery_page, history_of
from multilabelfy.workflows.releasing.by_posterior import PosteriorWanted
from multilabelfy.workflows.releasing.exports import export
from multilabelfy.workflows.releasing.resolve import Resolved, resolve

VOTES_ALONE = Counted(models=False)


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path, n_images=6)
    yield ready
    ready.workspace.close()


def by_posterior(study: Study, threshold: float = 0.5, margin: float = 0.0, what: Counted = VOTES_ALONE) -> Resolved:
    return resolve(study.workspace, "pilot", NOW, PosteriorWanted(threshold, margin, what))


def chances(study: Study, what: Counted = VOTES_ALONE) -> Chances:
    with study.workspace.store.reading() as c:
        return chances_of(c, study.dataset, what)


def released(study: Study, number: int) -> dict[ImageId, FinalLabels]:
    with study.workspace.store.reading() as c:
        return {final.image: final for _, final in releases.labels_of(c, study.dataset.id, number)}


def disputed(study: Study, image: int) -> None:
    """Both choose the image's first label, and one of them the next one too."""
    answer(study, "Ada", image, [image, image + 1])
    assert answer(study, "Bob", image, [image]) is ImageState.DISPUTED


def test_a_disputed_image_gets_the_labels_above_the_threshold_and_says_how(study: Study) -> None:
    disputed(study, 0)
    for who in ("Ada", "Bob"):
        answer(study, who, 1, [1])
    resolved = by_posterior(study)
    assert resolved.release is not None
    assert (resolved.is_new, resolved.release.n_images, resolved.n_unresolved) == (True, 2, 4)
    final = released(study, 1)[study.images[0].id]
    chance = chances(study).of(study.images[0].id)
    assert final.labels == tuple(sorted(label for label, value in chance.items() if value >= 0.5))
    assert final.chances == pytest.approx([chance[label] for label in final.labels], abs=0.0005)
    assert (final.source, final.decided_by, final.before) == (LabelSource.POSTERIOR, (), (0, 1))
    made_by = resolved.release.by_posterior
    assert made_by is not None
    assert (made_by.threshold, made_by.margin, made_by.n_settled, made_by.n_left) == (0.5, 0.0, 1, 0)
    assert (made_by.models, made_by.n_votes, made_by.n_annotators, made_by.has_converged) == ((), 20, 2, True)


def test_what_annotators_agreed_on_and_experts_decided_is_never_overwritten(study: Study) -> None:
    disputed(study, 0)
    say(study, "Eve", 4)
    for who in ("Ada", "Bob"):
        answer(study, who, 1, [3])
    disputed(study, 2)
    by_posterior(study)
    sources = {image: final.source for image, final in released(study, 1).items()}
    assert sources == {
        study.images[0].id: LabelSource.REFINED, study.images[1].id: LabelSource.AGREED, study.images[2].id: LabelSource.POSTERIOR,
    }  # fmt: skip
    assert released(study, 1)[study.images[0].id].labels == (4,)


def test_an_expert_who_decides_later_replaces_the_posterior(study: Study) -> None:
    disputed(study, 0)
    by_posterior(study)
    say(study, "Eve", 4)
    again = by_posterior(study)
    assert (again.is_new, released(study, 2)[study.images[0].id].source) == (True, LabelSource.REFINED)
    assert again.release is not None
    assert again.release.by_posterior is None  # no label of this release is the posterior's


def test_a_picture_that_somebody_found_unfit_waits_for_an_expert(study: Study) -> None:
    answer(study, "Ada", 0, [0])
    answer(study, "Bob", 0, outcome=Outcome.UNFIT)
    resolved = by_posterior(study)
    assert resolved.by_posterior is not None
    assert (resolved.release, resolved.by_posterior.n_for_experts) == (None, 1)


def test_without_it_a_release_is_what_it_was(tmp_path: Path) -> None:
    plain, other = (ready_study(tmp_path / name, n_images=3) for name in ("plain", "other"))
    for study in (plain, other):
        disputed(study, 0)
        for who in ("Ada", "Bob"):
            answer(study, who, 1, [1])
    by_posterior(other)
    first, second = resolve(plain.workspace, "pilot", NOW), resolve(other.workspace, "pilot", NOW)
    assert first.release is not None
    assert second.release is not None
    assert released(plain, 1) == released(other, 2)
    assert (first.release.by_posterior, second.release.by_posterior) == (None, None)
    assert (first.n_dropped, second.n_dropped) == (0, 1)
    for study in (plain, other):
        study.workspace.close()


def test_the_same_votes_give_the_same_release(study: Study) -> None:
    disputed(study, 0)
    disputed(study, 1)
    first, again = by_posterior(study), by_posterior(study)
    assert (first.is_new, again.is_new) == (True, False)
    assert first.by_posterior == again.by_posterior
    answer(study, "Ada", 2, [2])
    assert by_posterior(study).by_posterior != first.by_posterior  # its mark is of other votes


def test_the_preset_real_cuts_where_real_did_without_being_asked(tmp_path: Path) -> None:
    study = ready_study(tmp_path, n_images=2, protocol=replace(REAL, overlap=2))
    disputed(study, 0)
    by_protocol = resolve(study.workspace, "pilot", NOW).by_posterior
    assert by_protocol is not None
    assert (by_protocol.threshold, by_protocol.margin, by_protocol.n_settled) == (0.8, 0.0, 1)
    by_rule = resolve(study.workspace, "pilot", NOW, by_rule=True)
    assert (by_rule.by_posterior, by_rule.n_dropped) == (None, 1)
    study.workspace.close()


def test_a_protocol_from_before_cuts_nothing(tmp_path: Path) -> None:
    study = ready_study(tmp_path, n_images=2, protocol=replace(REAL, overlap=2, posterior_threshold=0.0))
    disputed(study, 0)
    assert resolve(study.workspace, "pilot", NOW) == Resolved(None, is_new=False, n_unresolved=2)
    study.workspace.close()


def test_what_is_asked_for_goes_before_the_protocol(tmp_path: Path) -> None:
    study = ready_study(tmp_path, n_images=2, protocol=replace(REAL, overlap=2, posterior_margin=0.1))
    disputed(study, 0)
    asked = resolve(study.workspace, "pilot", NOW, PosteriorWanted(threshold=0.4)).by_posterior
    assert asked is not None
    assert (asked.threshold, asked.margin) == (0.4, 0.1)
    study.workspace.close()


def test_nothing_is_accepted_in_silence(study: Study) -> None:
    disputed(study, 0)
    resolved = by_posterior(study, threshold=0.99)
    assert (resolved.is_new, resolved.release) == (False, None)
    assert resolved.by_posterior is not None
    assert (resolved.by_posterior.n_settled, resolved.by_posterior.n_below) == (0, 1)


def test_thin_evidence_is_said(tmp_path: Path) -> None:
    study = ready_study(tmp_path, n_images=2, protocol=replace(PAPER, overlap=1, maybe_allowed=True))
    answer(study, "Ada", 0, [0], maybe=[1])
    warnings = by_posterior(study).warnings
    assert [warning.split(":")[0].split(",")[0] for warning in warnings] == [
        "No label of an image has two votes", "All votes are one person's", "There are votes on 1 image only",
    ]  # fmt: skip
    study.workspace.close()


def test_two_votes_a_label_rest_on_assumptions_and_three_do_not(tmp_path: Path) -> None:
    study = ready_study(tmp_path, n_images=2, protocol=replace(PAPER, overlap=3))
    told = []
    for who in ("Ada", "Bob", "Cid"):
        answer(study, who, 0, [0] if who == "Ada" else [1])
        told.append(Caution.ASSUMED in chances(study).cautions)
    assert told == [False, True, False]  # of a single vote more is said
    study.workspace.close()


def test_a_release_from_two_votes_a_label_says_what_it_rests_on(study: Study) -> None:
    disputed(study, 0)
    assert any("Hardly any label has three votes" in warning for warning in by_posterior(study).warnings)


def test_a_model_is_evidence_if_it_proposed_for_every_answered_image(study: Study) -> None:
    disputed(study, 0)
    with_models = chances(study, Counted())
    assert (with_models.models, with_models.left_out) == ((SOURCE,), ())
    assert with_models.sha256 != chances(study).sha256


def test_the_given_label_counts_only_when_it_is_named(study: Study) -> None:
    disputed(study, 0)
    assert [chances(study, Counted(given_label=given)).has_given_label for given in (False, True)] == [False, True]
    assert chances(study, Counted(given_label=True)).sha256 != chances(study, Counted()).sha256


def test_aggregate_makes_the_same_chances_from_the_exported_votes(study: Study, tmp_path: Path) -> None:
    for image in range(3):
        disputed(study, image)
    export(study.workspace, "pilot", "votes", tmp_path / "votes.csv")
    aggregate(tmp_path / "votes.csv", Method.POSTERIOR, tmp_path / "scores.parquet")
    fitted = chances(study)
    keys = {f"k{label:05}": label for label in range(30)}
    paths = {image.path: image.id for image in study.images}
    rows = pl.read_parquet(tmp_path / "scores.parquet").select("image", "label", "score").rows()
    assert np.allclose([score for _, _, score in rows], [fitted.of(paths[image])[keys[label]] for image, label, _ in rows], atol=2e-3)


def test_both_databases_keep_the_same(tmp_path: Path, tables_url: str) -> None:
    study = ready_study(tmp_path / "study", n_images=3, database_url=tables_url)
    disputed(study, 0)
    release = by_posterior(study, what=Counted()).release
    with study.workspace.store.reading() as c:
        assert releases.latest(c, study.dataset.id) == release
    [final] = released(study, 1).values()
    assert len(final.chances) == len(final.labels) > 0
    study.workspace.close()


@pytest.fixture
def settled(study: Study) -> Study:
    """Image 0 is settled by the posterior, image 1 by its annotators."""
    disputed(study, 0)
    for who in ("Ada", "Bob"):
        answer(study, who, 1, [1])
    by_posterior(study)
    return study


def test_tables_have_chances_only_where_the_release_has_them(settled: Study, tmp_path: Path) -> None:
    resolve(settled.workspace, "pilot", NOW)  # release 2 is by the rule again
    chance = {"parquet": "chance", "parquet-lists": "chances", "corrected": "chances"}
    for format, column in chance.items():
        with_it, without = tmp_path / f"{format}-1.parquet", tmp_path / f"{format}-2.parquet"
        export(settled.workspace, "pilot", format, with_it, release=1)
        export(settled.workspace, "pilot", format, without, release=2)
        table = pl.read_parquet(with_it)
        assert table.columns == [*pl.read_parquet(without).columns, column]
        assert table.filter(pl.col("source") == "posterior")[column].null_count() == 0
        assert table.filter(pl.col("source") == "agreed")[column].null_count() == 1


def test_a_table_says_what_is_needed_to_make_its_labels_again(settled: Study, tmp_path: Path) -> None:
    export(settled.workspace, "pilot", "parquet", tmp_path / "labels.parquet")
    kept = json.loads(pl.read_parquet_metadata(tmp_path / "labels.parquet")["multilabelfy.by_posterior"])
    assert (kept["method"], kept["threshold"], kept["version"], kept["parameters"]["shrinkage"]) == ("posterior", 0.5, __version__, 50.0)
    assert kept["sha256"] == chances(settled).sha256


def test_the_chances_of_an_image_join_a_list_in_csv(settled: Study, tmp_path: Path) -> None:
    export(settled.workspace, "pilot", "parquet-lists", tmp_path / "labels.csv")
    rows = pl.read_csv(tmp_path / "labels.csv").select("labels", "chances").rows()
    final = released(settled, 1)[settled.images[0].id]
    joined = "|".join(str(chance) for chance in final.chances)
    assert rows == [
        ("|".join(f"k{label:05}" for label in final.labels), joined if len(final.labels) > 1 else final.chances[0]),
        ("k00001", None),
    ]


def test_cards_name_the_method_its_parameters_and_the_column(settled: Study, tmp_path: Path) -> None:
    export(settled.workspace, "pilot", "dataset-card", tmp_path / "README.md")
    export(settled.workspace, "pilot", "croissant", tmp_path / "croissant.json")
    card, croissant = (tmp_path / "README.md").read_text(), json.loads((tmp_path / "croissant.json").read_text())
    for said in (
        "| posterior | 1 |",
        "shrinkage 50",
        chances(settled).sha256,
        "| `chances` |",
        "machine-generated",
        "or the posterior of the votes, where",
    ):
        assert said in card
    assert [field["name"] for field in croissant["recordSet"][0]["field"]][-1] == "chances"
    assert "chances" in pl.read_parquet(tmp_path / "final-labels.parquet").columns


def test_the_papers_file_and_the_import_read_such_a_release(settled: Study, tmp_path: Path) -> None:
    export(settled.workspace, "pilot", "corrected", tmp_path / "corrected.parquet")
    export(settled.workspace, "pilot", "final-labels", tmp_path / "final.json")
    by_path = {row["image"]: row["labels"] for row in pl.read_parquet(tmp_path / "corrected.parquet").iter_rows(named=True)}
    indices = {path: [int(label) for label in labels] for path, labels in json.loads((tmp_path / "final.json").read_text()).items()}
    assert by_path == {path: [f"k{label:05}" for label in labels] for path, labels in indices.items()}


def test_nobody_who_may_still_decide_blind_reads_the_posterior(tmp_path: Path) -> None:
    study = ready_study(tmp_path, n_images=2, protocol=replace(PAPER, refinement=RefinementStyle.BLIND))
    disputed(study, 0)
    by_posterior(study)
    owner, expert = person(study, "Olga", Role.OWNER), person(study, "Eve", Role.EXPERT)
    seen = [history_of(study.workspace, "pilot", study.images[0].id, reader) for reader in (owner, expert)]
    assert [history.by_posterior is not None for history in seen] == [True, False]
    assert [len(history.released) for history in seen] == [1, 0]
    assert seen[0].by_posterior is not None
    labels = seen[0].by_posterior[1].labels
    for wanted in (ImageFilter(final_label=labels[0]), ImageFilter(n_labels=len(labels))):
        assert [gallery_page(study.workspace, "pilot", wanted, reader).n_found for reader in (owner, expert)] == [1, 0]
    study.workspace.close()
