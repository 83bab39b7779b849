"""Kin, worked out from the newest embeddings and kept."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.databases import only_sqlite
from tests.proposals.kin.test_alike import clusters
from tests.webs import require
from tests.workflows.proposing.embedded import N, all_kin, campaign_of, embed

from multilabelfy.errors import ExtraMissing, InvalidInput, UnknownDataset
from multilabelfy.proposals.kin.nearest import Nearest, nearest_by_cosine
from multilabelfy.settings import Settings
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset.looks.kin import Kin
from multilabelfy.workflows.alike import kin
from multilabelfy.workflows.alike.kin import find_kin, put_as_drawn, put_kin_together
from multilabelfy.workflows.workspace import Workspace, open_workspace


@pytest.fixture
def workspace(tmp_path: Path, tables_url: str) -> Iterator[Workspace]:
    opened = open_workspace(Settings(workspace=tmp_path / "workspace", database_url=tables_url), create=True)
    yield opened
    opened.close()


def test_every_image_has_its_twelve_nearest_by_the_newest_embeddings(workspace: Workspace) -> None:
    campaign = campaign_of(workspace)
    embed(campaign, clusters(2, 20)[::-1], "older")
    vectors = clusters(8, 5)
    embed(campaign, vectors[:-1], "newer")
    summary = find_kin(workspace, "pilot")
    assert (summary.model, summary.n_images, summary.n_kin, summary.n_without, summary.is_exact) == ("newer", N - 1, 12, 1, True)
    cosines = vectors @ vectors.T
    for number, of_image in enumerate(all_kin(campaign)[:-1]):
        nearest = sorted((other for other in range(N - 1) if other != number), key=lambda other: -cosines[number, other])[:12]
        assert {each.image for each in of_image[:4]} == {campaign.image(other) for other in nearest[:4]}  # its own kind
        assert np.allclose([each.similarity for each in of_image], cosines[number, nearest], atol=0.002)
    assert all_kin(campaign)[-1] == []


def test_it_starts_anew_each_time(workspace: Workspace) -> None:
    campaign = campaign_of(workspace, 3)
    embed(campaign, np.array([[1, 0], [0.9, 0.1], [0, 1]], np.float32))
    assert find_kin(workspace, "pilot").n_kin == 2
    embed(campaign, np.array([[1, 0], [0, 1], [0.9, 0.1]], np.float32), "newer")
    find_kin(workspace, "pilot")
    assert [of_image[0].image for of_image in all_kin(campaign, 3)] == [campaign.image(i) for i in (2, 2, 0)]


class Killed(Exception):
    """The command is killed here."""


@pytest.mark.parametrize("n_transactions", range(7))
def test_killed_between_any_two_transactions_no_old_kin_stand_beside_new_ones(
    workspace: Workspace, n_transactions: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three transactions forget 40 images' kin, 15 at once, and three add new ones."""
    campaign = campaign_of(workspace)
    embed(campaign, clusters(8, 5), "older")
    find_kin(workspace, "pilot")
    old = all_kin(campaign)
    embed(campaign, clusters(5, 8), "newer")
    with monkeypatch.context() as patched:
        patched.setattr(kin, "AT_ONCE", 15)
        killed_after(n_transactions, patched)
        if n_transactions < 6:
            with pytest.raises(Killed):
                find_kin(workspace, "pilot")
        else:
            find_kin(workspace, "pilot")
    left = all_kin(campaign)
    find_kin(workspace, "pilot")
    new = all_kin(campaign)
    assert all(was != will_be for was, will_be in zip(old, new, strict=True))
    expected = {0: (40, 0), 1: (25, 0), 2: (10, 0), 3: (0, 0), 4: (0, 15), 5: (0, 30), 6: (0, 40)}[n_transactions]
    n_old, n_new = (sum(each == other for each, other in zip(left, kept, strict=True)) for kept in (old, new))
    assert (n_old, n_new) == expected
    assert sum(map(bool, left)) == sum(expected)


def test_of_two_commands_at_once_the_second_says_so_and_mixes_nothing(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The newer embeddings' kin are worked out by another command while this one still reckons with the older ones."""
    campaign = campaign_of(workspace)
    embed(campaign, clusters(8, 5), "older")

    def meanwhile(*about: Any) -> Any:
        monkeypatch.setattr(kin, "nearest_by_cosine", nearest_by_cosine)
        embed(campaign, clusters(5, 8), "newer")
        find_kin(workspace, "pilot")
        return nearest_by_cosine(*about)

    monkeypatch.setattr(kin, "nearest_by_cosine", meanwhile)
    with pytest.raises(InvalidInput, match="while this one did"):
        find_kin(workspace, "pilot")
    left = all_kin(campaign)
    find_kin(workspace, "pilot")
    assert all(of_image in ([], new) for of_image, new in zip(left, all_kin(campaign), strict=True))


@only_sqlite("tables_url")
def test_without_embeddings_the_command_that_makes_them_is_named(workspace: Workspace) -> None:
    campaign_of(workspace)
    commands: list[Callable[[Workspace, str], object]] = [find_kin, put_kin_together, put_as_drawn]
    for command in commands[:2]:
        with pytest.raises(InvalidInput, match="multilabelfy propose pilot --model SPEC --embeddings"):
            command(workspace, "pilot")
    for command in commands:
        with pytest.raises(UnknownDataset):
            command(workspace, "birds")


@only_sqlite("tables_url")
def test_for_many_images_the_missing_extra_is_named(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kin, "N_EXACTLY", 30)
    monkeypatch.setitem(sys.modules, "faiss", None)  # Python's own way to say that it is not there
    embed(campaign_of(workspace), clusters(8, 5))
    with pytest.raises(ExtraMissing, match=r"of 40 images: beyond 30 .* pip install 'multilabelfy\[kin\]'"):
        find_kin(workspace, "pilot")


@only_sqlite("tables_url")
def test_many_images_have_the_kin_that_faiss_finds(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    require("faiss", needed="needs the extra 'kin': pip install 'multilabelfy[kin]'")
    campaign = campaign_of(workspace)
    embed(campaign, clusters(8, 5))
    find_kin(workspace, "pilot")
    exactly = all_kin(campaign)
    monkeypatch.setattr(kin, "N_EXACTLY", 30)
    assert not find_kin(workspace, "pilot").is_exact
    assert all_kin(campaign) == exactly


@only_sqlite("tables_url")
def test_images_with_fewer_kin_are_kept_beside_those_with_more(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """An approximate search may find fewer than it was asked for."""
    campaign = campaign_of(workspace, 3)
    embed(campaign, np.eye(3, dtype=np.float32))
    approximate = Nearest(np.array([[2, 1], [0, -1], [-1, -1]]), np.array([[0.5, 0.25], [0.5, -1], [-1, -1]], np.float32))
    monkeypatch.setattr(kin, "nearest_by_cosine", lambda *_: approximate)
    find_kin(workspace, "pilot")
    ids = [campaign.image(number) for number in range(3)]
    assert all_kin(campaign, 3) == [[Kin(ids[2], 0.5), Kin(ids[1], 0.25)], [Kin(ids[0], 0.5)], []]


def killed_after(n_transactions: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command is killed when it begins one more transaction that writes."""
    writing, n_begun = Store.writing, 0

    def begin(store: Store) -> Any:
        nonlocal n_begun
        n_begun += 1
        if n_begun > n_transactions:
            raise Killed
        return writing(store)

    monkeypatch.setattr(Store, "writing", begin)
