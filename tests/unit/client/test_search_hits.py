"""Waiting for a search, reading its hits, and exporting them."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from fake_searches import ANYTHING, SEARCHES, add, answer
from scenedex.client import (
    Client,
    Conflict,
    FrameRate,
    InvalidRequest,
    Keyword,
    NotFound,
    Scene,
    Search,
    SearchExportFormat,
    SearchFailed,
    SearchHit,
    SearchStatus,
    WaitTimeout,
)

if TYPE_CHECKING:
    from scenedex.client.searches import WorkspaceSearch
    from scenedex.client.testing import FakeService, ManualTime


def test_hits_are_fetched_page_by_page_while_they_are_read(search: WorkspaceSearch, service: FakeService) -> None:
    service.catalogue.questions_until_done = 0
    scenes = [
        Scene(scene_id=number, start_time_ms=number, end_time_ms=number + 1, keywords=(Keyword(keyword="ship"),))
        for number in range(1, 6)
    ]
    add(service, *scenes)

    hits = search.find(ANYTHING, page_size=2)

    assert service.received == []
    assert [hit.scene_id for hit in islice(hits, 2)] == [1, 2]
    assert len(service.received) == 2
    assert [hit.scene_id for hit in hits] == [3, 4, 5]
    search_id = next(iter(service.searches.states))
    assert [it.target for it in service.received[1:]] == [
        f"{SEARCHES}/{search_id}?pageNum={number}&pageSize=2" for number in (1, 2, 3)
    ]


@pytest.mark.usefixtures("harbour")
def test_a_single_page_of_hits_is_read(search: WorkspaceSearch) -> None:
    search_id = search.request(ANYTHING)
    search.wait(search_id)

    second = search.get(search_id, 2, 1)

    assert [hit.scene_id for hit in second.results] == [2]
    assert (second.total_count, second.total_page, second.page_no, second.page_size) == (2, 2, 2, 1)
    assert search.get(search_id, 3, 1).results == ()
    with pytest.raises(InvalidRequest, match="pageSize"):
        search.get(search_id, 1, 101)


def test_without_totals_hits_end_with_an_empty_page(search: WorkspaceSearch, service: FakeService) -> None:
    page: dict[str, Any] = {"searchId": "s", "status": "COMPLETED"}
    hit = {"assetId": 1, "sceneId": 2, "startTimeMs": 0, "endTimeMs": 5}
    answer(service, {"searchId": "s"})
    for results in ([hit], [hit], []):
        answer(service, page | {"results": results})

    assert list(search.find(ANYTHING)) == [SearchHit(asset_id=1, scene_id=2, start_time_ms=0, end_time_ms=5)] * 2


def test_while_it_runs_a_search_has_no_totals(search: WorkspaceSearch) -> None:
    search_id = search.request(ANYTHING)

    assert search.get(search_id) == Search(search_id=search_id, status=SearchStatus.RUNNING)


def test_waiting_looks_soon_and_then_more_slowly(
    search: WorkspaceSearch, service: FakeService, manual_time: ManualTime
) -> None:
    service.catalogue.questions_until_done = 8
    heard: list[Search] = []

    search.wait(search.request(ANYTHING), on_progress=heard.append)

    assert manual_time.sleeps == [0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.0, 1.0]
    assert [it.status.value for it in heard] == ["RUNNING"] * 8 + ["COMPLETED"]


def test_waiting_is_as_slow_as_one_likes_and_ends_with_its_time(
    search: WorkspaceSearch, service: FakeService, manual_time: ManualTime
) -> None:
    service.catalogue.questions_until_done = 100

    with pytest.raises(WaitTimeout) as caught:
        search.wait(search.request(ANYTHING), timeout=0.12, poll=0.05)

    assert isinstance(caught.value.status, Search)
    assert manual_time.sleeps == pytest.approx([0.02, 0.04, 0.05, 0.01])
    with pytest.raises(WaitTimeout):
        list(search.find(ANYTHING, timeout=0))


def test_a_status_that_it_does_not_know_is_not_final(search: WorkspaceSearch, service: FakeService) -> None:
    answer(service, {"searchId": "s", "status": "THINKING"})

    status = search.get("s").status

    assert status is SearchStatus.UNKNOWN
    assert not status.is_final


@pytest.mark.parametrize(
    ("message", "said"),
    [("The query takes too long.", "The search failed: The query takes too long."), (None, "The search failed.")],
)
def test_a_search_that_failed_raises_the_words_of_the_service(
    search: WorkspaceSearch, service: FakeService, message: str | None, said: str
) -> None:
    service.searches.ending, service.searches.status_message = SearchStatus.FAILED, message

    with pytest.raises(SearchFailed) as caught:
        list(search.find(ANYTHING))

    assert str(caught.value) == said
    assert caught.value.search.status is SearchStatus.FAILED


def test_what_was_left_out_of_consideration_is_told(search: WorkspaceSearch, service: FakeService) -> None:
    service.searches.status_message = "Words only: there are no vectors."

    assert search.wait(search.request(ANYTHING)).status_message == "Words only: there are no vectors."


@pytest.mark.parametrize("search_id", ["Tq3f8ZkLw0aN5xYbR7Vd", "a/b ü"])
def test_a_search_that_is_not_there_is_not_found(search: WorkspaceSearch, search_id: str) -> None:
    with pytest.raises(NotFound, match="40413"):
        search.get(search_id)
    with pytest.raises(NotFound, match="40413"):
        search.wait(search_id)
    with pytest.raises(NotFound, match="40413"):
        search.export(search_id, SearchExportFormat.CSV)


def test_a_search_is_of_its_workspace(client: Client, search: WorkspaceSearch) -> None:
    client.workspaces.create("rushes")
    search_id = search.request(ANYTHING)

    with pytest.raises(NotFound, match="40413"):
        client.search("rushes").get(search_id)
    with pytest.raises(NotFound, match="40401"):
        client.search("nowhere").request(ANYTHING)


def test_a_search_whose_answer_got_lost_is_asked_for_again(
    search: WorkspaceSearch, service: FakeService, harbour: int
) -> None:
    service.faults.append(httpx2.ReadError("cut"))

    assert {hit.asset_id for hit in search.find(ANYTHING)} == {harbour}


def test_hits_are_exported(search: WorkspaceSearch, service: FakeService, harbour: int) -> None:
    search_id = search.request(ANYTHING)
    with pytest.raises(Conflict, match="40917"):
        search.export(search_id, SearchExportFormat.EDL)
    search.wait(search_id)

    assert search.export(search_id, SearchExportFormat.CSV) == f"csv\n{harbour} 1\n{harbour} 2\n".encode()
    search.export(search_id, SearchExportFormat.EDL, frame_rate=FrameRate.FPS_29_97)
    assert service.received[-1].target == f"{SEARCHES}/{search_id}/export?format=edl&frameRate=29.97"
