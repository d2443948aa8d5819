from __future__ import annotations

import json
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import httpx2
import msgspec
import pytest

from scenedex.client import (
    AssetType,
    Client,
    Conditions,
    ConfidenceLevel,
    Conflict,
    FrameRate,
    Index,
    InvalidRequest,
    Keyword,
    Matches,
    NotFound,
    Scene,
    ScreenText,
    Script,
    Search,
    SearchExportFormat,
    SearchFailed,
    SearchHit,
    SearchQuery,
    SearchStatus,
    UploadFailed,
    WaitTimeout,
)
from scenedex.client.testing import ManualTime, StoredObject

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.client.searches import WorkspaceSearch
    from scenedex.client.testing import FakeService

SEARCHES = "/api/v1/workspaces/archive/assets/search"
ANYTHING = SearchQuery(text="ship", project_ids=(1001,))


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


def found(search: WorkspaceSearch, query: SearchQuery) -> list[int]:
    return [hit.scene_id for hit in search.find(query)]


def test_a_text_finds_scenes_the_surest_first_with_what_matches(search: WorkspaceSearch, harbour: int) -> None:
    first, second = search.find(SearchQuery(text="ship harbour", project_ids=(1001,)))

    assert first == SearchHit(
        asset_id=harbour,
        project_id=1001,
        file_name="harbour.mp4",
        asset_type="VIDEO",
        index_id=harbour,
        scene_id=1,
        start_time_ms=0,
        end_time_ms=10_000,
        score=100,
        keyframe_url=f"https://fake.test/keyframes/{harbour}/1.jpg",
        matches=Matches(
            keywords=(Keyword(keyword="ship"),),
            texts=(ScreenText(text="Old Harbour", start_time_ms=0, end_time_ms=500),),
        ),
    )
    assert (second.scene_id, second.score) == (2, 50)


def test_the_level_decides_how_sure_scenes_have_to_be(search: WorkspaceSearch, harbour: int) -> None:
    query = SearchQuery(text="ship morning harbour", asset_ids=(harbour,))

    levels = [None, ConfidenceLevel.LOW, ConfidenceLevel.MEDIUM, ConfidenceLevel.HIGH]
    assert [found(search, msgspec.structs.replace(query, level=level)) for level in levels] == [[1], [1, 2], [1], [1]]


@pytest.mark.parametrize(
    ("persons", "dialogues", "scenes"),
    [
        (Conditions(must=(1, 2)), None, [2]),
        (Conditions(any=(1, 2)), None, [1, 2]),
        (Conditions(none=(1,)), None, [3]),
        (Conditions(must=(1,), none=(2,)), Conditions(must=("GOOD",), any=("morning", "evening")), [1]),
        (None, Conditions(none=("good morning",)), [2, 3]),
        (None, Conditions(any=("evening",)), []),
    ],
)
@pytest.mark.usefixtures("harbour")
def test_conditions_alone_find_scenes_without_a_score(
    search: WorkspaceSearch,
    service: FakeService,
    persons: Conditions[int] | None,
    dialogues: Conditions[str] | None,
    scenes: list[int],
) -> None:
    people = service.people["archive"]
    ada, grace = people.register("Ada", seen=[(1002, 1), (1002, 2)]), people.register("Grace", seen=[(1002, 2)])
    ids = {1: ada.person_id, 2: grace.person_id}
    if persons:
        persons = Conditions(
            must=tuple(ids[it] for it in persons.must),
            any=tuple(ids[it] for it in persons.any),
            none=tuple(ids[it] for it in persons.none),
        )

    hits = list(search.find(SearchQuery(persons=persons, dialogues=dialogues, project_ids=(1001,))))

    assert [hit.scene_id for hit in hits] == scenes
    assert {hit.score for hit in hits} <= {None}


def test_a_name_of_a_person_is_found_like_a_word(search: WorkspaceSearch, service: FakeService, harbour: int) -> None:
    service.people["archive"].register("Ada", seen=[(harbour, 3)])

    [hit] = search.find(SearchQuery(text="ada", project_ids=(1001,)))

    assert [person.name for person in hit.matches.persons] == ["Ada"]


def test_a_search_says_only_what_was_asked_for(search: WorkspaceSearch, service: FakeService) -> None:
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
        answer(service, {"searchId": "s"})
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


@pytest.mark.usefixtures("harbour")
@pytest.mark.parametrize(
    ("where", "scenes"),
    [
        (SearchQuery(asset_types=(AssetType.VIDEO,)), [1, 2]),
        (SearchQuery(asset_types=(AssetType.IMAGE,)), []),
        (SearchQuery(project_ids=(7,)), []),
        (SearchQuery(modified_from=datetime(2025, 4, 23), modified_to=datetime(2025, 4, 23)), [1, 2]),  # noqa: DTZ001
        (SearchQuery(modified_from=datetime(2025, 4, 24)), []),  # noqa: DTZ001  # the wire has no zone
        (SearchQuery(modified_to=datetime(2025, 4, 22)), []),  # noqa: DTZ001  # the wire has no zone
    ],
)
def test_only_where_it_was_asked_for_is_looked(search: WorkspaceSearch, where: SearchQuery, scenes: list[int]) -> None:
    projects = where.project_ids or (1001,)

    assert found(search, msgspec.structs.replace(where, text="ship", project_ids=projects)) == scenes


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (SearchQuery(project_ids=(1001,)), "query"),
        (SearchQuery(text="ship", image="key", project_ids=(1001,)), "query"),
        (SearchQuery(text="ship"), "filter"),
        (SearchQuery(image="nothing", project_ids=(1001,)), "imageQuery"),
    ],
)
def test_a_search_that_cannot_be_answered_is_refused(search: WorkspaceSearch, query: SearchQuery, field: str) -> None:
    with pytest.raises(InvalidRequest, match=field):
        search.request(query)


@pytest.mark.usefixtures("harbour")
def test_nothing_found_is_an_answer(search: WorkspaceSearch, service: FakeService) -> None:
    assert list(search.find(SearchQuery(text="nobody", project_ids=(1001,)))) == []
    assert len(service.received) == 3

    first = search.wait(search.request(SearchQuery(text="nobody", project_ids=(1001,))))
    assert (first.status, first.total_count, first.results) == (SearchStatus.COMPLETED, 0, ())


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


TICKET = {"assetFileKey": "k", "presignedUploadUrl": "https://store.test/1"}


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
