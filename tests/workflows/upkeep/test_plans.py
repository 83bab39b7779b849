"""An analysis plan over a stored study: drafts change, what is frozen does not, amendments are open, and reports and exports name it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from tests.answering import answer, person
from tests.store.campaigns import new_campaign
from tests.studies import NOW, Study, ready_study

from multilabelfy.annotation.model import Annotator, Role
from multilabelfy.annotation.study.analysis_plan import StoredPlan, default_sections
from multilabelfy.annotation.study.protocol import PAPER
from multilabelfy.errors import AnswerRefused, InvalidInput, UnknownPlan
from multilabelfy.store.database.opening.store import Store
from multilabelfy.store.dataset import analysis_plans
from multilabelfy.workflows.owning.configuring import change_protocol
from multilabelfy.workflows.releasing.exports import export
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.upkeep.plans import freeze_plan, plan_version, plans_of, sections_in, write_plan

LATER = NOW + timedelta(days=1)


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    ready = ready_study(tmp_path)
    yield ready
    ready.workspace.close()


def olga(study: Study) -> Annotator:
    """An owner."""
    return person(study, "Olga", Role.OWNER)


def write(study: Study, measures: str) -> int:
    """Olga writes the draft with these measures."""
    return write_plan(study.workspace, "pilot", {**default_sections(), "measures": measures}, olga(study), NOW)


def freeze(study: Study) -> StoredPlan:
    """Olga freezes it."""
    return freeze_plan(study.workspace, "pilot", olga(study), LATER)


def test_before_anybody_wrote_one_the_defaults_stand_in_the_form(study: Study) -> None:
    found = plans_of(study.workspace, "pilot")
    assert (found.frozen, found.draft, found.n_answers) == ((), None, 0)
    assert found.sections == default_sections()


def test_a_draft_is_written_over_until_it_is_frozen(study: Study) -> None:
    assert write(study, "one") == write(study, "two") == 1
    plan = freeze(study)
    assert (plan.version, plan.frozen_at, plan.n_answers) == (1, LATER, 0)
    assert "## Measures\n\ntwo\n" in plan.text
    assert plan.sha256 == sha256(plan.text.encode()).hexdigest()


def test_what_is_frozen_stays_and_a_change_is_an_amendment_with_its_own_date(study: Study) -> None:
    write(study, "one")
    first = freeze(study)
    answer(study, "Ada", 0, [0])
    assert write(study, "two") == 2
    assert plan_version(study.workspace, "pilot", 1) == first
    second = freeze(study)
    assert (second.version, second.n_answers) == (2, 1)
    assert plans_of(study.workspace, "pilot").frozen == (first, second)


def test_a_plan_frozen_after_answers_says_how_many(study: Study) -> None:
    answer(study, "Ada", 0, [0])
    answer(study, "Bob", 0, [0])
    assert freeze(study).n_answers == 2


def test_nothing_new_is_no_amendment_and_a_new_protocol_is_something(study: Study) -> None:
    freeze(study)
    with pytest.raises(AnswerRefused, match="This is version 1, which is frozen"):
        freeze(study)
    change_protocol(study.workspace, "pilot", replace(PAPER, overlap=3), LATER)
    assert "- overlap: 3\n" in freeze(study).text


def test_a_section_that_does_not_fit_saves_nothing(study: Study) -> None:
    with pytest.raises(AnswerRefused):
        write(study, "# Measures")
    assert plans_of(study.workspace, "pilot").draft is None


def test_a_version_that_is_not_there_is_named(study: Study) -> None:
    with pytest.raises(UnknownPlan, match="nobody wrote one yet"):
        plan_version(study.workspace, "pilot")
    freeze(study)
    with pytest.raises(UnknownPlan, match="the versions run from 1 to 1"):
        plan_version(study.workspace, "pilot", 2)


def test_a_file_with_other_headings_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "plan.md").write_text("## Budget\n\nnone\n", encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"plan\.md.*“Budget” is not a section"):
        sections_in(tmp_path / "plan.md")
    with pytest.raises(InvalidInput):
        sections_in(tmp_path / "missing.md")


def test_exports_name_the_plan_that_holds(study: Study, tmp_path: Path) -> None:
    answer(study, "Ada", 0, [0])
    answer(study, "Bob", 0, [0])
    resolve(study.workspace, "pilot", NOW)
    without = export(study.workspace, "pilot", "parquet", tmp_path / "a.parquet")
    plan = freeze(study)
    after = export(study.workspace, "pilot", "parquet", tmp_path / "b.parquet")
    assert (without.plan, after.plan) == (None, plan.sha256)
    assert "multilabelfy.analysis_plan_sha256" not in pl.read_parquet_metadata(tmp_path / "a.parquet")
    found = pl.read_parquet_metadata(tmp_path / "b.parquet")
    assert (found["multilabelfy.release"], found["multilabelfy.analysis_plan_sha256"]) == ("1", plan.sha256)
    assert pl.read_parquet(tmp_path / "a.parquet").equals(pl.read_parquet(tmp_path / "b.parquet"))


def test_plans_are_stored_alike_on_both_databases(store: Store) -> None:
    campaign = new_campaign(store, 1)
    with store.writing() as c:
        assert analysis_plans.write_draft(c, campaign.dataset, "a\n", "0" * 64, None, NOW) == 1
        assert analysis_plans.freeze(c, campaign.dataset, 1, LATER, 3)
        assert not analysis_plans.freeze(c, campaign.dataset, 1, NOW, 0)
        assert analysis_plans.write_draft(c, campaign.dataset, "b\n", "1" * 64, None, NOW) == 2
        first, draft = analysis_plans.history(c, campaign.dataset)
    assert (first.text, first.frozen_at, first.n_answers, first.is_frozen) == ("a\n", LATER, 3, True)
    assert (draft.text, draft.is_frozen) == ("b\n", False)
    with store.reading() as c:
        assert analysis_plans.frozen(c, campaign.dataset) == [first]
