"""Requests of searches, and answers that Scenedex never gives."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from scenedex.client import (
    AssetType,
    Conditions,
    ConfidenceLevel,
    FrameRate,
    Handles,
    SearchExportFormat,
    SearchHit,
    SearchQuery,
    SearchStatus,
)

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.client.searches import WorkspaceSearch
    from scenedex.client.testing import Recorder

SEARCHES = "/api/v1/workspaces/archive/assets/search"
ANYTHING = SearchQuery(text="ship", project_ids=(1001,))
HIT = {"assetId": 1, "sceneId": 2, "startTimeMs": 0, "endTimeMs": 5}
TICKET = {"assetFileKey": "k", "presignedUploadUrl": "https://store.test/1"}


def test_a_search_sends_only_what_was_asked_for(search: WorkspaceSearch, service: Recorder) -> None:
    queries = [
        ANYTHING,
        SearchQuery(persons=Conditions(), dialogues=Conditions(any=("ship",)), project_ids=(1001,)),
        SearchQuery(
            image="key",
            persons=Conditions(must=(1,), any=(2, 3), none=(4,)),
            dialogues=Conditions(none=("ship",)),
            level=ConfidenceLevel.HIGH,
            asset_ids=(5, 6),
            asset_types=(AssetType.IMAGE, AssetType.VIDEO),
            modified_from=datetime(2025, 4, 23, 12),  # noqa: DTZ001  # the wire has no zone
            modified_to=datetime(2025, 4, 24),  # noqa: DTZ001  # the wire has no zone
        ),
    ]

    for query in queries:
        service.add_result({"searchId": "s"})
        search.request(query)

    assert {received.target for received in service.received} == {SEARCHES}
    assert [json.loads(received.body) for received in service.received] == [
        {"query": {"textQuery": "ship"}, "filter": {"projectIds": [1001]}},
        {"query": {"dialogQuery": {"any": ["ship"]}}, "filter": {"projectIds": [1001]}},
        {
            "query": {
                "imageQuery": "key",
                "personQuery": {"must": [1], "any": [2, 3], "not": [4]},
                "dialogQuery": {"not": ["ship"]},
            },
            "queryOption": {"confidenceLevel": "HIGH"},
            "filter": {
                "assetIds": [5, 6],
                "assetTypes": ["IMAGE", "VIDEO"],
                "indexModifiedFrom": "2025-04-23T12:00:00",
                "indexModifiedTo": "2025-04-24T00:00:00",
            },
        },
    ]


def test_a_search_without_a_place_is_in_all_projects(search: WorkspaceSearch, service: Recorder) -> None:
    service.add_result({"projects": [{"projectId": 5, "name": "base"}, {"projectId": 6, "name": "news"}]})
    service.add_result({"searchId": "s"})

    search.request(SearchQuery(text="ship"))

    assert json.loads(service.received[-1].body) == {"query": {"textQuery": "ship"}, "filter": {"projectIds": [5, 6]}}


def test_without_totals_hits_end_with_an_empty_page(search: WorkspaceSearch, service: Recorder) -> None:
    page: dict[str, Any] = {"searchId": "s", "status": "COMPLETED"}
    service.add_result({"searchId": "s"})
    for results in ([HIT], [HIT], []):
        service.add_result(page | {"results": results})

    assert list(search.find(ANYTHING)) == [SearchHit(asset_id=1, scene_id=2, start_time_ms=0, end_time_ms=5)] * 2


def test_a_status_that_it_does_not_know_is_not_final(search: WorkspaceSearch, service: Recorder) -> None:
    service.add_result({"searchId": "s", "status": "THINKING"})

    status = search.get("s").status

    assert status is SearchStatus.UNKNOWN
    assert not status.is_final


def test_a_search_whose_answer_got_lost_is_requested_again(search: WorkspaceSearch, service: Recorder) -> None:
    service.answers.append(httpx2.ReadError("cut"))
    service.add_result({"searchId": "s"})

    assert search.request(ANYTHING) == "s"


def test_an_export_names_format_frame_rate_and_handles(search: WorkspaceSearch, service: Recorder) -> None:
    service.answers.append(httpx2.Response(200, headers={"Content-Disposition": "attachment"}, content=b"TITLE: ships"))

    file = search.export("s", SearchExportFormat.EDL, frame_rate=FrameRate.FPS_29_97, handles=Handles(seconds=0.5))

    assert file == b"TITLE: ships"
    assert service.received[-1].target == f"{SEARCHES}/s/export?format=edl&frameRate=29.97&handleSeconds=0.5"


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "배.jpg"
    path.write_bytes(b"ship")
    return path


def test_a_picture_is_sent_and_known_by_its_key(search: WorkspaceSearch, service: Recorder, picture: Path) -> None:
    service.add_result(TICKET)
    service.answers.append(httpx2.Response(200))
    service.add_result({"assetKey": "k", "uploadStatus": "COMPLETED"})

    assert search.upload_picture(picture) == "k"

    opened, put, completed = service.received
    assert opened.target == "/api/v1/query-assets/uploads/presigned-url"
    assert json.loads(opened.body) == {"assetType": "IMAGE", "assetFileName": "배.jpg"}
    assert (put.method, put.body) == ("PUT", b"ship")
    assert completed.target == "/api/v1/query-assets/uploads/complete"
    assert json.loads(completed.body) == {"assetKey": "k"}


def test_an_interrupted_picture_is_sent_again_to_a_fresh_address(
    search: WorkspaceSearch, service: Recorder, picture: Path
) -> None:
    service.add_result(TICKET)
    service.answers.append(httpx2.WriteError("cut"))
    service.add_result({"assetFileKey": "k2", "presignedUploadUrl": "https://store.test/2"})
    service.answers.append(httpx2.Response(200))
    service.add_result({"assetKey": "k2", "uploadStatus": "COMPLETED"})

    assert search.upload_picture(picture) == "k2"
    assert [it.target for it in service.received if it.method == "PUT"] == ["/1", "/2"]


def test_a_picture_that_was_not_checked_in_time_is_asked_for_again(
    search: WorkspaceSearch, service: Recorder, picture: Path
) -> None:
    late = httpx2.Response(504, content=b'{"error":{"errorCode":"510","message":"Endpoint Timeout"}}')
    service.add_result(TICKET)
    service.answers.extend([httpx2.Response(200), late])
    service.add_result({"assetKey": "k", "uploadStatus": "COMPLETED"})

    assert search.upload_picture(picture) == "k"


def test_a_missing_picture_is_an_os_error_before_anything_is_sent(
    search: WorkspaceSearch, service: Recorder, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError):
        search.upload_picture(tmp_path / "nothing.jpg")
    assert service.received == []
