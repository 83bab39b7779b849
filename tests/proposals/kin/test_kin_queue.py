"""Groups of kin in the annotators' queue."""

import numpy as np
from tests.proposals.kin.test_alike import clusters

from multilabelfy.dataset.queue_place import queue_place
from multilabelfy.proposals.kin.groups import KinGroup, kin_groups

N = 64 * 8
PATHS = [f"class/{number:03}.jpg" for number in range(N)]
VECTORS = clusters(64, 8)


def test_half_of_the_groups_are_drawn_and_all_of_them_for_a_share_of_one() -> None:
    half, whole = kin_groups(PATHS, VECTORS, 1, 0.5), kin_groups(PATHS, VECTORS, 1, 1.0)
    assert (len(half), len(whole)) == (32, 64)
    assert set(half) < set(whole)
    assert sorted(image for group in whole for image in group.images) == list(range(N))
    assert kin_groups(PATHS, VECTORS, 1, 0.0) == []


def test_no_other_image_comes_between_those_of_a_group() -> None:
    groups = kin_groups(PATHS, VECTORS, 1, 0.5)
    places = {image: queue_place(path, 1) for image, path in enumerate(PATHS)}
    for group in groups:
        places |= dict(zip(group.images, group.queue_places, strict=True))
    in_order = sorted(places, key=lambda image: places[image])
    for group in groups:
        begins = in_order.index(group.images[0])
        assert tuple(in_order[begins : begins + len(group.images)]) == group.images


def test_groups_stand_among_single_images_from_the_first_to_the_last() -> None:
    """Their places are drawn as single images' are: a half of them is in each half of the queue, as far as 32 draws go."""
    begins = np.array([group.queue_places[0] for group in kin_groups(PATHS, VECTORS, 1, 0.5)])
    assert 8 <= (begins < 0.5).sum() <= 24
    assert (begins >= 0).all()
    assert (begins < 1).all()


def test_the_seed_draws_other_groups_and_pictures_alone_make_them() -> None:
    first, second = kin_groups(PATHS, VECTORS, 1, 1.0), kin_groups(PATHS, VECTORS, 2, 1.0)
    assert {frozenset(group.images) for group in first} == {frozenset(group.images) for group in second}
    assert {frozenset(group.images) for group in kin_groups(PATHS, VECTORS, 1, 0.5)} != {
        frozenset(group.images) for group in kin_groups(PATHS, VECTORS, 2, 0.5)
    }
    assert first != second


def test_two_images_are_one_group_that_begins_with_the_drawn_one() -> None:
    (group,) = kin_groups(["a.jpg", "b.jpg"], np.array([[1, 0], [0.8, 0.6]]), 1, 1.0)
    first = queue_place(["a.jpg", "b.jpg"][group.images[0]], 1)
    assert group == KinGroup(group.images, (first, first + 2**-51))
    assert kin_groups(["a.jpg"], np.array([[1, 0]]), 1, 1.0) == []
