"""Requests about persons, and answers that Scenedex never gives."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from scenedex.client import (
    ChosenAppearance,
    NameType,
    PersonEventType,
    PersonQuery,
    SortColumn,
    SortType,
    TransportFailed,
)

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.client.persons import Persons
    from scenedex.client.testing import Recorder

EMPTY_PAGE: dict[str, Any] = {"content": [], "totalCount": 0, "totalPage": 0, "pageNo": 1, "pageSize": 50}


@pytest.fixture
def face(tmp_path: Path) -> Path:
    picture = tmp_path / "face.jpg"
    picture.write_bytes(b"face")
    return picture


def add_ticket(service: Recorder, number: int = 1) -> None:
    service.add_result({"thumbnailKey": f"k{number}", "url": f"https://store.test/{number}"})


def add_upload(service: Recorder, number: int = 1) -> None:
    add_ticket(service, number)
    service.answers.append(httpx2.Response(200))
    service.add_result({"uploadStatus": "COMPLETED"})


def test_pictures_are_sent_once_each_and_the_first_is_the_primary(
    persons: Persons, service: Recorder, face: Path
) -> None:
    add_upload(service, 1)
    add_upload(service, 2)
    service.add_result({"personId": 1})

    persons.create([face, face])

    assert [it.body for it in service.received if it.method == "PUT"] == [b"face", b"face"]
    assert json.loads(service.received[-1].body) == {
        "thumbnails": [
            {"thumbnailKey": "k1", "isPrimaryThumbnail": True},
            {"thumbnailKey": "k2", "isPrimaryThumbnail": False},
        ]
    }


def test_an_interrupted_picture_is_sent_again_to_a_fresh_address(
    persons: Persons, service: Recorder, face: Path
) -> None:
    add_ticket(service, 1)
    service.answers.append(httpx2.WriteError("cut"))
    add_upload(service, 2)

    assert persons.pictures.upload(face) == "k2"
    assert [it.target for it in service.received if it.method == "PUT"] == ["/1", "/2"]


def test_a_picture_that_was_not_checked_in_time_is_asked_for_again(
    persons: Persons, service: Recorder, face: Path
) -> None:
    late = httpx2.Response(504, content=b'{"error":{"errorCode":"510","message":"Endpoint Timeout"}}')
    add_ticket(service)
    service.answers.extend([httpx2.Response(200), late])
    service.add_result({"uploadStatus": "COMPLETED"})

    assert persons.pictures.upload(face) == "k1"
    assert [it.target.rpartition("/")[2] for it in service.received] == ["presigned-url", "1", "complete", "complete"]


def test_a_missing_picture_is_an_os_error_before_anything_is_sent(
    persons: Persons, service: Recorder, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError):
        persons.recommend(tmp_path / "nobody.jpg")
    assert service.received == []


def test_changes_name_only_what_is_changed(persons: Persons, service: Recorder) -> None:
    for _ in range(3):
        service.add_result({"personId": 7})

    persons.rename(7, None)
    persons.describe(7, "Countess")
    persons.set_primary(7, 12)

    assert [json.loads(received.body) for received in service.received] == [
        {"name": ""},
        {"description": "Countess"},
        {"primaryThumbnailId": 12},
    ]


def test_a_search_sends_only_what_was_asked_for(persons: Persons, service: Recorder) -> None:
    queries = [
        PersonQuery(),
        PersonQuery(
            name="ada",
            person_ids=(1, 2),
            tag_ids=(3,),
            name_type=NameType.NAMED,
            sort_column=SortColumn.NAME,
            sort_type=SortType.ASC,
        ),
    ]

    for query in queries:
        service.add_result(EMPTY_PAGE)
        assert list(persons.search(query)) == []

    assert [json.loads(received.body) for received in service.received] == [
        {"pageNum": 1, "pageSize": 50},
        {
            "name": "ada",
            "personIds": [1, 2],
            "tagIds": [3],
            "nameType": "NAMED",
            "sortColumn": "NAME",
            "sortType": "ASC",
            "pageNum": 1,
            "pageSize": 50,
        },
    ]


def test_limits_of_similarity_reach_the_service(persons: Persons, service: Recorder, face: Path) -> None:
    service.add_result({"personId": 1})
    persons.similar(1, person_count=5, score_threshold=92)
    assert service.received[-1].target.endswith("/similar?personCount=5&scoreThreshold=92")

    add_upload(service)
    service.add_result({"persons": []})
    persons.recommend(face, person_count=2, score_threshold=85)
    assert json.loads(service.received[-1].body) == {"thumbnailKey": "k1", "personCount": 2, "scoreThreshold": 85}


def test_an_event_of_an_unknown_type_is_an_event(persons: Persons, service: Recorder) -> None:
    service.add_result(EMPTY_PAGE | {"content": [{"eventId": 1, "type": "KNIGHTED"}], "totalPage": 1})

    assert [event.type for event in persons.identity.history(1)] == [PersonEventType.UNKNOWN]


def test_what_would_be_done_twice_is_not_repeated(persons: Persons, service: Recorder) -> None:
    where = [ChosenAppearance(asset_id=1)]
    identity = persons.identity

    for act in (
        lambda: identity.merge(1, [2]),
        lambda: identity.undo_merge(1, 2),
        lambda: identity.split(1, where),
        lambda: identity.reject_appearances(1, where),
    ):
        service.answers.append(httpx2.ReadError("cut"))
        with pytest.raises(TransportFailed):
            act()

    assert len(service.received) == 4
