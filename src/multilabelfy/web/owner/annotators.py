"""The page about the annotators of a dataset, for its owners: how each answers, how fast, and what is worth a talk, with its evidence."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from multilabelfy.annotation.model import Annotator, Vote
from multilabelfy.dataset.model import ImageId
from multilabelfy.dataset.stored import StoredImage
from multilabelfy.disagreement.raters.concerns import SENTENCES, Concern, told
from multilabelfy.disagreement.raters.dependence import Dependence, EffectiveVotes
from multilabelfy.disagreement.raters.review import FEWEST_ANSWERS, RaterProfile
from multilabelfy.statistics.intervals import Measured
from multilabelfy.web.access.access import AnyOwner
from multilabelfy.web.language.formatting import decimal, figure, measured, number, share
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.language.words import VOTES
from multilabelfy.web.page.rendering import render
from multilabelfy.web.page.surroundings import DatasetPage, Served
from multilabelfy.workflows.analysing.annotators import Reviews, StudyReview
from multilabelfy.workflows.analysing.answer_quality import Quality
from multilabelfy.workflows.showing.addresses import has_pictures, withheld_on_pages
from multilabelfy.workflows.team.people import everyone

router = APIRouter(prefix="/d/{dataset}/annotators")
MOST_PAIRS = 50
CLASSES = ("where a label is not valid", "where a label is valid")


@dataclass(frozen=True, slots=True)
class ShownConcern:
    """A concern as a sentence in the viewer's language, with pictures to look at."""

    sentence: str
    images: Sequence[StoredImage]


@dataclass(frozen=True, slots=True)
class ShownAnnotator:
    """One annotator. `confusion` has a row for each answer, with its share in each of CLASSES as text."""

    name: str
    profile: RaterProfile
    quality: Quality
    concerns: Sequence[ShownConcern]
    confusion: Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True, slots=True)
class ShownPair:
    """Two annotators with images in common."""

    names: tuple[str, str]
    dependence: Dependence
    correlation: str
    concern: ShownConcern | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatorsPage(DatasetPage):
    """Everybody who cast a vote, those with a concern first, and the first of the pairs with images in common, those with one first."""

    annotators: Sequence[ShownAnnotator]
    pairs: Sequence[ShownPair]
    n_pairs: int
    votes: EffectiveVotes | None
    votes_worth: str
    correlation: str
    n_tests: int
    n_pair_tests: int
    rests_on_assumptions: bool
    fewest: int = FEWEST_ANSWERS
    classes: Sequence[str] = CLASSES
    withheld: Collection[ImageId] = ()

    @property
    def n_concerned(self) -> int:
        """How many annotators have a concern."""
        return sum(bool(annotator.concerns) for annotator in self.annotators)

    @property
    def n_pairs_concerned(self) -> int:
        """How many pairs have one."""
        return sum(pair.concern is not None for pair in self.pairs)


async def reviews_of(request: Request) -> Reviews:
    """The newest reviews of the datasets' annotators."""
    reviews: Reviews = request.app.state.reviews
    return reviews


KeptReviews = Annotated[Reviews, Depends(reviews_of)]


@router.get("")
def annotators(workspace: Served, reviews: KeptReviews, person: AnyOwner, dataset: str) -> Response:
    """How everybody answers."""
    reviewed = reviews.of(workspace, dataset)
    names = {someone.id: someone.name for someone in everyone(workspace, dataset)}
    called = [names[annotator] for annotator in reviewed.annotators]
    pictures, not_shown = has_pictures(workspace, dataset), withheld_on_pages(workspace, reviewed.images.values())
    page = replace(_page(reviewed, called, person, dataset), has_pictures=pictures, withheld=not_shown)
    return render("owner/annotators.html", page)


def _page(reviewed: StudyReview, called: Sequence[str], person: Annotator, dataset: str) -> AnnotatorsPage:
    review = reviewed.review
    shown = [_annotator(reviewed, called[profile.rater], profile) for profile in review.profiles]
    pairs = [_pair(reviewed, called, pair.dependence, pair.concern) for pair in review.pairs]
    ordered = sorted(pairs, key=lambda pair: (pair.concern is None, -(pair.dependence.correlation.value or 0.0), pair.names))
    return AnnotatorsPage(
        title="Annotators",
        person=person,
        dataset=dataset,
        section="disagreements",
        annotators=sorted(shown, key=lambda annotator: (not annotator.concerns, annotator.name.casefold())),
        pairs=[pair for place, pair in enumerate(ordered) if pair.concern or place < MOST_PAIRS],
        n_pairs=len(pairs),
        votes=review.votes,
        votes_worth=with_ends(review.votes.n_effective) if review.votes else "",
        correlation=with_ends(review.votes.correlation) if review.votes else "",
        n_tests=review.n_tests,
        n_pair_tests=review.n_pair_tests,
        rests_on_assumptions=review.rests_on_assumptions,
    )


def _annotator(reviewed: StudyReview, name: str, profile: RaterProfile) -> ShownAnnotator:
    confusion = [(VOTES[vote], [with_ends(of[vote], as_share=True) for of in profile.rates.answers]) for vote in Vote]
    concerns = [_concern(reviewed, concern) for concern in profile.concerns]
    return ShownAnnotator(name, profile, reviewed.quality[profile.rater], concerns, confusion)


def _pair(reviewed: StudyReview, called: Sequence[str], of: Dependence, concern: Concern | None) -> ShownPair:
    shown = None if concern is None else _concern(reviewed, concern)
    return ShownPair((called[of.first], called[of.second]), of, with_ends(of.correlation), shown)


def _concern(reviewed: StudyReview, concern: Concern) -> ShownConcern:
    sentence = told(concern, _(SENTENCES[concern.kind]), number=number, share=share, decimal=decimal)
    return ShownConcern(sentence, [reviewed.images[image] for image in concern.images])


def with_ends(value: Measured, as_share: bool = False) -> str:
    """A figure with its interval in one line."""
    write = share if as_share else figure
    if value.value is None or value.interval is None:
        return write(value.value)
    return _("%(value)s (%(interval)s)") % {"value": write(value.value), "interval": measured(value, as_share)}
