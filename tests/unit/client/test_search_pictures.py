"""Searches by a picture that is uploaded."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx2
import pytest

from fake_searches import answer
from scenedex.client import (
    SearchQuery,
    UploadFailed,
)

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.client.searches import WorkspaceSearch
    from scenedex.client.testing import FakeService

TICKET = {"assetFileKey": "k", "presignedUploadUrl": "https://store.test/1"}


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "배.jpg"
    path.write_bytes(b"ship")
    return path


def test_a_picture_finds_what_is_like_it(
    search: WorkspaceSearch, service: FakeService, harbour: int, picture: Path
) -> None:
    service.searches.alike = {(harbour, 2): 87.5, (harbour, 3): 91.25, (harbour, 1): 12.0}

    key = search.upload_picture(picture)
    hits = list(search.find(SearchQuery(image=key, project_ids=(1001,))))

    assert [(hit.scene_id, hit.score) for hit in hits] == [(3, 91.25), (2, 87.5)]
    opened, put, completed, *_ = service.received
    assert opened.target == "/api/v1/query-assets/uploads/presigned-url"
    assert json.loads(opened.body) == {"assetType": "IMAGE", "assetFileName": "배.jpg"}
    assert (put.method, put.body) == ("PUT", b"ship")
    assert completed.target == "/api/v1/query-assets/uploads/complete"
    assert json.loads(completed.body) == {"assetKey": key}


def test_a_picture_that_is_refused_is_named_with_the_reason(
    search: WorkspaceSearch, service: FakeService, picture: Path
) -> None:
    service.searches.messages[b"ship"] = "TOO_SMALL: 100 x 80 pixels"

    with pytest.raises(UploadFailed, match=r"배\.jpg: TOO_SMALL: 100 x 80 pixels"):
        search.upload_picture(picture)


def test_an_interrupted_upload_starts_anew_with_a_fresh_address(
    search: WorkspaceSearch, service: FakeService, picture: Path
) -> None:
    answer(service, TICKET)
    service.faults.append(httpx2.WriteError("cut"))

    assert search.upload_picture(picture) != "k"
    assert len([it for it in service.received if it.method == "PUT"]) == 2


def test_a_picture_that_was_not_looked_at_in_time_is_asked_for_again(
    search: WorkspaceSearch, service: FakeService, picture: Path
) -> None:
    answer(service, TICKET)
    service.faults.append(httpx2.Response(200))
    service.faults.append(httpx2.Response(504, content=b'{"error":{"errorCode":"510","message":"Endpoint Timeout"}}'))
    answer(service, {"assetKey": "k", "uploadStatus": "COMPLETED"})

    assert search.upload_picture(picture) == "k"


def test_a_missing_picture_is_an_os_error_before_anything_is_asked(
    search: WorkspaceSearch, service: FakeService, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError):
        search.upload_picture(tmp_path / "nothing.jpg")
    assert service.received == []
