"""Scenes of the fake service to be found, and searches of them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

import httpx2

from scenedex.client import Index, Keyword, Scene, ScreenText, Script, SearchQuery
from scenedex.client.testing import StoredObject

if TYPE_CHECKING:
    from scenedex.client.searches import WorkspaceSearch
    from scenedex.client.testing import FakeService

SEARCHES = "/api/v1/workspaces/archive/assets/search"
ANYTHING = SearchQuery(text="ship", project_ids=(1001,))


def add_harbour(service: FakeService) -> int:
    """An asset with three scenes: ship and words, ship alone, nothing; its id."""
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
    """An asset with an index of these scenes; its id."""
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


def found(search: WorkspaceSearch, query: SearchQuery) -> list[int]:
    return [hit.scene_id for hit in search.find(query)]
