"""The labels page and a label's own: found by any name, counted, and its reference pictures put in order."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.answering import answer
from tests.studies import NOW, Study, ready_study
from tests.web.conftest import Browser, Clock

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.protocol import PAPER
from multilabelfy.dataset.model import Concept, Label, LabelSpace
from multilabelfy.store.dataset import datasets, exemplars

PAGE = "/d/pilot/labels"


def order(study: Study, label: int) -> list[int]:
    """The ids of a label's reference pictures as they are shown."""
    with study.workspace.store.reading() as c:
        return [one.id for one in exemplars.of_labels(c, study.dataset.id, [label])[label]]


def test_annotators_may_not_see_it(browser_of: Callable[..., Browser]) -> None:
    assert browser_of("Ada").get(PAGE).status_code == 403


def test_every_label_is_listed_with_names_and_counts(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ann", 0, [0])
    answer(study, "Bob", 0, [1])
    page = browser_of("Eve", Role.EXPERT).get(PAGE).text
    assert page.count("<h1>") == 1
    assert len(re.findall(r'<th scope="row">', page)) == 30
    assert "tabby cat" in page


@pytest.mark.parametrize(("query", "n"), [("catamount", 1), ("k00004", 1), ("CAT", 4), ("zzz", 0), ("", 30)])
def test_a_label_is_found_by_any_of_its_names(browser_of: Callable[..., Browser], query: str, n: int) -> None:
    page = browser_of("Eve", Role.EXPERT).get(f"{PAGE}?q={query}").text
    assert len(re.findall(r'<th scope="row">', page)) == n
    assert ("No label matches" in page) == (n == 0)


@pytest.fixture
def large_study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path / "large", n_labels=120, n_images=1, n_exemplars=0)
    yield ready
    ready.workspace.close()


def test_pages_follow_each_other(large_study: Study, clock: Clock) -> None:
    eve = Browser(large_study, clock).sign_in("Eve", Role.EXPERT)
    seen: list[int] = []
    address = PAGE
    while address:
        page = eve.get(address).text
        seen += [int(index) for index in re.findall(r'<td class="n quiet">(\d+)</td>', page)]
        address = next(iter(re.findall(r'rel="next" href="([^"]+)"', page)), "")
    assert seen == list(range(120))


def test_a_labels_page_says_what_it_is_and_what_it_is_mixed_up_with(browser_of: Callable[..., Browser], study: Study) -> None:
    answer(study, "Ann", 1, [1])
    answer(study, "Bob", 1, [2])
    page = browser_of("Eve", Role.EXPERT).get(f"{PAGE}/1").text
    assert "<h1>tiger cat</h1>" in page
    assert "the thing called tiger cat" in page
    assert 'href="/d/pilot/disagreements?pair=1-2"' in page
    assert "Remove picture" not in page  # experts look, owners change
    assert "disputed, of 1 image that has all its answers</dt>" in page


def test_a_label_without_reference_pictures_says_so(large_study: Study, clock: Clock) -> None:
    page = Browser(large_study, clock).sign_in("Olga", Role.OWNER).get(f"{PAGE}/0").text
    assert "This label has no reference pictures" in page
    assert "Nobody has chosen another label instead of this one yet." in page


@pytest.mark.parametrize(
    ("move", "place", "expected"),
    [("first", 2, [2, 0, 1, 3]), ("earlier", 2, [0, 2, 1, 3]), ("later", 0, [1, 0, 2, 3]), ("remove", 1, [0, 2, 3])],
)
def test_an_owner_puts_reference_pictures_in_order(
    browser_of: Callable[..., Browser], study: Study, move: str, place: int, expected: list[int]
) -> None:
    before = order(study, 3)
    answered = browser_of("Olga", Role.OWNER).post(f"{PAGE}/3/references", data={"picture": before[place], "move": move})
    assert answered.status_code == 303
    assert order(study, 3) == [before[one] for one in expected]


def test_a_removed_picture_can_be_brought_back(browser_of: Callable[..., Browser], study: Study) -> None:
    olga, first = browser_of("Olga", Role.OWNER), order(study, 3)[0]
    olga.post(f"{PAGE}/3/references", data={"picture": first, "move": "remove"})
    assert "bring back" in olga.get(f"{PAGE}/3").text
    olga.post(f"{PAGE}/3/references", data={"picture": first, "move": "restore"})
    assert first in order(study, 3)
    assert "bring back" not in olga.get(f"{PAGE}/3").text


def test_only_owners_move_pictures_and_only_those_of_the_label(browser_of: Callable[..., Browser], study: Study) -> None:
    first, other = order(study, 3)[0], order(study, 4)[0]
    assert browser_of("Eve", Role.EXPERT).post(f"{PAGE}/3/references", data={"picture": first, "move": "first"}).status_code == 403
    olga = browser_of("Olga", Role.OWNER)
    assert olga.post(f"{PAGE}/3/references", data={"picture": other, "move": "remove"}).status_code == 422
    assert olga.post(f"{PAGE}/3/references", data={"picture": first, "move": "explode"}).status_code == 422
    assert olga.post(f"{PAGE}/999/references", data={"picture": first, "move": "first"}).status_code == 404
    assert other in order(study, 4)


def test_an_unknown_label_is_not_found(browser_of: Callable[..., Browser]) -> None:
    assert browser_of("Eve", Role.EXPERT).get(f"{PAGE}/999").status_code == 404


def test_the_way_up_the_hierarchy_stands_above_the_name(browser_of: Callable[..., Browser], study: Study) -> None:
    concepts = (Concept("n1", ("animal",)), Concept("n2", ("feline", "felid"), ("n1",)), Concept("n3", ("pet",)))
    space = LabelSpace("zoo", (Label(0, "n9", ("cat",), parents=("n2", "n3")),), concepts)
    with study.workspace.store.writing() as c:
        datasets.add(c, name="zoo", images_root="/nowhere", reference_root=None, labels=space, protocol=PAPER, seed=1, now=NOW)
    page = browser_of("Olga", Role.OWNER).get("/d/zoo/labels/0").text
    assert "</a> › animal › feline</p>" in page
    assert "also below pet" in page


def test_labels_are_sorted_by_disputed_and_by_used(browser_of: Callable[..., Browser], study: Study) -> None:
    for who, chosen in (("Ann", [5, 7]), ("Bob", [5, 8])):
        answer(study, who, 4, chosen)
    for who in ("Ann", "Bob"):
        answer(study, who, 5, [5])
    eve = browser_of("Eve", Role.EXPERT)
    disputed, used = (eve.get(f"{PAGE}?order={order}").text for order in ("disputed", "used"))
    first = [page[page.index("<tbody>") :] for page in (disputed, used)]
    assert first[0].index("/labels/7") < first[0].index("/labels/5") < first[0].index("/labels/0")
    assert first[1].index("/labels/5") < first[1].index("/labels/7") < first[1].index("/labels/0")
    assert eve.get(f"{PAGE}?order=colour").status_code == 422
