from __future__ import annotations

import pytest

from scenedex.client import (
    AnalysisFailed,
    AnalysisOptions,
    AnalysisStatus,
    Client,
    ImportFailed,
    ImportStatus,
    IndexStatus,
    UploadStatus,
    WaitTimeout,
)
from scenedex.client.testing import FakeService, ManualTime, StoredObject

NOTHING_BUT_SHOTS = AnalysisOptions(analysis_person_count=0)


@pytest.fixture
def asset_id(client: Client, service: FakeService) -> int:
    service.catalogue.questions_until_done = 3
    return client.assets("archive", 1001).register("footage", "interview.mp4").asset_id


def test_waiting_for_an_import_answers_with_the_last_status(
    client: Client, asset_id: int, manual_time: ManualTime
) -> None:
    heard: list[ImportStatus] = []

    status = client.assets("archive", 1001).wait_import(asset_id, on_progress=heard.append, poll=2)

    assert status.upload_status is UploadStatus.COMPLETED
    assert [it.upload_status.value for it in heard] == ["IN_PROGRESS"] * 3 + ["COMPLETED"]
    assert [it.progress_percent for it in heard] == [25, 50, 75, None]
    assert manual_time.sleeps == [2, 2, 2]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("nothing.mp4", r"asset \d+ ended with FILE_NOT_EXIST: No file\.$"),
        ("bad.mp4", r"asset \d+ ended with INVALID_METADATA: Unsupported file format\.$"),
    ],
)
def test_waiting_for_an_import_that_fails_raises_its_status(
    client: Client, service: FakeService, key: str, said: str
) -> None:
    service.catalogue.objects["footage", "bad.mp4"] = StoredObject(invalid_because="Unsupported file format")
    asset_id = client.assets("archive", 1001).register("footage", key).asset_id

    with pytest.raises(ImportFailed, match=said) as caught:
        client.assets("archive", 1001).wait_import(asset_id)
    assert caught.value.status.asset_id == asset_id


def test_waiting_ends_with_its_time(client: Client, asset_id: int, manual_time: ManualTime) -> None:
    with pytest.raises(WaitTimeout) as caught:
        client.assets("archive", 1001).wait_import(asset_id, timeout=3, poll=2)

    assert isinstance(caught.value.status, ImportStatus)
    assert manual_time.sleeps == [2, 1]


def test_no_time_to_wait_still_asks_once(client: Client, asset_id: int, manual_time: ManualTime) -> None:
    with pytest.raises(WaitTimeout):
        client.assets("archive", 1001).wait_import(asset_id, timeout=0)

    assert manual_time.sleeps == []


def test_waiting_for_an_analysis_answers_with_the_last_status(client: Client, asset_id: int) -> None:
    client.assets("archive", 1001).wait_import(asset_id)
    index = client.index("archive", 1001, asset_id)
    heard: list[IndexStatus] = []

    index.request(NOTHING_BUT_SHOTS)
    status = index.wait(on_progress=heard.append)

    assert status.status is AnalysisStatus.ANALYZE_COMPLETED
    assert [it.progress.percent if it.progress else None for it in heard] == [40, 40, 40, None]


def test_waiting_for_a_cancelled_analysis_raises_its_status(client: Client, asset_id: int) -> None:
    client.assets("archive", 1001).wait_import(asset_id)
    index = client.index("archive", 1001, asset_id)
    index.request(NOTHING_BUT_SHOTS)
    index.cancel()

    with pytest.raises(AnalysisFailed, match="ended with ANALYZE_CANCEL: It is ANALYZE_CANCEL"):
        index.wait()


def test_waiting_for_an_analysis_that_nobody_requested_does_not_hang(client: Client, asset_id: int) -> None:
    with pytest.raises(AnalysisFailed, match="BEFORE_ANALYZE"):
        client.index("archive", 1001, asset_id).wait()
