"""Persons with pictures, tags and appearances."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from index_samples import with_findings
from scenedex.index.service import publish
from scenedex.persons.counting import recount
from scenedex.persons.records import PersonId
from signed_calls import result

if TYPE_CHECKING:
    import httpx2
    from tests.conftest import Item, Site

JPEG = b"\xff\xd8 a small portrait"
ENGINE = "dlib-resnet 3 dlib-resnet-v1"


def uploaded(site: Site, *, picture: bytes = JPEG, purpose: str = "PERSON_THUMBNAIL", state: str = "COMPLETED") -> str:
    """Insert a checked upload with a face in it and return its key."""
    service, key = site.service, secrets.token_hex(10)
    object_key = f"pictures/{key}/picture.jpg"
    service.rows(
        "WITH picture AS (INSERT INTO pictures"
        " (picture_key, workspace_id, user_name, purpose, file_name, state, message, object_key, expires_time)"
        " SELECT %s, CASE %s WHEN 'QUERY_IMAGE' THEN NULL ELSE workspace_id END,"
        " CASE %s WHEN 'QUERY_IMAGE' THEN 'alice' END, %s, 'a.jpg', %s, 'NO_FACE', %s, now() + interval '1 day'"
        " FROM workspaces WHERE workspace_name = %s RETURNING picture_key)"
        " INSERT INTO faces_of_pictures SELECT picture_key, %s, '[1,0]', 0.9 FROM picture",
        key,
        purpose,
        purpose,
        purpose,
        state,
        object_key,
        site.name,
        ENGINE,
    )
    service.run(lambda: service.platform.managed.put(object_key, picture, "image/jpeg"))
    return key


def given(site: Site, number: int = 1) -> list[dict[str, object]]:
    """Thumbnails of a request, the first of them the primary."""
    return [{"thumbnailKey": uploaded(site), "isPrimaryThumbnail": one == 0} for one in range(number)]


def create(site: Site, name: str | None = None, *, pictures: int = 1, **more: object) -> dict[str, Any]:
    """Create a person and return it as the answer shows it."""
    body = {"name": name, "thumbnails": given(site, pictures), **more}
    return result(site.api("POST", f"{site.path}/persons", body))


def met(site: Site, name: str | None = None) -> int:
    """Insert a person as an analysis registers it, without a picture, and return its id."""
    [(person_id,)] = site.service.rows(
        "INSERT INTO persons (workspace_id, name, created_user_name, updated_user_name)"
        " SELECT workspace_id, %s, 'alice', 'alice' FROM workspaces WHERE workspace_name = %s RETURNING person_id",
        name,
        site.name,
    )
    return person_id


def seen(item: Item, *persons: int) -> None:
    """Publish an index of the asset in which each of the persons is seen in a scene of its own."""
    index = item.made_index(item.request_analysis(), scenes=len(persons))
    scenes = tuple(with_findings(scene, person) for scene, person in zip(index.scenes, persons, strict=True))
    made = replace(
        index, scenes=tuple(replace(scene, keywords=(), texts=(), scripts=(), sounds=()) for scene in scenes)
    )
    item.service.transact(lambda tx: publish(tx, made))


def merged(site: Site, absorbed: int, into: int) -> None:
    """Merge a person into another."""
    site.service.rows("UPDATE persons SET merged_into = %s WHERE person_id = %s", into, absorbed)
    site.service.rows("UPDATE persons SET root_id = %s WHERE root_id = %s", into, absorbed)
    site.service.transact(lambda tx: recount(tx, [PersonId(absorbed), PersonId(into)]))


def get(site: Site, person_id: int) -> dict[str, Any]:
    return result(site.api("GET", f"{site.path}/persons/{person_id}"))


def tag(site: Site, name: str) -> int:
    """Create a tag and return its id."""
    return result(site.api("POST", f"{site.path}/person-tags", {"name": name}))["id"]


def put_on(site: Site, person_id: int, *tags: int) -> None:
    result(site.api("POST", f"{site.path}/persons/{person_id}/person-tags", {"tagIds": tags}))


def objects_of(site: Site, folder: str) -> list[str]:
    """Keys of the managed objects of a folder."""
    managed = site.service.platform.managed

    async def keys() -> list[str]:
        return [listed.key async for listed in managed.list(folder)]

    return site.service.run(keys)


def listed(site: Site, query: str = "") -> list[int]:
    page = result(site.api("GET", f"{site.path}/persons?pageNum=1{query}"))
    assert page["totalCount"] == len(page["content"])
    return [person["personId"] for person in page["content"]]


def search(site: Site, **conditions: object) -> httpx2.Response:
    return site.api("POST", f"{site.path}/persons/search", {"pageNum": 1, **conditions})


def found(site: Site, **conditions: object) -> list[int]:
    return [person["personId"] for person in result(search(site, **conditions))["content"]]


def change(site: Site, person_id: int, **changes: object) -> httpx2.Response:
    return site.api("PATCH", f"{site.path}/persons/{person_id}", changes)


def delete(site: Site, person_id: int) -> httpx2.Response:
    return site.api("DELETE", f"{site.path}/persons/{person_id}")


def events(site: Site, person_id: int) -> list[tuple[Any, ...]]:
    return site.service.rows(
        "SELECT type, details, user_name FROM person_events WHERE person_id = %s ORDER BY event_id", person_id
    )


def urls(person: dict[str, Any]) -> dict[str, Any]:
    """Return the fields with URLs, which differ between two answers."""
    return {"thumbnails": person["thumbnails"]}
