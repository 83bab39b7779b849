"""The annotators' queue with images among their kin: in which order people meet them, and the way back."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.databases import only_sqlite
from tests.proposals.kin.test_alike import clusters
from tests.store.campaigns import NOW, Campaign, after
from tests.workflows.proposing.embedded import SEED, N, campaign_of, embed

from multilabelfy.annotation.assignment import Assignment
from multilabelfy.annotation.model import Annotator
from multilabelfy.dataset.model import ImageId, ImageState
from multilabelfy.dataset.queue_place import queue_place
from multilabelfy.proposals.kin.groups import KIN_POLICY
from multilabelfy.settings import Settings
from multilabelfy.store.dataset import images
from multilabelfy.store.handing_out import kin_order
from multilabelfy.workflows.alike import kin
from multilabelfy.workflows.alike.kin import put_as_drawn, put_kin_together
from multilabelfy.workflows.workspace import Workspace, open_workspace

VECTORS = clusters(5, 8)


@pytest.fixture
def workspace(tmp_path: Path, tables_url: str) -> Iterator[Workspace]:
    opened = open_workspace(Settings(workspace=tmp_path / "workspace", database_url=tables_url), create=True)
    yield opened
    opened.close()


def test_an_annotator_meets_whole_groups_of_kin_between_images_that_come_singly(workspace: Workspace) -> None:
    campaign = campaign_of(workspace)
    embed(campaign, VECTORS)
    together = put_kin_together(workspace, "pilot")
    assert (together.model, together.n_groups, together.n_together, together.n_waiting) == ("model", 4, 20, N)
    met = work(campaign, campaign.person("Ada"), N)
    assert Counter(assignment.policy == KIN_POLICY for assignment in met) == {True: 20, False: 20}
    runs = "".join("k" if assignment.policy == KIN_POLICY else "." for assignment in met).split(".")
    assert all(len(run) % 5 == 0 for run in runs)
    singly = [assignment.image for assignment in met if assignment.policy != KIN_POLICY]
    assert singly == [image for image in drawn_order(campaign) if image in singly]


def test_all_groups_are_put_together_for_a_share_of_one(workspace: Workspace) -> None:
    campaign = campaign_of(workspace)
    embed(campaign, VECTORS)
    assert put_kin_together(workspace, "pilot", 1.0).n_together == N
    assert {assignment.policy for assignment in work(campaign, campaign.person("Ada"), N)} == {KIN_POLICY}


def test_nobody_misses_an_image_or_gets_it_twice_whenever_the_order_changes(workspace: Workspace) -> None:
    campaign = campaign_of(workspace)
    embed(campaign, VECTORS)
    people = [campaign.person(name) for name in ("Ada", "Bob", "Cem")]
    met: list[Assignment] = []
    for turn, change in enumerate((0.5, 1.0, None, 0.5, 0.25, None, 1.0, 0.0, 0.5)):
        for person in people:
            met += work(campaign, person, 2 + turn % 3)
        if change is None:
            put_as_drawn(workspace, "pilot")
        else:
            put_kin_together(workspace, "pilot", change)
    for person in people:
        met += work(campaign, person, N)
    assert max(Counter((assignment.annotator, assignment.image) for assignment in met).values()) == 1
    assert sorted(Counter(assignment.image for assignment in met).values()) == [2] * N


def test_the_way_back_restores_the_drawn_order_and_says_how_many_it_moved(workspace: Workspace) -> None:
    campaign = campaign_of(workspace)
    embed(campaign, VECTORS)
    put_kin_together(workspace, "pilot")
    assert put_as_drawn(workspace, "pilot") == 20
    assert put_as_drawn(workspace, "pilot") == 0
    met = work(campaign, campaign.person("Ada"), N)
    assert [assignment.image for assignment in met] == drawn_order(campaign)
    assert KIN_POLICY not in {assignment.policy for assignment in met}


def test_the_same_again_moves_nothing_and_no_cursor(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    campaign = campaign_of(workspace)
    embed(campaign, VECTORS)
    put_kin_together(workspace, "pilot")
    before = places(campaign)
    monkeypatch.setattr(kin_order, "_move", None)  # whoever moved an image would fail
    put_kin_together(workspace, "pilot")
    assert places(campaign) == before


@only_sqlite("tables_url")
def test_killed_at_any_moment_who_says_so_stands_among_kin_and_all_others_where_they_were_drawn(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kin, "GROUPS_AT_ONCE", 2)
    monkeypatch.setattr(kin, "IMAGES_AT_ONCE", 7)
    campaign = campaign_of(workspace)
    embed(campaign, VECTORS)
    kept, n_kills = kin_order._move, 0
    for stops_after in range(10):
        put_kin_together(workspace, "pilot", 0.5)
        embed(campaign, clusters(2 + stops_after, 20)[:N], f"model {stops_after}")
        n_left = stops_after

        def move(*about: object) -> None:
            nonlocal n_left
            n_left -= 1
            if n_left < 0:
                raise InterruptedError
            kept(*about)  # type: ignore[arg-type]

        monkeypatch.setattr(kin_order, "_move", move)
        try:
            put_kin_together(workspace, "pilot", 1.0)
        except InterruptedError:
            n_kills += 1
        monkeypatch.setattr(kin_order, "_move", kept)
        for image in waiting(campaign):
            assert image.is_among_kin or image.queue_place == queue_place(image.path, SEED)
    assert n_kills > 5


@only_sqlite("tables_url")
def test_images_that_are_answered_keep_what_is_said_of_their_place(workspace: Workspace) -> None:
    campaign = campaign_of(workspace, overlap=1)
    embed(campaign, VECTORS)
    put_kin_together(workspace, "pilot", 1.0)
    answered = work(campaign, campaign.person("Ada"), 5)
    with workspace.store.writing() as c:
        for assignment in answered:
            images.set_state(c, assignment.image, ImageState.AGREED)
    assert put_as_drawn(workspace, "pilot") == N - 5
    with workspace.store.reading() as c:
        assert len(images.moved_in_queue(c, campaign.dataset, KIN_POLICY)) == 5


@only_sqlite("tables_url")
def test_images_without_an_embedding_and_suspects_stay_where_they_are(workspace: Workspace) -> None:
    campaign = campaign_of(workspace)
    embed(campaign, VECTORS[:30])
    with workspace.store.writing() as c:
        images.set_queue_places(c, campaign.dataset, [(campaign.image(0), -1.0)], policy="suspects:loss")
    together = put_kin_together(workspace, "pilot", 1.0)
    assert (together.n_together, together.n_waiting) == (29, 39)
    assert work(campaign, campaign.person("Ada"), 1)[0].policy == "suspects:loss"


def work(campaign: Campaign, person: Annotator, n: int) -> list[Assignment]:
    """The person answers up to n images, one after the other; which they were."""
    met = []
    for _ in range(n):
        for assignment in campaign.hand_out(person, now=NOW):
            campaign.submit(assignment, 1, now=after(1))
            met.append(assignment)
    return met


def drawn_order(campaign: Campaign) -> list[ImageId]:
    """All images as the seed drew them."""
    with campaign.store.reading() as c:
        return [image.id for image in sorted(images.iterate(c, campaign.dataset), key=lambda image: queue_place(image.path, SEED))]


def waiting(campaign: Campaign) -> list[kin_order.WaitingImage]:
    with campaign.store.reading() as c:
        return kin_order.waiting_images(c, campaign.dataset)


def places(campaign: Campaign) -> dict[ImageId, float]:
    return {image.image: image.queue_place for image in waiting(campaign)}
