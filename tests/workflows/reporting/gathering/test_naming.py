"""A report calls no two labels the same, and what it calls one leads to that label."""

import pytest

from multilabelfy.dataset.label_index import LabelIndex
from multilabelfy.dataset.label_names import names_text
from multilabelfy.formats.imagenet1k import imagenet1k
from multilabelfy.workflows.reporting.gathering.naming import namer
from multilabelfy.workflows.reporting.made import images_behind


def test_each_label_of_imagenet_is_found_by_what_a_report_calls_it() -> None:
    """Two are called crane, two maillot; and a Cardigan is a dog."""
    space, called = imagenet1k(), namer(imagenet1k())
    index = LabelIndex([(label.index, names_text((*label.names, label.key))) for label in space.labels], {}, {}, {})
    assert [called(n) for n in (134, 517)] == ["“crane (n02012849)”", "“crane (n03126707)”"]
    for label in space.labels:
        assert index.find(called(label.index).strip("“”"), 1).labels == (label.index,)


@pytest.mark.parametrize("slug", ["several-labels", "accuracy-by-number-of-labels"])
def test_a_row_of_a_number_of_labels_leads_to_its_images(slug: str) -> None:
    assert images_behind(slug, {"labels": 3, "images": 7}, lambda _: None) == "images?n_labels=3"
