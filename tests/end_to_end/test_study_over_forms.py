"""A whole study over the web's own forms, without scripts: known answers on real photos give the final labels worked out by hand."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.end_to_end.forms import Form, form_in
from tests.end_to_end.photo_study import NAME, NOW, PhotoStudy, photo_study

from multilabelfy.annotation.model import Role
from multilabelfy.web.app import create_app
from multilabelfy.workflows.releasing.exports import export
from multilabelfy.workflows.releasing.resolve import resolve
from multilabelfy.workflows.team import people

pytestmark = [pytest.mark.real_data, pytest.mark.long("a study from its pictures to its report")]

Sent = dict[str, list[str]]
N_PHOTOS = 6
"""One for each row of the table of known answers."""


def signed_in(study: PhotoStudy, name: str, role: Role) -> TestClient:
    """A browser without scripts, in which this person has opened their invitation."""
    headers = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html"}
    client = TestClient(create_app(study.workspace, lambda: NOW + timedelta(minutes=1)), base_url="http://study.test", headers=headers)
    link = people.invite(study.workspace, name, role, NOW).link
    assert client.post(link[link.index("/sign-in/") :]).status_code == 200
    return client


def answer_everything(study: PhotoStudy, name: str) -> int:
    """Answer picture after picture until the page asks for nothing more; returns how many."""
    client = signed_in(study, name, Role.ANNOTATOR)
    page, n = client.get(f"/d/{NAME}/annotate"), 0
    while (form := form_in(page.text)) is not None:
        page = client.post(form.action, data=annotation(study, form, name))
        assert page.status_code == 200, page.text
        n += 1
    return n


def annotation(study: PhotoStudy, form: Form, name: str) -> Sent:
    """What this person's form sends for the picture that it shows."""
    known = study.known(study.path_of(form.picture))
    chosen = sorted(known.of(name))
    found = [("added", str(label)) for label in chosen if str(label) not in form.offered("yes")]
    unsure = name == "Ada" and known.ada_is_unsure
    outcome = [] if chosen else [("outcome", "cannot-tell" if unsure else "none")]
    return form.filled(*(("yes", str(label)) for label in chosen), *found, *outcome, *relation(form, chosen))


def decide_everything(study: PhotoStudy) -> int:
    """Decide case after case as the expert, in the blind style both times; returns how many cases."""
    client = signed_in(study, "Eve", Role.EXPERT)
    address, cases = f"/d/{NAME}/refine", set()
    while (form := form_in(client.get(address).text)) is not None:
        cases.add(form.picture)
        page = client.post(form.action, data=decision(study, form))
        assert page.status_code == 200, page.text
        if (revealed := form_in(page.text)) is not None and revealed.picture == form.picture:
            assert "What the annotators said" in page.text
            assert client.post(revealed.action, data=decision(study, revealed)).status_code == 200
    return len(cases)


def decision(study: PhotoStudy, form: Form) -> Sent:
    """What the expert's form sends for the picture that it shows."""
    chosen = sorted(study.known(study.path_of(form.picture)).of("Eve"))
    empty = [] if chosen else [("none", "yes"), ("reason", "no-class-present")]
    return form.filled(*(("yes", str(label)) for label in chosen), *empty, *relation(form, chosen))


def relation(form: Form, chosen: list[int]) -> list[tuple[str, str]]:
    """Said where it is asked."""
    return [("relation", "several-objects")] if len(chosen) > 1 and form.offered("relation") else []


@pytest.mark.parametrize("protocol", ["paper", "blind"])
def test_known_answers_give_the_final_labels_worked_out_by_hand(shared_data: Path, tmp_path: Path, protocol: str) -> None:
    with photo_study(shared_data, tmp_path, protocol, N_PHOTOS) as study:
        assert [answer_everything(study, name) for name in ("Ada", "Bob")] == [N_PHOTOS, N_PHOTOS]
        disputed = [path for path in study.paths if study.known(path).eve is not None]
        assert len(disputed) == 4
        assert decide_everything(study) == len(disputed)

        resolved = resolve(study.workspace, NAME, NOW)
        assert resolved.release is not None
        assert (resolved.release.number, resolved.release.n_images, resolved.n_unresolved) == (1, N_PHOTOS, 0)
        export(study.workspace, NAME, "final-labels", tmp_path / "final.json")
        final = json.loads((tmp_path / "final.json").read_text())
    by_hand = {path: [str(label) for label in sorted(study.known(path).final)] for path in study.paths}
    assert final == by_hand
    assert list(final) == list(by_hand)
