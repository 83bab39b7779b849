"""Read a page's form as a browser without scripts would, fill it in and send it."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """One form of a page: where it goes, what it sends as it stands, and what could be ticked."""

    action: str = ""
    sends: list[tuple[str, str]] = field(default_factory=list)
    offers: list[tuple[str, str]] = field(default_factory=list)
    picture: str = ""

    def offered(self, name: str) -> list[str]:
        """The values that the boxes of this name offer, in their order on the page."""
        return list(dict.fromkeys(value for each, value in self.offers if each == name))

    def filled(self, *answers: tuple[str, str]) -> dict[str, list[str]]:
        """What is sent when these boxes are ticked and no others: hidden fields as they stand."""
        ticked = {name for name, _ in self.offers}
        sent: dict[str, list[str]] = {}
        for name, value in [*((name, value) for name, value in self.sends if name not in ticked), *answers]:
            sent.setdefault(name, []).append(value)
        return sent


class _Reader(HTMLParser):
    """Takes the first form of class `answer`, outside of templates."""

    def __init__(self) -> None:
        super().__init__()
        self.form = Form()
        self.inside = self.done = False
        self.templates = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        read = {name: value or "" for name, value in attrs}
        self.templates += tag == "template"
        if tag == "form" and read.get("class") == "answer" and not self.done and not self.templates:
            self.inside, self.form.action = True, read["action"]
        elif self.inside:
            self._field(tag, read)

    def handle_endtag(self, tag: str) -> None:
        self.templates -= tag == "template"
        if tag == "form" and self.inside:
            self.inside, self.done = False, True

    def _field(self, tag: str, read: dict[str, str]) -> None:
        if tag == "img" and "judged" in read.get("class", ""):
            self.form.picture = read["src"]
        if tag != "input" or not read.get("name"):
            return
        pair = (read["name"], read.get("value", "on"))
        if read.get("type") in {"checkbox", "radio"}:
            self.form.offers.append(pair)
        else:
            self.form.sends.append(pair)


def form_in(html: str) -> Form | None:
    """The page's form, or None where the page asks for nothing."""
    reader = _Reader()
    reader.feed(html)
    return reader.form if reader.done else None
