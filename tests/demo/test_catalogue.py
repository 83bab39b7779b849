"""The demo's labels and things fit together, and every drawing is there."""

from multilabelfy.demo.catalogue import Setting, label_space, look_alikes, things
from multilabelfy.demo.drawing.glyphs import ARCHIVE, glyph


def test_there_are_about_120_labels_with_names_and_definitions() -> None:
    labels = label_space().labels
    assert 115 <= len(labels) <= 130
    assert all(label.names and label.definition for label in labels)


def test_every_label_is_carried_by_a_thing_and_every_key_is_known() -> None:
    known = {label.key for label in label_space().labels}
    assert {key for thing in things() for key in thing.labels} == known
    assert all(thing.mistaken_for in known for thing in things() if thing.is_stranger)


def test_near_synonyms_share_a_thing_and_one_name_means_more_than_the_other_at_times() -> None:
    labels_of = [set(thing.labels) for thing in things()]
    assert {"laptop", "notebook-computer"} in labels_of
    assert {"apple"} in labels_of
    assert {"apple", "granny-smith"} in labels_of


def test_look_alikes_go_both_ways_and_never_to_themselves() -> None:
    alike = look_alikes()
    assert "taxi" in alike["passenger-car"]
    assert all(key in alike[other] for key, others in alike.items() for other in others)
    assert not any(key in others for key, others in alike.items())


def test_every_setting_has_things_to_choose_from() -> None:
    for setting in Setting:
        assert sum(setting in thing.settings and not thing.is_stranger for thing in things()) >= 7


def test_every_thing_has_a_drawing_trimmed_to_its_outline() -> None:
    for thing in things():
        drawing = glyph(thing.glyph)
        assert drawing.mode == "RGBA"
        assert max(drawing.size) == 256
        left, top, right, bottom = drawing.getchannel("A").point(lambda value: 255 * (value > 0)).getbbox() or (0, 0, 0, 0)
        assert (left, top) <= (2, 2)
        assert right >= drawing.width - 2
        assert bottom >= drawing.height - 2


def test_the_drawings_are_small_and_come_with_licence_and_credit() -> None:
    assert ARCHIVE.stat().st_size < 1_500_000
    assert "Attribution-ShareAlike 4.0" in (ARCHIVE.parent / "LICENSE-CC-BY-SA-4.0.txt").read_text(encoding="utf-8")
    assert "OpenMoji" in (ARCHIVE.parent / "CREDIT.md").read_text(encoding="utf-8")
