from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scenedex.client import (
    AnalysisFailed,
    AnalysisStatus,
    Client,
    ImportFailed,
    ImportStatus,
    IndexStatus,
    Search,
    SearchFailed,
    SearchQuery,
    SearchStatus,
    UploadStatus,
    WaitTimeout,
)

if TYPE_CHECKING:
    from scenedex.client.searches import WorkspaceSearch
    from scenedex.client.testing import ManualTime, Recorder

RUNNING = {"searchId": "s", "status": "RUNNING"}


def add_import(service: Recorder, status: str, **more: object) -> None:
    service.add_result({"assetId": 7, "uploadStatus": status, **more})


def test_waiting_for_an_import_answers_with_the_last_status(
    client: Client, service: Recorder, manual_time: ManualTime
) -> None:
    for percent in (25, 50, 75):
        add_import(service, "IN_PROGRESS", progressPercent=percent)
    add_import(service, "COMPLETED")
    heard: list[ImportStatus] = []

    status = client.assets("archive", 1001).wait_import(7, on_progress=heard.append, poll=2)

    assert status.upload_status is UploadStatus.COMPLETED
    assert [it.upload_status.value for it in heard] == ["IN_PROGRESS"] * 3 + ["COMPLETED"]
    assert [it.progress_percent for it in heard] == [25, 50, 75, None]
    assert manual_time.sleeps == [2, 2, 2]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (("FILE_NOT_EXIST", "No file", None), r"asset 7 ended with FILE_NOT_EXIST: No file\.$"),
        (("INVALID_METADATA", "No.", "The codec is vp6."), r"INVALID_METADATA: No\. The codec is vp6\.$"),
        (("FAILED", None, None), r"asset 7 ended with FAILED\.$"),
    ],
)
def test_waiting_for_an_import_that_fails_raises_its_status(
    client: Client, service: Recorder, answer: tuple[str, str | None, str | None], said: str
) -> None:
    status, result, reason = answer
    add_import(service, status, uploadResult=result, uploadReason=reason)

    with pytest.raises(ImportFailed, match=said) as caught:
        client.assets("archive", 1001).wait_import(7)
    assert caught.value.status.asset_id == 7


def test_waiting_ends_with_its_time(client: Client, service: Recorder, manual_time: ManualTime) -> None:
    for _ in range(3):
        add_import(service, "IN_PROGRESS")

    with pytest.raises(WaitTimeout) as caught:
        client.assets("archive", 1001).wait_import(7, timeout=3, poll=2)

    assert isinstance(caught.value.status, ImportStatus)
    assert manual_time.sleeps == [2, 1]


def test_no_time_to_wait_still_asks_once(client: Client, service: Recorder, manual_time: ManualTime) -> None:
    add_import(service, "IN_PROGRESS")

    with pytest.raises(WaitTimeout):
        client.assets("archive", 1001).wait_import(7, timeout=0)

    assert manual_time.sleeps == []


def test_waiting_for_an_analysis_answers_with_the_last_status(client: Client, service: Recorder) -> None:
    service.add_result({"status": "WAIT_ANALYZE"})
    service.add_result({"status": "ANALYZING", "progress": {"stage": "shots", "percent": 40}})
    service.add_result({"status": "ANALYZE_COMPLETED"})
    heard: list[IndexStatus] = []

    status = client.index("archive", 1001, 7).wait(on_progress=heard.append)

    assert status.status is AnalysisStatus.ANALYZE_COMPLETED
    assert [it.progress.percent if it.progress else None for it in heard] == [None, 40, None]


def test_waiting_for_an_analysis_that_fails_raises_its_status(client: Client, service: Recorder) -> None:
    service.add_result({"status": "ANALYZE_FAIL", "analysisStatusMessage": "The file has no picture."})

    with pytest.raises(AnalysisFailed, match="ended with ANALYZE_FAIL: The file has no picture"):
        client.index("archive", 1001, 7).wait()


def test_waiting_for_a_search_polls_soon_and_then_more_slowly(
    search: WorkspaceSearch, service: Recorder, manual_time: ManualTime
) -> None:
    for _ in range(8):
        service.add_result(RUNNING)
    service.add_result(RUNNING | {"status": "COMPLETED"})
    heard: list[Search] = []

    search.wait("s", on_progress=heard.append)

    assert manual_time.sleeps == [0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.0, 1.0]
    assert [it.status.value for it in heard] == ["RUNNING"] * 8 + ["COMPLETED"]


def test_waiting_for_a_search_is_as_slow_as_asked_and_ends_with_its_time(
    search: WorkspaceSearch, service: Recorder, manual_time: ManualTime
) -> None:
    for _ in range(6):
        service.add_result(RUNNING)

    with pytest.raises(WaitTimeout) as caught:
        search.wait("s", timeout=0.12, poll=0.05)

    assert isinstance(caught.value.status, Search)
    assert manual_time.sleeps == pytest.approx([0.02, 0.04, 0.05, 0.01])
    service.answers.clear()
    service.add_result(RUNNING)
    service.add_result(RUNNING)
    with pytest.raises(WaitTimeout):
        list(search.find(SearchQuery(text="ship", project_ids=(1001,)), timeout=0))


@pytest.mark.parametrize(
    ("message", "said"),
    [("The query takes too long.", "The search failed: The query takes too long."), (None, "The search failed.")],
)
def test_a_search_that_failed_raises_the_words_of_the_service(
    search: WorkspaceSearch, service: Recorder, message: str | None, said: str
) -> None:
    service.add_result({"searchId": "s"})
    service.add_result({"searchId": "s", "status": "FAILED", "statusMessage": message})

    with pytest.raises(SearchFailed) as caught:
        list(search.find(SearchQuery(text="ship", project_ids=(1001,))))

    assert str(caught.value) == said
    assert caught.value.search.status is SearchStatus.FAILED
