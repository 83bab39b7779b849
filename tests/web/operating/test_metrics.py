"""Prometheus reads what the server does; nobody else does."""

import os
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.answering import answer
from tests.studies import Study
from tests.web.conftest import Browser, Clock

from multilabelfy.settings import Settings, load_settings, settings_with_origins
from multilabelfy.web.app import create_app
from multilabelfy.web.operating import scraping
from multilabelfy.web.page.jobs.background import Background
from multilabelfy.web.page.jobs.worker_process import WorkerProcess

TOKEN = "a-token-for-prometheus"


@pytest.fixture(autouse=True)
def library() -> None:
    """These need the library; in CI it must be there."""
    if not os.environ.get("CI"):
        pytest.importorskip("prometheus_client")


def asking(study: Study, settings: Settings | None = None, host: str = "127.0.0.1") -> TestClient:
    """A program that asks from this address."""
    workspace = replace(study.workspace, settings=settings or study.workspace.settings)
    return TestClient(create_app(workspace), client=(host, 40000), base_url="http://study.test")


def measured(text: str) -> dict[tuple[str, tuple[str, ...]], float]:
    """Each sample by its name and the values of its labels, in the order of their names."""
    from prometheus_client.parser import text_string_to_metric_families

    families: Any = text_string_to_metric_families(text)
    return {
        (sample.name, tuple(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in families
        for sample in family.samples
    }


def of(client: TestClient) -> dict[tuple[str, tuple[str, ...]], float]:
    return measured(client.get("/metrics").text)


def test_who_may_read_them(study: Study) -> None:
    assert asking(study).get("/metrics").status_code == 200
    assert asking(study, host="::1").get("/metrics").status_code == 200
    assert [asking(study, host=host).get("/metrics").status_code for host in ("192.168.7.7", "testclient")] == [403, 403]
    for header in ("X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"):
        assert asking(study).get("/metrics", headers={header: "127.0.0.1"}).status_code == 403
    with_token = load_settings(study.workspace.folder, metrics_token=TOKEN)
    for named, status in (("", 401), (TOKEN, 401), (f"Bearer {TOKEN}x", 401), ("Bearer é", 401), (f"Bearer {TOKEN}", 200)):
        for host in ("127.0.0.1", "192.168.7.7"):
            headers = {b"Authorization": named.encode()}
            assert asking(study, with_token, host).get("/metrics", headers=headers).status_code == status


def test_the_token_is_shown_nowhere(study: Study) -> None:
    shown = settings_with_origins(study.workspace.folder, metrics_token=TOKEN)
    assert [setting.value for setting in shown if setting.name == "metrics_token"] == ["***"]


def test_requests_are_counted_by_route_and_status_and_their_time_is_measured(study: Study, clock: Clock) -> None:
    client = asking(study)
    for path in ("/sign-in", "/sign-in/one-guess", "/sign-in/another", "/nowhere/a", "/nowhere/b"):
        client.get(path)
    client.request("BREW", "/sign-in")
    found = of(client)
    requests = {labels: n for (name, labels), n in found.items() if name == "multilabelfy_http_requests_total"}
    assert requests == {
        ("GET", "/sign-in", "200"): 1,
        ("GET", "/sign-in/{token}", "410"): 2,
        ("GET", "-", "404"): 2,
        ("other", "/sign-in", "405"): 1,
    }
    assert found["multilabelfy_http_request_duration_seconds_count", ("GET", "/sign-in/{token}")] == 2
    assert 0 < found["multilabelfy_http_request_duration_seconds_sum", ("GET", "/sign-in")] < 60


def test_answers_and_sheets_are_those_of_the_store(study: Study, clock: Clock) -> None:
    answer(study, "Ann", 0, [0])
    answer(study, "Ann", 0, [0, 1])
    answer(study, "Bob", 0, [2])
    Browser(study, clock).sign_in("Eve").get("/d/pilot/annotate")
    found = of(asking(study))
    assert found["multilabelfy_answers_stored_total", ("annotate",)] == 2
    assert found["multilabelfy_sheets_handed_out_total", ("annotate",)] == 2 + found["multilabelfy_sheets_in_hand", ("annotate",)]
    assert found["multilabelfy_sheets_in_hand", ("annotate",)] >= 1
    assert found["multilabelfy_answers_stored_total", ("refine",)] == 0


def test_open_transactions_and_the_wait_for_the_write_lock_are_seen(study: Study) -> None:
    client = asking(study)
    before = of(client)["multilabelfy_database_write_wait_seconds_count", ()]
    with study.workspace.store.writing(), study.workspace.store.reading():
        found = of(client)
    assert found["multilabelfy_database_transactions", ("writing",)] == 1
    assert found["multilabelfy_database_transactions", ("reading",)] == 1
    after = of(client)
    assert after["multilabelfy_database_transactions", ("writing",)] == 0
    assert after["multilabelfy_database_write_wait_seconds_count", ()] == before + 1


def test_a_transaction_that_failed_is_closed(study: Study) -> None:
    client = asking(study)
    with pytest.raises(KeyError), study.workspace.store.writing():
        raise KeyError
    assert of(client)["multilabelfy_database_transactions", ("writing",)] == 0


def test_a_workspace_that_cannot_be_read_says_so_and_keeps_the_rest(study: Study) -> None:
    client = asking(study)
    client.get("/healthz")
    study.workspace.store.close()
    (study.workspace.folder / "multilabelfy.db").write_bytes(b"no database" * 1000)
    found = of(client)
    assert found["multilabelfy_ready", ()] == 0
    assert found["multilabelfy_http_requests_total", ("GET", "/healthz", "200")] == 1
    assert not [name for name, _ in found if name.startswith("multilabelfy_answers")]


def test_background_jobs_are_counted_while_they_run(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on, has_ended = Event(), Event()
    client = asking(study)
    background: Background = client.app.state.background  # type: ignore[attr-defined]
    monkeypatch.setattr(WorkerProcess, "run", lambda *_, **__: goes_on.wait(60))
    background.start("report", "report", {"name": "pilot"}, afterwards=has_ended.set)
    assert of(client)["multilabelfy_background_jobs", ()] == 1
    goes_on.set()
    assert has_ended.wait(60)
    assert of(client)["multilabelfy_background_jobs", ()] == 0


def test_without_the_library_the_way_out_is_said(study: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scraping, "measuring", lambda *_: None)
    monkeypatch.setattr("multilabelfy.web.app.measuring", lambda *_: None)
    answer = asking(study).get("/metrics")
    assert (answer.status_code, "multilabelfy[metrics]" in answer.text) == (501, True)
    assert asking(study).get("/sign-in").status_code == 200
