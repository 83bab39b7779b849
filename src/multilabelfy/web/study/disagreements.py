"""The disagreements page: how many images agree, which labels and pairs of labels are disputed, how far people agree, and the pictures."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException
from starlette.responses import Response

from multilabelfy.annotation.model import Annotator, AnnotatorId
from multilabelfy.dataset.model import ImageId, Label
from multilabelfy.disagreement.agreement.pairwise import PairAgreement
from multilabelfy.disagreement.comparison import Why
from multilabelfy.disagreement.confusion import Pair
from multilabelfy.disagreement.small_groups import SMALLEST_GROUP, at_least
from multilabelfy.web.access.access import AnyExpert
from multilabelfy.web.language.formatting import capital
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.language.words import STATES, WHYS
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import DatasetPage, Kept, Served
from multilabelfy.web.study.figures import Definition, agreement_table, expert_table
from multilabelfy.web.study.why_disputed import why_disputed
from multilabelfy.workflows.analysing.analysis import (
    Analysis,
    PairConfusion,
    RaterAgreement,
    agreement_with_the_rest,
    answers_to,
)
from multilabelfy.workflows.owning.blind_analysis import is_blind_there, without_small_groups
from multilabelfy.workflows.owning.gallery import PAGE, Tile, seen_among, tiles_of
from multilabelfy.workflows.showing.addresses import has_pictures
from multilabelfy.workflows.team.people import everyone
from multilabelfy.workflows.workspace import Workspace

router = APIRouter(prefix="/d/{dataset}/disagreements")
MOST_LISTED = 30
MOST_RATER_PAIRS = 200
N_PICTURES = 12


@dataclass(frozen=True, slots=True)
class Behind:
    """What is behind one figure: a heading, the query that asks for it, and the images."""

    heading: str
    query: str
    images: Sequence[ImageId]


@dataclass(frozen=True, slots=True)
class Cell:
    """The images of a pair (None on the diagonal), and how dark the cell is: 0 for nothing, up to 4 for the most (at least 4)."""

    pair: str
    n_images: int | None
    heat: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """The labels in their order, and their rows of cells; `n_left_out` confused labels are not among them."""

    labels: tuple[Label, ...]
    rows: tuple[tuple[Cell, ...], ...]
    n_left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DisagreementsPage(DatasetPage):
    """All figures; those about people are for owners only, and whoever stays blind sees none over fewer than `smallest_group` images."""

    is_blind: bool
    analysis: Analysis
    figures: Sequence[Definition]
    of_experts: Sequence[Definition]
    matrix: Matrix
    pairs: Sequence[PairConfusion]
    sort: str
    raters: Sequence[RaterAgreement]
    people: Mapping[AnnotatorId, str]
    whys: Mapping[str, str]
    disputed: Sequence[Tile]
    of_pairs: Mapping[Pair, Tile | None]
    sentences: Mapping[ImageId, str]
    states: Mapping[str, str] = field(default_factory=lambda: STATES)
    most_listed: int = MOST_LISTED
    smallest_group: int = SMALLEST_GROUP

    def seen(self, n_images: int) -> int | None:
        """A number of images as this reader may see it."""
        return at_least(n_images) if self.is_blind else n_images

    @property
    def rater_pairs(self) -> Sequence[PairAgreement]:
        """The pairs of annotators: of very many, those with the most questions in common."""
        pairs = self.analysis.rater_pairs
        if len(pairs) <= MOST_RATER_PAIRS:
            return pairs
        return sorted(pairs, key=lambda pair: -pair.n_questions)[:MOST_RATER_PAIRS]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputedPicturesPage(DatasetPage):
    """The pictures behind one figure; `start` is the number of the first of them, `query` what was asked."""

    heading: str
    tiles: Sequence[Tile]
    n_found: int
    start: int
    query: str
    states: Mapping[str, str]
    page_size: int = PAGE

    @property
    def refine_query(self) -> str:
        """The same as a filter of the refine page."""
        name, value = self.query.split("=", 1)
        first, _, other = value.partition("-") if name == "pair" else (value, "", "")
        return f"label={first}&other={other}" if name == "pair" else self.query


@router.get("")
def disagreements(
    workspace: Served,
    analyses: Kept,
    person: AnyExpert,
    dataset: str,
    label: Annotated[int | None, Query(ge=0)] = None,
    pair: Annotated[str, Query(pattern=r"^(\d{1,8}-\d{1,8})?$")] = "",
    why: Why | None = None,
    sort: Annotated[str, Query(pattern=r"^(count|name)$")] = "count",
    start: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> Response:
    """All figures, or the pictures behind one: of a label, of a pair of labels, or of a reason."""
    is_blind, analysis = is_blind_there(workspace, dataset, person), analyses.of(workspace, dataset)
    analysis = without_small_groups(analysis) if is_blind else analysis
    behind = _behind(analysis, label, pair, why)
    if behind is not None:
        behind = replace(behind, images=seen_among(workspace, dataset, behind.images, person))
        return render("study/disputed-pictures.html", _pictures(workspace, person, dataset, behind, start))
    page = _figures(workspace, person, dataset, analysis, sort, is_blind=is_blind)
    return render("study/disagreements.html", _with_people(page, workspace) if page.is_owner else page)


def _figures(workspace: Workspace, person: Annotator, dataset: str, analysis: Analysis, sort: str, *, is_blind: bool) -> DisagreementsPage:
    pairs = _sorted(analysis, sort)[:MOST_LISTED]
    most = analysis.to_experts[: 4 * N_PICTURES]
    first = seen_among(workspace, dataset, [*most, *(confusion.images[0] for confusion in pairs)], person)
    tiles = {tile.image.id: tile for tile in tiles_of(workspace, dataset, list(dict.fromkeys(first)), person)}
    shown = [image for image in most if image in tiles][:N_PICTURES]
    answers, names = answers_to(workspace, dataset, shown)
    return DisagreementsPage(
        title="Disagreements",
        person=person,
        dataset=dataset,
        has_pictures=has_pictures(workspace, dataset),
        section="disagreements",
        is_blind=is_blind,
        analysis=analysis,
        figures=agreement_table(analysis) if not is_blind or analysis.agreement.n_images >= SMALLEST_GROUP else [],
        of_experts=expert_table(analysis.experts) if not is_blind or _n_decided(analysis) >= SMALLEST_GROUP else [],
        matrix=matrix_of(analysis, by_name=sort == "name"),
        pairs=pairs,
        sort=sort,
        raters=[],
        people={},
        whys=WHYS,
        disputed=[tiles[image] for image in shown],
        sentences={image: why_disputed(of_image, names) for image, of_image in answers.items()},
        of_pairs={confusion.pair: tiles.get(confusion.images[0]) for confusion in pairs},
    )


def _pictures(workspace: Workspace, person: Annotator, dataset: str, behind: Behind, start: int) -> DisputedPicturesPage:
    return DisputedPicturesPage(
        title=behind.heading,
        person=person,
        dataset=dataset,
        has_pictures=has_pictures(workspace, dataset),
        section="disagreements",
        heading=behind.heading,
        tiles=tiles_of(workspace, dataset, behind.images[start : start + PAGE], person),
        n_found=len(behind.images),
        start=start,
        query=behind.query,
        states=STATES,
    )


def _behind(analysis: Analysis, label: int | None, pair: str, why: Why | None) -> Behind | None:
    """The pictures that were asked for; None if none were. Raises 404 for a label that nobody named."""
    if pair:
        low, high = sorted(int(label) for label in pair.split("-"))
        names = _names(analysis, [low, high])
        of_pair = next((confusion.images for confusion in analysis.pairs if confusion.pair == (low, high)), ())
        return Behind(_("%(first)s or %(second)s?") % {"first": names[0], "second": names[1]}, f"pair={low}-{high}", of_pair)
    if label is not None:
        [name] = _names(analysis, [label])
        images = [image for image, disagreement in analysis.disagreements.items() if label in disagreement.disputed]
        return Behind(_("Disputed: %(label)s") % {"label": name}, f"label={label}", images)
    if why is not None:
        images = [image for image, disagreement in analysis.disagreements.items() if why in disagreement.why]
        return Behind(capital(_(WHYS[why])), f"why={why.value}", images)
    return None


def _n_decided(analysis: Analysis) -> int:
    """The fewest images or answers that a figure about the experts is over."""
    work = analysis.experts
    parts = (work.agreement and work.agreement.n_images, work.audit and work.audit.n_decided, work.changes.n)
    return min((n for n in parts if n), default=0)


def _names(analysis: Analysis, indices: Iterable[int]) -> list[str]:
    try:
        return [analysis.names[index].name for index in indices]
    except KeyError:
        raise HTTPException(404) from None


def _sorted(analysis: Analysis, sort: str) -> list[PairConfusion]:
    if sort == "name":
        return sorted(analysis.pairs, key=lambda confusion: [analysis.names[label].name.casefold() for label in confusion.pair])
    return list(analysis.pairs)


def _with_people(page: DisagreementsPage, workspace: Workspace) -> DisagreementsPage:
    names = {person.id: person.name for person in everyone(workspace, page.dataset)}
    return replace(page, raters=agreement_with_the_rest(page.analysis), people=names)


MOST_LABELS = 12
HEATS = 4


def matrix_of(analysis: Analysis, *, by_name: bool) -> Matrix:
    """The labels of the most images with confusion, in that order or by name (ties: the lower label first)."""
    images: Counter[int] = Counter()
    for confusion in analysis.pairs:
        images.update(dict.fromkeys(confusion.pair, len(confusion.images)))
    chosen = sorted(images, key=lambda label: (-images[label], label))[:MOST_LABELS]
    if by_name:
        chosen.sort(key=lambda label: (analysis.names[label].name.casefold(), label))
    counts = {confusion.pair: len(confusion.images) for confusion in analysis.pairs}
    most = max(HEATS, *counts.values()) if counts else HEATS
    rows = tuple(tuple(_cell(a, b, counts, most) for b in chosen) for a in chosen)
    return Matrix(tuple(analysis.names[label] for label in chosen), rows, len(images) - len(chosen))


def _cell(a: int, b: int, counts: dict[tuple[int, int], int], most: int) -> Cell:
    if a == b:
        return Cell("", None, 0)
    pair = (min(a, b), max(a, b))
    n_images = counts.get(pair, 0)
    return Cell(f"{pair[0]}-{pair[1]}", n_images, -(-HEATS * n_images // most))
