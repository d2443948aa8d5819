"""Tags of persons: creation in a workspace, assignment and removal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from person_samples import get, merged, met, put_on, tag
from scenedex.auth.keys import Role
from signed_calls import code, fields, result

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2
    from tests.conftest import Service, Site


def tags(site: Site, query: str = "") -> dict[str, Any]:
    return result(site.api("GET", f"{site.path}/person-tags?pageNum=1{query}"))


def names(site: Site, query: str = "") -> list[str]:
    return [one["name"] for one in tags(site, query)["content"]]


def add(site: Site, person_id: int, *tag_ids: object) -> httpx2.Response:
    return site.api("POST", f"{site.path}/persons/{person_id}/person-tags", {"tagIds": tag_ids})


def borne(site: Site, person_id: int) -> list[str]:
    return [one["name"] for one in get(site, person_id)["tags"]]


REMOVALS = pytest.mark.parametrize(
    ("method", "path"), [("DELETE", "person-tags"), ("POST", "person-tags/remove")], ids=["DELETE", "remove"]
)


def test_a_tag_has_the_shape_of_the_contract(site: Site) -> None:
    made = result(site.api("POST", f"{site.path}/person-tags", {"name": "reporters"}))

    assert made == {
        "id": made["id"],
        "name": "reporters",
        "createdTime": made["createdTime"],
        "createdUserName": "alice",
    }
    assert tags(site) == {
        "content": [{**made, "updatedUserName": "alice", "updatedTime": made["createdTime"]}],
        "totalCount": 1,
        "totalPage": 1,
        "pageNo": 1,
        "pageSize": 10,
    }


def test_tags_are_listed_oldest_first_in_pages(site: Site) -> None:
    made = [f"tag {number}" for number in range(12)]
    for name in made:
        tag(site, name)

    pages = [
        result(site.api("GET", f"{site.path}/person-tags?pageNum={number}&pageSize=5"))["content"]
        for number in range(1, 5)
    ]

    assert [[one["name"] for one in page] for page in pages] == [made[:5], made[5:10], made[10:], []]
    assert len(names(site)) == 10


def test_a_tag_is_found_by_its_id_or_a_part_of_its_name(site: Site) -> None:
    for name in ("Reporters", "editors", "50%"):
        tag(site, name)
    number = tags(site)["content"][1]["id"]

    assert names(site, f"&id={number}") == ["editors"]
    assert names(site, "&name=ORTERS") == ["Reporters"]
    assert names(site, "&name=%25") == ["50%"]
    assert names(site, "&name=_") == names(site, "&id=0") == names(site, f"&id={number}&name=50") == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "pageNum"),
        ("?pageNum=1&pageSize=51", "pageSize"),
        ("?pageNum=1&pageSize=0", "pageSize"),
        ("?pageNum=1&id=x", "id"),
        ("?pageNum=1&name=", "name"),
        (f"?pageNum=1&name={'a' * 31}", "name"),
    ],
)
def test_a_list_that_cannot_be_is_refused(query: str, field: str, site: Site) -> None:
    refused = site.api("GET", f"{site.path}/person-tags{query}")

    assert (code(refused), fields(refused)) == ((400, "10001"), [field])


@pytest.mark.parametrize("name", ["", " ", "a" * 31, "a;b", "a|b", "a`b", "a\x00b", None, 7])
def test_a_name_that_is_none_is_refused(name: object, site: Site) -> None:
    refused = site.api("POST", f"{site.path}/person-tags", {"name": name})

    assert (code(refused), fields(refused)) == ((400, "10001"), ["name"])


def test_a_name_belongs_to_one_tag_of_the_workspace(
    service: Service, site: Site, new_site: Callable[[Service], Site]
) -> None:
    tag(site, "a" * 30)

    refused = site.api("POST", f"{site.path}/person-tags", {"name": "a" * 30})

    assert (code(refused), fields(refused)) == ((409, "40911"), ["name"])
    assert tag(new_site(service), "a" * 30)


def test_of_creations_of_one_name_one_succeeds(site: Site) -> None:
    answers = site.api.at_once(*[("POST", f"{site.path}/person-tags", {"name": "a"})] * 8)

    assert sorted(map(code, answers)) == [(200, "0"), *[(409, "40911")] * 7]


def test_a_deleted_tag_is_taken_off_every_person(site: Site) -> None:
    one, absorbed = met(site), met(site)
    number, other = tag(site, "reporters"), tag(site, "editors")
    put_on(site, one, number, other)
    put_on(site, absorbed, number)
    merged(site, absorbed, one)
    before = get(site, one)

    deleted = site.api("DELETE", f"{site.path}/person-tags/{number}")

    assert deleted.json() == {"code": "0", "message": "success"}
    assert (names(site), borne(site, one)) == (["editors"], ["editors"])
    assert get(site, one)["updatedTime"] > before["updatedTime"]
    assert code(site.api("DELETE", f"{site.path}/person-tags/{number}")) == (404, "40408")


@pytest.mark.parametrize(("tag_id", "expected"), [("0", (404, "40408")), ("x", (400, "10001"))])
def test_a_tag_that_is_none_is_not_deleted(tag_id: str, expected: tuple[int, str], site: Site) -> None:
    answer = site.api("DELETE", f"{site.path}/person-tags/{tag_id}")

    assert (code(answer), fields(answer)) == (expected, ["tag_id"])


def test_tags_are_put_on_a_person_and_all_come_back(site: Site) -> None:
    person_id, first, second = met(site), tag(site, "z"), tag(site, "a")
    put_on(site, person_id, second)

    answer = result(add(site, person_id, first, second, first))

    assert answer == {"personId": person_id, "tagList": [{"id": first, "name": "z"}, {"id": second, "name": "a"}]}
    assert get(site, person_id)["tags"] == answer["tagList"]


def test_a_new_tag_changes_the_person_and_a_borne_one_does_not(site: Site) -> None:
    person_id, number = met(site), tag(site, "reporters")
    bob = site.service.api(user="bob")
    result(bob("POST", f"{site.path}/persons/{person_id}/person-tags", {"tagIds": [number]}))
    changed = get(site, person_id)

    put_on(site, person_id, number)

    assert changed["updatedTime"] > changed["createdTime"]
    assert get(site, person_id)["updatedTime"] == changed["updatedTime"]
    assert site.service.rows("SELECT updated_user_name FROM persons WHERE person_id = %s", person_id) == [("bob",)]


def test_an_unknown_tag_is_refused_and_no_other_is_put_on(
    service: Service, site: Site, new_site: Callable[[Service], Site]
) -> None:
    person_id, number, foreign = met(site), tag(site, "a"), tag(new_site(service), "b")

    for unknown in (foreign, 0, -1, 2**63):
        refused = add(site, person_id, number, unknown)
        assert (code(refused), fields(refused)) == ((404, "40408"), ["tagIds"])

    assert borne(site, person_id) == []


@REMOVALS
def test_tags_are_taken_off_a_person_and_unknown_ones_ignored(method: str, path: str, site: Site) -> None:
    person_id, absorbed = met(site), met(site)
    one, two, three = (tag(site, name) for name in "abc")
    put_on(site, person_id, one, two)
    put_on(site, absorbed, one, three)
    merged(site, absorbed, person_id)

    answer = site.api(method, f"{site.path}/persons/{person_id}/{path}", {"tagIds": [one, three, 0, 2**63]})

    assert result(answer) == {"personId": person_id, "tagList": [{"id": two, "name": "b"}]}
    assert borne(site, person_id) == ["b"]


@REMOVALS
def test_taking_off_nothing_changes_nothing(method: str, path: str, site: Site) -> None:
    person_id, number = met(site), tag(site, "a")

    result(site.api(method, f"{site.path}/persons/{person_id}/{path}", {"tagIds": [number]}))

    person = get(site, person_id)
    assert person["updatedTime"] == person["createdTime"]


@REMOVALS
def test_a_removal_of_tags_without_a_body_is_refused(method: str, path: str, site: Site) -> None:
    refused = site.api(method, f"{site.path}/persons/{met(site)}/{path}")

    assert code(refused) == (400, "10001")


@pytest.mark.parametrize("tag_ids", [[], [1] * 31, ["1"], None, [None], [10**40]], ids=str)
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "person-tags"), ("DELETE", "person-tags"), ("POST", "person-tags/remove")]
)
def test_ids_that_are_none_are_refused(method: str, path: str, tag_ids: object, site: Site) -> None:
    refused = site.api(method, f"{site.path}/persons/{met(site)}/{path}", {"tagIds": tag_ids})

    assert code(refused) == (400, "10001")
    assert fields(refused)[0].startswith("tagIds")


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "person-tags"), ("DELETE", "person-tags"), ("POST", "person-tags/remove")]
)
def test_persons_that_are_none_have_no_tags(
    method: str, path: str, service: Service, site: Site, new_site: Callable[[Service], Site]
) -> None:
    absorbed = met(site)
    merged(site, absorbed, met(site))
    body = {"tagIds": [tag(site, "a")]}

    for person_id in (0, absorbed, met(new_site(service))):
        answer = site.api(method, f"{site.path}/persons/{person_id}/{path}", body)
        assert (code(answer), fields(answer)) == ((404, "40407"), ["person_id"])


def test_workspaces_do_not_see_each_others_tags(
    service: Service, site: Site, new_site: Callable[[Service], Site]
) -> None:
    foreign = new_site(service)
    number = tag(foreign, "secret")

    assert tags(site)["totalCount"] == tags(site, f"&id={number}")["totalCount"] == 0
    assert code(site.api("DELETE", f"{site.path}/person-tags/{number}")) == (404, "40408")
    assert names(foreign) == ["secret"]


def test_viewers_list_tags_and_change_none(site: Site) -> None:
    viewer = site.service.api(Role.VIEWER, site.name)
    person_id, number = met(site), tag(site, "a")
    person = f"{site.path}/persons/{person_id}/person-tags"

    assert viewer("GET", f"{site.path}/person-tags?pageNum=1").status_code == 200
    assert [
        viewer(method, path, body).status_code
        for method, path, body in (
            ("POST", f"{site.path}/person-tags", {"name": "b"}),
            ("DELETE", f"{site.path}/person-tags/{number}", None),
            ("POST", person, {"tagIds": [number]}),
            ("DELETE", person, {"tagIds": [number]}),
            ("POST", f"{person}/remove", {"tagIds": [number]}),
        )
    ] == [401] * 5
