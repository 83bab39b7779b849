"""What comes next for an image, as its page says it: by its state, by what the newest release has of it, and whether the study goes on."""

from multilabelfy.dataset.image_states import WaitsFor
from multilabelfy.web.language.translation import gettext as _
from multilabelfy.workflows.owning.gallery import ImageHistory


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
