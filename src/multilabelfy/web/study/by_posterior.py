"""The disagreements by the posterior: where to cut the chances, what a release would then hold, and what experts would be left with.

The server counts for the cut in the address; with scripts the page counts by itself, at each move of a slider.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from multilabelfy.annotation.model import Annotator
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.dataset.model import ImageId
from multilabelfy.evaluation.choices.cut import RealAtCut, real_at_cut
from multilabelfy.refinement.final_labels.preview import MOST_LABELS, Foreseen, foreseen, within
from multilabelfy.web.access.access import AnyExpert
from multilabelfy.web.language.formatting import number, spent
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.language.words import STATES
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import DatasetPage, Served
from multilabelfy.web.study.why_disputed import why_disputed
from multilabelfy.workflows.analysing.chances import Caution
from multilabelfy.workflows.owning.gallery import Tile, seen_among, tiles_of
from multilabelfy.workflows.releasing.by_posterior import cut_of
from multilabelfy.workflows.releasing.preview import Preview, Previews
from multilabelfy.workflows.showing.addresses import has_pictures
from multilabelfy.workflows.workspace import Workspace

router = APIRouter(prefix="/d/{dataset}/disagreements/posterior")
N_PICTURES = 12
DEFAULT_THRESHOLD, DEFAULT_MARGIN = 50, 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ByPosteriorPage(DatasetPage):
    """The cut in percent, what it would do, the models by it, and the least certain pictures with a sentence on each."""

    preview: Preview
    threshold: int
    margin: int
    would: Foreseen
    models: Sequence[RealAtCut]
    sizes: Sequence[str]
    cautions: Sequence[str]
    tiles: Sequence[Tile]
    sentences: Mapping[ImageId, str]
    states: Mapping[str, str] = field(default_factory=lambda: STATES)

    @property
    def packed(self) -> str:
        """The chances for the script."""
        return b64encode(self.preview.study.packed).decode()

    @property
    def time(self) -> str:
        """How long experts would need for what is left to them, at their pace so far; empty without a decision, or if nothing is left."""
        if self.preview.seconds_each is None:
            return ""
        return spent(self.preview.seconds_each * self.would.n_left) if self.would.n_left else ""

    @property
    def command(self) -> str:
        """The options that make a release with this cut."""
        return f"--by posterior --threshold {self.threshold / 100:g} --margin {self.margin / 100:g}"


@dataclass(frozen=True, slots=True)
class ModelsAtCut:
    """The part of it that is asked for when a slider rests."""

    models: Sequence[RealAtCut]


async def previews_of(request: Request) -> Previews:
    """The newest previews of the datasets."""
    previews: Previews = request.app.state.previews
    return previews


KeptPreviews = Annotated[Previews, Depends(previews_of)]


@router.get("")
def by_posterior(
    workspace: Served,
    previews: KeptPreviews,
    person: AnyExpert,
    dataset: str,
    threshold: str = "",
    margin: str = "",
) -> Response:
    """What this cut would do; where the address has no number, that of the protocol, and beyond the sliders the nearest."""
    preview, cut = _cut_in(workspace, previews, dataset, threshold, margin)
    return render("study/by-posterior.html", _page(workspace, person, dataset, preview, cut))


@router.get("/models")
def models_at_cut(
    workspace: Served, previews: KeptPreviews, _person: AnyExpert, dataset: str, threshold: str = "", margin: str = ""
) -> Response:
    """The part of the page that measures models, for a cut that the page has reached by itself."""
    preview, cut = _cut_in(workspace, previews, dataset, threshold, margin)
    return render("study/_models-at-cut.html", ModelsAtCut(real_at_cut(preview.models, *cut)))


def _cut_in(workspace: Workspace, previews: Previews, dataset: str, threshold: str, margin: str) -> tuple[Preview, tuple[int, int]]:
    with previews.reading(workspace, dataset) as (_connection, stored, preview):
        usual = _usual_cut(stored)
    return preview, within(_percent(threshold, usual[0]), _percent(margin, usual[1]))


def _page(workspace: Workspace, person: Annotator, dataset: str, preview: Preview, cut: tuple[int, int]) -> ByPosteriorPage:
    shown = seen_among(workspace, dataset, preview.uncertain, person)[:N_PICTURES]
    return ByPosteriorPage(
        title="Disagreements",
        person=person,
        dataset=dataset,
        has_pictures=has_pictures(workspace, dataset),
        section="disagreements",
        preview=preview,
        threshold=cut[0],
        margin=cut[1],
        would=foreseen(preview.study, *cut),
        models=real_at_cut(preview.models, *cut),
        sizes=_sizes(),
        cautions=_cautions(preview),
        tiles=tiles_of(workspace, dataset, shown, person),
        sentences={image: why_disputed(preview.answers[image], preview.names, preview.chances[image]) for image in shown},
    )


def _percent(written: str, default: int) -> int:
    """The whole number that was written, or the default."""
    try:
        return int(written)
    except ValueError:
        return default


def _usual_cut(dataset: StoredDataset) -> tuple[int, int]:
    cut = cut_of(dataset.protocol)
    return (DEFAULT_THRESHOLD, DEFAULT_MARGIN) if cut is None else (round(100 * cut.threshold), round(100 * cut.margin))


def _sizes() -> list[str]:
    """What the rows of the histogram are called."""
    few = [number(n) for n in range(1, MOST_LABELS)]
    return [_("no label"), *few, _("%(n)s or more") % {"n": number(MOST_LABELS)}]


def _cautions(preview: Preview) -> list[str]:
    texts = {
        Caution.UNCHECKED: _("No label of an image has two votes, so nothing tells how people err: typical errors are assumed."),
        Caution.ONE_PERSON: _("All votes are one person’s: what this person gets wrong, the chances get wrong."),
        Caution.ASSUMED: _(
            "Hardly any label has three votes: chances rest on what is assumed of typical annotators. Ask a third person about some images."
        ),
        Caution.FEW_IMAGES: _("There are votes on very few images, too few to know how people err: the chances are rough."),
        Caution.STILL_MOVING: _("The method stopped while chances still moved."),
        Caution.LEFT_OUT: _("Not counted, since they have not proposed for every answered image: %(models)s.")
        % {"models": ", ".join(preview.left_out)},
    }
    return [texts[caution] for caution in preview.cautions]
