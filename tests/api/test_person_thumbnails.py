"""Thumbnails of persons: added from uploads, removed together with their faces."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from person_samples import JPEG, create, get, given, merged, met, uploaded
from scenedex.auth.keys import Role
from signed_calls import code, fields, result

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import httpx2
    from tests.conftest import Service, Site

REMOVALS = pytest.mark.parametrize(("method", "below"), [("DELETE", ""), ("POST", "/remove")], ids=["DELETE", "remove"])


def path(site: Site, person_id: int) -> str:
    return f"{site.path}/persons/{person_id}/person-thumbnail"


def add(site: Site, person_id: int, thumbnails: Sequence[object]) -> httpx2.Response:
    return site.api("POST", path(site, person_id), {"thumbnails": thumbnails})


def remove(site: Site, person_id: int, *ids: object, method: str = "POST", below: str = "/remove") -> httpx2.Response:
    return site.api(method, path(site, person_id) + below, {"thumbnailIds": ids})


def ids_of(person: dict[str, Any]) -> list[int]:
    return [one["id"] for one in person["thumbnails"]]


def faces_of(site: Site, *persons: int) -> list[int | None]:
    rows = site.service.rows(
        "SELECT thumbnail_id FROM person_faces WHERE person_id = ANY(%s) ORDER BY face_id", list(persons)
    )
    return [thumbnail_id for (thumbnail_id,) in rows]


def primary_of(site: Site, person_id: int) -> int | None:
    return site.service.rows("SELECT primary_thumbnail_id FROM persons WHERE person_id = %s", person_id)[0][0]


def give_pictures(site: Site, person_id: int, number: int) -> None:
    site.service.rows(
        "INSERT INTO person_thumbnails (person_id, folder, key)"
        " SELECT %s, 'persons/0/' || n, 'persons/0/' || n || '/face.jpg' FROM generate_series(1, %s) n",
        person_id,
        number,
    )


def test_an_erasure_takes_the_uploads_along_that_thumbnails_were_made_of(site: Site) -> None:
    key = uploaded(site)
    body = {"thumbnails": [{"thumbnailKey": key, "isPrimaryThumbnail": True}]}
    person_id = result(site.api("POST", f"{site.path}/persons", body))["personId"]

    erased = result(site.api("DELETE", f"{site.path}/persons/{person_id}?erase=true"))["removed"]

    assert {one["kind"]: one["count"] for one in erased}["UPLOAD"] == 1
    assert site.service.rows("SELECT 1 FROM pictures WHERE picture_key = %s", key) == []
    assert (f"pictures/{key}/",) in site.service.rows("SELECT prefix FROM erasures")


def test_added_thumbnails_come_back_with_all_others(site: Site) -> None:
    person = create(site)
    thumbnails = [{"thumbnailKey": uploaded(site, picture=JPEG + b"2")}, {"thumbnailKey": uploaded(site)}]

    answer = result(add(site, person["personId"], thumbnails))

    shown = answer["thumbnailList"]
    assert answer == {"personId": person["personId"], "thumbnailList": shown}
    assert [one["isPrimaryThumbnail"] for one in shown] == [True, False, False]
    assert shown[0]["id"] == person["thumbnails"][0]["id"]
    assert [one["id"] for one in shown] == sorted(one["id"] for one in shown)
    assert site.service.client.get(shown[1]["url"]).content == JPEG + b"2"
    assert ids_of(get(site, person["personId"])) == [one["id"] for one in shown]


def test_added_thumbnails_bring_their_faces(site: Site) -> None:
    person = create(site)

    result(add(site, person["personId"], [{"thumbnailKey": uploaded(site)}]))

    assert faces_of(site, person["personId"]) == ids_of(get(site, person["personId"]))


def test_a_new_primary_replaces_the_former_one(site: Site) -> None:
    person = create(site)

    shown = result(add(site, person["personId"], given(site, 2)))["thumbnailList"]

    assert [one["isPrimaryThumbnail"] for one in shown] == [True, False, False]
    assert shown[1]["id"] == person["thumbnails"][0]["id"]


def test_the_first_thumbnail_of_a_person_without_any_is_the_primary(site: Site) -> None:
    person_id = met(site)

    shown = result(add(site, person_id, [{"thumbnailKey": uploaded(site)}, {"thumbnailKey": uploaded(site)}]))

    assert [one["isPrimaryThumbnail"] for one in shown["thumbnailList"]] == [True, False]
    assert shown["thumbnailList"][0]["id"] < shown["thumbnailList"][1]["id"]


def test_adding_and_removing_changes_the_person(site: Site) -> None:
    person_id = create(site, pictures=2)["personId"]
    bob = site.service.api(user="bob")
    times = [get(site, person_id)["updatedTime"]]

    result(bob("POST", path(site, person_id), {"thumbnails": given(site)}))
    times.append(get(site, person_id)["updatedTime"])
    result(bob("DELETE", path(site, person_id), {"thumbnailIds": [ids_of(get(site, person_id))[0]]}))
    times.append(get(site, person_id)["updatedTime"])

    assert times == sorted(set(times))
    assert site.service.rows("SELECT updated_user_name FROM persons WHERE person_id = %s", person_id) == [("bob",)]


REFUSED: dict[str, tuple[Callable[[Site], Sequence[object]], str]] = {
    "none": (lambda _: [], "thumbnails"),
    "one twice": (lambda site: given(site) * 2, "thumbnails"),
    "two primaries": (lambda site: [{**one, "isPrimaryThumbnail": True} for one in given(site, 2)], "thumbnails"),
    "101": (lambda _: [{"thumbnailKey": str(one)} for one in range(101)], "thumbnails"),
    "an unknown key": (lambda _: [{"thumbnailKey": "x"}], "thumbnails[0].thumbnailKey"),
    "an upload that is not completed": (
        lambda site: [*given(site), {"thumbnailKey": uploaded(site, state="OPEN")}],
        "thumbnails[1].thumbnailKey",
    ),
}


@pytest.mark.parametrize(("thumbnails", "field"), REFUSED.values(), ids=REFUSED.keys())
def test_thumbnails_that_cannot_be_added_are_refused(
    thumbnails: Callable[[Site], Sequence[object]], field: str, site: Site
) -> None:
    person = create(site)

    refused = add(site, person["personId"], thumbnails(site))

    assert (code(refused), fields(refused)) == ((400, "10001"), [field])
    assert ids_of(get(site, person["personId"])) == ids_of(person)


def test_a_person_has_at_most_100_thumbnails_with_those_of_the_merged(site: Site) -> None:
    person_id, absorbed = met(site), met(site)
    give_pictures(site, person_id, 49)
    give_pictures(site, absorbed, 50)
    merged(site, absorbed, person_id)

    refused = add(site, person_id, given(site, 2))

    assert (code(refused), fields(refused)) == ((400, "10001"), ["thumbnails"])
    assert len(result(add(site, person_id, given(site)))["thumbnailList"]) == 100


def test_additions_at_once_keep_to_the_limit(site: Site) -> None:
    person_id = met(site)
    give_pictures(site, person_id, 97)
    bodies = [{"thumbnails": given(site)} for _ in range(6)]

    answers = site.api.at_once(*[("POST", path(site, person_id), body) for body in bodies])

    assert sorted(map(code, answers)) == [*[(200, "0")] * 3, *[(400, "10001")] * 3]
    assert len(ids_of(get(site, person_id))) == 100


@REMOVALS
def test_removed_thumbnails_go_with_their_faces_and_objects(method: str, below: str, site: Site) -> None:
    person = create(site, pictures=3)
    first, second, third = ids_of(person)
    folders = site.service.rows("SELECT folder || '/' FROM person_thumbnails WHERE thumbnail_id = %s", second)

    answer = result(remove(site, person["personId"], second, 0, 2**63, method=method, below=below))

    assert [one["id"] for one in answer["thumbnailList"]] == [first, third]
    assert faces_of(site, person["personId"]) == [first, third]
    assert len(site.service.rows("SELECT 1 FROM erasures WHERE prefix = %s", folders[0][0])) == 1


@REMOVALS
def test_the_oldest_that_is_left_succeeds_a_primary(method: str, below: str, site: Site) -> None:
    person = create(site, pictures=4)
    first, second, third, last = ids_of(person)

    answer = result(remove(site, person["personId"], first, second, method=method, below=below))

    assert [(one["id"], one["isPrimaryThumbnail"]) for one in answer["thumbnailList"]] == [(third, True), (last, False)]


@REMOVALS
def test_a_person_keeps_a_thumbnail(method: str, below: str, site: Site) -> None:
    person = create(site, pictures=2)

    refused = remove(site, person["personId"], *ids_of(person), method=method, below=below)

    assert (code(refused), fields(refused)) == ((400, "10001"), ["thumbnailIds"])
    assert ids_of(get(site, person["personId"])) == ids_of(person)


def test_of_removals_at_once_that_would_leave_none_one_is_refused(site: Site) -> None:
    person = create(site, pictures=2)
    calls = [("POST", path(site, person["personId"]) + "/remove", {"thumbnailIds": [one]}) for one in ids_of(person)]

    assert sorted(map(code, site.api.at_once(*calls))) == [(200, "0"), (400, "10001")]


@REMOVALS
def test_unknown_thumbnails_are_ignored(
    method: str, below: str, service: Service, site: Site, new_site: Callable[[Service], Site]
) -> None:
    person, other, foreign = create(site), create(site), create(new_site(service))
    unknown = [*ids_of(other), *ids_of(foreign), 0, -1, 2**63]

    answer = result(remove(site, person["personId"], *unknown, method=method, below=below))

    assert [one["id"] for one in answer["thumbnailList"]] == ids_of(person)
    assert ids_of(get(site, other["personId"])) == ids_of(other)
    assert get(site, person["personId"])["updatedTime"] == person["updatedTime"]


def test_somebody_who_was_merged_gets_a_primary_of_its_own_again(site: Site) -> None:
    person, absorbed, last = create(site), create(site, pictures=2), create(site)
    merged(site, last["personId"], absorbed["personId"])
    merged(site, absorbed["personId"], person["personId"])

    result(remove(site, person["personId"], ids_of(absorbed)[0], ids_of(person)[0]))

    assert primary_of(site, person["personId"]) == ids_of(absorbed)[1]
    assert primary_of(site, absorbed["personId"]) == ids_of(absorbed)[1]
    assert primary_of(site, last["personId"]) == ids_of(last)[0]

    result(remove(site, person["personId"], ids_of(absorbed)[1]))

    assert primary_of(site, absorbed["personId"]) == ids_of(last)[0]

    give_pictures(site, person["personId"], 1)
    result(remove(site, person["personId"], ids_of(last)[0]))

    assert primary_of(site, absorbed["personId"]) is None
    assert primary_of(site, last["personId"]) is None
    assert [one["isPrimaryThumbnail"] for one in get(site, person["personId"])["thumbnails"]] == [True]


@pytest.mark.parametrize(
    "thumbnail_ids", [[], [1] * 101, ["1"], None, [10**40]], ids=["[]", "101", "text", "null", "n"]
)
@REMOVALS
def test_ids_that_are_none_are_refused(method: str, below: str, thumbnail_ids: object, site: Site) -> None:
    refused = site.api(method, path(site, create(site)["personId"]) + below, {"thumbnailIds": thumbnail_ids})

    assert code(refused) == (400, "10001")
    assert fields(refused)[0].startswith("thumbnailIds")


@pytest.mark.parametrize(("method", "below"), [("POST", ""), ("DELETE", ""), ("POST", "/remove")])
def test_persons_that_are_none_have_no_thumbnails(
    method: str, below: str, service: Service, site: Site, new_site: Callable[[Service], Site]
) -> None:
    absorbed = met(site)
    merged(site, absorbed, met(site))
    body = {"thumbnails": given(site), "thumbnailIds": [1]}

    for person_id in (0, absorbed, met(new_site(service))):
        answer = site.api(method, path(site, person_id) + below, body)
        assert (code(answer), fields(answer)) == ((404, "40407"), ["person_id"])


def test_viewers_change_no_thumbnails(site: Site) -> None:
    viewer = site.service.api(Role.VIEWER, site.name)
    person = path(site, met(site))
    calls = [("POST", person), ("DELETE", person), ("POST", f"{person}/remove")]

    assert [viewer(method, target, {}).status_code for method, target in calls] == [401] * 3
