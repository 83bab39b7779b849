"""What an annotator waits for must not depend on the number of images: each query walks an index from where it has to begin."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.counting import statements_and_values
from tests.store.campaigns import LEASE, NOW, Campaign, add_images, after, answer, new_campaign

from multilabelfy.annotation.checking.checks import GoldKind
from multilabelfy.annotation.checking.gold import Gold
from multilabelfy.annotation.model import Role, Task
from multilabelfy.dataset.model import ImageState
from multilabelfy.refinement.image_filter import ImageFilter
from multilabelfy.store.answers import annotations, check_answers
from multilabelfy.store.database.opening.addresses import sqlite_url
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import gallery, images
from multilabelfy.store.handing_out import assignments, checks, gold


@pytest.fixture
def campaign(tmp_path: Path) -> Iterator[Campaign]:
    with Store.open(sqlite_url(tmp_path / "a.db")) as store:
        yield new_campaign(store, 50)


def test_handing_out_scans_no_table_and_sorts_nothing_that_grows(campaign: Campaign) -> None:
    ada, bob = campaign.person("Ada"), campaign.person("Bob")
    campaign.hand_out(bob, 3)
    with plans(campaign.store) as seen:
        campaign.hand_out(ada, 3)
        campaign.hand_out(ada, 3, now=after(60))
    assert_bounded(seen)


def test_checks_are_drawn_and_handed_out_without_a_look_at_the_images(campaign: Campaign) -> None:
    ada, dataset = campaign.person("Ada"), campaign.dataset
    known = [Gold(campaign.image(number), GoldKind.TEST, (1,)) for number in (40, 41)]
    with campaign.store.writing() as c:
        gold.add(c, dataset, known, NOW)
    (held,) = campaign.hand_out(ada)
    with plans(campaign.store) as seen, campaign.store.writing() as c:
        assert not checks.is_due(c, dataset, ada.id)
        assert checks.has_begun(c, dataset, ada.id)
        gold.pool(c, dataset, GoldKind.TEST, ada.id)
        gold.counts(c, dataset)
        checks.plan(c, dataset, ada.id, [checks.Planned(campaign.image(40), "gold-test", 0.05, 0)])
    with plans(campaign.store) as handing:
        check = campaign.hand_out(ada, 2)[1]
    assert check.task is Task.CHECK
    with plans(campaign.store) as answering, campaign.store.writing() as c:
        check_answers.append(c, answer(check, 1, client_id="check"), assignment=check.id)
        check_answers.latest_of(c, check.id)
        assignments.previous(c, ada.id, dataset, Task.ANNOTATE, held.id)
    assert_bounded([*seen, *handing, *answering])


def test_submitting_scans_no_table(campaign: Campaign) -> None:
    (held,) = campaign.hand_out(campaign.person("Ada"))
    with plans(campaign.store) as seen:
        campaign.submit(held, 1, 2)
        campaign.submit(held, 2, client_id="revised")
    assert_bounded(seen)


def test_experts_queue_scans_no_table(campaign: Campaign) -> None:
    eva = campaign.person("Eva", Role.EXPERT)
    with campaign.store.writing() as c:
        images.set_state(c, campaign.image(3), ImageState.DISPUTED)
    with plans(campaign.store) as seen:
        campaign.hand_out(eva, task=Task.REFINE)
    assert_bounded(seen)


def test_a_second_expert_and_the_place_of_an_audited_image_are_found_by_index(campaign: Campaign) -> None:
    eva, fay = campaign.person("Eva", Role.EXPERT), campaign.person("Fay", Role.EXPERT)
    with campaign.store.writing() as c:
        images.want_experts(c, campaign.image(3), 2, policy="two-experts", probability=0.1)
        images.set_state(c, campaign.image(3), ImageState.DISPUTED)
    campaign.hand_out(eva, task=Task.REFINE)
    with plans(campaign.store) as seen:
        assert [held.policy for held in campaign.hand_out(fay, task=Task.REFINE)] == ["two-experts"]
        with campaign.store.reading() as c:
            images.triage_of_next(c, campaign.image(4))
    assert_bounded(seen)


def test_looking_back_and_ones_own_figures_scan_no_table(campaign: Campaign) -> None:
    ada = campaign.person("Ada")
    (held,) = campaign.hand_out(ada)
    with campaign.store.writing() as c:
        annotations.append(c, answer(held, 1, client_id="a"), assignment=held.id)
        assignments.reclaim(c, held.id, overlap=2, now=NOW, lease=LEASE)
    with plans(campaign.store) as seen, campaign.store.reading() as c:
        assignments.previous(c, ada.id, campaign.dataset, Task.ANNOTATE, None)
        assignments.counts_of(c, ada.id, campaign.dataset, Task.ANNOTATE)
        assignments.available(c, campaign.dataset, ada.id, Task.ANNOTATE, 2)
    assert_bounded(seen)


def test_importing_more_looks_only_for_its_own_paths(campaign: Campaign) -> None:
    with plans(campaign.store) as seen, campaign.store.writing() as c:
        add_images(c, campaign.dataset, range(45, 55))
    assert_bounded(seen)
    assert any("(dataset_id=? AND path=?)" in step for step in seen)


@pytest.mark.parametrize("wanted", [ImageFilter(), ImageFilter(state=ImageState.OPEN), ImageFilter(given_label=1)], ids=str)
def test_a_page_of_images_starts_behind_the_last_one(campaign: Campaign, wanted: ImageFilter) -> None:
    with plans(campaign.store) as seen, campaign.store.reading() as c:
        gallery.page(c, campaign.dataset, wanted, after_place=20)
    assert_bounded(seen)


@contextmanager
def plans(store: Store) -> Iterator[list[str]]:
    """The steps by which SQLite runs each statement meanwhile, each as `statement: step`."""
    seen: list[str] = []
    with statements_and_values() as run:
        yield seen
    with store._engine.connect() as c:
        for statement, values in run:
            if statement.split()[0] in ("SELECT", "UPDATE", "INSERT", "DELETE"):
                rows = c.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
                seen.extend(f"{' '.join(statement.split())}: {row.detail}" for row in rows)


def assert_bounded(seen: list[str]) -> None:
    """No table is scanned (the constant row is none), and no images are sorted."""
    scanned = [step for step in seen if "SCAN" in step.rpartition(": ")[2] and not step.endswith("SCAN CONSTANT ROW")]
    steps = scanned + [step for step in seen if "B-TREE" in step and "ORDER BY images" in step]
    assert steps == []
    assert seen != []
