"""Send several images to an expert at once, or make them gold. What cannot be done with one does not stop the rest."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from multilabelfy.annotation.checking.checks import GoldKind
from multilabelfy.annotation.model import Annotator
from multilabelfy.dataset.model import ImageId
from multilabelfy.errors import AnswerRefused, InvalidInput, MultilabelfyError, NotAllowed
from multilabelfy.store.dataset import datasets, images
from multilabelfy.workflows.owning.gallery import history_of
from multilabelfy.workflows.owning.gold import mark_gold
from multilabelfy.workflows.refining.talking import bring_back
from multilabelfy.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Done:
    """How many images it was done with, and for each other image its number and the reason."""

    n_done: int
    refused: tuple[tuple[int, str], ...]


def send_to_experts(
    workspace: Workspace, name: str, chosen: Sequence[ImageId], person: Annotator, form: str, why: str, now: datetime
) -> Done:
    """Send decided images to an expert again, with the reason. The same form sent again changes nothing. Raises AnswerRefused."""

    def send(image: ImageId) -> None:
        if not history_of(workspace, name, image, person).may_be_reopened:
            raise NotAllowed("It has no decision yet that an expert could look at again.")
        bring_back(workspace, name, person, image, workspace.token("several", form, str(image)), why, now)

    return _each(workspace, name, chosen, send)


def make_gold(workspace: Workspace, name: str, chosen: Sequence[ImageId], person: Annotator, kind: GoldKind, now: datetime) -> Done:
    """Make decided images gold with their final labels."""
    return _each(workspace, name, chosen, lambda image: mark_gold(workspace, name, image, kind, "", now, by=person))


def _each(workspace: Workspace, name: str, chosen: Sequence[ImageId], act: Callable[[ImageId], None]) -> Done:
    refused: list[tuple[int, str]] = []
    with workspace.store.reading() as c:
        dataset = datasets.find(c, name).id
        places = {image: stored.place + 1 for image, stored in images.get_many(c, chosen).items() if stored.dataset == dataset}
    for image in dict.fromkeys(chosen):
        try:
            act(image)
        except AnswerRefused:
            raise
        except InvalidInput as error:
            refused.append((places.get(image, 0), error.problems[0].what))
        except MultilabelfyError as error:
            refused.append((places.get(image, 0), str(error)))
    return Done(len(dict.fromkeys(chosen)) - len(refused), tuple(refused))
