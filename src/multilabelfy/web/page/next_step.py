"""Choose the one button of a dataset: what this person does next, in the order of the stages."""

from dataclasses import dataclass

from multilabelfy.annotation.model import Annotator, Role
from multilabelfy.web.language.formatting import number
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.language.translation import ngettext
from multilabelfy.web.page.surroundings import address_of
from multilabelfy.workflows.owning.watching import Watch
from multilabelfy.workflows.team.people import may


@dataclass(frozen=True, slots=True)
class NextStep:
    """A sentence, and the button that takes the step; without an address, the step cannot be taken from this page."""

    why: str
    button: str = ""
    address: str = ""


def next_step_of(seen: Watch, person: Annotator) -> NextStep:
    """This person's next step in the dataset."""
    base, stages = address_of(seen.dataset.name), seen.stages
    is_owner, is_expert = may(person, Role.OWNER), may(person, Role.EXPERT)
    if not stages.n_images:
        return NextStep(
            _("There are no images yet. Import some with `multilabelfy import`.") if is_owner else _("There are no images yet.")
        )
    if seen.dataset.paused:
        paused = _("The study is paused.")
        return NextStep(paused, _("Open the settings"), f"{base}/settings") if is_owner else NextStep(paused)
    settles = is_owner and seen.dataset.protocol.settles_by_posterior
    if is_expert and stages.n_disputed and not settles:
        waiting = ngettext("%(n)s disputed image waits for an expert.", "%(n)s disputed images wait for an expert.", stages.n_disputed)
        return NextStep(waiting % {"n": number(stages.n_disputed)}, _("Refine"), f"{base}/refine")
    if stages.n_open:
        wanting = ngettext("%(n)s image needs answers.", "%(n)s images need answers.", stages.n_open)
        why = wanting % {"n": number(stages.n_open)}
        if is_owner and not seen.efforts:  # nobody works on it yet
            return NextStep(why, _("Invite people"), f"{base}/team")
        return NextStep(why, _("Annotate"), f"{base}/annotate")
    if stages.n_unproposed and not is_owner:
        return NextStep(_("No picture is ready yet: a model proposes labels first. Come back after that."))
    if stages.n_unproposed:
        return NextStep(_("A model proposes labels first."), _("Choose a model"), f"{base}/proposals")
    if not is_owner:
        return NextStep(_("Everything is answered. Thank you."))
    if seen.release is None or seen.release.n_by_people != stages.n_resolved or (settles and _has_new_disputes(seen)):
        return NextStep(_("The final labels can be released."), _("Release them"), f"{base}/settings#releases")
    return NextStep(_("Release %(n)s contains the final labels.") % {"n": seen.release.number}, _("Open the report"), f"{base}/report")


def _has_new_disputes(seen: Watch) -> bool:
    """Whether other images wait for an expert than the newest release asked the posterior about."""
    made_by = seen.release.by_posterior if seen.release else None
    return made_by is not None and made_by.n_settled + made_by.n_left != seen.stages.n_disputed
