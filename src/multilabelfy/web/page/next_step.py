"""Choose the one button of a dataset: what this person does next, in the order of the stages."""

from dataclasses import dataclass

from multilabelfy.annotation.model import Annotator, Role
from multilabelfy.web.language.formatting import number
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.web.language.translation import ngettext
from multilabelfy.web.page.surroundings import address_of
from multilabelfy.workflows.owning.steps import StudyStep, step_of
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
    step = step_of(seen.dataset, seen.stages, seen.release, person.role)
    return _of_owner(step, seen) if may(person, Role.OWNER) else _of_others(step, seen)


def _of_owner(step: StudyStep, seen: Watch) -> NextStep:
    base = address_of(seen.dataset.name)
    match step:
        case StudyStep.IMPORT:
            return NextStep(_("There are no images yet. Import some with `multilabelfy import`."))
        case StudyStep.RESUME:
            return NextStep(_("The study is paused."), _("Open the settings"), f"{base}/settings")
        case StudyStep.ANNOTATE if not seen.efforts:  # nobody works on it yet
            return NextStep(_wanting(seen), _("Invite people"), f"{base}/team")
        case StudyStep.PROPOSE:
            return NextStep(_("A model proposes labels first."), _("Choose a model"), f"{base}/proposals")
        case StudyStep.RELEASE:
            return NextStep(_("The final labels can be released."), _("Release them"), f"{base}/settings#releases")
        case StudyStep.REPORT:
            why = _("Release %(n)s contains the final labels.") % {"n": seen.release.number if seen.release else 0}
            return NextStep(why, _("Open the report"), f"{base}/report")
        case _:
            return _of_others(step, seen)


def _of_others(step: StudyStep, seen: Watch) -> NextStep:
    base = address_of(seen.dataset.name)
    match step:
        case StudyStep.IMPORT:
            return NextStep(_("There are no images yet."))
        case StudyStep.RESUME:
            return NextStep(_("The study is paused."))
        case StudyStep.REFINE:
            n = seen.stages.n_disputed
            waiting = ngettext("%(n)s disputed image waits for an expert.", "%(n)s disputed images wait for an expert.", n)
            return NextStep(waiting % {"n": number(n)}, _("Refine"), f"{base}/refine")
        case StudyStep.ANNOTATE:
            return NextStep(_wanting(seen), _("Annotate"), f"{base}/annotate")
        case StudyStep.PROPOSE:
            return NextStep(_("No picture is ready yet: a model proposes labels first. Come back after that."))
        case _:
            return NextStep(_("Everything is answered. Thank you."))


def _wanting(seen: Watch) -> str:
    n = seen.stages.n_open
    return ngettext("%(n)s image needs answers.", "%(n)s images need answers.", n) % {"n": number(n)}
