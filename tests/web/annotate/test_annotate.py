"""The annotate page over its own forms, without a script: what it shows, what it saves, what it refuses, what it never tells."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.processes import loaded
from tests.studies import CLASS_FOLDER, FILE_STEM, NOW, SOURCE, Study, ready_study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Annotation, AssignmentId, Outcome, Relation, Role, UnfitReason, Vote
from multilabelfy.annotation.study.protocol import BLIND, PAPER
from multilabelfy.dataset.model import ImageState
from multilabelfy.store.answers import annotations
from multilabelfy.store.dataset import candidates, datasets, images
from multilabelfy.store.handing_out import assignments
from multilabelfy.web.app import create_app

PAGE = "/d/pilot/annotate"


@pytest.fixture
def ada(browser_of: Callable[..., Browser]) -> Browser:
    return browser_of("Ada")


@pytest.fixture
def blind(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path / "blind", protocol=BLIND)
    yield ready
    ready.workspace.close()


def form_in(page: str) -> dict[str, Any]:
    """The hidden fields of the first sheet on a page, as a browser would send them; `action` is where to."""
    sheet = page[page.index("<answer-sheet") : page.index("</answer-sheet>")]
    fields: dict[str, Any] = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', sheet))
    fields["action"] = re.search(r'action="([^"]+)"', sheet)[1]  # type: ignore[index]
    return fields


def labels_in(page: str) -> list[int]:
    """The candidates of the first sheet in the order of the page."""
    sheet = page[page.index("<answer-sheet") : page.index("</answer-sheet>")]
    return [int(label) for label in re.findall(r'data-part="row" data-label="(\d+)"', sheet)]


def answer(browser: Browser, shown: str = "", **said: Any) -> Any:
    """Send the form of the page shown (the next one where none is given) with these fields."""
    fields = form_in(shown or browser.get(PAGE).text)
    return browser.post(fields.pop("action"), data={**fields, **said})


def stored(study: Study, image: int = 0) -> list[Annotation]:
    with study.workspace.store.reading() as c:
        return annotations.history(c, study.images[image].id)


def test_the_page_shows_twenty_candidates_in_fives_with_all_their_synonyms(ada: Browser) -> None:
    page = ada.get(PAGE).text
    assert labels_in(page) == list(range(20))
    sheet = page[: page.index("</answer-sheet>")]
    assert sheet.count('<fieldset class="five"') == 4
    assert "<b>sunglasses</b><small>dark glasses, shades</small>" in sheet


def test_each_label_has_its_reference_pictures_in_one_strip(ada: Browser) -> None:
    page = ada.get(PAGE).text
    names = re.findall(r'/strips/[^"]+-96\.webp', page[: page.index("</answer-sheet>")])
    assert len(names) == 20
    picture = ada.get(names[0])
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/webp")
    assert picture.headers["cache-control"] == "private, max-age=31536000, immutable"


def test_a_tick_is_saved_and_the_next_picture_comes(ada: Browser, study: Study) -> None:
    done = answer(ada, yes=[3, 7], note="two of them")
    assert (done.status_code, done.headers["location"]) == (303, PAGE)
    [annotation] = stored(study)
    assert annotation.answers == {3: Vote.YES, 7: Vote.YES}
    assert annotation.note == "two of them"
    assert form_in(ada.get(PAGE).text)["action"] == f"{PAGE}/2"


def test_the_exact_screen_is_kept(ada: Browser, study: Study, clock: Clock) -> None:
    page = ada.get(PAGE).text
    clock.forward(seconds=30)
    answer(ada, page, yes=[0])
    [annotation] = stored(study)
    screen = annotation.screen
    assert [(c.label, c.source, c.rank) for c in screen.candidates] == [(label, SOURCE, label + 1) for label in range(20)]
    assert (screen.group_size, screen.protocol_version, screen.guidelines_version, screen.search_used) == (5, 1, 0, False)
    assert screen.opened_at == (NOW,) * 4  # without scripts all fives are open from the start
    assert annotation.submitted_at == NOW + timedelta(seconds=30)
    assert len(screen.exemplars[0]) == 3  # one of the four is spared, so that nobody sees which one is left out where
    assert set(screen.exemplars[0]) < {"1", "2", "3", "4"}
    assert set(screen.exemplars) == set(range(20))


def test_fives_are_opened_when_the_browser_says_so(ada: Browser, study: Study, clock: Clock) -> None:
    page = ada.get(PAGE).text
    clock.forward(minutes=10)
    times: dict[str, Any] = {
        "opened-0": 0,
        "opened-1": 2000,
        "opened-2": 3000,
        "opened-3": 4000,
        "elapsed": 5000,
        "age": 60_000,
        "present": 4500,
    }
    answer(ada, page, yes=[0], scripted="1", **times)
    [annotation] = stored(study)
    first = NOW + timedelta(minutes=9) - timedelta(seconds=5)
    assert annotation.screen.opened_at == tuple(first + timedelta(seconds=s) for s in (0, 2, 3, 4))
    assert annotation.present_ms == 4500


def test_an_answer_sent_twice_is_stored_once(ada: Browser, study: Study) -> None:
    page = ada.get(PAGE).text
    for _ in range(2):
        assert answer(ada, page, yes=[1]).status_code == 303
    assert len(stored(study)) == 1


def test_a_save_is_refused_with_the_reason_on_the_page(ada: Browser, study: Study) -> None:
    refused = answer(ada, note="I see nothing")
    assert refused.status_code == 422
    assert "Nothing is chosen yet" in refused.text
    assert ">I see nothing</textarea>" in refused.text  # what was typed is still there
    assert stored(study) == []


def test_a_refused_form_keeps_its_ticks(ada: Browser) -> None:
    refused = answer(ada, yes=[2, 4], outcome="none").text
    assert "contradict" in refused
    ticked = re.findall(r'name="yes" value="(\d+)" data-key="\d" checked', refused)
    assert ticked == ["2", "4"]


def test_a_five_that_was_not_seen_is_refused_where_the_protocol_asks_for_all(ada: Browser) -> None:
    refused = answer(ada, yes=[0], **{"scripted": "1", "opened-0": "0", "opened-1": "10"})
    assert refused.status_code == 422
    assert "2 fives have not been seen yet" in refused.text


@pytest.mark.parametrize(
    "forged",
    [
        {"yes": [25]},  # not a candidate
        {"yes": [99999]},
        {"yes": ["3; drop"]},
        {"yes": ["-1"]},
        {"maybe": [3]},  # the paper's protocol knows no maybe
        {"yes": [3], "outcome": "perfect"},
        {"yes": [3], "outcome": ["none", "unfit"]},
        {"yes": [3], "protocol": "7"},
        {"yes": [3], "protocol": "1e9"},
        {"yes": [3], "id": "x"},
        {"yes": [3], "relation": "friends"},
        {"outcome": "unfit", "reason": "boring"},
        {"yes": [3], "note": "n" * 3000},
        {"yes": [19], "scripted": "1", "opened-0": "0", "opened-1": "", "opened-2": "", "opened-3": ""},
    ],
)
def test_a_forged_form_is_refused(ada: Browser, study: Study, forged: dict[str, Any]) -> None:
    refused = answer(ada, **forged)
    assert refused.status_code == 422
    assert 'data-part="refusal" id="refusal">' in refused.text
    assert stored(study) == []


def test_a_huge_form_is_refused_before_it_is_read(ada: Browser) -> None:
    assert answer(ada, note="n" * 300_000).status_code == 413


def test_none_of_these_cannot_tell_and_unfit_are_three_things(ada: Browser, study: Study) -> None:
    answer(ada, outcome="none")
    answer(ada, outcome="cannot-tell", yes=[1, 2])
    answer(ada, outcome="unfit", reason="poor")
    said = [stored(study, image)[0] for image in range(3)]
    assert [one.outcome for one in said] == [Outcome.NONE, Outcome.CANNOT_TELL, Outcome.UNFIT]
    assert said[1].unsure_between == (1, 2)
    assert said[2].unfit_reason is UnfitReason.POOR


def test_a_script_is_told_what_was_saved_and_how_far_one_is(ada: Browser) -> None:
    page = ada.get(PAGE).text
    fields = form_in(page)
    saved = ada.post(fields.pop("action"), data={**fields, "yes": 1}, headers={"Accept": "application/json"})
    assert saved.json() == {"saved": fields["id"], "answered": 1, "images": 6}
    refused = ada.post(f"{PAGE}/2", data={**form_in(ada.get(PAGE).text)}, headers={"Accept": "application/json"})
    assert refused.status_code == 422
    assert list(refused.json()["problems"]) == ["answers"]


def test_a_maybe_and_a_relation_under_the_blind_protocol(blind: Study, clock: Clock) -> None:
    ada = Browser(blind, clock).sign_in("Ada")
    page = ada.get(PAGE).text
    first, second, third = labels_in(page)[:3]
    refused = answer(ada, page, yes=[first, second], maybe=[third])
    assert "several objects" in refused.text
    assert answer(ada, page, yes=[first, second], maybe=[third], relation="both").status_code == 303
    [annotation] = stored(blind)
    assert annotation.answers == {first: Vote.YES, second: Vote.YES, third: Vote.MAYBE}
    assert annotation.relation is Relation.BOTH


def test_two_annotators_see_the_same_candidates_each_in_their_own_order(blind: Study, clock: Clock) -> None:
    ada, bob = (labels_in(Browser(blind, clock).sign_in(name).get(PAGE).text) for name in ("Ada", "Bob"))
    assert ada != bob
    assert set(ada) == set(bob)
    assert ada != sorted(ada)


def test_candidates_are_frozen_at_the_first_assignment(ada: Browser, study: Study) -> None:
    ada.get(PAGE)
    with study.workspace.store.writing() as c:
        datasets.set_protocol(c, study.dataset.id, PAPER, NOW)
        frozen = candidates.frozen(c, [study.images[0].id])
    assert [one.label for one in frozen[study.images[0].id]] == list(range(20))


def test_an_answer_is_held_against_the_protocol_that_its_page_was_made_under(ada: Browser, study: Study) -> None:
    page = ada.get(PAGE).text
    with study.workspace.store.writing() as c:
        datasets.set_protocol(c, study.dataset.id, BLIND, NOW)
    answer(ada, page, yes=[1, 2])  # no relation was asked on that page
    [annotation] = stored(study)
    assert annotation.screen.protocol_version == 1


def test_others_answers_are_not_visible_while_labelling(study: Study, browser_of: Callable[..., Browser]) -> None:
    answer(browser_of("Ada"), yes=[3], note="a very telling note")
    page = browser_of("Bob").get(PAGE).text
    assert "telling" not in page
    assert " checked" not in page


def test_nobody_gets_an_image_twice_and_none_more_than_two_people(study: Study, browser_of: Callable[..., Browser]) -> None:
    for name in ("Ada", "Bob"):
        browser = browser_of(name)
        given = set()
        for _ in range(6):
            page = browser.get(PAGE).text
            given.add(form_in(page)["action"])
            answer(browser, page, outcome="none")
        assert len(given) == 6
    assert "Finished: thank you" in browser_of("Cy").get(PAGE).text
    with study.workspace.store.reading() as c:
        assert {image.n_answers for image in images.iterate(c, study.dataset.id)} == {2}


def test_when_both_have_answered_the_image_is_settled(study: Study, browser_of: Callable[..., Browser]) -> None:
    answer(browser_of("Ada"), yes=[3])
    answer(browser_of("Bob"), yes=[3, 4])
    with study.workspace.store.reading() as c:
        assert images.get(c, study.images[0].id).state is ImageState.DISPUTED


def test_a_picture_left_for_later_comes_back_before_the_end(ada: Browser, clock: Clock) -> None:
    ada.get(PAGE)
    assert ada.post(f"{PAGE}/1/later").headers["location"] == PAGE
    seen = []
    for _ in range(6):
        page = ada.get(PAGE).text
        seen.append(form_in(page)["action"])
        clock.forward(seconds=10)
        answer(ada, page, outcome="none")
    assert seen[-1] == f"{PAGE}/1"
    assert "Finished" in ada.get(PAGE).text


def test_going_back_shows_one_s_answer_and_revises_it(ada: Browser, study: Study) -> None:
    answer(ada, yes=[3], note="hm")
    back = ada.get(f"{PAGE}/previous").headers["location"]
    page = ada.get(back).text
    assert re.findall(r'name="yes" value="(\d+)" data-key="\d" checked', page) == ["3"]
    assert ">hm</textarea>" in page
    answer(ada, page, yes=[4])
    first, second = stored(study)
    assert (first.revision, set(first.answers)) == (1, {3})
    assert (second.revision, set(second.answers)) == (2, {4})


def test_before_the_first_answer_there_is_no_way_back(ada: Browser) -> None:
    ada.get(PAGE)
    assert ada.get(f"{PAGE}/previous?before=1").headers["location"] == PAGE
    assert ada.get(f"{PAGE}/previous?before=1&fragment=true").status_code == 204


def test_somebody_else_s_picture_is_not_answered(study: Study, browser_of: Callable[..., Browser]) -> None:
    page = browser_of("Ada").get(PAGE).text
    eve = browser_of("Eve")
    assert eve.get(f"{PAGE}/1").status_code == 403
    assert answer(eve, page, yes=[1]).status_code == 403
    assert stored(study) == []
    assert eve.get(f"{PAGE}/99").status_code == 403
    assert eve.get("/d/other/annotate/1").status_code == 404


def test_an_answer_after_its_lease_is_kept_and_a_surplus_one_marked(study: Study, browser_of: Callable[..., Browser], clock: Clock) -> None:
    ada = browser_of("Ada")
    page = ada.get(PAGE).text
    clock.forward(hours=2)
    for name in ("Bob", "Cy"):
        answer(browser_of(name), yes=[3])
    assert answer(ada, page, yes=[3]).status_code == 303
    assert [one.surplus for one in stored(study)] == [False, False, True]


@pytest.mark.parametrize(("query", "first"), [("dark glas", 17), ("KEYPAD", 6), ("k00011", 11), ("églantine", None), ("", None)])
def test_the_search_finds_labels_by_any_synonym(ada: Browser, query: str, first: int | None) -> None:
    ada.get(PAGE)
    found = re.findall(r'role="option"[^>]*data-label="(\d+)"', ada.get(f"{PAGE}/search", params={"q": query, "assignment": 1}).text)
    assert (int(found[0]) if found else None) == first


def test_without_scripts_the_search_button_lists_what_it_found_and_keeps_the_ticks(ada: Browser, study: Study) -> None:
    page = ada.get(PAGE).text
    found = answer(ada, page, q="espresso", yes=[3]).text  # label 26 is not among the twenty
    assert re.search(r'<input type="hidden" name="added" value="26">', found)
    assert re.findall(r'name="yes" value="(\d+)" data-key="\d" checked', found) == ["3"]
    assert answer(ada, page, yes=[3, 26], added=[26]).status_code == 303
    [annotation] = stored(study)
    assert (annotation.unprompted, annotation.screen.search_used) == ((26,), True)


def test_a_searched_label_is_still_there_when_one_goes_back(ada: Browser) -> None:
    answer(ada, yes=[26], added=[26])
    page = ada.get(ada.get(f"{PAGE}/previous").headers["location"]).text
    assert re.search(r'name="yes" value="26" checked', page)


def test_a_missing_label_is_reported_by_name(ada: Browser, study: Study) -> None:
    answer(ada, outcome="none", missing="  a hat stand <b> ")
    assert stored(study)[0].missing_label == "a hat stand <b>"


def test_a_paused_study_says_so(ada: Browser, study: Study) -> None:
    with study.workspace.store.writing() as c:
        datasets.set_paused(c, study.dataset.id, True)
    page = ada.get(PAGE)
    assert (page.status_code, "The study is paused" in page.text) == (200, True)


def test_what_is_being_annotated_may_still_be_saved_during_a_pause(ada: Browser, study: Study) -> None:
    page = ada.get(PAGE).text
    with study.workspace.store.writing() as c:
        datasets.set_paused(c, study.dataset.id, True)
    assert answer(ada, page, yes=[3]).status_code == 303
    assert len(stored(study)) == 1


def test_without_proposals_the_page_says_what_comes_first(tmp_path: Path, clock: Clock) -> None:
    bare = ready_study(tmp_path / "bare", proposed=False)
    page = Browser(bare, clock).sign_in("Ada").get(PAGE).text
    assert "No picture is ready yet" in page
    bare.workspace.close()


def test_when_others_hold_the_last_pictures_there_is_nothing_to_do_now(study: Study, browser_of: Callable[..., Browser]) -> None:
    with study.workspace.store.writing() as c:
        datasets.set_protocol(c, study.dataset.id, PAPER.__class__(preset="paper", overlap=1), NOW)
    bob = browser_of("Bob")
    bob.get(PAGE)
    bob.get(f"{PAGE}/ahead?held=1")
    ada = browser_of("Ada")
    for _ in range(2):
        answer(ada, outcome="none")
    assert "Nothing to do now" in ada.get(PAGE).text


def test_the_finish_thanks_and_tells_one_s_own_figures(ada: Browser, clock: Clock) -> None:
    for _ in range(6):
        page = ada.get(PAGE).text
        clock.forward(seconds=30)
        answer(ada, page, outcome="none")
    page = ada.get(PAGE).text
    assert "Finished: thank you" in page
    assert "<dt>pictures that you answered</dt><dd>6</dd>" in page
    assert "<dt>minutes that you spent on them</dt><dd>3</dd>" in page


def test_the_sheets_ahead_leave_out_what_the_browser_has(ada: Browser) -> None:
    first = re.findall(r'<answer-sheet[^>]* data-assignment="(\d+)"', ada.get(PAGE).text)
    assert first == ["1"]  # the one in view; three to come are asked for once it is there
    ahead = ada.get(f"{PAGE}/ahead?held=1").text
    assert re.findall(r'<answer-sheet[^>]* data-assignment="(\d+)"', ahead) == ["2", "3", "4"]
    assert ada.get(f"{PAGE}/ahead?held=1.2.3.4").text.strip() == ""
    more = ada.get(f"{PAGE}/ahead?held=1.2").text
    assert re.findall(r'<answer-sheet[^>]* data-assignment="(\d+)"', more) == ["3", "4"]


def test_a_browser_learns_which_of_its_pictures_are_answered_and_nothing_of_others(
    ada: Browser, browser_of: Callable[..., Browser]
) -> None:
    answer(ada, outcome="none")
    ada.get(PAGE)
    assert ada.get(f"{PAGE}/answered?of=1.2.99.x").json() == {"answered": ["1"]}
    assert ada.get(f"{PAGE}/answered").json() == {"answered": []}
    assert browser_of("Bob").get(f"{PAGE}/answered?of=1.2").json() == {"answered": []}


def test_no_path_folder_file_score_model_or_given_label_reaches_an_annotator(tmp_path: Path, clock: Clock) -> None:
    blind = ready_study(tmp_path / "blind", protocol=BLIND, n_images=3, n_labels=8)
    ada = Browser(blind, clock).sign_in("Ada")
    visited = [ada.get(address) for address in (PAGE, f"{PAGE}/1", f"{PAGE}/1/sheet", f"{PAGE}/ahead", f"{PAGE}/search?q=cat&assignment=1")]
    addresses = sorted({address for page in visited for address in re.findall(r'(?:src|href)="(/[^"]+)"', page.text)})
    visited += [ada.get(address) for address in addresses if address.startswith(("/pictures", "/strips"))]
    assert len(visited) > 5 + 8  # each label has a strip of its own, and the pictures come beside
    secrets = [CLASS_FOLDER, FILE_STEM, SOURCE, str(blind.workspace.folder), "given", "decoy", "score"]
    for response in visited:
        assert response.status_code == 200, response.url
        told = f"{response.url} {response.headers} {response.text if 'text' in response.headers['content-type'] else response.content!r}"
        assert not [secret for secret in secrets if secret in told], response.url
        assert "content-disposition" not in response.headers
    blind.workspace.close()


def test_only_strips_that_a_page_named_are_made(ada: Browser) -> None:
    strip = re.search(r'/strips/[^"]+-96\.webp', ada.get(PAGE).text)[0]  # type: ignore[index]
    for forged in (
        *(strip.replace(strip[place], other, 1) for place, other in ((8, "0"), (8, "f"), (-14, "0"), (-14, "f")) if strip[place] != other),
        strip.replace("-96", "-97"),
        strip.replace("-96", "00000000-96"),
        "/strips/a-b-c-d-96.webp",
        f"/strips/{'0' * 72}-96.webp",
    ):
        assert ada.get(forged).status_code == 404


def test_pictures_need_a_session(ada: Browser, visitor: Browser) -> None:
    address = re.search(r'/pictures/[^"]+', ada.get(PAGE).text)[0]  # type: ignore[index]
    assert ada.get(address).status_code == 200
    assert visitor.get(address).status_code == 303
    assert ada.get(address.replace("-1600", "-1601")).status_code == 404
    assert ada.get("/pictures/0123456789abcdef0123456789abcdef-1600.webp").status_code == 404


def test_names_and_notes_are_text_never_markup(tmp_path: Path, clock: Clock) -> None:
    evil = ready_study(tmp_path / "evil", n_images=1)
    with evil.workspace.store.writing() as c:
        name = "<script>alert(1)</script>"
        c.exec_driver_sql("UPDATE labels SET names = ?", (f'["{name}", "\\"><img src=x>"]',))
    ada = Browser(evil, clock).sign_in("<b>Ada</b>")
    answer(ada, yes=[0], note="</textarea><script>alert(2)</script>")
    for page in (ada.get(f"{PAGE}/1").text, ada.get(PAGE).text):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>Ada" not in page
    evil.workspace.close()


def test_serving_the_page_loads_no_heavy_library() -> None:
    light, heavy = ["multilabelfy.web.app", "uvicorn"], ["torch", "polars", "scipy", "altair", "vl_convert", "onnxruntime"]
    assert loaded(*light, *heavy) == light


def test_a_dataset_s_name_may_hold_anything(tmp_path: Path, clock: Clock) -> None:
    odd = ready_study(tmp_path / "odd", n_images=2)
    with odd.workspace.store.writing() as c:
        c.exec_driver_sql("UPDATE datasets SET name = 'Müll & Söhne/100% #1?'")
    ada = Browser(odd, clock).sign_in("Ada")
    page = ada.get("/d/M%C3%BCll%20%26%20S%C3%B6hne%2F100%25%20%231%3F/annotate")
    assert page.status_code in (200, 404)  # a slash in a name cannot stand in an address; nothing breaks
    odd.workspace.close()


def test_owners_and_experts_may_annotate_too(browser_of: Callable[..., Browser]) -> None:
    for name, role in (("Olga", Role.OWNER), ("Ed", Role.EXPERT)):
        assert browser_of(name, role).get(PAGE).status_code == 200


def test_the_lease_is_renewed_while_the_page_asks_for_more(ada: Browser, study: Study, clock: Clock) -> None:
    ada.get(PAGE)
    clock.forward(minutes=20)
    ada.get(f"{PAGE}/ahead?held=1")
    with study.workspace.store.reading() as c:
        assert assignments.get(c, AssignmentId(1)).expires_at == clock.now + timedelta(minutes=30)


def test_an_application_is_made_over_any_workspace(study: Study) -> None:
    assert create_app(study.workspace).state.workspace is study.workspace


def test_a_late_answer_counts_again_when_who_was_handed_its_picture_does_not_answer(
    study: Study, browser_of: Callable[..., Browser], clock: Clock
) -> None:
    ada, bob, cy = browser_of("Ada"), browser_of("Bob"), browser_of("Cy")
    page = ada.get(PAGE).text
    clock.forward(hours=1)
    bob.get(PAGE)
    answer(cy, yes=[3])
    assert answer(ada, page, yes=[3]).status_code == 303
    assert [one.surplus for one in stored(study)] == [False, True]  # Bob holds the second place
    clock.forward(hours=1)
    cy.get(PAGE)  # whoever asks next: Bob's lease has lapsed
    assert [one.surplus for one in stored(study)] == [False, False]
    with study.workspace.store.reading() as c:
        assert images.get(c, study.images[0].id).state is ImageState.AGREED
