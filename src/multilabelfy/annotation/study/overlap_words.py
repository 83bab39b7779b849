"""How many people see an image under a protocol, and until when they are asked, in the words of plans, reports and data cards."""

from multilabelfy.annotation.study.protocol import AnnotationProtocol
from multilabelfy.plurals import counted


def annotators_text(protocol: AnnotationProtocol) -> str:
    """How many people see an image, for a sentence.

    >>> from dataclasses import replace
    >>> from multilabelfy.annotation.study.protocol import PAPER
    >>> annotators_text(PAPER), annotators_text(replace(PAPER, overlap_floor=2, overlap_cap=5))
    ('2 annotators', '2 to 5 annotators')
    """
    least = f"{protocol.overlap_floor} to " if protocol.overlap_cap > protocol.overlap_floor else ""
    return f"{least}{counted(protocol.overlap_cap, 'annotator')}" if protocol.is_adaptive else counted(protocol.overlap, "annotator")


def stopping_rule_text(protocol: AnnotationProtocol) -> str:
    """The policy of an overlap that adapts, and its stopping rule, for an analysis plan and a report's methods."""
    share = f"{100 * protocol.panel_share:.4f}".rstrip("0").rstrip(".")
    panel = (
        f" A panel of {share}% of the images, drawn by seed before anybody looks, gets {counted(protocol.overlap, 'answer')} each, "
        "whatever their votes say: the headline is the panel’s, each image counted by one over the probability of its draw."
        if protocol.panel_share
        else " No panel is drawn: a headline over what the policy finished first leans towards clear images."
    )
    return (
        f"Every image is put before at least {counted(protocol.overlap_floor, 'annotator')}. It has had enough once the expected number "
        f"of its wrong labels, by the posterior of all votes, is at most {protocol.overlap_bound:g}, and then stays so. Else one more "
        f"annotator is asked, up to {protocol.overlap_cap}; what is in doubt then is a case for an expert. Images in doubt are asked about "
        f"in the order of the gain that a second of an annotator’s time is expected to bring.{panel}"
    )
