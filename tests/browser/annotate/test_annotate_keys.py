"""The annotate page's keys, in a real browser: each promise of PAGES is a test by its own name."""

import contextlib
from collections.abc import Callable
from itertools import product

import pytest
from playwright.sync_api import Error, Page, expect
from tests.browser.live import LiveServer

from multilabelfy.annotation.model import Annotation, Outcome, Relation, UnfitReason, Vote
from multilabelfy.annotation.study.protocol import BLIND
from multilabelfy.store.answers import annotations

pytestmark = pytest.mark.browser
PAGE = "/d/pilot/annotate"


@pytest.fixture
def page(look_at: Callable[..., Page]) -> Page:
    """The annotate page of a study under the paper's protocol, to look at and to press keys in: nothing is saved."""
    return opened(look_at("paper"))


@pytest.fixture
def blind_page(look_at: Callable[..., Page]) -> Page:
    """The same under the blind protocol."""
    return opened(look_at("blind"))


@pytest.fixture
def own_page(page_as: Callable[..., Page]) -> Page:
    """The annotate page of `live_server`, whose answers are saved."""
    return opened(page_as())


def opened(page: Page) -> Page:
    page.goto(PAGE)
    expect(page.locator("html.scripted answer-sheet")).to_be_focused()
    return page


def ahead(page: Page) -> Page:
    """Wait until the sheets to have ready are there with their pictures: the page asks for them once the first one is at rest."""
    page.evaluate(
        """async () => {
          const { supply } = document.querySelector("annotate-desk, refine-desk");
          const isThere = ({ name }) => name.includes("/ahead?");
          for (let tries = 0; !performance.getEntriesByType("resource").some(isThere); tries += 1) {
            if (tries === 3000) throw new Error("no sheet was asked for ahead");
            await new Promise((resolve) => setTimeout(resolve, 10));
          }
          await supply.fill();
          for (let handle = 1; handle <= 100; handle += 1) await supply.find(String(handle))?.prefetch();
        }"""
    )
    settle(page)
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
    settle(page)


def settle(page: Page) -> None:
    """A choice shows once it is kept: wait until all that was pressed is done."""
    with contextlib.suppress(Error):  # a page that goes to another one is done, too
        page.evaluate(
            """new Promise((done) => {
              const desk = document.querySelector('annotate-desk, refine-desk');
              desk ? desk.whenFree(async () => done(await desk.sheet?.settled)) : done();
            })"""
        )


def ticked(page: Page) -> list[int]:
    """The labels that are chosen with a yes."""
    settle(page)
    return [int(box.get_attribute("value") or "") for box in page.locator("answer-sheet input[name=yes]:checked").all()]


def shown(page: Page) -> list[int]:
    """The labels of the five in view."""
    return [int(row.get_attribute("data-label") or "") for row in page.locator("[data-part=row]:visible").all()]


def place(page: Page) -> str:
    return page.locator("[data-part=place]").inner_text()


def refusal(page: Page) -> str:
    return page.get_by_role("alert").inner_text()


def stored(server: LiveServer, image: int = 0) -> list[Annotation]:
    with server.study.workspace.store.reading() as c:
        return annotations.history(c, server.study.images[image].id)


def saved(page: Page, server: LiveServer, image: int = 0) -> Annotation:
    """The newest answer of an image, once the page says that all is saved."""
    expect(page.locator("answer-sheet")).not_to_have_attribute("data-assignment", str(image + 1))
    expect(page.locator("annotate-desk")).to_have_attribute("data-unsent", "0")
    expect(page.locator("save-status")).to_have_text("all saved")
    return stored(server, image)[-1]


def test_five_labels_are_in_view(page: Page) -> None:
    assert shown(page) == [0, 1, 2, 3, 4]
    assert place(page) == "five 1 of 4"


def test_digits_toggle_the_labels_in_view(page: Page) -> None:
    press(page, "1", "3", "5", "3")
    assert ticked(page) == [0, 4]


def test_a_digit_twice_means_maybe_and_three_times_nothing(blind_page: Page) -> None:
    first, second = shown(blind_page)[:2]
    press(blind_page, "1", "1", "2", "2", "2")
    assert ticked(blind_page) == []
    assert blind_page.locator("input[name=maybe]:checked").evaluate_all("boxes => boxes.map(box => Number(box.value))") == [first]
    assert blind_page.locator(f"input[name=yes][value='{first}']").evaluate("box => box.indeterminate")
    assert not blind_page.locator(f"input[name=yes][value='{second}']").evaluate("box => box.indeterminate")


def test_the_chosen_labels_stay_in_view_whichever_five_is_open(page: Page) -> None:
    press(page, "2", "ArrowDown", "1", "ArrowDown")
    chips = page.get_by_role("group", name="Chosen labels").locator(".chip:visible")
    assert [chip.locator(".chip-name").inner_text() for chip in chips.all()] == ["tiger cat", "mouse"]
    page.get_by_role("button", name="take back mouse").click()
    assert ticked(page) == [1]


def test_enter_shows_the_next_five_while_any_is_unseen_then_saves_and_shows_the_next_picture(
    own_page: Page, live_server: LiveServer
) -> None:
    press(own_page, "1")
    for five in ("five 2 of 4", "five 3 of 4", "five 4 of 4"):
        press(own_page, "Enter")
        assert place(own_page) == five
    press(own_page, "Enter")
    annotation = saved(own_page, live_server)
    assert annotation.answers == {0: Vote.YES}
    assert shown(own_page) == [1, 2, 3, 4, 5]


def test_an_annotator_who_agrees_with_nothing_on_a_page_presses_one_key(own_page: Page) -> None:
    press(own_page, "Enter", "Enter", "Enter")
    assert place(own_page) == "five 4 of 4"
    press(own_page, "0", "Enter")
    expect(own_page.locator("answer-sheet")).to_have_attribute("data-assignment", "2")


def test_down_and_up_go_through_the_fives_and_stop_at_the_ends(page: Page) -> None:
    press(page, "ArrowUp")
    assert place(page) == "five 1 of 4"
    press(page, "ArrowDown", "ArrowDown", "ArrowUp")
    assert place(page) == "five 2 of 4"
    press(page, *["ArrowDown"] * 5)
    assert place(page) == "five 4 of 4"


def test_a_five_that_was_skipped_is_shown_before_saving(own_page: Page) -> None:
    own_page.get_by_role("button", name="five 4").click()
    own_page.get_by_role("button", name="five 3").click()
    own_page.locator("answer-sheet").focus()
    press(own_page, "1", "Enter")
    assert place(own_page) == "five 1 of 4" or place(own_page) == "five 2 of 4"
    press(own_page, "Enter", "Enter")
    expect(own_page.locator("answer-sheet")).to_have_attribute("data-assignment", "2")


def test_digits_go_by_the_place_of_the_key(page: Page) -> None:
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {code: 'Digit2', key: 'é', bubbles: true, cancelable: true}))")
    assert ticked(page) == [1]


def test_the_number_pad_works_too(page: Page) -> None:
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {code: 'Numpad4', key: '4', bubbles: true, cancelable: true}))")
    assert ticked(page) == [3]


def test_letters_go_by_what_they_print_and_by_place_on_other_alphabets(page: Page) -> None:
    cannot_tell = page.get_by_role("checkbox", name="cannot tell")
    for code, key in (("KeyG", "u"), ("KeyU", "г")):  # Dvorak; Russian
        event = f"{{code: '{code}', key: '{key}', bubbles: true, cancelable: true}}"
        page.evaluate(f"document.dispatchEvent(new KeyboardEvent('keydown', {event}))")
    expect(cannot_tell).not_to_be_checked()  # once on, once off
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {code: 'KeyU', key: 'g', bubbles: true, cancelable: true}))")
    expect(cannot_tell).not_to_be_checked()


def test_no_key_that_the_browser_owns_is_taken(page: Page) -> None:
    keys = (("Digit1", "1"), ("KeyF", "f"), ("KeyU", "u"), ("Digit0", "0"), ("ArrowRight", "ArrowRight"), ("Slash", "/"))
    for modifier, (code, key) in product(("ctrlKey", "metaKey", "altKey"), keys):
        event = f"new KeyboardEvent('keydown', {{code: '{code}', key: '{key}', {modifier}: true, bubbles: true, cancelable: true}})"
        assert page.evaluate(f"document.dispatchEvent({event})"), (modifier, key)  # nobody prevented it
    assert ticked(page) == []


def test_no_key_is_taken_while_typing(page: Page) -> None:
    press(page, "c")
    page.keyboard.type("01 u f / ? z")
    note = page.get_by_role("textbox", name="Note")
    expect(note).to_have_value("01 u f / ? z")
    press(page, "Escape")
    expect(note).to_be_hidden()
    assert ticked(page) == []
    press(page, "1")
    assert ticked(page) == [0]


def test_on_a_focused_button_or_link_enter_stays_native(page: Page) -> None:
    page.get_by_role("button", name="five 3").focus()
    press(page, "Enter")
    assert place(page) == "five 3 of 4"
    page.locator("answer-sheet").focus()
    page.get_by_role("link", name="previous").focus()
    press(page, "Enter")
    expect(page.locator("[data-part=news]")).to_have_text("You have no answer before this one.")
    assert place(page) == "five 3 of 4"


def test_enter_on_a_ticked_box_is_the_way_forward(page: Page) -> None:
    page.locator(".pick:visible").first.click()
    expect(page.locator("[data-part=row][data-vote=yes]")).to_have_count(1)
    assert ticked(page) == [0]
    press(page, "Enter")
    assert place(page) == "five 2 of 4"


def test_a_save_is_refused_with_the_reason_where_nothing_is_chosen(own_page: Page, live_server: LiveServer) -> None:
    press(own_page, *["Enter"] * 4)
    assert "Nothing is chosen yet" in refusal(own_page)
    assert stored(live_server) == []
    press(own_page, "2")
    expect(own_page.get_by_role("alert")).to_be_hidden()


def test_none_of_these_sets_the_chosen_aside_and_brings_them_back(page: Page) -> None:
    press(page, "1", "4", "0")
    assert ticked(page) == []
    press(page, "0")
    assert ticked(page) == [0, 3]
    press(page, "0", "2")
    assert ticked(page) == [1]
    expect(page.get_by_role("checkbox", name="no label fits")).not_to_be_checked()


def test_cannot_tell_keeps_what_one_cannot_tell_between(own_page: Page, live_server: LiveServer) -> None:
    press(own_page, "1", "2", "u", *["Enter"] * 4)
    annotation = saved(own_page, live_server)
    assert (annotation.outcome, annotation.unsure_between, annotation.answers) == (Outcome.CANNOT_TELL, (0, 1), {})


def test_an_unfit_picture_needs_three_keys(own_page: Page, live_server: LiveServer) -> None:
    press(own_page, "f", "Enter")
    assert refusal(own_page) == "Say why the picture is unfit."
    press(own_page, "2", "Enter")
    annotation = saved(own_page, live_server)
    assert (annotation.outcome, annotation.unfit_reason) == (Outcome.UNFIT, UnfitReason.POOR)
    assert annotation.screen.shown() == (0, 1, 2, 3, 4)  # the other fives were never opened


def test_the_relation_is_asked_only_with_two_chosen(page_as: Callable[..., Page], serve_study: Callable[..., LiveServer]) -> None:
    blind = serve_study(protocol=BLIND)
    blind_page = opened(page_as(server=blind))
    several = blind_page.get_by_role("radio", name="several objects")
    expect(several).to_be_hidden()
    press(blind_page, "1", "s")
    expect(several).to_be_hidden()
    press(blind_page, "2")
    expect(several).to_be_enabled()
    press(blind_page, *["Enter"] * 4)
    assert "several objects" in refusal(blind_page)
    press(blind_page, "n", "Enter")
    assert saved(blind_page, blind).relation is Relation.SEVERAL_NAMES


def test_slash_searches_all_labels_by_any_synonym_with_keys_alone(own_page: Page, live_server: LiveServer) -> None:
    press(own_page, "/")
    own_page.keyboard.type("dark glass")
    expect(own_page.get_by_role("option")).to_have_count(1)
    press(own_page, "Escape", "/")
    own_page.keyboard.press("Control+a")
    own_page.keyboard.type("cup")
    expect(own_page.get_by_role("option", selected=True)).to_contain_text("cup")
    press(own_page, "Enter")
    chip = own_page.locator(".chip:visible")
    expect(chip.locator(".chip-name")).to_have_text("cup")
    press(own_page, *["Enter"] * 4)
    annotation = saved(own_page, live_server)
    assert (annotation.answers, annotation.unprompted, annotation.screen.search_used) == ({25: Vote.YES}, (25,), True)


def test_a_label_found_by_search_that_waits_in_a_five_is_chosen_there(page: Page) -> None:
    press(page, "/")
    page.keyboard.type("sunglasses")
    expect(page.get_by_role("option")).to_have_count(1)
    press(page, "Enter")
    assert place(page) == "five 4 of 4"
    assert ticked(page) == [17]


def test_a_search_that_finds_nothing_says_so_and_a_missing_label_is_reported(own_page: Page, live_server: LiveServer) -> None:
    press(own_page, "/")
    own_page.keyboard.type("unicorn")
    expect(own_page.get_by_text("No label is called “unicorn”.")).to_be_visible()
    own_page.get_by_label("Is a label missing").fill("unicorn")
    press(own_page, "Enter", "0", *["Enter"] * 4)
    assert saved(own_page, live_server).missing_label == "unicorn"


def test_shift_and_a_number_open_the_label_s_card(page: Page) -> None:
    press(page, "Shift+Digit2")
    card = page.locator(".card[open]")
    expect(card.get_by_text("the thing called tiger cat")).to_be_visible()
    expect(card.get_by_role("img", name="3 reference pictures of tiger cat")).to_be_visible()
    press(page, "Shift+Digit3")
    expect(page.get_by_text("the thing called Egyptian cat")).to_be_visible()
    expect(page.get_by_text("the thing called tiger cat")).to_be_hidden()
    press(page, "Escape")
    expect(page.locator(".card[open]")).to_have_count(0)


def test_hovering_over_the_pictures_opens_the_card_and_leaving_closes_it(page: Page) -> None:
    page.locator(".card:visible summary").first.hover()
    expect(page.get_by_text("the thing called tabby")).to_be_visible()
    page.locator("h1").first.hover()
    expect(page.get_by_text("the thing called tabby")).to_be_hidden()


def test_z_enlarges_and_z_closes(page: Page) -> None:
    press(page, "z")
    dialog = page.get_by_role("dialog", name="The picture, enlarged")
    scale = dialog.locator("[data-part=scale]")
    expect(scale).not_to_have_text("")
    before = int(scale.inner_text().rstrip("%"))
    press(page, "+", "+")
    assert int(scale.inner_text().rstrip("%")) > before
    press(page, "1", "Enter", "z")
    expect(dialog).to_be_hidden()
    assert ticked(page) == []
    assert place(page) == "five 1 of 4"


def test_a_question_mark_lists_the_keys_that_this_protocol_knows(page: Page, blind_page: Page) -> None:
    for one, knows_maybe in ((page, False), (blind_page, True)):
        press(one, "?")
        help_ = one.get_by_role("dialog", name="Keys")
        expect(help_).to_contain_text("leave this picture for later")
        assert ("twice: maybe" in help_.inner_text()) == knows_maybe
        press(one, "Escape")
        expect(help_).to_be_hidden()


def test_a_key_that_is_held_down_does_not_race_ahead(page: Page) -> None:
    for _ in range(5):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    assert place(page) == "five 2 of 4"


@pytest.mark.parametrize("button", ["[data-part=go]", "[data-key=ArrowRight]"])
def test_a_double_click_does_nothing_to_the_next_picture(own_page: Page, button: str) -> None:
    ahead(own_page)
    press(own_page, "1", *["Enter"] * 3)
    own_page.locator(f"{button}:visible").dblclick()
    expect(own_page.locator("answer-sheet")).to_have_attribute("data-assignment", "2")
    settle(own_page)
    assert (place(own_page), ticked(own_page)) == ("five 1 of 4", [])
    expect(own_page.locator("answer-sheet")).to_have_attribute("data-assignment", "2")
    own_page.locator("[data-part=go]:visible").click()
    assert place(own_page) == "five 2 of 4"


@pytest.mark.parametrize("button", ["[data-part=go]", "[data-part=back]"])
def test_a_double_click_passes_over_no_five(page: Page, button: str) -> None:
    press(page, *["Enter"] * (1 if "go" in button else 3))
    page.locator(f"{button}:visible").dblclick()
    assert place(page) == "five 3 of 4"
    page.locator("[data-part=back]:visible").click()
    assert place(page) == "five 2 of 4"


@pytest.mark.parametrize("text", ["Note", "label is missing"])
def test_a_text_that_lies_over_labels_closes_with_a_press_elsewhere_and_keeps_what_is_typed(page: Page, text: str) -> None:
    key, kept = ("c", "a draft") if text == "Note" else ("/", "")
    popup = page.locator("details:is(.note, .search)[open]")
    field = popup.locator("textarea, input").first
    press(page, "Enter")
    for where in ("[data-part=go]", "[data-part=back]", "h1", "[data-part=row]:visible label"):
        page.keyboard.press(key)
        field.fill("a draft")
        page.locator(where).first.click()
        expect(popup, where).to_have_count(0)
        page.keyboard.press(key)
        expect(field, where).to_have_value(kept)
        page.keyboard.press("Escape")
        expect(popup).to_have_count(0)


def test_keys_typed_in_one_go_all_count(own_page: Page, live_server: LiveServer) -> None:
    event = "new KeyboardEvent('keydown', {code, key, bubbles: true, cancelable: true})"
    keys = [["Digit1", "1"], *[["Enter", "Enter"]] * 4, ["Digit2", "2"], *[["Enter", "Enter"]] * 4, ["Digit3", "3"]]
    ahead(own_page)
    own_page.evaluate(f"keys => keys.forEach(([code, key]) => document.dispatchEvent({event}))", keys)
    expect(own_page.locator("answer-sheet")).to_have_attribute("data-assignment", "3")
    expect(own_page.locator("annotate-desk")).to_have_attribute("data-unsent", "0")
    assert [set(stored(live_server, image)[0].answers) for image in (0, 1)] == [{0}, {2}]
    assert ticked(own_page) == [4]


def test_a_note_typed_in_one_go_with_a_choice_keeps_its_first_letters(own_page: Page, live_server: LiveServer) -> None:
    keys = [("Digit1", "1"), ("KeyC", "c"), *((f"Key{letter.upper()}", letter) for letter in "unsure")]
    own_page.evaluate(
        """keys => keys.forEach(([code, key]) =>
             document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { code, key, bubbles: true, cancelable: true })))""",
        keys,
    )  # all before the browser's store has the choice
    expect(own_page.get_by_label("Note", exact=True)).to_have_value("unsure")
    expect(own_page.get_by_label("Note", exact=True)).to_be_focused()
    assert ticked(own_page) == [0]
    own_page.keyboard.type(" of it")
    own_page.keyboard.press("Control+Enter")
    for _ in range(3):
        press(own_page, "Enter")
    assert saved(own_page, live_server).note == "unsure of it"
