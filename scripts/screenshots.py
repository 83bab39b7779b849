"""Take a screenshot of every page, wide, on a phone and dark, over the demo's study: `make screenshots`, then look at them."""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from scripts.browser import installed_browser

FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
LOOKS: dict[str, tuple[ViewportSize, bool]] = {
    "wide": ({"width": 1280, "height": 800}, False),
    "phone": ({"width": 360, "height": 740}, False),
    "dark": ({"width": 1280, "height": 800}, True),
}
PAGES = {
    "annotator": {"datasets": "/", "annotate": "/d/{d}/annotate", "guidelines": "/d/{d}/guidelines"},
    "expert": {"refine": "/d/{d}/refine", "refine-quick": "/d/{d}/refine/quick", "answers": "/answers", "own-sessions": "/me/sessions"},
    "owner": {
        "datasets-owner": "/",
        "overview": "/d/{d}",
        "disagreements": "/d/{d}/disagreements",
        "disagreements-by-posterior": "/d/{d}/disagreements/posterior",
        "annotators": "/d/{d}/annotators",
        "planner": "/d/{d}/planner",
        "images": "/d/{d}/images",
        "image": "/d/{d}/images/{image}",
        "comments": "/d/{d}/comments",
        "labels": "/d/{d}/labels",
        "label": "/d/{d}/labels/0",
        "team": "/team",
        "dataset-team": "/d/{d}/team",
        "erase": "/team/1/erase",
        "security-log": "/team/log",
        "backups": "/backups",
        "report": "/d/{d}/report",
        "settings": "/d/{d}/settings",
        "moved-pictures": "/d/{d}/settings/pictures",
        "plan": "/d/{d}/plan",
        "delete": "/d/{d}/settings/delete",
        "not-found": "/d/nowhere",
    },
}


def multilabelfy(*arguments: str) -> str:
    """What a command prints."""
    return subprocess.run([sys.executable, "-m", "multilabelfy", *arguments], check=True, capture_output=True, text=True).stdout.strip()


@contextmanager
def server(workspace: Path) -> Iterator[str]:
    """The pages of a workspace, at the address that is yielded."""
    command = [sys.executable, "-m", "multilabelfy", "serve", "--workspace", str(workspace), "--port", "0", "--log-format", "off"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    address = re.search(r"http://\S+", process.stderr.readline())
    try:
        yield address.group() if address else sys.exit("The server did not start.")
    finally:
        process.terminate()
        process.wait()


def sign_in(page: Page, address: str, workspace: Path, name: str, role: str) -> None:
    """Go through an invitation, with a picture of its page."""
    link = multilabelfy("invite", name, "--role", role, "--workspace", str(workspace))
    page.goto(address + link[link.index("/sign-in/") :])
    page.get_by_role("button", name="Continue").click()


def take(browser: Browser, address: str, workspace: Path, out: Path, look: str) -> None:
    """Every page of every role in one look."""
    viewport, dark = LOOKS[look]
    dataset = json.loads(multilabelfy("status", "--json", "--workspace", str(workspace)))[0]["name"]
    for role, pages in PAGES.items():
        context = browser.new_context(viewport=viewport, color_scheme="dark" if dark else "light", device_scale_factor=1)
        page = context.new_page()
        page.goto(f"{address}/sign-in")
        page.screenshot(path=out / f"{look}-sign-in.png")
        sign_in(page, address, workspace, f"Visiting {role}", role)
        page.goto(f"{address}/d/{dataset}/images") if role == "owner" else None
        first = page.locator("a[href*='/images/']").first.get_attribute("href") if role == "owner" else None
        for name, path in pages.items():
            page.goto(address + path.format(d=dataset, image=(first or "/0").rsplit("/", 1)[1]))
            page.wait_for_load_state("networkidle")
            page.screenshot(path=out / f"{look}-{name}.png", full_page=True)
            print(out / f"{look}-{name}.png")
        context.close()


def main() -> None:
    """Make the demo's study where there is none yet, serve it, and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace", type=Path, help="a workspace with a study; without one the demo makes it in a temporary folder")
    parser.add_argument("--out", type=Path, default=Path("screenshots"))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        workspace = options.workspace or Path(scratch) / "demo"
        if options.workspace is None:
            multilabelfy("demo", "--no-serve", "--workspace", str(workspace))
        with server(workspace) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=installed_browser(), args=FLAGS)
            for look in LOOKS:
                take(browser, address, workspace, options.out, look)
            browser.close()


if __name__ == "__main__":
    main()
