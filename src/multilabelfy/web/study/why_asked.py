"""Why an image is put before one more annotator, or before no more, where the overlap adapts: a sentence for its page."""

from multilabelfy.annotation.overlap import OverlapDecision, OverlapReason
from multilabelfy.annotation.study.protocol import AnnotationProtocol
from multilabelfy.web.language.formatting import decimal, plural, share
from multilabelfy.web.language.translation import gettext as _


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
