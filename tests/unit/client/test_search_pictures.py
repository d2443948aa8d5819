"""Searches by a picture that is uploaded."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

import httpx2
import pytest

from scenedex.client import (
    Client,
    Index,
    Keyword,
    Scene,
    ScreenText,
    Script,
    SearchQuery,
    UploadFailed,
)
from scenedex.client.testing import StoredObject

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.client.searches import WorkspaceSearch
    from scenedex.client.testing import FakeService

TICKET = {"assetFileKey": "k", "presignedUploadUrl": "https://store.test/1"}


@pytest.fixture
def search(client: Client) -> WorkspaceSearch:
    return client.search("archive")


@pytest.fixture
def harbour(service: FakeService) -> int:
    """The id of an asset with three scenes: ship and words, ship alone, nothing."""
    return add(
        service,
        Scene(
            scene_id=1,
            start_time_ms=0,
            end_time_ms=10_000,
            keywords=(Keyword(keyword="ship"), Keyword(keyword="sky")),
            texts=(ScreenText(text="Old Harbour", start_time_ms=0, end_time_ms=500),),
            scripts=(Script(text="Good morning.", start_time_ms=500, end_time_ms=900),),
        ),
        Scene(scene_id=2, start_time_ms=10_000, end_time_ms=20_000, keywords=(Keyword(keyword="ship"),)),
        Scene(scene_id=3, start_time_ms=20_000, end_time_ms=25_500),
    )


def add(service: FakeService, *scenes: Scene) -> int:
    """An asset with an index of these scenes."""
    asset = service.catalogue.register("archive", 1001, "harbour.mp4", StoredObject())
    state = service.catalogue.asset("archive", 1001, asset.asset_id)
    state.index = Index(
        index_id=asset.asset_id,
        type="VIDEO",
        scenes=scenes,
        updated_time=datetime(2025, 4, 23),  # noqa: DTZ001  # the wire has no zone
    )
    return asset.asset_id


def answer(service: FakeService, result: object) -> None:
    service.faults.append(httpx2.Response(200, content=json.dumps({"code": "0", "result": result}).encode()))


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
