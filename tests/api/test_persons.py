"""Persons: created from pictures, shown with the persons merged into them, invisible in other workspaces."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psycopg
import pytest

from person_samples import (
    JPEG,
    change,
    create,
    found,
    get,
    listed,
    merged,
    met,
    objects_of,
    put_on,
    seen,
    tag,
    uploaded,
)
from person_samples import given as thumbnails_of
from scenedex.auth.keys import Role
from signed_calls import code, fields, result

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Service, Site


def test_a_person_has_the_shape_of_the_contract(site: Site) -> None:
    person = create(site, "Jane", description="Reporter\nin Busan")

    thumbnail = person["thumbnails"][0]
    assert site.service.client.get(thumbnail["url"]).content == JPEG
    assert person == {
        "personId": person["personId"],
        "id": person["personId"],
        "name": "Jane",
        "description": "Reporter\nin Busan",
        "tags": [],
        "thumbnails": [{"id": thumbnail["id"], "url": thumbnail["url"], "isPrimaryThumbnail": True}],
        "assetCount": 0,
        "sceneCount": 0,
        "createdTime": person["createdTime"],
        "updatedTime": person["createdTime"],
    }


@pytest.mark.parametrize("body", [{}, {"name": None}], ids=["absent", "null"])
def test_a_person_without_a_name_is_anonymous(body: dict[str, object], site: Site) -> None:
    person = result(site.api("POST", f"{site.path}/persons", {**body, "thumbnails": thumbnails_of(site)}))

    assert person["name"] is None
    assert "description" not in person


def test_a_person_is_known_by_the_faces_of_its_pictures(site: Site) -> None:
    person = create(site, pictures=3)

    faces = site.service.rows(
        "SELECT thumbnail_id, asset_id, embedding::text, f.workspace_id = p.workspace_id"
        " FROM person_faces f JOIN persons p USING (person_id) WHERE person_id = %s ORDER BY face_id",
        person["personId"],
    )
    assert [face[0] for face in faces] == [thumbnail["id"] for thumbnail in person["thumbnails"]]
    assert {face[1:] for face in faces} == {(None, "[1,0]", True)}


def test_the_primary_thumbnail_comes_first(site: Site) -> None:
    given = [{**one, "isPrimaryThumbnail": number == 2} for number, one in enumerate(thumbnails_of(site, 4))]

    shown = result(site.api("POST", f"{site.path}/persons", {"thumbnails": given}))["thumbnails"]

    ids = sorted(thumbnail["id"] for thumbnail in shown)
    assert [thumbnail["id"] for thumbnail in shown] == [ids[2], ids[0], ids[1], ids[3]]
    assert [thumbnail["isPrimaryThumbnail"] for thumbnail in shown] == [True, False, False, False]


def test_an_upload_serves_several_persons_and_may_go_afterwards(site: Site) -> None:
    given = thumbnails_of(site)
    persons = [result(site.api("POST", f"{site.path}/persons", {"thumbnails": given})) for _ in range(2)]

    site.service.rows("DELETE FROM pictures WHERE picture_key = %s", given[0]["thumbnailKey"])
    site.service.run(lambda: site.service.platform.managed.delete_prefix(f"pictures/{given[0]['thumbnailKey']}/"))

    for person in persons:
        url = get(site, person["personId"])["thumbnails"][0]["url"]
        assert site.service.client.get(url).content == JPEG


def test_names_that_look_the_same_are_the_same(site: Site) -> None:
    create(site, " Zo\u00e9 ")

    answer = site.api("POST", f"{site.path}/persons", {"name": "Zoe\u0301", "thumbnails": thumbnails_of(site)})

    assert code(answer) == (409, "40910")
    found = result(site.api("GET", f"{site.path}/persons?pageNum=1&name=oe%CC%81"))
    assert [person["name"] for person in found["content"]] == ["Zo\u00e9"]


def test_thumbnails_that_were_announced_are_not_erased(site: Site) -> None:
    create(site, pictures=2)

    assert site.service.rows("SELECT 1 FROM erasures WHERE prefix LIKE %s", f"persons/{workspace_id(site)}/%") == []


def workspace_id(site: Site) -> int:
    return site.service.rows("SELECT workspace_id FROM workspaces WHERE workspace_name = %s", site.name)[0][0]


def test_a_refused_creation_leaves_nothing(site: Site) -> None:
    create(site, "Jane")
    before = objects_of(site, f"persons/{workspace_id(site)}/")
    gone = uploaded(site)
    site.service.run(lambda: site.service.platform.managed.delete_prefix(f"pictures/{gone}/"))
    given = [*thumbnails_of(site, 2), {"thumbnailKey": gone}]

    refused = site.api("POST", f"{site.path}/persons", {"name": "Bob", "thumbnails": given})

    assert (code(refused), fields(refused)) == ((400, "10001"), ["thumbnails[2].thumbnailKey"])
    assert listed(site, "&name=Bob") == []
    erased = [
        prefix
        for (prefix,) in site.service.rows(
            "SELECT prefix FROM erasures WHERE prefix LIKE %s AND not_before <= now()",
            f"persons/{workspace_id(site)}/%",
        )
    ]
    left = set(objects_of(site, f"persons/{workspace_id(site)}/")) - set(before)
    assert len(erased) == 3
    assert all(any(key.startswith(prefix) for prefix in erased) for key in left)


THUMBNAILS_OF_NOBODY: dict[str, tuple[Callable[[Site], object], str]] = {
    "none": (lambda _: [], "thumbnails"),
    "null": (lambda _: None, "thumbnails"),
    "one twice": (lambda site: thumbnails_of(site, 1) * 2, "thumbnails"),
    "two primaries": (
        lambda site: [{**one, "isPrimaryThumbnail": True} for one in thumbnails_of(site, 2)],
        "thumbnails",
    ),
    "no primary of two": (lambda site: [{"thumbnailKey": uploaded(site)} for _ in range(2)], "thumbnails"),
    "no primary": (lambda site: [{"thumbnailKey": uploaded(site), "isPrimaryThumbnail": False}], "thumbnails"),
    "101": (lambda _: [primary(str(one)) for one in range(101)], "thumbnails"),
    "no key": (lambda _: [{"isPrimaryThumbnail": True}], "thumbnails[0].thumbnailKey"),
    "an unknown key": (lambda _: [primary("unknown")], "thumbnails[0].thumbnailKey"),
    "NUL": (lambda _: [primary("\x00")], "thumbnails[0].thumbnailKey"),
    "a picture of no use": (lambda site: [primary(uploaded(site, state="FAILED"))], "thumbnails[0].thumbnailKey"),
    "an upload for another purpose": (
        lambda site: [primary(uploaded(site, purpose="QUERY_IMAGE"))],
        "thumbnails[0].thumbnailKey",
    ),
}


def primary(key: str) -> dict[str, object]:
    return {"thumbnailKey": key, "isPrimaryThumbnail": True}


@pytest.mark.parametrize(("thumbnails", "field"), THUMBNAILS_OF_NOBODY.values(), ids=THUMBNAILS_OF_NOBODY.keys())
def test_thumbnails_that_make_no_person_are_refused(
    thumbnails: Callable[[Site], object], field: str, site: Site
) -> None:
    body = {"name": "Jane", "thumbnails": thumbnails(site)}

    refused = site.api("POST", f"{site.path}/persons", body)

    assert code(refused) == (400, "10001")
    assert fields(refused) == [field]
    assert listed(site) == []


@pytest.mark.parametrize("mark", [{}, {"isPrimaryThumbnail": None}], ids=["absent", "null"])
def test_a_single_thumbnail_is_the_primary(mark: dict[str, object], site: Site) -> None:
    created = site.api("POST", f"{site.path}/persons", {"thumbnails": [{"thumbnailKey": uploaded(site), **mark}]})

    assert [one["isPrimaryThumbnail"] for one in created.json()["result"]["thumbnails"]] == [True]


def test_an_upload_of_another_workspace_is_refused(
    service: Service, site: Site, new_site: Callable[[Service], Site]
) -> None:
    given = thumbnails_of(new_site(service))

    refused = site.api("POST", f"{site.path}/persons", {"thumbnails": given})

    assert (code(refused), fields(refused)) == ((400, "10001"), ["thumbnails[0].thumbnailKey"])


def test_counts_are_those_of_the_indexes(site: Site) -> None:
    jane, bob = met(site), met(site)
    seen(site.base.imported("1.mp4"), jane, jane, bob)
    seen(site.base.imported("2.mp4"), jane)

    persons = result(site.api("GET", f"{site.path}/persons?pageNum=1"))["content"]

    assert [(one["personId"], one["assetCount"], one["sceneCount"]) for one in persons] == [(jane, 2, 3), (bob, 1, 1)]


def test_a_person_has_what_those_have_who_were_merged_into_it(site: Site) -> None:
    jane, middle, last = create(site, "Jane"), create(site, "J."), create(site)
    reporters, editors = tag(site, "reporters"), tag(site, "editors")
    put_on(site, jane["personId"], reporters)
    put_on(site, last["personId"], reporters, editors)
    merged(site, last["personId"], middle["personId"])
    merged(site, middle["personId"], jane["personId"])

    shown = get(site, jane["personId"])

    assert [one["name"] for one in shown["tags"]] == ["reporters", "editors"]
    assert [one["id"] for one in shown["thumbnails"]] == [one["thumbnails"][0]["id"] for one in (jane, middle, last)]
    assert [one["isPrimaryThumbnail"] for one in shown["thumbnails"]] == [True, False, False]
    assert listed(site) == found(site) == [jane["personId"]]


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_a_merged_person_is_not_found_and_the_answer_says_who_it_is(method: str, site: Site) -> None:
    absorbed, into = met(site), met(site)
    merged(site, absorbed, into)

    answer = site.api(method, f"{site.path}/persons/{absorbed}", {"name": "Jane"} if method == "PATCH" else None)

    assert code(answer) == (404, "40407")
    assert str(into) in answer.json()["responseError"]["details"][0]["reason"]


@pytest.mark.parametrize("person_id", ["0", "-1", "9223372036854775808", "999999999"])
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_unknown_person_is_not_found(method: str, person_id: str, site: Site) -> None:
    answer = site.api(method, f"{site.path}/persons/{person_id}", {} if method == "PATCH" else None)

    assert (code(answer), fields(answer)) == ((404, "40407"), ["person_id"])


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_an_id_that_is_no_integer_is_refused(method: str, site: Site) -> None:
    answer = site.api(method, f"{site.path}/persons/jane", {} if method == "PATCH" else None)

    assert (code(answer), fields(answer)) == ((400, "10001"), ["person_id"])


def test_viewers_read_and_search_and_change_nothing(site: Site) -> None:
    person_id = met(site)
    viewer = site.service.api(Role.VIEWER, site.name)
    reading = [
        viewer("GET", f"{site.path}/persons?pageNum=1"),
        viewer("GET", f"{site.path}/persons/{person_id}"),
        viewer("POST", f"{site.path}/persons/search", {"pageNum": 1}),
    ]
    writing = [
        viewer("POST", f"{site.path}/persons", {"thumbnails": thumbnails_of(site)}),
        viewer("PATCH", f"{site.path}/persons/{person_id}", {"name": "Jane"}),
        viewer("DELETE", f"{site.path}/persons/{person_id}"),
    ]

    assert [answer.status_code for answer in reading] == [200] * 3
    assert [answer.status_code for answer in writing] == [401] * 3


def test_workspaces_do_not_see_each_others_persons(
    service: Service, site: Site, new_site: Callable[[Service], Site]
) -> None:
    foreign = new_site(service)
    person = create(foreign, "Jane")
    secret = tag(foreign, "secret")
    put_on(foreign, person["personId"], secret)
    path = f"{site.path}/persons/{person['personId']}"

    assert listed(site) == listed(site, "&name=Jane") == listed(site, f"&tagIdList={secret}") == []
    assert found(site, personIds=[person["personId"]]) == found(site, tagIds=[secret]) == []
    assert [code(answer) for answer in (site.api("GET", path), site.api("PATCH", path, {"name": "x"}))] == [
        (404, "40407")
    ] * 2
    assert code(site.api("DELETE", path)) == (404, "40407")
    assert get(foreign, person["personId"])["name"] == "Jane"


@pytest.mark.parametrize("path", ["persons", "persons/{person}/person-thumbnail", "person-tags"])
def test_a_workspace_that_goes_meanwhile_is_not_found(path: str, site: Site) -> None:
    target = f"{site.path}/{path.format(person=met(site))}"
    body = {"name": "a", "thumbnails": thumbnails_of(site)}
    with psycopg.connect(site.service.platform.database.conninfo) as connection, ThreadPoolExecutor(1) as pool:
        connection.execute("SELECT FROM workspaces WHERE workspace_name = %s FOR UPDATE", (site.name,))
        answer = pool.submit(site.api, "POST", target, body)
        site.service.wait_for_a_blocked_statement()
        connection.execute("DELETE FROM workspaces WHERE workspace_name = %s", (site.name,))
        connection.commit()

        assert code(answer.result()) == (404, "40401")


def test_a_change_in_a_workspace_that_goes_meanwhile_finds_none(site: Site) -> None:
    person_id = met(site)
    with psycopg.connect(site.service.platform.database.conninfo) as connection, ThreadPoolExecutor(1) as pool:
        connection.execute("DELETE FROM workspaces WHERE workspace_name = %s", (site.name,))
        answer = pool.submit(change, site, person_id, name="Jane")
        site.service.wait_for_a_blocked_statement()
        connection.commit()

        assert code(answer.result()) == (404, "40401")


def test_persons_of_a_workspace_that_is_hidden_are_hidden(site: Site, new_site: Callable[[Service], Site]) -> None:
    limited = site.service.api(Role.MANAGER, new_site(site.service).name)
    person_id = met(site)

    answers = [
        limited("GET", f"{site.path}/persons?pageNum=1"),
        limited("POST", f"{site.path}/persons/search", {"pageNum": 1}),
        limited("GET", f"{site.path}/persons/{person_id}"),
        limited("PATCH", f"{site.path}/persons/{person_id}", {"name": "Jane"}),
        limited("POST", f"{site.path}/persons", {"thumbnails": thumbnails_of(site)}),
    ]

    assert [code(answer) for answer in answers] == [(404, "40401")] * 5


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("POST", "", {"thumbnails": "x"}), ("PATCH", "/{person}", {"name": 7}), ("POST", "/search", {"pageNum": "1"})],
)
def test_a_body_of_the_wrong_types_is_refused(method: str, path: str, body: object, site: Site) -> None:
    answer = site.api(method, f"{site.path}/persons{path.format(person=met(site))}", body)

    assert code(answer) == (400, "10001")
