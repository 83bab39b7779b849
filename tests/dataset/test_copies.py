"""Copies whose given labels contradict come first, and unlabelled copies contradict nobody."""

from multilabelfy.dataset.copies import CopyGroup, copies_of

CAT, DOG = 3, 5
ALIKE = CopyGroup(("a.jpg", "b.jpg"), (CAT, CAT))
UNLABELLED = CopyGroup(("c.jpg", "d.jpg", "e.jpg"), (None, DOG, None))
CONTRADICTING = CopyGroup(("f.jpg", "g.jpg"), (DOG, CAT))
LARGER = CopyGroup(("h.jpg", "i.jpg", "j.jpg"), (DOG, CAT, None))


def test_groups_whose_labels_contradict_come_first_and_the_larger_before_the_smaller() -> None:
    copies = copies_of([ALIKE, UNLABELLED, CONTRADICTING, LARGER], 20)
    assert copies.groups == (LARGER, CONTRADICTING, UNLABELLED, ALIKE)


def test_images_and_contradictions_are_counted() -> None:
    copies = copies_of([ALIKE, UNLABELLED, CONTRADICTING, LARGER], 20)
    assert (copies.n_images, copies.n_contradicting, copies.n_images_contradicting, copies.n_compared) == (10, 2, 5, 20)


def test_one_label_and_images_without_any_do_not_contradict() -> None:
    assert not UNLABELLED.contradicts
    assert CONTRADICTING.labels == (CAT, DOG)
