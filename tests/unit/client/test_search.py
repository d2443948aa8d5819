"""What a search finds, and what is sent for it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
import pytest

from fake_searches import ANYTHING, SEARCHES, answer, found
from scenedex.client import (
    AssetType,
    Conditions,
    ConfidenceLevel,
    InvalidRequest,
    Keyword,
    Matches,
    ScreenText,
    SearchHit,
    SearchQuery,
    SearchStatus,
)

if TYPE_CHECKING:
    from scenedex.client.searches import WorkspaceSearch
    from scenedex.client.testing import FakeService


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
        (SearchQuery(modified_from=datetime(2025, 4, 23), modified_to=datetime(2025, 4, 23)), [1, 2]),  # noqa: DTZ001  # as below
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
