"""A database of before two experts and the audit: its images want one expert, its decisions were of one, and contested ones are counted."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, insert, select, text
from tests.store.campaigns import NOW

from multilabelfy.annotation.protocol import PAPER
from multilabelfy.dataset.model import DatasetId, ImageState
from multilabelfy.store.database import migrations
from multilabelfy.store.database.engine import Store
from multilabelfy.store.dataset import datasets, images
from multilabelfy.store.schema import datasets as stored_datasets
from multilabelfy.store.schema import image_counts, protocols


def test_an_earlier_database_goes_on_with_one_expert_an_image(database_url: str) -> None:
    upgrade_to(database_url, "0002")
    with Store.open(database_url) as store:
        with store.writing() as c:
            counted = set(c.execute(select(image_counts.c.state)).scalars())
            dataset = datasets.find(c, "pilot")
            [image] = images.iterate(c, dataset.id)
            assert (image.n_experts, image.expert_policy) == (1, None)
            assert (dataset.protocol.two_expert_share, dataset.protocol.audit_share) == (0.0, 0.0)
            images.set_state(c, image.id, ImageState.CONTESTED)
        with store.reading() as c:
            assert images.counts(c, DatasetId(1))[ImageState.CONTESTED] == 1
    assert "contested" in counted


def upgrade_to(database_url: str, revision: str) -> None:
    """A database at this revision, with a dataset of one disputed image as it was stored then."""
    engine = create_engine(database_url.replace("postgresql:", "postgresql+psycopg:"))
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent).replace("%", "%%"))
    old = {"n_candidates": 20, "group_size": 5, "overlap": 2, "order": PAPER.order.value, "refinement": PAPER.refinement.value}
    with engine.begin() as c:
        config.attributes["connection"] = c
        command.upgrade(config, revision)
        places = {"id": 1, "name": "pilot", "images_root": "/p", "label_space": "x", "seed": 1, "protocol_version": 1, "paused": False}
        c.execute(insert(stored_datasets).values(**places, created_at=NOW))
        c.execute(insert(protocols).values(dataset_id=1, version=1, protocol={"preset": "paper", **old}, created_at=NOW))
        c.execute(insert(image_counts).values(dataset_id=1, state="disputed", n_images=1))
        columns = "id, dataset_id, path, place, queue_place, triage, token, state, n_answers, n_leases"
        c.execute(text(f"INSERT INTO images ({columns}) VALUES (1, 1, 'a.jpg', 0, 0, 0, 't', 'disputed', 2, 0)"))
    engine.dispose()
