"""An owner's first look at a desk: nothing is handed out until they say that they want to work there."""

from dataclasses import dataclass

from starlette.responses import Response

from multilabelfy.annotation.model import Annotator, Task
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import DatasetPage

WORDS = {
    Task.ANNOTATE: (
        "Annotate",
        "This is where annotators work. While you only look, no picture is taken from them.",
        "Annotate pictures yourself",
        "Your answers count like anybody’s. An image that you annotated is not yours to decide later.",
    ),
    Task.REFINE: (
        "Refine",
        "This is where experts decide on disputed pictures. While you only look, no picture is taken from them.",
        "Decide on pictures yourself",
        "Your decisions count like any expert’s. Images that you annotated never come to you.",
    ),
}
"""Of each desk its title, whose it is, the button that begins, and what work there counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookingPage(DatasetPage):
    """What an owner sees instead of a picture. `begin` is where its button leads, below the dataset's address."""

    whose: str
    button: str
    counts: str
    begin: str


def looking_page(person: Annotator, dataset: str, task: Task, begin: str) -> Response:
    """The page that hands out nothing."""
    title, whose, button, counts = WORDS[task]
    page = LookingPage(
        title=title, person=person, dataset=dataset, section=task.value, whose=whose, button=button, counts=counts, begin=begin
    )
    return render("desk/looking.html", page)
