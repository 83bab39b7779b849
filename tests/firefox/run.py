"""`make firefox`: annotate and refine in Firefox by keys and by mouse, hold the store against what was done, and take pictures."""

import argparse
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from scripts.firefox import installed_firefox
from tests.browser.serving import ServerProcess
from tests.firefox.bidi import firefox
from tests.firefox.seat import Seat, hold
from tests.firefox.walk import STEPS, choose
from tests.studies import Study, ready_study

from multilabelfy.annotation.model import Role
from multilabelfy.annotation.study.protocol import AnnotationProtocol
from multilabelfy.web.app import utcnow

PROTOCOL = replace(AnnotationProtocol("firefox"), maybe_allowed=True, relation_asked=True)
SIZES = ((500, 375), (375, 500), (240, 160), (640, 480), (480, 320))
STICKING_OUT = """[...document.querySelectorAll("main *, header *")].filter((one) => {
  const { left, right } = one.getBoundingClientRect();
  return one.checkVisibility() && !one.closest(".visually-hidden") && (left < -1 || right > innerWidth + 1);
}).map((one) => one.outerHTML.slice(0, 80))"""
"""What a person cannot see because it lies beside the window."""
WINDOWS = {"wide": (1280, 800), "phone": (360, 740)}


def main() -> int:
    """0 where every step showed what it should."""
    out, path = _arguments().out, installed_firefox()
    if path is None:
        sys.exit("No Firefox: run `python scripts/firefox.py`, or name one in MULTILABELFY_FIREFOX.")
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="firefox-") as folder:
        study = ready_study(Path(folder), protocol=PROTOCOL, n_images=40, sizes=SIZES * 8, now=utcnow())
        server = ServerProcess(study.workspace.settings.workspace)
        server.start()
        try:
            return _play(path, study, server, out)
        finally:
            server.kill()
            study.workspace.close()


def _play(path: str, study: Study, server: ServerProcess, out: Path) -> int:
    with firefox(path) as tab:
        tab.resize(*WINDOWS["wide"])
        seat = Seat(tab, study, server)
        print(f"Firefox {tab.version}")
        showed = [_showed(seat, name, step, out) for name, step in STEPS]
        showed.append(_showed(seat, "a wide window", partial(_looks, window="wide", out=out), out))
    with firefox(path, touch=True) as tab:
        showed.append(_showed(Seat(tab, study, server), "a phone", partial(_looks, window="phone", out=out), out))
    print(f"{sum(showed)} of {len(showed)} steps showed what they should; pictures in {out}")
    return 0 if all(showed) else 1


def _showed(seat: Seat, name: str, step: Callable[[Seat], str], out: Path) -> bool:
    """Whether this step showed what it should; prints its row."""
    try:
        print(f"  ok    {name:28} {step(seat)}", flush=True)
    except Exception as error:
        print(f"  MISS  {name:28} {error}", flush=True)
        seat.tab.screenshot(out / f"miss-{re.sub('[^a-z]+', '-', name)}.png")
        return False
    return True


def _looks(seat: Seat, window: str, out: Path) -> str:
    """Annotate and refine, light, dark and in German: a picture of each, in which nothing is wider than the window."""
    width, height = WINDOWS[window]
    seat.tab.resize(width, height)
    for page, name, role in (("annotate", "Zoe", Role.ANNOTATOR), ("refine", "Eve", Role.EXPERT)):
        seat.sign_in(name, role)
        choose(seat, "language", "en")
        for look, setting in (("light", "theme"), ("dark", "theme"), ("de", "language")):
            choose(seat, setting, look)
            seat.open(page)
            seat.press("1")
            seat.tab.screenshot(out / f"{page}-{window}-{look}.png")
            hold([], seat.tab.evaluate(STICKING_OUT), f"what sticks out of {page} ({look})")
    return f"nothing of annotate or refine sticks out of {width} × {height}, light, dark and in German"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make firefox", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("screenshots/firefox"))
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
