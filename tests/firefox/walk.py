"""What a person does in Firefox, step by step; each step says what it showed, and fails where the store holds something else."""

from collections.abc import Callable

from tests.answering import answer
from tests.firefox.seat import DESK, SHEET, Seat, hold, votes
from tests.studies import WORDS

from multilabelfy.annotation.model import Outcome, Relation, Role, Vote
from multilabelfy.web.app import utcnow

N_DISPUTED = 4
Wanted = tuple[Outcome, dict[int, Vote], Relation | None]
"""What an answer should be stored as: its outcome, its votes, and how its labels relate."""


def signing_in(seat: Seat) -> str:
    """An annotator comes by an invitation."""
    seat.sign_in("Ada", Role.ANNOTATOR)
    seat.open("annotate")
    return f"annotate is open, with the image {seat.image}"


def ten_by_keys(seat: Seat) -> str:
    """One label, a maybe, two with their relation, none, cannot tell: twice each."""
    for keys in ("1", "22", "13s", "0", "u") * 2:
        image, labels = seat.image, seat.labels()
        wanted: dict[str, Wanted] = {
            "1": (Outcome.LABELLED, votes([labels[0]]), None),
            "22": (Outcome.LABELLED, votes(maybe=[labels[1]]), None),
            "13s": (Outcome.LABELLED, votes([labels[0], labels[2]]), Relation.SEVERAL_OBJECTS),
            "0": (Outcome.NONE, votes(), None),
            "u": (Outcome.CANNOT_TELL, votes(), None),
        }
        seat.press(*keys)
        _go_on(seat, image, lambda: seat.press("Enter"))
        _check(seat, image, wanted[keys])
    return "10 of 10 stored as pressed, each once: labels, maybe, relation, none, cannot tell"


def ten_by_mouse(seat: Seat) -> str:
    """A label in the first five, one in the third, two with their relation, one taken back as a chip, none: twice each."""
    for way in (_first_label, _label_in_the_third_five, _two_labels, _label_taken_back, _none) * 2:
        image = seat.image
        wanted = way(seat, seat.labels())
        _go_on(seat, image, lambda: seat.click(".sheet [data-part=go]"))
        _check(seat, image, wanted)
    return "10 of 10 stored as clicked, each once: rows, dots, chips, relation, none"


def a_note(seat: Seat) -> str:
    """C opens it, Ctrl+Enter sends the answer with it; what is typed there chooses nothing."""
    image, labels = seat.image, seat.labels()
    seat.press("Down", "Down", "Down", "Up", "Up", "Up", "2", "c")
    seat.tab.until("document.activeElement.name === 'note'")
    seat.press(*"only the ears, 1 of 2 ü?")
    seat.press("Control+Enter")
    seat.wait_until_left(image)
    _check(seat, image, (Outcome.LABELLED, votes([labels[1]]), None))
    hold("only the ears, 1 of 2 ü?", seat.answers(image)[0].note, "the note")
    return "stored with its answer; the digits in it chose nothing"


def a_search_by_keys(seat: Seat) -> str:
    """Any synonym finds a label, Enter chooses it."""
    image = seat.image
    seat.press("/", *"dark glass")
    seat.tab.until("[...document.querySelectorAll('[role=option]')].filter((one) => one.checkVisibility()).length === 1")
    seat.press("Enter")
    _go_on(seat, image, lambda: seat.press("Enter"))
    _check(seat, image, (Outcome.LABELLED, votes([_label("sunglasses")]), None))
    return "“dark glass” found sunglasses, stored"


def a_search_by_mouse(seat: Seat) -> str:
    """The same with the pointer."""
    image = seat.image
    seat.click(".sheet .search summary")
    seat.press(*"golden")
    seat.click("[role=option]", "golden retriever")
    seat.press("Escape")
    _go_on(seat, image, lambda: seat.click(".sheet [data-part=go]"))
    _check(seat, image, (Outcome.LABELLED, votes([_label("golden retriever")]), None))
    return "“golden” found golden retriever, stored"


def taking_back(seat: Seat) -> str:
    """T opens the last answer again; changed, it is a second revision, and the first one stays."""
    image, labels = seat.image, seat.labels()
    seat.press("1")
    _go_on(seat, image, lambda: seat.press("Enter"))
    seat.press("t")
    seat.tab.until(f"{SHEET}.querySelector('img.judged').getAttribute('src').includes('{seat.study.images[image].token}')")
    seat.wait_for_text(".sheet .answered", "answered")
    seat.press("1", "1", "2", "Enter")
    seat.wait_until_left(image)
    seat.wait_until_saved()
    hold([votes([labels[0]]), votes([labels[1]])], [dict(one.answers) for one in seat.answers(image)], f"the revisions of image {image}")
    return "stood open again; changed, it is revision 2, and revision 1 is still there"


def without_a_connection(seat: Seat) -> str:
    """Two answers and a reload while the server is away; afterwards both are stored, once."""
    seat.open("annotate")
    seat.tab.until("navigator.serviceWorker.ready.then(() => true)")
    seat.tab.until(HELD)
    n_complaints = len(seat.tab.complaints)
    seat.server.kill()
    done: dict[int, list[int]] = {}
    for _ in range(2):
        image, labels = seat.image, seat.labels()
        seat.press("1")
        _go_on(seat, image, lambda: seat.press("Enter"))
        done[image] = labels[:1]
        seat.wait_for_text("save-status", "kept here")
    told = seat.text("save-status")
    seat.open("annotate")
    hold(False, seat.image in done, "a picture that was answered is asked again")
    seat.server.start()
    del seat.tab.complaints[n_complaints:]  # what fails without a server
    for image, labels in done.items():
        _check(seat, image, (Outcome.LABELLED, votes(labels), None))
    return f"“{told}”; a reload showed the next picture; afterwards 2 of 2 stored, each once"


def the_theme(seat: Seat) -> str:
    """Dark, chosen on the page of one's own settings."""
    choose(seat, "theme", "dark")
    seat.open("annotate")
    ground = seat.tab.evaluate("getComputedStyle(document.body).backgroundColor")
    scheme = seat.tab.evaluate("getComputedStyle(document.documentElement).colorScheme")
    hold("dark", scheme, "the color scheme")
    return f"annotate is dark ({ground})"


def choose(seat: Seat, setting: str, value: str) -> None:
    """One of a person's own settings, by the first letter that its list shows."""
    seat.tab.go(f"{seat.server.address}/me")
    seat.tab.evaluate(f"document.querySelector('#{setting}').focus()")
    seat.tab.press(seat.text(f"#{setting} option[value={value}]")[0].lower())
    seat.tab.until(f"document.querySelector('#{setting}').value === '{value}'")
    seat.tab.click("main form.settings button.first")
    seat.tab.until("!!document.querySelector('main .notice[role=status]')")


def becoming_an_expert(seat: Seat) -> str:
    """Others disagreed with the first answers; an expert signs in, in the same browser."""
    for image in range(2 * N_DISPUTED):
        answer(seat.study, "Bob", image, [image + 1, image + 4], note="look at the edge", now=utcnow())
    seat.sign_in("Ed", Role.EXPERT)
    seat.open("refine")
    return f"refine is open, with the image {seat.image}"


def two_decisions_by_keys(seat: Seat) -> str:
    """Turn the first row over, keep the rest; the second one gets a note, too."""
    seat.open("refine")
    for turn in range(2):
        image, rows, before = seat.image, seat.labels(), _ticked(seat)
        seat.press("1")
        if turn:
            seat.press("c")
            seat.tab.until("document.activeElement.name === 'note'")
            seat.press(*"seen from behind", "Escape")
        _decide(seat, image, before ^ {rows[0]}, lambda: seat.press("Enter"), lambda: seat.press("b"))
        hold("seen from behind" if turn else "", seat.decisions(image)[0].note, "the note")
    return "2 of 2 stored as pressed, each once, a note with the second"


def two_decisions_by_mouse(seat: Seat) -> str:
    """The same with the pointer: the last row is turned over, and once a label is searched."""
    seat.open("refine")
    for turn in range(2):
        image, rows, before = seat.image, seat.labels(), _ticked(seat)
        _tick(seat, rows[-1])
        wanted = before ^ {rows[-1]}
        if turn:
            seat.click(".sheet .search summary")
            seat.press(*"wall clock")
            seat.click("[role=option]", "wall clock")
            seat.press("Escape")
            wanted |= {_label("wall clock")}
        _decide(seat, image, wanted, lambda: seat.click(".sheet [data-part=go]"), lambda: seat.click(".sheet .relation .choice", "both"))
    return "2 of 2 stored as clicked, each once, a searched label with the second"


def no_complaints(seat: Seat) -> str:
    """No script failed and nothing was refused, as far as the console knows."""
    hold([], seat.tab.complaints, "complaints in the console")
    return "none"


STEPS: tuple[tuple[str, Callable[[Seat], str]], ...] = (
    ("sign in", signing_in),
    ("ten pictures by keys", ten_by_keys),
    ("ten pictures by mouse", ten_by_mouse),
    ("note: C, text, Ctrl+Enter", a_note),
    ("search by keys", a_search_by_keys),
    ("search by mouse", a_search_by_mouse),
    ("take back: T", taking_back),
    ("without a connection", without_a_connection),
    ("theme: dark", the_theme),
    ("an expert signs in", becoming_an_expert),
    ("two decisions by keys", two_decisions_by_keys),
    ("two decisions by mouse", two_decisions_by_mouse),
    ("complaints in the console", no_complaints),
)
HELD = f"""(async () => {{
  const names = (await caches.keys()).filter((name) => name.startsWith("multilabelfy-"));
  const paths = names.length ? (await (await caches.open(names[0])).keys()).map(({{ url }}) => new URL(url).pathname) : [];
  const sheets = paths.filter((path) => path.startsWith("/offline/sheets/")).map((path) => Number(path.split("/").at(-1)));
  const ahead = sheets.filter((sheet) => sheet >= Number({SHEET}?.dataset.assignment));
  const isHeld = ahead.length >= 4 && paths.filter((path) => path.startsWith("/strips/")).length >= 20;
  return isHeld && {DESK}.supply.held === null && paths.some((path) => path.endsWith("/shell"));
}})()"""
"""Whether the next sheets are here, and held for a time without a connection."""


def _first_label(seat: Seat, labels: list[int]) -> Wanted:
    _tick(seat, labels[0])
    return Outcome.LABELLED, votes([labels[0]]), None


def _label_in_the_third_five(seat: Seat, labels: list[int]) -> Wanted:
    seat.click(".dot", "five 3")
    last = seat.labels()[4]
    assert last not in labels
    _tick(seat, last)
    return Outcome.LABELLED, votes([last]), None


def _two_labels(seat: Seat, labels: list[int]) -> Wanted:
    _tick(seat, labels[0])
    _tick(seat, labels[3])
    seat.click(".sheet .relation .choice", "one object")
    return Outcome.LABELLED, votes([labels[0], labels[3]]), Relation.SEVERAL_NAMES


def _label_taken_back(seat: Seat, labels: list[int]) -> Wanted:
    _tick(seat, labels[0])
    _tick(seat, labels[1])
    seat.click(f".chip[data-label='{labels[1]}'] .chip-off")
    return Outcome.LABELLED, votes([labels[0]]), None


def _none(seat: Seat, labels: list[int]) -> Wanted:
    seat.click(".sheet .choice", "no label fits")
    return Outcome.NONE, votes(), None


def _go_on(seat: Seat, image: int, step: Callable[[], None]) -> None:
    """Go forward until the next picture is in view."""
    for _ in range(4):
        step()
        if not _is_saving(seat, image):
            break
    seat.wait_until_left(image)


def _is_saving(seat: Seat, image: int) -> bool:
    return bool(seat.tab.evaluate(f"{SHEET}?.querySelector('img.judged').src.includes('{seat.study.images[image].token}') ?? false"))


def _tick(seat: Seat, label: int) -> None:
    seat.click(f".sheet [data-part=row][data-label='{label}'] .pick")


def _ticked(seat: Seat) -> set[int]:
    return set(seat.tab.evaluate(f"[...{SHEET}.querySelectorAll('input[name=yes]:checked')].map((box) => Number(box.value))"))


def _check(seat: Seat, image: int, wanted: Wanted) -> None:
    seat.wait_until_saved()
    stored = [(one.outcome, dict(one.answers), one.relation) for one in seat.answers(image)]
    hold([wanted], stored, f"image {image}")


def _decide(seat: Seat, image: int, wanted: set[int], go: Callable[[], None], relate: Callable[[], None]) -> None:
    hold(wanted, _ticked(seat), f"ticks of image {image}")
    if len(wanted) > 1:
        relate()
    _go_on(seat, image, go)
    seat.wait_until_saved()
    hold([tuple(sorted(wanted))], [one.labels() for one in seat.decisions(image)], f"image {image}")


def _label(name: str) -> int:
    return next(index for index, names in enumerate(WORDS) if names.split(", ")[0] == name)
