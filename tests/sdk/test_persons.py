"""Persons, their tags, pictures and identity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from app_transport import NO_FACE
from lookalikes import FRONT, People, like
from person_samples import create, met, put_on, seen, tag
from scenedex.client import (
    ChosenAppearance,
    Conflict,
    InvalidRequest,
    NotFound,
    PersonEventType,
    PersonQuery,
    SortColumn,
    SortType,
    UploadFailed,
)

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Site

    from app_transport import Worker
    from scenedex.client.persons import Persons
    from scenedex.client.testing import Recorder


@pytest.fixture
def faces(tmp_path: Path) -> list[Path]:
    """Pictures of two faces."""
    pictures = [tmp_path / "front.jpg", tmp_path / "side.png"]
    for picture in pictures:
        picture.write_bytes(picture.name.encode())
    return pictures


def test_a_person_lives_from_creation_to_deletion(persons: Persons, faces: list[Path]) -> None:
    created = persons.create(faces, name="Ada", description="Wrote the first program.")

    assert (created.name, created.description) == ("Ada", "Wrote the first program.")
    assert [picture.is_primary_thumbnail for picture in created.thumbnails] == [True, False]
    assert persons.get(created.person_id).name == "Ada"
    assert persons.rename(created.person_id, "Ada Lovelace").name == "Ada Lovelace"
    assert persons.describe(created.person_id, None).description is None
    second = created.thumbnails[1].id
    assert persons.set_primary(created.person_id, second).thumbnails[0].id == second
    assert persons.delete(created.person_id).name == "Ada Lovelace"
    with pytest.raises(NotFound):
        persons.get(created.person_id)


def test_a_picture_without_a_face_is_named_and_no_person_is_created(persons: Persons, faces: list[Path]) -> None:
    faces[1].write_bytes(NO_FACE)

    with pytest.raises(UploadFailed, match=r"side\.png: NO_FACE: no face"):
        persons.create(faces, name="Ada")
    assert list(persons.list()) == []


def test_names_are_unique_and_not_blank(persons: Persons, site: Site) -> None:
    ada, grace = met(site, "Ada"), met(site, "Grace")

    with pytest.raises(Conflict, match="40910"):
        persons.rename(grace, "Ada")
    with pytest.raises(InvalidRequest, match="name"):
        persons.rename(grace, " ")
    assert persons.rename(ada, None).name is None


def test_persons_are_listed_and_searched_page_by_page(persons: Persons, site: Site, recorder: Recorder) -> None:
    ada, grace, unknown = met(site, "Ada Lovelace"), met(site, "Grace Hopper"), met(site)
    pioneer = tag(site, "pioneer")
    put_on(site, grace, pioneer)

    assert [it.person_id for it in persons.list(page_size=2)] == [ada, grace, unknown]
    assert [it.person_id for it in persons.list(name="love")] == [ada]
    assert [it.person_id for it in persons.list(tag_ids=[pioneer, pioneer + 1])] == [grace]
    assert recorder.received[-1].target.endswith(f"&tagIdList={pioneer}%2C{pioneer + 1}")
    found = persons.search(PersonQuery(sort_column=SortColumn.NAME, sort_type=SortType.ASC), page_size=2)
    assert [it.person_id for it in found] == [ada, grace, unknown]


def test_a_merge_moves_all_and_its_undoing_restores_it(persons: Persons, site: Site) -> None:
    ada, unknown = create(site, "Ada")["personId"], create(site, pictures=2)["personId"]
    seen(site.base.imported(), ada, ada)
    seen(site.base.imported(), unknown)

    merge = persons.identity.merge(ada, [unknown])

    assert (merge.transferred_asset_count, merge.transferred_thumbnail_count) == (1, 2)
    merged = persons.get(ada)
    assert (merged.asset_count, merged.scene_count, len(merged.thumbnails)) == (2, 3, 3)
    with pytest.raises(NotFound):
        persons.get(unknown)

    split = persons.identity.undo_merge(ada, unknown)

    assert split.split_person_id == unknown
    restored = [persons.get(it) for it in (ada, unknown)]
    assert [(it.name, it.asset_count, it.scene_count, len(it.thumbnails)) for it in restored] == [
        ("Ada", 1, 2, 1),
        (None, 1, 1, 2),
    ]


def test_a_person_is_not_merged_with_itself_nor_a_merge_undone_that_never_was(persons: Persons, site: Site) -> None:
    ada, grace = met(site, "Ada"), met(site, "Grace")

    with pytest.raises(InvalidRequest, match="personIds"):
        persons.identity.merge(ada, [ada])
    with pytest.raises(Conflict, match="40913"):
        persons.identity.undo_merge(ada, grace)


def test_appearances_are_given_to_another_person(persons: Persons, site: Site) -> None:
    ada, grace = met(site, "Ada"), met(site, "Grace")
    first, second = site.base.imported(), site.base.imported()
    seen(first, ada, ada)
    seen(second, ada)
    identity = persons.identity

    to_grace = identity.split(ada, [ChosenAppearance(asset_id=first.asset_id, scene_id=2)], to_person_id=grace)
    created = identity.split(ada, [ChosenAppearance(asset_id=second.asset_id)], name="Joan")

    assert to_grace.split_person_id == grace
    assert to_grace.moved_appearance_count == 2
    assert persons.get(created.split_person_id).name == created.name == "Joan"
    assert persons.get(ada).scene_count == 1


def test_a_rejected_person_is_not_similar_any_more(persons: Persons, site: Site) -> None:
    people = People(site)
    ada, grace = people.add(FRONT, name="Ada"), people.add(like(91.5), name="Grace")
    item = site.base.imported()
    seen(item, ada)

    [similar] = persons.similar(ada)
    assert (similar.person_id, similar.name) == (grace, "Grace")
    assert similar.score == pytest.approx(91.5, abs=0.5)
    assert persons.identity.reject(ada, [grace]).rejected_person_ids == (grace,)
    assert persons.similar(ada) == ()

    rejection = persons.identity.reject_appearances(ada, [ChosenAppearance(asset_id=item.asset_id)])
    [stranger] = rejection.rejected_person_ids
    assert rejection.moved_appearance_count == 2
    assert persons.get(stranger).name is None


def test_persons_are_recommended_by_a_picture(persons: Persons, site: Site, worker: Worker, faces: list[Path]) -> None:
    people = People(site)
    grace, ada = people.add(like(88), name="Grace"), people.add(like(97, axis=2), name="Ada")
    people.add(like(82, axis=3))
    worker.faces = {b"front.jpg": FRONT}

    found = persons.recommend(faces[0], person_count=3, score_threshold=85)

    assert [it.person_id for it in found] == [ada, grace]


def test_the_history_is_read_page_by_page_newest_first(persons: Persons, site: Site) -> None:
    ada, unknown = create(site, "Ada")["personId"], create(site)["personId"]
    persons.rename(ada, "Ada Lovelace")
    persons.identity.merge(ada, [unknown])

    events = list(persons.identity.history(ada, page_size=2))

    assert [event.event_id for event in events] == sorted((event.event_id for event in events), reverse=True)
    assert (events[0].type, events[-1].type) == (PersonEventType.MERGED, PersonEventType.REGISTERED)
    assert {event.other_person_id for event in events if event.type is PersonEventType.MERGED} >= {unknown}
    [named] = [event for event in events if event.type is PersonEventType.NAMED]
    assert (named.former_name, named.name) == ("Ada", "Ada Lovelace")


def test_tags_are_created_put_on_taken_off_and_deleted(persons: Persons, site: Site) -> None:
    ada = met(site, "Ada")
    tags = persons.tags
    pioneer, poet = tags.create("pioneer"), tags.create("poet")
    with pytest.raises(Conflict, match="40911"):
        tags.create("poet")

    assert [it.name for it in tags.list(page_size=1)] == ["pioneer", "poet"]
    assert [it.id for it in tags.list(name="poe")] == [poet.id]
    assert [it.id for it in tags.put_on(ada, [pioneer.id, poet.id])] == [pioneer.id, poet.id]
    assert [it.name for it in tags.take_off(ada, [pioneer.id])] == ["poet"]
    tags.delete(poet.id)
    assert persons.get(ada).tags == ()


def test_pictures_are_added_and_removed_but_one_stays(persons: Persons, site: Site, faces: list[Path]) -> None:
    ada = create(site, "Ada")

    added = persons.pictures.add(ada["personId"], faces, is_primary=True)

    assert [picture.is_primary_thumbnail for picture in added] == [True, False, False]
    assert added[0].id != ada["thumbnails"][0]["id"]
    left = persons.pictures.remove(ada["personId"], [picture.id for picture in added[:2]])
    assert [picture.id for picture in left] == [added[2].id]
    with pytest.raises(InvalidRequest, match="thumbnailIds"):
        persons.pictures.remove(ada["personId"], [added[2].id])


def test_an_erasure_lists_what_was_removed(persons: Persons, site: Site) -> None:
    ada = create(site, "Ada")["personId"]

    erasure = persons.erase(ada)

    assert erasure.person_id == ada
    assert {"PERSON", "FACE"} <= {trace.kind for trace in erasure.removed}
