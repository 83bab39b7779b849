"""The disagreements page: counts, reasons, pairs, definitions, and the pictures behind each figure."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tests.answering import answer
from tests.studies import Study, ready_study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.protocol import PAPER

PAGE = "/d/pilot/disagreements"


def disputes(study: Study) -> None:
    """Two images agreed, two disputed, one of which over the pair of the labels 1 and 2."""
    for image, first, second in ((0, [0], [0]), (1, [1], [2]), (2, [2], [2]), (3, [3], [3, 4])):
        answer(study, "Ann", image, first)
        answer(study, "Bob", image, second)


def test_annotators_may_not_see_it(browser_of: Callable[..., Browser]) -> None:
    assert browser_of("Ada").get(PAGE).status_code == 403


def test_before_the_first_complete_image_it_says_what_will_come(browser_of: Callable[..., Browser]) -> None:
    page = browser_of("Eve", Role.EXPERT).get(PAGE)
    assert page.status_code == 200
    assert "No image has all its answers yet." in page.text


def test_it_says_how_many_agree_why_not_and_by_which_measures(browser_of: Callable[..., Browser], study: Study) -> None:
    disputes(study)
    page = browser_of("Eve", Role.EXPERT).get(PAGE).text
    assert page.count("<h1>") == 1
    assert "their sets differ" in page
    for measure in ("Positive agreement", "Prevalence", "Fleiss’ kappa", "Krippendorff’s alpha", "MASI distance"):
        assert measure in page
    assert "50.0%" in page  # of the four images two agree
    assert 'aria-label="tiger cat or Egyptian cat: 1 image"' in page
    assert "Ann" not in page.replace("Annotat", "")


def test_owners_see_how_far_each_annotator_agrees(browser_of: Callable[..., Browser], study: Study) -> None:
    disputes(study)
    page = browser_of("Olga", Role.OWNER).get(PAGE).text
    assert "Cohen’s kappa" in page
    assert "Ann and Bob" in page


def test_each_figure_opens_its_pictures(browser_of: Callable[..., Browser], study: Study) -> None:
    disputes(study)
    eve = browser_of("Eve", Role.EXPERT)
    for query, heading, image in (
        ("pair=2-1", "tiger cat or Egyptian cat?", 1),
        ("label=4", "Disputed: remote control", 3),
        ("why=sets-differ", "Their sets differ", 1),
    ):
        page = eve.get(f"{PAGE}?{query}").text
        assert f"<h1>{heading}</h1>" in page
        assert f"/d/pilot/images/{study.images[image].id}" in page


def test_a_label_that_nobody_named_or_a_wrong_pair_is_refused(browser_of: Callable[..., Browser], study: Study) -> None:
    disputes(study)
    eve = browser_of("Eve", Role.EXPERT)
    assert eve.get(f"{PAGE}?label=29").status_code == 404
    assert eve.get(f"{PAGE}?pair=1-2-3").status_code == 422
    assert eve.get(f"{PAGE}?why=weather").status_code == 422


def test_an_answer_that_came_since_is_in_the_figures(browser_of: Callable[..., Browser], study: Study) -> None:
    eve = browser_of("Eve", Role.EXPERT)
    eve.get(PAGE)
    disputes(study)
    assert "their sets differ" in eve.get(PAGE).text


def test_the_list_of_pairs_can_be_ordered_by_name(browser_of: Callable[..., Browser], study: Study) -> None:
    disputes(study)
    answer(study, "Ann", 4, [4])
    answer(study, "Bob", 4, [5])
    page = browser_of("Eve", Role.EXPERT).get(f"{PAGE}?sort=name").text
    assert page.index("remote control or mouse") < page.index("tiger cat or Egyptian cat")


def test_it_shows_the_most_disputed_pictures_and_one_for_each_pair(browser_of: Callable[..., Browser], study: Study) -> None:
    disputes(study)
    page = browser_of("Eve", Role.EXPERT).get(PAGE).text
    assert f"/pictures/{study.images[1].token}-320.webp" in page
    assert f"/pictures/{study.images[1].token}-160.webp" in page.split("As a list")[1]
    assert f"/pictures/{study.images[0].token}-" not in page  # its annotators agree


def test_measures_that_say_the_same_stand_once(browser_of: Callable[..., Browser], study: Study) -> None:
    disputes(study)
    eve = browser_of("Eve", Role.EXPERT)
    assert "ordinal" not in eve.get(PAGE).text
    answer(study, "Ann", 5, [5], maybe=[6])
    answer(study, "Bob", 5, [5])
    page = eve.get(PAGE).text
    assert "Krippendorff’s alpha, ordinal" in page
    assert "a maybe counted as a yes" in page


def test_with_three_annotators_a_share_of_pairs_is_called_one(tmp_path: Path) -> None:
    study = ready_study(tmp_path / "three", n_images=2, protocol=replace(PAPER, overlap=3))
    for who, chosen in (("Ann", [0]), ("Bob", [0]), ("Cas", [1])):
        answer(study, who, 0, chosen)
    olga = Browser(study, Clock()).sign_in("Olga", Role.OWNER)
    assert "pairs of annotators whose sets are equal</dt><dd>33.3%" in olga.get("/d/pilot").text
    row = olga.get("/d/pilot/disagreements").text.partition("Equal sets")[2].partition("</tr>")[0]
    assert "33.3%" in row
    assert "Of the pairs of annotators of an image" in row
    study.workspace.close()
