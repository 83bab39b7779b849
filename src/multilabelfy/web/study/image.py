"""One image's whole history: how it was asked, who answered what and when, what was decided, and what each release contained."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from multilabelfy.annotation.checking.checks import GoldKind
from multilabelfy.annotation.checking.gold import Gold
from multilabelfy.annotation.model import Annotator, AnnotatorId
from multilabelfy.annotation.overlap import OverlapDecision, OverlapReason
from multilabelfy.annotation.study.protocol import AnnotationProtocol
from multilabelfy.dataset.image_states import WaitsFor
from multilabelfy.dataset.model import ImageId
from multilabelfy.errors import AnswerRefused
from multilabelfy.refinement.explanation import Explanation, parts_as_text
from multilabelfy.web.access.access import AnyExpert, AnyOwner
from multilabelfy.web.language import words
from multilabelfy.web.language.formatting import decimal, plural, share, who
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import DatasetPage, Now, Number, Served, address_of
from multilabelfy.web.study.why_disputed import why_disputed
from multilabelfy.workflows.owning.alike import AlikeImage, alike_images
from multilabelfy.workflows.owning.gallery import ImageHistory, history_of
from multilabelfy.workflows.owning.gold import gold_of_image, mark_gold, retire_gold
from multilabelfy.workflows.refining.talking import bring_back
from multilabelfy.workflows.workspace import Workspace

Short = Annotated[str, Form(max_length=64)]
Said = Annotated[str, Form(max_length=3000)]
router = APIRouter(prefix="/d/{dataset}/images/{image:int}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagePage(DatasetPage):
    """The history; `names` are the people's names for owners, and numbers for experts, who judge without them. `alike` are the images that
    look most like it. Who opens a withheld one `looks` at it when they say so."""

    history: ImageHistory
    names: Mapping[AnnotatorId, str]
    words: Mapping[str, Mapping[str, str]]
    edge: int
    largest: int
    client_id: str
    looks: bool = False
    problem: str = ""
    alike: tuple[AlikeImage, ...] = ()
    gold: Gold | None = None
    kinds: Mapping[str, str] = field(default_factory=lambda: words.GOLD_KINDS)

    @property
    def next_step(self) -> str:
        """What comes next for the image."""
        return what_next(self.history)

    @property
    def sentence(self) -> str:
        """Who disputes what, in words; empty where no label is disputed, or this reader may not know."""
        history = self.history
        return why_disputed(history.standing, history.names) if history.disagreement and history.disagreement.disputed else ""

    @property
    def why_asked(self) -> str:
        """Why one more annotator is asked, or none; empty where the overlap is fixed, or this reader may not know."""
        return "" if self.history.is_unseen else why_asked(self.history.overlap, self.history.dataset.protocol)

    def beside(self, explanation: Explanation) -> str:
        """The parts of a decision, or of final labels, that are not empty: each value in words, each text after its value."""
        filled = {name: text for name, text in parts_as_text(explanation).items() if text}
        shown = (f"; {_(words.PARTS[name][text])}" if name in words.PARTS else f": {text}" for name, text in filled.items())
        return "".join(shown)[2:]


@router.get("")
def image_page(workspace: Served, person: AnyExpert, dataset: str, image: Number, look: bool = False) -> Response:
    """The image's page; `look` shows a picture that is withheld. Raises UnknownImage."""
    return _page(workspace, person, dataset, image, looks=look)


@router.post("/reopen")
def send_again(workspace: Served, now: Now, person: AnyExpert, dataset: str, image: Number, id: Short, text: Said = "") -> Response:
    """Send a decided image to an expert again, with the reason; what was decided stays in its history."""
    try:
        bring_back(workspace, dataset, person, ImageId(image), id, text, now)
    except AnswerRefused as refused:
        return _page(workspace, person, dataset, image, 422, problem=" ".join(refused.problems.values()))
    return RedirectResponse(f"{address_of(dataset)}/images/{image}", 303)


@router.post("/gold")
def make_gold(
    workspace: Served,
    now: Now,
    person: AnyOwner,
    dataset: str,
    image: Number,
    kind: Annotated[GoldKind, Form()],
    why: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Use a decided image to see how well people answer. Raises InvalidInput where it has no final labels."""
    mark_gold(workspace, dataset, ImageId(image), kind, why, now, by=person)
    return RedirectResponse(f"{address_of(dataset)}/images/{image}#gold", 303)


@router.post("/gold/retire")
def retire(workspace: Served, now: Now, person: AnyOwner, dataset: str, image: Number) -> Response:
    """Stop using it as gold."""
    retire_gold(workspace, dataset, [history_of(workspace, dataset, ImageId(image), person).image.path], now)
    return RedirectResponse(f"{address_of(dataset)}/images/{image}#gold", 303)


def _page(
    workspace: Workspace, person: Annotator, dataset: str, image: int, status: int = 200, *, problem: str = "", looks: bool = False
) -> Response:
    history = history_of(workspace, dataset, ImageId(image), person)
    page = ImagePage(
        title=_("Image %(n)s") % {"n": history.image.place + 1},
        person=person,
        dataset=dataset,
        has_pictures=history.dataset.has_pictures,
        section="images",
        history=history,
        names={},
        words={
            "states": words.STATES,
            "whys": words.WHYS,
            "outcomes": words.OUTCOMES,
            "sources": words.SOURCES,
            "unfit": words.UNFIT_REASONS,
            **words.PARTS,
        },
        edge=800,
        largest=workspace.settings.picture_edge,
        client_id=secrets.token_hex(16),
        looks=looks,
        problem=problem,
        alike=alike_images(workspace, dataset, ImageId(image)) if history.dataset.has_pictures else (),
    )
    gold = gold_of_image(workspace, dataset, ImageId(image)) if page.is_owner else None
    return render("study/image.html", replace(page, names=_names(history, by_name=page.is_owner), gold=gold), status)


def _names(history: ImageHistory, *, by_name: bool) -> dict[AnnotatorId, str]:
    """Each person's name, or "annotator 1", "annotator 2" in the order of their first answers, "expert 1" in that of their decisions."""
    annotators = dict.fromkeys(annotation.annotator for annotation in history.answers)
    experts = dict.fromkeys(decision.expert for decision in history.decisions)
    hidden = {person: who(f"expert {number}") for number, person in enumerate(experts, 1)}
    hidden |= {person: who(f"annotator {number}") for number, person in enumerate(annotators, 1)}
    return {person: history.people[person].name for person in hidden} if by_name else hidden


def what_next(history: ImageHistory) -> str:
    """One sentence or several."""
    if history.final is not None and history.image.state.meaning.waits_for is WaitsFor.NOBODY and _is_released(history):
        return _("Its labels are final, and in the newest release.")
    waits = history.image.state.meaning.waits_for is not WaitsFor.NOBODY
    if waits and not history.dataset.has_pictures:
        return _("Without its picture nobody can be asked about it.")
    return " ".join([_(history.image.state.meaning.next_step), *_reservations(history)])


def _is_released(history: ImageHistory) -> bool:
    newest = history.released[0][1] if history.released else None
    return newest is not None and history.final is not None and history.final.decides_like(newest)


def _reservations(history: ImageHistory) -> list[str]:
    """What stands against it: nobody is given an image now, or a release comes before an expert."""
    dataset, waits_for = history.dataset, history.image.state.meaning.waits_for
    told = []
    if waits_for is WaitsFor.EXPERTS and dataset.protocol.settles_by_posterior:
        told.append(_("A release before that gives it labels by the posterior, if its chances are clear enough."))
    if waits_for in (WaitsFor.ANNOTATORS, WaitsFor.EXPERTS):
        if dataset.is_archived:
            told.append(_("But the dataset is archived: nobody gets an image of it."))
        elif dataset.paused:
            told.append(_("But the study is paused: nobody gets an image now."))
    return told


def why_asked(decided: OverlapDecision | None, protocol: AnnotationProtocol) -> str:
    """What the policy said of the image when it looked last, and by which figures; empty where the overlap is fixed."""
    if not protocol.is_adaptive:
        return ""
    if decided is None:
        return _("Nothing is decided yet: every image gets %(answers)s, or more.") % {"answers": plural(protocol.overlap_floor, "answer")}
    if decided.reason is OverlapReason.PANEL:
        drawn = {"answers": plural(protocol.overlap, "answer"), "share": share(decided.probability)}
        return _("It gets %(answers)s whatever they say: it was drawn for the panel, with a probability of %(share)s.") % drawn
    figures = {
        "answers": plural(decided.n_visits, "answer"),
        "wrong": decimal(decided.wrong, 2),
        "bound": decimal(protocol.overlap_bound, 2),
        "most": plural(protocol.overlap_cap, "annotator"),
    }
    return f"{_reason(decided.reason) % figures} {_evidence() % figures}"


def _reason(reason: OverlapReason) -> str:
    return {
        OverlapReason.IN_DOUBT: _("One more annotator is asked, since it is still in doubt."),
        OverlapReason.AT_CAP: _("It is still in doubt, but nobody else is asked: the protocol allows no more than %(most)s."),
        OverlapReason.WITH_EXPERT: _("It is still in doubt, but nobody else is asked: an expert has it."),
        OverlapReason.ENOUGH: _("It has had enough."),
    }[reason]


def _evidence() -> str:
    """How sure the votes are. "Had enough" stays, so that an image is not called back by other images' votes."""
    return _("Wrong labels expected of it after %(answers)s: %(wrong)s (%(bound)s or less is enough).")
