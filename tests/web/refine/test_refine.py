"""The refine page without scripts: who may see what, refusals beside the field, and the way through the queue."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.answering import answer, state_of
from tests.studies import CLASS_FOLDER, FILE_STEM, Study, ready_study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.protocol import BLIND
from multilabelfy.dataset.model import ImageState
from multilabelfy.store.decisions import refinements

PAGE = "/d/pilot/refine"


def fields(page: str) -> dict[str, str]:
    """The form's hidden id and its address."""
    return {
        "id": re.findall(r'name="id" value="([^"]+)"', page)[0],
        "address": re.findall(r'class="answer" method="post" action="([^"]+)"', page)[0].replace("&amp;", "&"),
    }


def dispute(study: Study, image: int, first: list[int], second: list[int], note: str = "") -> None:
    """Ann and Bob answer an image."""
    answer(study, "Ann", image, first, note=note)
    answer(study, "Bob", image, second)


def test_annotators_may_not_see_it(browser_of: Callable[..., Browser]) -> None:
    assert browser_of("Ada").get(PAGE).status_code == 403


def test_the_union_is_ticked_and_votes_stand_without_names(browser_of: Callable[..., Browser], study: Study) -> None:
    dispute(study, 0, [0], [0, 1], note="perhaps a tiger")
    page = browser_of("Eve", Role.EXPERT).get(PAGE).text
    assert len(re.findall(r'name="yes" value="\d+"[^>]* checked', page)) == 2
    assert "annotator 1" in page
    assert "perhaps a tiger" in page
    assert not re.search(r"\b(Ann|Bob)\b", page)
    assert CLASS_FOLDER not in page
    assert FILE_STEM not in page


def test_a_decision_goes_on_to_the_next_case_and_then_to_the_state(browser_of: Callable[..., Browser], study: Study) -> None:
    dispute(study, 0, [0], [1])
    eve = browser_of("Eve", Role.EXPERT)
    form = fields(eve.get(PAGE).text)
    answered = eve.post(form["address"], data={"id": form["id"], "yes": ["1"], "note": "clear"})
    assert (answered.status_code, answered.headers["location"]) == (303, PAGE)
    assert "Nothing to refine now" in eve.get(PAGE).text
    assert state_of(study, 0) is ImageState.REFINED


def test_a_label_that_an_expert_misses_is_kept_and_stands_in_the_history(browser_of: Callable[..., Browser], study: Study) -> None:
    dispute(study, 0, [0], [1])
    eve = browser_of("Eve", Role.EXPERT)
    form = fields(eve.get(PAGE).text)
    eve.post(form["address"], data={"id": form["id"], "yes": ["1"], "missing": " flame thrower "})
    assert 'name="missing" value="flame thrower"' in eve.get(eve.get(f"{PAGE}/previous").headers["location"]).text
    assert "misses the label “flame thrower”" in eve.get(f"/d/pilot/images/{study.images[0].id}").text


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ({"none": "yes", "reason": "other", "reason_note": ": a wall"}, "no label</span> (other: : a wall)"),
        ({"none": "yes", "reason": "unusable"}, "no label</span> (the image is unusable (blurred, tiny, edited))"),
        ({"yes": ["0", "1"], "relation": "several-names"}, "tabby, tiger cat (one object, several names)"),
        ({"yes": ["1"]}, "tiger cat</"),
    ],
)
def test_what_is_decided_beside_the_labels_stands_after_them_in_the_history(
    browser_of: Callable[..., Browser], study: Study, sent: dict[str, str | list[str]], shown: str
) -> None:
    dispute(study, 0, [0], [1])
    eve = browser_of("Eve", Role.EXPERT)
    form = fields(eve.get(PAGE).text)
    assert eve.post(form["address"], data={"id": form["id"], **sent}).status_code == 303
    page = eve.get(f"/d/pilot/images/{study.images[0].id}").text
    final, _, decisions = page.partition("<h2>History</h2>")
    assert shown in final
    assert shown in decisions


def test_an_empty_set_is_refused_beside_its_field_and_the_form_is_kept(browser_of: Callable[..., Browser], study: Study) -> None:
    dispute(study, 0, [0], [1])
    eve = browser_of("Eve", Role.EXPERT)
    form = fields(eve.get(PAGE).text)
    refused = eve.post(form["address"], data={"id": form["id"], "none": "yes", "note": "kept as typed"})
    assert refused.status_code == 422
    assert "Say why the picture has none" in refused.text
    assert "kept as typed" in refused.text
    assert not re.search(r'name="yes" value="\d+"[^>]* checked', refused.text)
    other = eve.post(form["address"], data={"id": form["id"], "none": "yes", "reason": "other"})
    assert "in a few words" in other.text
    assert state_of(study, 0) is ImageState.DISPUTED


@pytest.mark.parametrize(
    "wrong",
    [
        {"yes": ["0"], "none": "yes"},
        {"yes": ["x"]},
        {"yes": ["0"], "relation": "friends"},
        {"none": "yes", "reason": "because"},
        {"none": "yes", "reason": "unknown"},
        {"yes": ["0"], "note": "n" * 3000},
        {"yes": ["0"], "missing": "n" * 201},
        {"yes": ["0"], "id": "short"},
    ],
)
def test_what_does_not_fit_is_refused(browser_of: Callable[..., Browser], study: Study, wrong: dict[str, object]) -> None:
    dispute(study, 0, [0], [1])
    eve = browser_of("Eve", Role.EXPERT)
    form = fields(eve.get(PAGE).text)
    assert eve.post(form["address"], data={"id": form["id"], **wrong}).status_code == 422
    assert state_of(study, 0) is ImageState.DISPUTED


def test_an_unknown_label_is_not_found(browser_of: Callable[..., Browser], study: Study) -> None:
    dispute(study, 0, [0], [1])
    eve = browser_of("Eve", Role.EXPERT)
    form = fields(eve.get(PAGE).text)
    assert eve.post(form["address"], data={"id": form["id"], "yes": ["999"]}).status_code == 404


def test_a_search_without_scripts_offers_what_it_finds(browser_of: Callable[..., Browser], study: Study) -> None:
    dispute(study, 0, [0], [1])
    eve = browser_of("Eve", Role.EXPERT)
    form = fields(eve.get(PAGE).text)
    found = eve.post(form["address"], data={"id": form["id"], "yes": ["0"], "q": "golden", "do": "search"})
    assert found.status_code == 200
    assert "golden retriever" in found.text
    assert state_of(study, 0) is ImageState.DISPUTED


def test_left_for_later_it_comes_back(browser_of: Callable[..., Browser], study: Study) -> None:
    dispute(study, 0, [0], [1])
    dispute(study, 1, [1], [1, 2])
    eve = browser_of("Eve", Role.EXPERT)
    first = fields(eve.get(PAGE).text)["address"]
    eve.post(f"{first}/later")
    second = fields(eve.get(PAGE).text)
    assert second["address"] != first
    eve.post(second["address"], data={"id": second["id"], "yes": ["1"]})
    assert fields(eve.get(PAGE).text)["address"] == first


def test_the_filter_narrows_the_queue_and_stays(browser_of: Callable[..., Browser], study: Study) -> None:
    dispute(study, 0, [0], [1])
    dispute(study, 3, [3], [4])
    eve = browser_of("Eve", Role.EXPERT)
    page = eve.get(f"{PAGE}?label=lynx").text
    assert "lynx" in page
    assert fields(page)["address"].endswith("?label=lynx")
    assert "Nothing matches the filter" in eve.get(f"{PAGE}?label=espresso").text
    unknown = eve.get(f"{PAGE}?label=zzz")
    assert unknown.status_code == 422
    assert "No label matches “zzz”." in unknown.text


def test_somebody_elses_case_is_refused(browser_of: Callable[..., Browser], study: Study) -> None:
    dispute(study, 0, [0], [1])
    address = fields(browser_of("Eve", Role.EXPERT).get(PAGE).text)["address"]
    assert browser_of("Fay", Role.EXPERT).get(address).status_code == 403


def test_a_decision_that_waited_for_a_connection_stands_with_the_time_at_which_it_was_given(
    browser_of: Callable[..., Browser], study: Study, clock: Clock
) -> None:
    dispute(study, 0, [0], [1])
    eve = browser_of("Eve", Role.EXPERT)
    form = fields(eve.get(PAGE).text)
    handed = clock.now
    clock.forward(minutes=10)
    eve.post(form["address"], data={"id": form["id"], "yes": ["0"], "age": str(4 * 60_000)})
    eve.post(form["address"], data={"id": form["id"] + "-2", "yes": ["1"], "age": str(99 * 60_000)})  # older than the hand-out: no
    with study.workspace.store.reading() as c:
        given = [one.submitted_at for one in refinements.history(c, study.images[0].id)]
    assert given == [handed + timedelta(minutes=6), handed]


def test_own_decisions_are_found_again(browser_of: Callable[..., Browser], study: Study) -> None:
    dispute(study, 0, [0], [1])
    eve = browser_of("Eve", Role.EXPERT)
    form = fields(eve.get(PAGE).text)
    eve.post(form["address"], data={"id": form["id"], "yes": ["0"]})
    back = eve.get(f"{PAGE}/previous")
    assert back.headers["location"] == form["address"]
    page = eve.get(form["address"]).text
    assert "Your decision" in page
    assert eve.get(f"{PAGE}/following?after={form['address'].rsplit('/', 1)[1]}").headers["location"] == PAGE


@pytest.fixture
def blind_study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path / "blind", protocol=BLIND)
    yield ready
    ready.workspace.close()


def test_in_the_blind_style_the_votes_open_after_the_answer(blind_study: Study, clock: Clock) -> None:
    answer(blind_study, "Ann", 0, [0], note="a hint")
    answer(blind_study, "Bob", 0, [1])
    eve = Browser(blind_study, clock).sign_in("Eve", Role.EXPERT)
    before = eve.get(PAGE).text
    assert "a hint" not in before
    assert "tally" not in before
    assert not re.search(r'name="yes" value="\d+"[^>]* checked', before)
    form = fields(before)
    answered = eve.post(form["address"], data={"id": form["id"], "yes": ["0"]})
    assert answered.headers["location"] == form["address"]
    after = eve.get(form["address"]).text
    assert "a hint" in after
    assert "annotator 2" in after
    again = fields(after)
    assert eve.post(again["address"], data={"id": again["id"], "yes": ["1"]}).headers["location"] == PAGE
    with blind_study.workspace.store.reading() as c:
        assert [one.is_decided for one in refinements.history(c, blind_study.images[0].id)] == [False, True]


@pytest.mark.parametrize(
    ("why", "fits"),
    [("sets-differ", True), ("agreed-empty", False), ("maybe", False), ("cannot-tell", False), ("unfit", False)],
)
def test_the_queue_narrows_to_a_reason(browser_of: Callable[..., Browser], study: Study, why: str, fits: bool) -> None:
    dispute(study, 0, [0], [1])
    assert ("refine-case" in browser_of("Eve", Role.EXPERT).get(f"{PAGE}?why={why}").text) is fits


def test_agreed_empty_images_are_found_by_their_reason(browser_of: Callable[..., Browser], study: Study) -> None:
    dispute(study, 0, [0], [1])
    dispute(study, 1, [], [])
    page = browser_of("Eve", Role.EXPERT).get(f"{PAGE}?why=agreed-empty").text
    assert "the reason is missing" in page
    wrong = browser_of("Fay", Role.EXPERT).get(f"{PAGE}?why=nonsense&annotator=me&other=tabby")
    assert wrong.status_code == 422
    assert "There is no such reason." in wrong.text
    assert "Nobody with this name has answered here." in wrong.text
    assert "Name both labels of the pair." in wrong.text


def test_who_waits_learns_how_many_others_decide_on_and_only_owners_who(browser_of: Callable[..., Browser], study: Study) -> None:
    dispute(study, 0, [0], [1])
    browser_of("Eve", Role.EXPERT).get(PAGE)
    for page in (PAGE, f"{PAGE}/quick"):
        assert "Others have 1 image, until 6 May 2030" in browser_of("Fay", Role.EXPERT).get(page).text
        assert "Eve has 1 image" in browser_of("Olga", Role.OWNER).get(page).text


@pytest.mark.parametrize("page", [PAGE, f"{PAGE}/quick"])
def test_who_waits_is_sent_nowhere_where_there_is_nothing_either(browser_of: Callable[..., Browser], study: Study, page: str) -> None:
    assert "Refine whole pictures" not in browser_of("Gus", Role.EXPERT).get(page).text  # nothing is disputed
    dispute(study, 0, [0], [1])
    browser_of("Eve", Role.EXPERT).get(PAGE)
    waiting = browser_of("Fay", Role.EXPERT).get(page).text  # another expert has all there is
    assert "other experts have the last ones" in waiting
    assert "Refine whole pictures" not in waiting
    assert f'href="{page}">Check again' in waiting


def test_where_nothing_is_disputed_the_page_gives_no_other_reason(browser_of: Callable[..., Browser]) -> None:
    page = browser_of("Ed", Role.EXPERT).get("/d/pilot/refine").text
    assert "No image is disputed now. Annotators are still at work." in page
    assert "annotated them yourself" not in page
