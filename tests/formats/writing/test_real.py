"""ReaL's list comes out as it went in, and leaves nothing out."""

from pathlib import Path

import pytest

from multilabelfy.errors import InvalidInput
from multilabelfy.formats.image_names import imagenet_validation_names
from multilabelfy.formats.imagenet1k import imagenet1k
from multilabelfy.formats.reading.final_labels import read_final_labels
from multilabelfy.formats.writing.real import write_real


def test_reals_list_comes_out_as_it_went_in(shared_data: Path, tmp_path: Path) -> None:
    published = shared_data / "real" / "real.json"
    images = imagenet_validation_names()[::-1]
    read = read_final_labels(published, images, imagenet1k())
    write_real(tmp_path / "out.json", images, {row.image: row.labels for row in read.rows})
    assert (tmp_path / "out.json").read_bytes() == published.read_bytes()


def test_reals_list_refuses_to_leave_an_image_out(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"v_2\.png: it has no final labels yet"):
        write_real(tmp_path / "out.json", ["v_1.png", "v_2.png"], {"v_1.png": [0]})
    assert not (tmp_path / "out.json").exists()


def test_reals_list_refuses_names_without_numbers(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="not numbered"):
        write_real(tmp_path / "out.json", ["cat.png", "dog.png"], {"cat.png": [0], "dog.png": []})
