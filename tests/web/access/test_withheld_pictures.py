"""A picture that an expert called inappropriate leaves by no page, file or address, but for those who decide about it."""

import io
import re
import zipfile
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import select, update
from tests.answering import answer, person
from tests.deciding import say
from tests.studies import NOW, Study, ready_study
from tests.web.conftest import Browser, Clock
from tests.web.routes import ROUTES
from tests.web.study.test_alike import work_out
from tests.workflows.reporting.test_report_pictures import illustrated

from multilabelfy.annotation.checking.checks import GoldKind
from multilabelfy.annotation.checking.gold import Gold
from multilabelfy.annotation.model import AnnotatorId, Role
from multilabelfy.annotation.study.protocol import PAPER
from multilabelfy.dataset.model import Exemplar, ImageId
from multilabelfy.errors import InvalidInput, UnknownImage
from multilabelfy.formats.outputs import BY_NAME, FORMATS
from multilabelfy.refinement.model import EmptyReason
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import exemplars
from multilabelfy.store.handing_out import gold
from multilabelfy.store.schema import assignments, datasets
from multilabelfy.workflows.annotating import quality_checks
from multilabelfy.workflows.owning.comments import answer_comment, comments_page
from multilabelfy.workflows.owning.gold import draw_gold, mark_gold
from multilabelfy.workflows.refining.talking import bring_back
from multilabelfy.workflows.releasing.exports import export
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.reporting.made import report_folder
from multilabelfy.workflows.reporting.thumbnails import thumbnails
from multilabelfy.workflows.reporting.writing import report_of_study, write_report
from multilabelfy.workflows.showing.addresses import EDGES, picture_file, strip_file, strip_of
from multilabelfy.workflows.team.people import RANK

PLAIN = [asked for asked in ROUTES if asked.method == "GET"]
JUDGED = re.compile(r"/d/\{dataset\}/refine|/pictures/judged/")
"""Where somebody decides about an image: its picture is drawn, from an address that answers experts and owners alone."""
OWN_ANSWER = "/d/{dataset}/annotate"
"""One's own answer can be opened again; its picture has the address that it had before, which no longer answers."""
ASKED: dict[str, list[dict[str, str]]] = {
    "/d/{dataset}/disagreements": [{}, {"pair": "0-1"}, {"label": "0"}, {"why": "sets-differ"}, {"sort": "name"}],
    "/d/{dataset}/images": [{}, {"order": "disputed"}, {"given": "tabby"}],
    "/d/{dataset}/comments": [{}, {"state": "all"}, {"state": "answered"}],
}
"""What is asked of some pages beside nothing."""
DESKS = {"assignment": "1", "of": "1", "q": "x", "after": "1"}
"""What the addresses of a desk need."""
ADDRESS = re.compile(r"/(?:pictures|strips)/[\w/]+-\d+\.webp")


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    """Image 0 is in every list there is: disputed, commented, like others, and decided."""
    ready = ready_study(tmp_path)
    for image in (0, 1):
        answer(ready, "Ada", image, [image], note="a note", missing_label="ocelot")
        answer(ready, "Bob", image, [image + 1])
        say(ready, "Eve", 9)
    work_out(ready)
    olga = person(ready, "Olga", Role.OWNER)
    for number in [view.comment.number for view in comments_page(ready.workspace, "pilot", is_open=None, kind=None).views]:
        answer_comment(ready.workspace, "pilot", olga, number, f"reply-number-{number}", "Yes.", NOW)
    yield ready
    ready.workspace.close()


@pytest.fixture
def reported(study: Study) -> Study:
    """The same, in a release with a label and in a report that was made."""
    resolve(study.workspace, "pilot", NOW)
    report = illustrated(report_of_study(study.workspace, "pilot", now=NOW))
    write_report(report, report_folder(study.workspace, "pilot"), thumbnails(study.workspace, "pilot", report))
    return study


@pytest.fixture
def pixels(study: Study) -> list[bytes]:
    """Every form that the picture of image 0 has as a file, taken before it is withheld."""
    edges = (*EDGES, study.workspace.settings.picture_edge)
    small = [picture_file(study.workspace, study.images[0].token, edge).read_bytes() for edge in edges]
    return [*small, (Path(study.dataset.images_root) / study.images[0].path).read_bytes()]


def withhold(study: Study) -> None:
    """An owner sends image 0 to an expert again, who calls it inappropriate; the newest release does not know."""
    bring_back(study.workspace, "pilot", person(study, "Olga", Role.OWNER), study.images[0].id, "client-of-olga-1", "look again", NOW)
    say(study, "Eve", reason=EmptyReason.INAPPROPRIATE)


def assignments_of(study: Study, who: str) -> list[str]:
    """The numbers of what this person was handed."""
    with study.workspace.store.reading() as c:
        query = select(assignments.c.id).where(assignments.c.annotator_id == study.person(who).id)
        return [str(number) for number in c.execute(query).scalars()]


def visits(study: Study, who: str, path: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The addresses of a route that can have the picture, each with what is asked of it."""
    many = {
        "assignment": assignments_of(study, who),
        "edge": [*map(str, EDGES), str(study.workspace.settings.picture_edge)],
        "file": ["report.html", "label-errors.csv", "label-errors.png"],
        "format": [format.name for format in FORMATS],
        "index": ["0", "1", "9"],
        "label": ["0"],
        "image": [str(image.id) for image in study.images],
        "token": [study.images[0].token],
        "name": ["x"],  # of a strip, an upload, a backup: none of these is an image
        "version": ["1"],
        "suffix": ["csv"],
        "someone": ["1"],
        "dataset": ["pilot"],
    }
    names = re.findall(r"\{(\w+)(?::\w+)?\}", path)
    for values in product(*(many[name] for name in names)):
        of = dict(zip(names, values, strict=True))
        address = re.sub(r"\{(\w+)(:\w+)?\}", lambda name: of[name[1]], path)  # noqa: B023 – used at once
        yield from ((address, query) for query in ASKED.get(path, [{}]))


def holds(body: bytes, pixels: list[bytes]) -> bool:
    """Whether a file or a page has the picture in it, as it is, as text, or in an archive."""
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return any(holds(archive.read(name), pixels) for name in archive.namelist())
    middles = [picture[len(picture) // 2 :][:60] for picture in pixels]
    return any(middle in body for middle in middles) or any(b64encode(picture)[:-4] in body for picture in pixels)


@pytest.fixture
def browser(study: Study, clock: Clock) -> Callable[[Role], Browser]:
    """A browser in which somebody of this role is signed in who had the image."""
    return lambda role: Browser(study, clock).sign_in({Role.ANNOTATOR: "Ada", Role.EXPERT: "Eve", Role.OWNER: "Olga"}[role], role)


def drawn(study: Study, browser: Browser, role: Role, pixels: list[bytes]) -> set[str]:
    """The routes that hand the picture to this role, in what they send or by an address in it that answers."""
    found: set[str] = set()
    addresses: dict[str, set[str]] = {}
    who = {Role.ANNOTATOR: "Ada", Role.EXPERT: "Eve", Role.OWNER: "Olga"}[role]
    for asked in PLAIN:
        if RANK[role] < RANK[asked.role]:
            continue
        for address, query in visits(study, who, asked.path):
            answered = browser.get(address, params=query | (DESKS if re.search("annotate|refine|neighbours", address) else {}))
            if holds(answered.content, pixels):
                found.add(asked.path)
            if study.images[0].token in answered.text and not address.startswith("/pictures"):
                addresses.setdefault(asked.path, set()).update(ADDRESS.findall(answered.text))
                found |= set() if asked.path.startswith(OWN_ANSWER) else {asked.path}
    for path, of_path in addresses.items():
        if any(holds(browser.get(address).content, pixels) for address in of_path):
            found.add(path)
    return found


@pytest.mark.parametrize("role", Role)
def test_no_route_hands_out_a_withheld_picture_but_to_those_who_decide_about_it(
    role: Role, reported: Study, browser: Callable[[Role], Browser], pixels: list[bytes]
) -> None:
    shown = drawn(reported, browser(role), role, pixels)
    withhold(reported)
    left = drawn(reported, browser(role), role, pixels)
    assert {path for path in left if not JUDGED.match(path)} == set()
    expected = {
        Role.ANNOTATOR: {"/pictures/{token}-{edge}.webp", "/d/{dataset}/annotate/{assignment:int}", "/answers"},
        Role.EXPERT: {"/d/{dataset}/images", "/d/{dataset}/images/{image:int}", "/d/{dataset}/disagreements"},
        Role.OWNER: {"/d/{dataset}/comments", "/d/{dataset}/report", "/d/{dataset}/report/{file}", "/d/{dataset}/images"},
    }
    assert expected[role] - shown == set()  # the walk sees what there is to see
    assert (role is Role.ANNOTATOR) == (left == set())


@pytest.mark.parametrize("format", [format.name for format in FORMATS])
def test_no_export_holds_a_withheld_picture(format: str, study: Study, pixels: list[bytes], tmp_path: Path) -> None:
    withhold(study)
    resolve(study.workspace, "pilot", NOW)
    out = tmp_path / "out" / "exported"
    out.parent.mkdir()
    with suppress(InvalidInput):  # a study without machines, say
        export(study.workspace, "pilot", format, out.with_suffix(BY_NAME[format].suffixes[0]))
    files = [file for file in out.parent.rglob("*") if file.is_file()]
    assert not any(holds(file.read_bytes(), pixels) for file in files)


def test_its_page_shows_it_to_an_expert_or_owner_who_asks_for_it_and_to_nobody_else(
    study: Study, browser: Callable[[Role], Browser], pixels: list[bytes]
) -> None:
    withhold(study)
    page = f"/d/pilot/images/{study.images[0].id}"
    for role in (Role.EXPERT, Role.OWNER):
        visitor = browser(role)
        assert "an expert called it inappropriate" in visitor.get(page).text
        assert f'href="{page}?look=true"' in visitor.get(page).text
        [judged] = re.findall(r'src="(/pictures/judged/[^"]+)"', visitor.get(page, params={"look": "true"}).text)
        assert visitor.get(judged).content in pixels
    assert browser(Role.ANNOTATOR).get(judged).status_code == 403


def test_an_expert_who_decides_it_again_sees_it_on_the_desk(study: Study, browser: Callable[[Role], Browser], pixels: list[bytes]) -> None:
    withhold(study)
    bring_back(study.workspace, "pilot", person(study, "Olga", Role.OWNER), study.images[0].id, "client-of-olga-2", "look again", NOW)
    eve = browser(Role.EXPERT)
    [address] = re.findall(r'class="judged" src="([^"]+)"', eve.get("/d/pilot/refine").text)
    assert eve.get(address).content in pixels
    assert study.images[0].token not in eve.get("/d/pilot/images").text


def test_an_image_that_a_second_expert_decides_unseen_looks_as_any_other_on_their_pages_and_is_in_no_file(
    tmp_path: Path, clock: Clock
) -> None:
    study = ready_study(tmp_path, protocol=replace(PAPER, two_expert_share=1.0))
    answer(study, "Ada", 0, [0])
    answer(study, "Bob", 0, [1])
    say(study, "Eve", reason=EmptyReason.INAPPROPRIATE)
    eric = Browser(study, clock).sign_in("Eric", Role.EXPERT)
    assert f"/pictures/{study.images[0].token}-320.webp" in eric.get("/d/pilot/images").text
    assert eric.get(f"/pictures/{study.images[0].token}-320.webp").status_code == 200
    with pytest.raises(UnknownImage):
        picture_file(study.workspace, study.images[0].token, 320)
    study.workspace.close()


def test_a_withheld_picture_becomes_no_gold_and_is_handed_to_nobody_as_such(study: Study) -> None:
    zoe = person(study, "Zoe").id
    with study.workspace.store.writing() as c:
        gold.add(c, study.dataset.id, [Gold(study.images[0].id, GoldKind.PRACTICE, (9,))], NOW)
        assert practice_of(c, study, zoe) == [study.images[0].id]
    withhold(study)
    with study.workspace.store.writing() as c:
        assert practice_of(c, study, zoe) == []
        gold.retire(c, [study.images[0].id], NOW)
    with pytest.raises(InvalidInput, match="withheld"):
        mark_gold(study.workspace, "pilot", study.images[0].id, GoldKind.PRACTICE, "", NOW, by=person(study, "Olga", Role.OWNER))
    assert draw_gold(study.workspace, "pilot", 1, GoldKind.PRACTICE, NOW).n_marked == 1
    with pytest.raises(InvalidInput, match="0 decided images"):
        draw_gold(study.workspace, "pilot", 1, GoldKind.PRACTICE, NOW)


def practice_of(c: Connection, study: Study, zoe: AnnotatorId) -> list[ImageId]:
    """The images that somebody new would practise on."""
    return list(quality_checks.gold_to_show(c, study.dataset, GoldKind.PRACTICE, zoe))


def test_a_reference_picture_that_is_the_same_file_is_withheld_with_its_image(study: Study) -> None:
    paths = [study.images[place].path for place in (0, 2)]
    with study.workspace.store.writing() as c:
        c.execute(update(datasets).values(reference_root=study.dataset.images_root))
        new = [Exemplar(29, path) for path in paths]
        exemplars.add_many(c, study.dataset.id, new, token=lambda path: study.workspace.token("exemplar", "own", path))
        stored = exemplars.of_labels(c, study.dataset.id, [29])[29][-2:]
    strip = strip_of(study.workspace, study.dataset.id, 29, stored)
    assert strip is not None
    before = strip_file(study.workspace, strip.name, 96).read_bytes()
    withhold(study)
    with pytest.raises(UnknownImage):
        picture_file(study.workspace, stored[0].token, 160)
    assert picture_file(study.workspace, stored[1].token, 160).is_file()
    assert strip_file(study.workspace, strip.name, 96).read_bytes() != before
    other = strip_of(study.workspace, study.dataset.id, 29, stored[:1])
    assert other is not None
    with pytest.raises(UnknownImage):
        strip_file(study.workspace, other.name, 96)
