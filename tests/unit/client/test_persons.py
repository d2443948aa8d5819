from __future__ import annotations

import json
from typing import TYPE_CHECKING

import httpx2
import pytest

from scenedex.client import (
    ChosenAppearance,
    Client,
    Conflict,
    InvalidRequest,
    NameType,
    NotFound,
    PersonEventType,
    PersonQuery,
    SortColumn,
    SortType,
    TransportFailed,
    UploadFailed,
)

if TYPE_CHECKING:
    from pathlib import Path

    from scenedex.client.persons import Persons
    from scenedex.client.testing import FakeService, People


@pytest.fixture
def persons(client: Client) -> Persons:
    return client.persons("archive")


@pytest.fixture
def people(service: FakeService) -> People:
    return service.people["archive"]


@pytest.fixture
def faces(tmp_path: Path) -> list[Path]:
    """Pictures of two faces."""
    pictures = [tmp_path / "front.jpg", tmp_path / "side.png"]
    for picture in pictures:
        picture.write_bytes(picture.name.encode())
    return pictures


def test_a_person_lives_from_creation_to_deletion(persons: Persons, faces: list[Path]) -> None:
    created = persons.create(faces, name="Ada", description="Wrote the first program.")

    assert persons.get(created.person_id) == created
    assert (created.name, created.description) == ("Ada", "Wrote the first program.")
    assert [picture.is_primary_thumbnail for picture in created.thumbnails] == [True, False]
    assert persons.rename(created.person_id, "Ada Lovelace").name == "Ada Lovelace"
    assert persons.describe(created.person_id, None).description is None
    second = created.thumbnails[1].id
    assert persons.set_primary(created.person_id, second).thumbnails[0].id == second
    assert persons.delete(created.person_id).name == "Ada Lovelace"
    with pytest.raises(NotFound):
        persons.get(created.person_id)


def test_the_bytes_of_pictures_are_sent_once_each(persons: Persons, service: FakeService, faces: list[Path]) -> None:
    persons.create(faces)

    assert [it.body for it in service.received if it.method == "PUT"] == [b"front.jpg", b"side.png"]
    body = json.loads(service.received[-1].body)
    assert [picture["isPrimaryThumbnail"] for picture in body.pop("thumbnails")] == [True, False]
    assert body == {}


def test_a_picture_that_is_of_no_use_is_named_and_nobody_is_created(
    persons: Persons, people: People, faces: list[Path]
) -> None:
    people.messages[b"side.png"] = "SEVERAL_FACES: the picture shows 3 faces"

    with pytest.raises(UploadFailed, match=r"side\.png: SEVERAL_FACES: the picture shows 3 faces"):
        persons.create(faces, name="Ada")
    assert list(persons.list()) == []


TICKET = b'{"code":"0","result":{"thumbnailKey":"k","url":"https://store.test/1"}}'


def test_an_interrupted_upload_starts_anew_with_a_fresh_address(
    persons: Persons, service: FakeService, faces: list[Path]
) -> None:
    service.faults.extend([httpx2.Response(200, content=TICKET), httpx2.WriteError("cut")])

    persons.pictures.upload(faces[0])

    targets = [it.target for it in service.received if it.method == "PUT"]
    assert len(targets) == 2
    assert targets[0] == "/1"
    assert targets[1] != "/1"


def test_a_picture_that_was_not_looked_at_in_time_is_asked_for_again(
    persons: Persons, service: FakeService, faces: list[Path]
) -> None:
    late = httpx2.Response(504, content=b'{"error":{"errorCode":"510","message":"Endpoint Timeout"}}')
    done = httpx2.Response(200, content=b'{"code":"0","result":{"uploadStatus":"COMPLETED"}}')
    service.faults.extend([httpx2.Response(200, content=TICKET), httpx2.Response(200), late, done])

    assert persons.pictures.upload(faces[0]) == "k"
    assert [it.target.rpartition("/")[2] for it in service.received] == ["presigned-url", "1", "complete", "complete"]


def test_a_missing_picture_is_an_os_error_before_anything_is_asked(
    persons: Persons, service: FakeService, tmp_path: Path
) -> None:
    with pytest.raises(FileNotFoundError):
        persons.recommend(tmp_path / "nobody.jpg")
    assert service.received == []


def test_names_are_unique_and_not_blank(persons: Persons, people: People) -> None:
    ada, grace = people.register("Ada"), people.register("Grace")

    with pytest.raises(Conflict, match="40910"):
        persons.rename(grace.person_id, "Ada")
    with pytest.raises(InvalidRequest, match="name"):
        persons.rename(grace.person_id, " ")
    assert persons.rename(ada.person_id, None).name is None


def test_changes_name_only_what_is_changed(persons: Persons, people: People, service: FakeService) -> None:
    ada = people.register("Ada", thumbnail_count=2)

    persons.rename(ada.person_id, None)
    persons.describe(ada.person_id, "Countess")
    persons.set_primary(ada.person_id, ada.thumbnails[1])

    assert [json.loads(received.body) for received in service.received] == [
        {"name": None},
        {"description": "Countess"},
        {"primaryThumbnailId": ada.thumbnails[1]},
    ]


def test_persons_are_listed_page_by_page_with_filters(persons: Persons, people: People, service: FakeService) -> None:
    ada, grace = people.register("Ada Lovelace"), people.register("Grace Hopper")
    people.register()
    tag = persons.tags.create("pioneer").id
    persons.tags.put_on(grace.person_id, [tag])

    assert len(list(persons.list(page_size=2))) == 3
    assert [it.person_id for it in persons.list(name="love")] == [ada.person_id]
    assert [it.person_id for it in persons.list(tag_ids=[tag, 7])] == [grace.person_id]
    assert service.received[-1].target.endswith(f"&tagIdList={tag}%2C7")


def test_a_search_says_only_what_was_asked_for(persons: Persons, service: FakeService) -> None:
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


def test_a_search_goes_on_to_the_last_page(persons: Persons, people: People) -> None:
    for number in range(5):
        people.register(f"Person {number}")

    found = persons.search(PersonQuery(sort_column=SortColumn.NAME, sort_type=SortType.ASC), page_size=2)

    assert [it.name for it in found] == [f"Person {number}" for number in range(5)]


def test_a_merge_moves_all_and_its_undoing_brings_it_back(persons: Persons, people: People) -> None:
    ada = people.register("Ada", seen=[(1, 1), (1, 2)])
    unknown = people.register(seen=[(2, 1)], thumbnail_count=2)
    before = [persons.get(it.person_id) for it in (ada, unknown)]

    merge = persons.identity.merge(ada.person_id, [unknown.person_id])

    assert (merge.transferred_asset_count, merge.transferred_thumbnail_count) == (1, 2)
    merged = persons.get(ada.person_id)
    assert (merged.asset_count, merged.scene_count, len(merged.thumbnails)) == (2, 3, 3)
    with pytest.raises(NotFound):
        persons.get(unknown.person_id)

    split = persons.identity.undo_merge(ada.person_id, unknown.person_id)

    assert (split.split_person_id, split.moved_appearance_count) == (unknown.person_id, 1)
    assert [persons.get(it.person_id) for it in (ada, unknown)] == before


def test_a_person_is_not_merged_with_itself_nor_a_merge_undone_that_never_was(persons: Persons, people: People) -> None:
    ada, grace = people.register("Ada"), people.register("Grace")

    with pytest.raises(InvalidRequest, match="personIds"):
        persons.identity.merge(ada.person_id, [ada.person_id])
    with pytest.raises(Conflict):
        persons.identity.undo_merge(ada.person_id, grace.person_id)


def test_appearances_are_given_to_somebody_else(persons: Persons, people: People, service: FakeService) -> None:
    ada, grace = people.register("Ada", seen=[(1, 1), (1, 2), (2, 1)]), people.register("Grace")
    identity = persons.identity

    to_grace = identity.split(
        ada.person_id, [ChosenAppearance(asset_id=1, scene_id=2, start_time_ms=0)], to_person_id=grace.person_id
    )
    created = identity.split(ada.person_id, [ChosenAppearance(asset_id=2)], name="Joan")

    assert (to_grace.split_person_id, to_grace.moved_appearance_count) == (grace.person_id, 1)
    assert persons.get(created.split_person_id).name == created.name == "Joan"
    assert persons.get(ada.person_id).scene_count == 1
    assert [json.loads(it.body) for it in service.received if it.target.endswith("/split")] == [
        {"appearances": [{"assetId": 1, "sceneId": 2, "startTimeMs": 0}], "personId": grace.person_id},
        {"appearances": [{"assetId": 2}], "name": "Joan"},
    ]


def test_somebody_who_was_rejected_is_not_similar_any_more(persons: Persons, people: People) -> None:
    ada, grace = people.register("Ada", seen=[(1, 1)]), people.register("Grace")
    people.scores = {grace.person_id: 91.5}

    [similar] = persons.similar(ada.person_id)
    assert (similar.person_id, similar.name, similar.score) == (grace.person_id, "Grace", 91.5)
    assert persons.identity.reject(ada.person_id, [grace.person_id]).rejected_person_ids == (grace.person_id,)
    assert persons.similar(ada.person_id) == ()

    rejection = persons.identity.reject_appearances(ada.person_id, [ChosenAppearance(asset_id=1)])
    [stranger] = rejection.rejected_person_ids
    assert rejection.moved_appearance_count == 1
    assert persons.get(stranger).name is None


def test_limits_of_likeness_reach_the_service(persons: Persons, people: People, service: FakeService) -> None:
    ada = people.register("Ada")

    persons.similar(ada.person_id, person_count=5, score_threshold=92)

    assert service.received[-1].target.endswith("/similar?personCount=5&scoreThreshold=92")


def test_persons_are_recommended_by_a_picture(
    persons: Persons, people: People, service: FakeService, faces: list[Path]
) -> None:
    grace, ada = people.register("Grace"), people.register("Ada")
    people.scores = {ada.person_id: 97.0, grace.person_id: 88.0}

    found = persons.recommend(faces[0], person_count=2, score_threshold=85)

    assert [it.person_id for it in found] == [ada.person_id, grace.person_id]
    body = json.loads(service.received[-1].body)
    assert (body["personCount"], body["scoreThreshold"]) == (2, 85)


def test_the_history_is_read_page_by_page_newest_first(persons: Persons, people: People) -> None:
    ada, unknown = people.register("Ada"), people.register()
    persons.rename(ada.person_id, "Ada Lovelace")
    persons.identity.merge(ada.person_id, [unknown.person_id])

    events = list(persons.identity.history(ada.person_id, page_size=2))

    assert [event.type for event in events] == [
        PersonEventType.MERGED,
        PersonEventType.NAMED,
        PersonEventType.REGISTERED,
        PersonEventType.REGISTERED,
    ]
    assert events[0].other_person_id == unknown.person_id
    assert (events[1].former_name, events[1].name) == ("Ada", "Ada Lovelace")


def test_an_event_of_a_kind_that_is_not_known_is_an_event(persons: Persons, service: FakeService) -> None:
    page = b'{"content":[{"eventId":1,"type":"KNIGHTED"}],"totalCount":1,"totalPage":1,"pageNo":1,"pageSize":50}'
    service.faults.append(httpx2.Response(200, content=b'{"code":"0","result":' + page + b"}"))

    assert [event.type for event in persons.identity.history(1)] == [PersonEventType.UNKNOWN]


def test_tags_are_created_put_on_taken_off_and_deleted(persons: Persons, people: People) -> None:
    ada = people.register("Ada").person_id
    tags = persons.tags
    pioneer, poet = tags.create("pioneer"), tags.create("poet")
    with pytest.raises(Conflict):
        tags.create("poet")

    assert [tag.name for tag in tags.list(page_size=1)] == ["pioneer", "poet"]
    assert list(tags.list(name="poe")) == [poet]
    assert [tag.id for tag in tags.put_on(ada, [pioneer.id, poet.id])] == [pioneer.id, poet.id]
    assert [tag.name for tag in tags.take_off(ada, [pioneer.id, 99])] == ["poet"]
    tags.delete(poet.id)
    assert persons.get(ada).tags == ()


def test_pictures_are_added_and_removed_but_one_stays(persons: Persons, people: People, faces: list[Path]) -> None:
    ada = people.register("Ada")

    added = persons.pictures.add(ada.person_id, faces, is_primary=True)

    assert [picture.is_primary_thumbnail for picture in added] == [True, False, False]
    assert added[0].id != ada.thumbnails[0]
    left = persons.pictures.remove(ada.person_id, [picture.id for picture in added[:2]])
    assert [picture.id for picture in left] == [added[2].id]
    with pytest.raises(InvalidRequest, match="thumbnailIds"):
        persons.pictures.remove(ada.person_id, [added[2].id])


def test_an_erasure_says_what_was_removed(persons: Persons, people: People, service: FakeService) -> None:
    ada = people.register("Ada")

    erasure = persons.erase(ada.person_id)

    assert service.received[-1].target.endswith(f"/persons/{ada.person_id}?erase=true")
    assert [(trace.kind, trace.count, trace.ids) for trace in erasure.removed] == [
        ("PERSON", 1, (ada.person_id,)),
        ("FACE", 3, ()),
    ]


def test_what_would_be_done_twice_is_not_repeated(persons: Persons, people: People, service: FakeService) -> None:
    ada, grace = people.register("Ada"), people.register("Grace")
    where = [ChosenAppearance(asset_id=1)]
    identity = persons.identity

    for act in (
        lambda: identity.merge(ada.person_id, [grace.person_id]),
        lambda: identity.undo_merge(ada.person_id, grace.person_id),
        lambda: identity.split(ada.person_id, where),
        lambda: identity.reject_appearances(ada.person_id, where),
    ):
        service.faults.append(httpx2.ReadError("cut"))
        with pytest.raises(TransportFailed):
            act()

    assert len(service.received) == 4
