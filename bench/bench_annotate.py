"""What an annotator waits for, in a real browser, with real photos: Enter to the next picture presented, the first page, memory, keys.

Two studies on one server take turns, one of 1,000 and one of 1,000,000 images, so that the machine's noise meets both. Between two
pictures the annotator looks for `--look` seconds, and presses keys as a fast typist does; the next pictures are fetched meanwhile. The time
from the key to the picture is the browser's own: from the key's time stamp to the presentation of the first frame that shows the picture.
"""

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bench.annotate_study import DATA, make_study, photos_in, workspace_in
from bench.bare_tab import BareTab
from scripts.browser import installed_browser

FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
WATCHED = """
const drawn = new Map();
const judged = "annotate-desk > answer-sheet img.judged:not([elementtiming])";
const name = (image) => image.setAttribute("elementtiming", image.closest("answer-sheet").dataset.assignment);
new MutationObserver(() => document.querySelectorAll(judged).forEach(name)).observe(document, { subtree: true, childList: true });
new PerformanceObserver((list) => list.getEntries().forEach((entry) => drawn.set(entry.identifier, entry.renderTime)))
  .observe({ type: "element", buffered: true });
window.drawnAfterKey = (before) => new Promise((resolve) => {
  addEventListener("keydown", (event) => {
    const look = () => {
      const now = document.querySelector("annotate-desk > answer-sheet")?.dataset.assignment;
      if (now === before || !drawn.has(now)) return setTimeout(look, 5);
      resolve(drawn.get(now) - event.timeStamp);
    };
    look();
  }, { once: true, capture: true });
});
"""
"""Element Timing: when a picture's first frame was presented, on the clock of the keys' own times."""
SAYS = """
new MutationObserver((_, observer) => {
  const box = document.querySelector("annotate-desk[data-ready] > answer-sheet:focus input[name=yes]");
  if (!box) return;
  observer.disconnect();
  say("ready");
  const look = () => (box.checked ? requestAnimationFrame(() => say("shown")) : setTimeout(look));
  look();
}).observe(document, { subtree: true, childList: true, attributes: true });
"""
EMPTY = "http://127.0.0.1/empty"
EMPTY_PAGE = """<!doctype html><title>Empty</title>
<annotate-desk><answer-sheet tabindex="-1"><input type="checkbox" name="yes"></answer-sheet></annotate-desk>
<script>
addEventListener("keydown", () => (document.querySelector("input").checked = true));
document.querySelector("answer-sheet").focus();
document.querySelector("annotate-desk").dataset.ready = "";
</script>"""
ASSIGNMENT = "document.querySelector('annotate-desk > answer-sheet')?.dataset.assignment"
BETWEEN_KEYS = 0.1
"""Seconds: a fast typist (the keystroke-level model has 0.28 for an average one)."""
AT_REST = 500
"""Milliseconds until a browser that opened a tab does nothing any more."""
CLICK, KEY = 1.1 + 0.2, 0.28
"""Seconds to point and click, and to press a key, of the keystroke-level model (Card, Moran and Newell 1980): P + 2 B, and K."""


@dataclass(frozen=True, slots=True)
class First:
    """A first visit: seconds until the first key was obeyed, there and on an empty page, kilobytes without pictures, requests with those of
    the sheet in view."""

    seconds: float
    empty_seconds: float
    kilobytes: float
    requests: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """One answer of the server: its bytes on the wire."""

    address: str
    is_picture: bool
    size: float


def main() -> None:
    """Print each figure on a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", type=int, default=1_000_000, help="images of the large study (1,000,000)")
    parser.add_argument("--images", type=int, default=100, help="pictures annotated in each study (100)")
    parser.add_argument("--row", type=int, default=300, help="pictures in a row for the memory (300)")
    parser.add_argument("--look", type=float, default=0.4, help="seconds between two pictures (0.4)")
    parser.add_argument("--visits", type=int, default=7, help="first visits (7)")
    options = parser.parse_args()
    print_costs()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        names = made(Path(folder), options)
        with served(Path(folder) / "workspace") as address:
            browser = playwright.chromium.launch(executable_path=installed_browser(whole=True), args=FLAGS)
            links = iter(invitations(Path(folder) / "workspace", names, options.visits + 4))
            print_first(browser, address, links, options.visits)
            print_painted(browser, address, links, names, options)
            print_memory(browser, address, links, options)
            browser.close()


def made(folder: Path, options: argparse.Namespace) -> dict[str, int]:
    """Both studies, by name, with their numbers of images."""
    sizes = {"small": 1_000, "large": options.large}
    first = photos_in(folder / "photos", max(options.images, options.row) + 20)
    workspace = workspace_in(folder)
    for name, n_images in sizes.items():
        start = time.perf_counter()
        make_study(workspace, name, folder / "photos", first, n_images)
        print(f"a study of {n_images:,} images made in {time.perf_counter() - start:.0f} s")
    workspace.close()
    return sizes


def print_painted(browser: Browser, address: str, links: Iterator[str], names: dict[str, int], options: argparse.Namespace) -> None:
    """From Enter to the next picture on screen, in both studies by turns."""
    pages = {name: signed_in(browser, address, next(links), name) for name in names}
    times: dict[str, list[float]] = {name: [] for name in names}
    for number in range(options.images):
        for name, page in pages.items():
            time.sleep(options.look)
            times[name].append(annotate(page, chosen=number % 5 + 1))
    for name, n_images in names.items():
        print(f"Enter to the next picture presented, {n_images:>9,} images: {spread(times[name])}")
    ratios = {share: quantile(times["large"], share) / quantile(times["small"], share) for share in (0.5, 0.95)}
    print(f"ratio large / small: median {ratios[0.5]:.2f}, 95% {ratios[0.95]:.2f} (wanted: within 0.8 and 1.2; 95% at most 50 ms)")
    for page in pages.values():
        page.context.close()


def annotate(page: Page, chosen: int) -> float:
    """One picture: a label, all fives, Enter. Milliseconds from the last key to the frame that shows the next picture."""
    before = page.locator("annotate-desk > answer-sheet").get_attribute("data-assignment")
    for key in (str(chosen), *["Enter"] * 3):
        page.keyboard.press(key)
        time.sleep(BETWEEN_KEYS)
    page.evaluate(f"window.painted = drawnAfterKey({json.dumps(before)}); null")
    page.keyboard.press("Enter")
    return float(page.evaluate("window.painted"))


def print_first(browser: Browser, address: str, links: Iterator[str], n_visits: int) -> None:
    """A cold first page: nothing of it is in the browser. An empty page beside it says what the browser and the machine need themselves."""
    visits = [first_visit(browser, address, next(links)) for _ in range(n_visits)]
    seconds = [visit.seconds for visit in visits]
    empty = [visit.empty_seconds for visit in visits]
    print(
        f"first page over loopback: first key obeyed after {statistics.median(seconds):.2f} s (of {n_visits}: {min(seconds):.2f} to "
        f"{max(seconds):.2f}; an empty page with one box {statistics.median(empty):.2f}), {visits[-1].kilobytes:.0f} KB without pictures, "
        f"{visits[-1].requests} requests with those in view "
        "(wanted: 0.25 s, 150 KB, 20; Label Studio 1.82 s, 8,150 KB, 37; the paper's tool 0.26 s, 244 KB, 24)"
    )


def first_visit(browser: Browser, address: str, link: str) -> First:
    """Sign in, forget everything but the session, then open the page: a browser at rest, no cache, a process of its own."""
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.goto(link)
    page.get_by_role("button", name="Continue").click()
    session = context.storage_state()
    context.close()
    context = browser.new_context(base_url=address)
    page = context.new_page()
    page.route(EMPTY, lambda route: route.fulfill(content_type="text/html", body=EMPTY_PAGE))
    empty_seconds = first_key(page, EMPTY)
    context.close()
    context = browser.new_context(base_url=address, storage_state=session)
    page = context.new_page()
    loaded: list[Loaded] = []
    watch(page, loaded)
    seconds = first_key(page, f"{address}/d/small/annotate")
    page.wait_for_load_state("load")
    in_view = page.locator(".five:visible summary img, .judged").evaluate_all("images => images.map((image) => image.src)")
    first = [response for response in loaded if not response.is_picture or response.address in in_view or "/static/" in response.address]
    context.close()
    return First(seconds, empty_seconds, sum(response.size for response in first if not response.is_picture) / 1000, len(first))


def first_key(page: Page, address: str) -> float:
    """Seconds from the navigation to the choice on screen of a key that is pressed the moment the page takes keys.

    The page says through a binding when it does, and when the choice shows, so that no driver's polling is part of it.
    """
    session = page.context.new_cdp_session(page)
    session.send("Runtime.enable")
    session.send("Page.enable")
    seconds: dict[str, float] = {}

    def on_said(event: Any) -> None:
        seconds[event["payload"]] = time.perf_counter()
        if event["payload"] == "ready":
            session.send("Input.dispatchKeyEvent", {"type": "keyDown", "key": "1", "code": "Digit1", "text": "1"})

    session.on("Runtime.bindingCalled", on_said)
    session.send("Runtime.addBinding", {"name": "say"})
    session.send("Page.addScriptToEvaluateOnNewDocument", {"source": SAYS})
    page.wait_for_timeout(AT_REST)
    start = time.perf_counter()
    session.send("Page.navigate", {"url": address})
    while "shown" not in seconds:
        page.wait_for_timeout(50)
    session.detach()
    return seconds["shown"] - start


def watch(page: Page, loaded: list[Loaded]) -> None:
    """Note everything that a page loads."""
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    answers: dict[str, Any] = {}
    network.on("Network.responseReceived", lambda event: answers.update({event["requestId"]: event["response"]}))
    network.on("Network.loadingFinished", lambda event: loaded.append(loaded_of(answers.get(event["requestId"], {}), event)))


def loaded_of(answer: Any, event: Any) -> Loaded:
    """What Chromium's two messages about a request say."""
    return Loaded(answer.get("url", ""), answer.get("mimeType", "").startswith("image/"), float(event["encodedDataLength"]))


def print_memory(browser: Browser, address: str, links: Iterator[str], options: argparse.Namespace) -> None:
    """How much a browser's memory grows over many pictures."""
    tab = BareTab(browser)
    tab.go_to(address + next(links))
    tab.wait_for("document.querySelector('main button')")
    tab.evaluate("document.querySelector('main button').click()")
    tab.wait_for("!location.pathname.startsWith('/sign-in')")
    tab.go_to(f"{address}/d/small/annotate")
    tab.wait_for("document.querySelector('annotate-desk[data-ready]')")
    early = max(options.row // 10, 1)
    for number in range(options.row):
        before = tab.evaluate(ASSIGNMENT)
        for key in (str(number % 5 + 1), *["Enter"] * 4):
            tab.press(key)
            time.sleep(BETWEEN_KEYS / 2)
        tab.wait_for(f"![undefined, {json.dumps(before)}].includes({ASSIGNMENT})")
        if number + 1 == early:
            at_first = memory(tab)
    at_last = memory(tab)
    told = ", ".join(f"{name} {at_last[name]:,.0f} ({at_last[name] / at_first[name] - 1:+.0%})" for name in at_last)
    print(f"after {options.row} pictures in a row, against after {early}: {told} (wanted: at most +20%)")


def memory(tab: BareTab) -> dict[str, float]:
    """Megabytes of script memory and of the page's process, and its nodes, after the garbage is collected."""
    tab.send("HeapProfiler.collectGarbage")
    tab.send("Performance.enable")
    metrics = {each["name"]: each["value"] for each in tab.send("Performance.getMetrics")["metrics"]}
    renderers = [process for process in psutil.Process().children(recursive=True) if "--type=renderer" in " ".join(process.cmdline())]
    largest = max((process.memory_info().rss for process in renderers), default=0)
    return {"script MB": metrics["JSHeapUsedSize"] / 1e6, "process MB": largest / 1e6, "nodes": metrics["Nodes"]}


def print_costs() -> None:
    """What ReaL's answers cost: keys here against clicks elsewhere, by count and by the keystroke-level model."""
    path = DATA / "real" / "real.json"
    if not path.is_file():
        print("keystroke cost: ReaL's labels are not beside the project, nothing is said")
        return
    counts = [len(labels) for labels in json.loads(path.read_text())]
    ours = [4 + n + (n == 0) for n in counts]  # Enter for each five, a digit a label, 0 for none
    papers = [3 + n + 1 for n in counts]  # the groups 2 to 4 opened, a tick a label, next
    studios = [n + 1 for n in counts]  # a tick a label in one list of 20, submit
    print(f"ReaL's answers ({statistics.mean(counts):.2f} labels an image), an image at the median and mean:")
    for name, presses, seconds in (
        ("keys here", ours, KEY),
        ("clicks, the paper's page", papers, CLICK),
        ("clicks, Label Studio", studios, CLICK),
    ):
        mean = statistics.mean(presses)
        print(f"  {name}: {statistics.median(presses):.0f}, {mean:.2f}; by the keystroke-level model {mean * seconds:.2f} s")
    for name, presses in (("the paper's page", papers), ("Label Studio", studios)):
        print(
            f"  ratio to {name}, by the model: {statistics.mean(ours) * KEY / (statistics.mean(presses) * CLICK):.2f} (wanted: under 0.5)"
        )


def signed_in(browser: Browser, address: str, link: str, study: str) -> Page:
    """The annotate page of a study, ready for keys."""
    page = browser.new_context(base_url=address, viewport={"width": 1280, "height": 800}).new_page()
    page.add_init_script(WATCHED)
    page.goto(link)
    page.get_by_role("button", name="Continue").click()
    page.goto(f"/d/{study}/annotate")
    page.wait_for_selector("html.scripted answer-sheet:focus")
    return page


def invitations(workspace: Path, studies: Collection[str], n: int) -> list[str]:
    """Paths of fresh links, one a person, each of whom is in the teams of all studies."""
    return [invitation(workspace, studies, f"Annotator {i}") for i in range(n)]


def invitation(workspace: Path, studies: Collection[str], name: str) -> str:
    """The path of a person's newest link."""
    for study in studies:
        link = multilabelfy("invite", name, "--dataset", study, "--workspace", str(workspace))
    return link[link.index("/sign-in/") :]


def multilabelfy(*arguments: str) -> str:
    """What a command prints."""
    return subprocess.run([sys.executable, "-m", "multilabelfy", *arguments], check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def served(workspace: Path) -> Iterator[str]:
    """The server in a process of its own, at the address that is yielded."""
    command = [sys.executable, "-m", "multilabelfy", "serve", "--workspace", str(workspace), "--port", "0", "--log-format", "off"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    address = re.search(r"http://[^\s]+", process.stderr.readline())
    try:
        yield address.group() if address else sys.exit("The server did not start.")
    finally:
        process.terminate()
        process.wait()


def quantile(times: Sequence[float], share: float) -> float:
    """The nearest rank."""
    return sorted(times)[min(int(share * len(times)), len(times) - 1)]


def spread(times: Sequence[float]) -> str:
    """Median, 95% and largest, in milliseconds."""
    return f"median {quantile(times, 0.5):.1f} ms, 95% {quantile(times, 0.95):.1f} ms, largest {max(times):.1f} ms (of {len(times)})"


if __name__ == "__main__":
    main()
