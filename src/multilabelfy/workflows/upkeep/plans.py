"""Write, freeze and amend a study's analysis plan: a frozen version never changes, and everybody can see when it was frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from multilabelfy.annotation.model import Annotator, Task
from multilabelfy.annotation.study.analysis_plan import StoredPlan, changed_since, default_sections, plan_hash, plan_text, sections_of
from multilabelfy.annotation.study.stored_dataset import StoredDataset
from multilabelfy.errors import AnswerRefused, InvalidInput, Problem, UnknownPlan
from multilabelfy.store import people
from multilabelfy.store.answers import annotations
from multilabelfy.store.database.connection import Connection
from multilabelfy.store.dataset import analysis_plans, datasets
from multilabelfy.workflows.workspace import Workspace


@dataclass(frozen=True, slots=True)
class AnalysisPlans:
    """The frozen versions, oldest first, the draft of the next one, and the present number of answers.

    `sections` fill the form: the draft's, or else those of the last frozen version, or else the defaults. `text` is their text.
    `changed` names the values of the protocol that are others than when the last version was frozen.
    """

    dataset: StoredDataset
    frozen: tuple[StoredPlan, ...]
    draft: StoredPlan | None
    sections: Mapping[str, str]
    text: str
    n_answers: int
    changed: tuple[str, ...]
    authors: Mapping[int, str]


def plans_of(workspace: Workspace, name: str) -> AnalysisPlans:
    """The plans of the dataset of this name. Raises UnknownDataset."""
    with workspace.store.reading() as c:
        return _plans(c, datasets.find(c, name))


def sections_in(path: Path) -> dict[str, str]:
    """The sections in a Markdown file under the headings of a plan. Raises InvalidInput if it cannot be read or has other headings."""
    try:
        return sections_of(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, AnswerRefused) as error:
        raise InvalidInput("Cannot read the analysis plan", [Problem(str(path), str(error))]) from error


def write_plan(workspace: Workspace, name: str, sections: Mapping[str, str], author: Annotator | None, now: datetime) -> int:
    """Write the draft of the plan, or of its next amendment; returns its number. Raises AnswerRefused by section."""
    with workspace.store.writing() as c:
        dataset = datasets.find(c, name)
        text = plan_text(name, dataset.protocol, sections)
        return analysis_plans.write_draft(c, dataset.id, text, plan_hash(text), None if author is None else author.id, now)


def freeze_plan(workspace: Workspace, name: str, author: Annotator | None, now: datetime) -> StoredPlan:
    """Freeze the draft (the defaults if nobody wrote one) together with the present protocol; it can no longer be changed.

    It records the number of answers so far. Raises AnswerRefused if it adds nothing to the last frozen version.
    """
    with workspace.store.writing() as c:
        dataset = datasets.find(c, name)
        plans = _plans(c, dataset)
        if plans.frozen and plans.frozen[-1].text == plans.text:
            raise AnswerRefused({"plan": f"This is version {plans.frozen[-1].version}, which is frozen: change something to amend it."})
        writer = author.id if author is not None else plans.draft.author if plans.draft is not None else None
        version = analysis_plans.write_draft(c, dataset.id, plans.text, plan_hash(plans.text), writer, now)
        analysis_plans.freeze(c, dataset.id, version, now, plans.n_answers)
        return analysis_plans.frozen(c, dataset.id)[-1]


def plan_version(workspace: Workspace, name: str, version: int | None = None) -> StoredPlan:
    """One version of the plan; the newest if None. Raises UnknownPlan if there is none of this number."""
    with workspace.store.reading() as c:
        versions = analysis_plans.history(c, datasets.find(c, name).id)
    matching = [plan for plan in versions if version in (None, plan.version)]
    if not matching:
        hint = f"the versions run from 1 to {len(versions)}" if versions else "nobody wrote one yet"
        raise UnknownPlan(f"There is no {'analysis plan' if version is None else f'version {version} of the analysis plan'}: {hint}.")
    return matching[-1]


def frozen_hash(c: Connection, dataset: StoredDataset) -> str | None:
    """The hash of the newest frozen version; None if none is frozen."""
    plans = analysis_plans.frozen(c, dataset.id)
    return plans[-1].sha256 if plans else None


def _plans(c: Connection, dataset: StoredDataset) -> AnalysisPlans:
    versions = analysis_plans.history(c, dataset.id)
    frozen = tuple(plan for plan in versions if plan.is_frozen)
    draft = versions[-1] if versions and not versions[-1].is_frozen else None
    sections = sections_of(versions[-1].text) if versions else default_sections()
    everybody = {person.id: person.name for person in people.everyone(c, dataset.id)}
    return AnalysisPlans(
        dataset=dataset,
        frozen=frozen,
        draft=draft,
        sections=sections,
        text=plan_text(dataset.name, dataset.protocol, sections),
        n_answers=sum(n for _, n, _ in annotations.effort(c, dataset.id, Task.ANNOTATE)),
        changed=changed_since(frozen[-1].text, dataset.protocol) if frozen else (),
        authors={plan.version: everybody.get(plan.author, "") if plan.author is not None else "" for plan in versions},
    )
