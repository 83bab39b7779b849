"""Choose the one button of a dataset: what this person does next, in the order of the stages."""

from dataclasses import dataclass

from multilabelfy.annotation.model import Annotator, Role
from multilabelfy.web.surroundings import address_of
from multilabelfy.workflows.people import may
from multilabelfy.workflows.watching import Watch


@dataclass(frozen=True, slots=True)
class NextStep:
    """A sentence, and the button that takes the step; without an address the step is not one that this page can take."""

    why: str
    button: str = ""
    address: str = ""


def next_step_of(seen: Watch, person: Annotator) -> NextStep:
    """The next step of this person in the dataset that they see."""
    base, stages = address_of(seen.dataset.name), seen.stages
    is_owner, is_expert = may(person, Role.OWNER), may(person, Role.EXPERT)
    if not stages.n_images:
        return NextStep("There are no images yet. Import some with `multilabelfy import`.")
    if seen.dataset.paused:
        return NextStep("The study is paused.", "Open the settings", f"{base}/settings") if is_owner else NextStep("The study is paused.")
    if is_expert and stages.n_disputed:
        return NextStep(
            _wait(stages.n_disputed, "disputed image waits for", "disputed images wait for", "an expert."), "Refine", f"{base}/refine"
        )
    if stages.n_open:
        return NextStep(_wait(stages.n_open, "image wants", "images want", "answers."), "Annotate", f"{base}/annotate")
    if stages.n_unproposed:
        return NextStep(f"A model proposes labels first: run `multilabelfy propose {seen.dataset.name} --model SPEC`.")
    if not is_owner:
        return NextStep("Everything has its answers. Thank you.")
    if seen.release is None or seen.release.n_images != stages.n_resolved:
        return NextStep("The final labels can be released.", "Release them", f"{base}/settings#releases")
    return NextStep(f"Release {seen.release.number} holds the final labels.", "Open the report", f"{base}/report")


def _wait(n: int, one: str, many: str, whom: str) -> str:
    return f"{n:,} {one if n == 1 else many} {whom}"
