"""Say in words why an image is disputed: who chose what, and how likely it is by the votes. Without names: experts read it."""

from collections.abc import Mapping, Sequence

from multilabelfy.annotation.counting import counting
from multilabelfy.annotation.model import Annotation, Vote
from multilabelfy.annotation.votes import votes_of
from multilabelfy.dataset.model import Label
from multilabelfy.disagreement.comparison import compare
from multilabelfy.web.language.formatting import capital, number, share
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.language.translation import ngettext
from multilabelfy.web.language.words import WHYS

MOST_LABELS = 2
NO_CHANCES: Mapping[int, float] = {}


def why_disputed(answers: Sequence[Annotation], names: Mapping[int, Label], chances: Mapping[int, float] = NO_CHANCES) -> str:
    """Sentences on the labels that divide people most, or on why else the image goes to an expert; empty if its annotators agree.

    Answers that do not count are left out. With `chances`, the labels of which the votes say least come first, each with its chance.
    """
    disagreement = compare(answers)
    if not disagreement.disputed:
        return " ".join(_("%(reason)s.") % {"reason": capital(_(WHYS[why]))} for why in disagreement.why)
    votes = [votes_of(answer) for answer in counting(answers)]
    told = sorted(disagreement.disputed, key=lambda label: (_clarity(label, votes, chances), label))
    sentences = [_of_label(names[label].name, [vote[label] for vote in votes if label in vote]) for label in told[:MOST_LABELS]]
    if chances:
        odds = [_("It is valid with a chance of %(chance)s.") % {"chance": share(chances.get(label, 0.0))} for label in told[:MOST_LABELS]]
        sentences = [part for pair in zip(sentences, odds, strict=True) for part in pair]
    n_more = len(told) - MOST_LABELS
    more = ngettext("%(n)s more label is disputed.", "%(n)s more labels are disputed.", n_more) % {"n": number(n_more)}
    return " ".join([*sentences, more] if n_more > 0 else sentences)


def _clarity(label: int, votes: Sequence[Mapping[int, Vote]], chances: Mapping[int, float]) -> float:
    """How far from an even split people are on a label, or its chance from one half: 0 is the least clear."""
    if chances:
        return abs(chances.get(label, 0.0) - 0.5)
    shares = [vote[label] / Vote.YES for vote in votes if label in vote]
    return abs(sum(shares) / len(shares) - 0.5) if shares else 0.5


def _of_label(name: str, votes: Sequence[Vote]) -> str:
    n_yes, n_maybe = list(votes).count(Vote.YES), list(votes).count(Vote.MAYBE)
    values = {"label": name, "yes": number(n_yes), "maybe": number(n_maybe), "all": number(len(votes))}
    if n_maybe:
        return _("%(yes)s of %(all)s who were asked chose “%(label)s”, and %(maybe)s said maybe.") % values
    return _("%(yes)s of %(all)s who were asked chose “%(label)s”.") % values
