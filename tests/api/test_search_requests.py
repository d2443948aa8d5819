"""Requests for searches that are refused, who may make them, and what becomes of a search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from person_samples import code, fields, merged, met, result
from scenedex.auth.keys import Role
from scenedex.db.database import DatabaseUnavailable
from scenedex.settings import RateSettings, Settings
from search_samples import Archive, Content

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import httpx2
    from tests.conftest import Service, Serving, Site

SHIP = {"textQuery": "ship"}
OLDER = "/api/v1/scene-search"
PLACES_OF_IDS = [
    ("filter.projectIds", "40402"),
    ("filter.assetIds", "40403"),
    ("query.personQuery.must", "40407"),
    ("query.personQuery.any", "40407"),
    ("query.personQuery.not", "40407"),
]


@pytest.fixture
def archive(site: Site) -> Archive:
    return Archive(site)


@pytest.fixture
def other(service: Service, new_site: Callable[[Service], Site]) -> Site:
    """Another workspace."""
    return new_site(service)


def persons(**ids: Any) -> dict[str, Any]:
    return {"personQuery": ids}


def lines(**texts: Any) -> dict[str, Any]:
    return {"dialogQuery": texts}


def naming(field: str, number: int) -> dict[str, Any]:
    """A part of a body with one id in that field."""
    body: Any = [number]
    for name in reversed(field.split(".")):
        body = {name: body}
    return body


def refused(archive: Archive, query: Any, **body: Any) -> tuple[tuple[int, str], list[str]]:
    answer = archive.site.api("POST", archive.path, {**archive.request(), "query": query, **body})
    return code(answer), fields(answer)


def without_url(hit: Mapping[str, Any]) -> dict[str, Any]:
    """What is the same in two answers, since URLs are made for each."""
    return {name: value for name, value in hit.items() if name != "keyframeUrl"}


class TestBody:
    @pytest.mark.parametrize(
        ("query", "field"),
        [
            pytest.param({}, "query", id="nothing"),
            pytest.param({"textQuery": None}, "query", id="null"),
            pytest.param(persons(must=[]), "query", id="no conditions"),
            pytest.param({"textQuery": "ship", "imageQuery": "key"}, "query.imageQuery", id="text and picture"),
            pytest.param({"textQuery": ""}, "query.textQuery", id="empty text"),
            pytest.param({"textQuery": " \t\u3000"}, "query.textQuery", id="blank text"),
            pytest.param({"textQuery": "a" * 1001}, "query.textQuery", id="long text"),
            pytest.param({"textQuery": "a;b"}, "query.textQuery", id="semicolon"),
            pytest.param({"textQuery": "a|b"}, "query.textQuery", id="bar"),
            pytest.param({"textQuery": "a`b"}, "query.textQuery", id="backtick"),
            pytest.param({"textQuery": "a\x00b"}, "query.textQuery", id="NUL"),
            pytest.param({"textQuery": "a\nb"}, "query.textQuery", id="line break"),
            pytest.param({"textQuery": 7}, "query.textQuery", id="number for a text"),
            pytest.param({"textQuery": ["ship"]}, "query.textQuery", id="list for a text"),
            pytest.param({"imageQuery": 7}, "query.imageQuery", id="number for a key"),
            pytest.param({"imageQuery": ""}, "query.imageQuery", id="empty key"),
            pytest.param({"imageQuery": "a\x00b"}, "query.imageQuery", id="NUL in a key"),
            pytest.param({"imageQuery": "none"}, "query.imageQuery", id="unknown key"),
            pytest.param("ship", "query", id="text for an object"),
            pytest.param(None, "query", id="null for an object"),
            pytest.param({"personQuery": []}, "query.personQuery", id="list for persons"),
            pytest.param(persons(must=1), "query.personQuery.must", id="number for ids"),
            pytest.param(persons(must=["1"]), "query.personQuery.must[0]", id="text for an id"),
            pytest.param(persons(any=[True]), "query.personQuery.any[0]", id="true for an id"),
            pytest.param(persons(any=[1.5]), "query.personQuery.any[0]", id="fraction for an id"),
            pytest.param(persons(**{"not": [None]}), "query.personQuery.not[0]", id="null for an id"),
            pytest.param(persons(must=[10**40]), "query.personQuery.must", id="huge id"),
            pytest.param(persons(must=list(range(1, 102))), "query.personQuery.must", id="101 persons"),
            pytest.param(persons(any=[1] * 101), "query.personQuery.any", id="one person 101 times"),
            pytest.param(persons(**{"not": list(range(1, 102))}), "query.personQuery.not", id="101 not to be seen"),
            pytest.param(lines(must="yes"), "query.dialogQuery.must", id="text for lines"),
            pytest.param(lines(must=[7]), "query.dialogQuery.must[0]", id="number for a line"),
            pytest.param(lines(must=["a"] * 21), "query.dialogQuery.must", id="21 lines"),
            pytest.param(lines(any=["yes", ""]), "query.dialogQuery.any", id="empty line"),
            pytest.param(lines(any=["a" * 201]), "query.dialogQuery.any", id="long line"),
            pytest.param(lines(**{"not": ["yes", "?!"]}), "query.dialogQuery.not", id="line without a letter"),
            pytest.param(lines(must=["a;b"]), "query.dialogQuery.must", id="semicolon in a line"),
        ],
    )
    def test_a_query_that_cannot_be_is_refused(self, query: Any, field: str, archive: Archive) -> None:
        assert refused(archive, query) == ((400, "10001"), [field])

    @pytest.mark.parametrize(
        ("where", "field"),
        [
            pytest.param({}, "filter", id="nothing"),
            pytest.param(None, "filter", id="null"),
            pytest.param([1], "filter", id="list"),
            pytest.param({"projectIds": []}, "filter", id="no projects"),
            pytest.param({"assetTypes": ["VIDEO"]}, "filter", id="types only"),
            pytest.param({"projectIds": 1}, "filter.projectIds", id="number for ids"),
            pytest.param({"projectIds": ["1"]}, "filter.projectIds[0]", id="text for an id"),
            pytest.param({"assetIds": [10**40]}, "filter.assetIds", id="huge id"),
            pytest.param({"projectIds": [1] * 1001}, "filter.projectIds", id="1001 projects"),
            pytest.param({"assetIds": list(range(1, 1002))}, "filter.assetIds", id="1001 assets"),
            pytest.param({"assetIds": [1], "assetTypes": ["AUDIO"]}, "filter.assetTypes[0]", id="unknown type"),
            pytest.param(
                {"assetIds": [1], "assetTypes": ["video"]}, "filter.assetTypes[0]", id="type in small letters"
            ),
            pytest.param({"assetIds": [1], "assetTypes": "VIDEO"}, "filter.assetTypes", id="text for types"),
            pytest.param({"assetIds": [1], "indexModifiedFrom": 7}, "filter.indexModifiedFrom", id="number for a time"),
            pytest.param({"assetIds": [1], "indexModifiedFrom": "now"}, "filter.indexModifiedFrom", id="no time"),
            pytest.param({"assetIds": [1], "indexModifiedTo": ""}, "filter.indexModifiedTo", id="empty time"),
            pytest.param(
                {"assetIds": [1], "indexModifiedTo": "2025-02-30"}, "filter.indexModifiedTo", id="no such day"
            ),
            pytest.param(
                {"assetIds": [1], "indexModifiedFrom": "2025-04-23T17:14:12", "indexModifiedTo": "2025-04-23T17:14:11"},
                "filter.indexModifiedTo",
                id="times reversed",
            ),
            pytest.param(
                {
                    "assetIds": [1],
                    "indexModifiedFrom": "2025-04-23T17:14:11",
                    "indexModifiedTo": "2025-04-23T17:14:11+01:00",
                },
                "filter.indexModifiedTo",
                id="times reversed across zones",
            ),
        ],
    )
    def test_a_filter_that_cannot_be_is_refused(self, where: Any, field: str, archive: Archive) -> None:
        assert refused(archive, SHIP, filter=where) == ((400, "10001"), [field])

    @pytest.mark.parametrize(
        ("option", "field"),
        [
            ({"confidenceLevel": "high"}, "queryOption.confidenceLevel"),
            ({"confidenceLevel": "ALL"}, "queryOption.confidenceLevel"),
            ({"confidenceLevel": 50}, "queryOption.confidenceLevel"),
            ({"confidenceLevel": None}, "queryOption.confidenceLevel"),
            ("HIGH", "queryOption"),
        ],
    )
    def test_a_level_that_there_is_not_is_refused(self, option: Any, field: str, archive: Archive) -> None:
        assert refused(archive, SHIP, queryOption=option) == ((400, "10001"), [field])

    @pytest.mark.parametrize("left_out", ["query", "filter"])
    def test_what_is_required_is_named(self, left_out: str, archive: Archive) -> None:
        body = archive.request("ship")
        del body[left_out]

        answer = archive.site.api("POST", archive.path, body)

        assert code(answer) == (400, "10001")
        assert answer.json()["responseError"]["details"] == [{"field": left_out, "reason": "is required"}]

    @pytest.mark.parametrize(
        "content", [b"", b"{", b"[]", b"null", b'{"query": "\\ud800"}', b'{"query": {"textQuery": "\xff"}}'], ids=repr
    )
    def test_what_is_no_object_is_refused(self, content: bytes, archive: Archive) -> None:
        answer = archive.site.api("POST", archive.path, content=content)

        assert (code(answer), fields(answer)) == ((400, "10001"), ["body"])

    def test_unknown_fields_are_ignored(self, archive: Archive) -> None:
        body = archive.request("ship", color="red", queryOption={"confidenceLevel": "LOW", "sort": "SCORE"})
        body["query"]["vector"] = [1, 2]
        body["filter"]["tags"] = ["a"]

        assert archive.site.api("POST", archive.path, body).status_code == 200

    def test_as_much_as_may_be_asked_for_at_once_is_found(self, archive: Archive) -> None:
        who = [met(archive.site) for _ in range(100)]
        said = [f"line {number}" for number in range(20)]
        film = archive.film(Content(said=said, persons=who), Content(said=said))
        query = {**persons(must=who, any=who), **lines(must=said, any=said)}
        where = {"projectIds": [archive.site.base_project] * 1000, "assetIds": [film.asset_id] * 1000}

        assert archive.found("line " * 200, query=query, filter=where) == [(film.asset_id, 1)]


class TestIds:
    @pytest.mark.parametrize("number", [0, -1, 999_999_999, 2**63 - 1, 2**63, 10**29])
    @pytest.mark.parametrize(("field", "refusal"), PLACES_OF_IDS)
    def test_what_there_is_not_is_not_found(self, field: str, refusal: str, number: int, archive: Archive) -> None:
        answer = archive.ask("ship", **naming(field, number))

        assert (code(answer), fields(answer)) == ((404, refusal), [field])

    def test_one_unknown_id_among_known_ones_is_named(self, archive: Archive) -> None:
        film, person = archive.film(Content()), met(archive.site)
        asked = [
            archive.ask("ship", filter={"projectIds": [archive.site.base_project, 999_999_998]}),
            archive.ask("ship", filter={"assetIds": [film.asset_id, 999_999_998]}),
            archive.ask("ship", query=persons(any=[person, 999_999_998])),
        ]

        reasons = [answer.json()["responseError"]["details"][0]["reason"] for answer in asked]
        assert reasons == [f"there is no {kind} 999999998" for kind in ("project", "asset", "person")]

    def test_ids_of_another_workspace_are_answered_like_unknown_ones(self, archive: Archive, other: Site) -> None:
        foreign = Archive(other).film(Content(said=["ship"]))
        person = met(other, "Jane")
        numbers = {"filter.projectIds": other.base_project, "filter.assetIds": foreign.asset_id}

        for field, refusal in PLACES_OF_IDS:
            number = numbers.get(field, person)
            known, unknown = (archive.ask("ship", **naming(field, one)) for one in (number, 999_999_999))
            assert code(known) == (404, refusal)
            assert known.text == unknown.text.replace("999999999", str(number))

    def test_an_asset_of_another_workspace_is_not_found_beside_a_project_of_this_one(
        self, archive: Archive, other: Site
    ) -> None:
        foreign = Archive(other).film(Content(said=["ship"]))

        answer = archive.ask("ship", filter={"projectIds": [archive.site.base_project], "assetIds": [foreign.asset_id]})

        assert (code(answer), fields(answer)) == ((404, "40403"), ["filter.assetIds"])

    def test_an_asset_outside_the_projects_is_not_found_in_them(self, archive: Archive) -> None:
        film = archive.film(Content(said=["ship"]))
        empty = archive.site.project("empty")

        assert archive.found("ship", filter={"projectIds": [empty.project_id], "assetIds": [film.asset_id]}) == []

    def test_a_deleted_asset_and_a_deleted_project_are_not_found(self, archive: Archive) -> None:
        folder = archive.site.project("old")
        film = archive.film(Content(said=["ship"]), folder=folder)
        assert archive.site.api("DELETE", folder.path).status_code == 200

        assert code(archive.ask("ship", filter={"assetIds": [film.asset_id]})) == (404, "40403")
        assert code(archive.ask("ship", filter={"projectIds": [folder.project_id]})) == (404, "40402")

    def test_of_a_person_who_was_merged_the_other_is_named(self, archive: Archive) -> None:
        absorbed, into = met(archive.site), met(archive.site)
        merged(archive.site, absorbed, into)

        answer = archive.ask(query=persons(any=[into, absorbed]))

        assert (code(answer), fields(answer)) == ((404, "40407"), ["query.personQuery.any"])
        assert answer.json()["responseError"]["details"][0]["reason"] == (
            f"person {absorbed} was merged into person {into}"
        )

    def test_a_deleted_person_is_not_found(self, archive: Archive) -> None:
        person = met(archive.site)
        assert archive.site.api("DELETE", f"{archive.site.path}/persons/{person}").status_code == 200

        answer = archive.ask(query=persons(must=[person]))

        assert (code(answer), fields(answer)) == ((404, "40407"), ["query.personQuery.must"])

    @pytest.mark.parametrize("name", ["no-such-workspace", "%00", "%ff", "a" * 5000])
    def test_an_unknown_workspace_is_not_found(self, name: str, archive: Archive) -> None:
        body = archive.request("ship")

        assert code(archive.site.api("POST", f"/api/v1/workspaces/{name}/assets/search", body)) == (404, "40401")
        assert code(archive.site.api("GET", f"/api/v1/workspaces/{name}/assets/search/x")) == (404, "40401")


class TestSearch:
    def test_its_id_is_twenty_letters_and_digits(self, archive: Archive) -> None:
        ids = {archive.asked("ship") for _ in range(5)}

        assert len(ids) == 5
        assert all(len(one) == 20 and one.isascii() and one.isalnum() for one in ids)

    def test_one_that_runs_has_no_hits_yet(self, archive: Archive) -> None:
        archive.film(Content(said=["ship"]))
        search_id = archive.asked("ship")

        assert archive.get(search_id, "?pageNum=3&pageSize=7") == {"searchId": search_id, "status": "RUNNING"}

    def test_one_that_has_completed_has_a_page_of_hits(self, archive: Archive) -> None:
        film = archive.film(Content(said=["ship"]))
        search_id = archive.asked("ship")
        archive.run(search_id)

        found = archive.get(search_id)

        [hit] = found.pop("results")
        assert found == {
            "searchId": search_id,
            "status": "COMPLETED",
            "totalCount": 1,
            "totalPage": 1,
            "pageNo": 1,
            "pageSize": 50,
        }
        assert hit.keys() == {
            *("assetId", "projectId", "fileName", "assetType", "indexId", "sceneId", "startTimeMs", "endTimeMs"),
            *("score", "keyframeUrl", "matches"),
        }
        assert (hit["assetId"], hit["projectId"], hit["sceneId"]) == (film.asset_id, archive.site.base_project, 1)

    def test_one_that_finds_nothing_has_no_pages(self, archive: Archive) -> None:
        found = archive.search("ship")

        assert {name: found[name] for name in ("totalCount", "totalPage", "pageNo", "pageSize", "results")} == {
            "totalCount": 0,
            "totalPage": 0,
            "pageNo": 1,
            "pageSize": 50,
            "results": [],
        }

    def test_one_whose_job_keeps_failing_ends_with_a_reason(self, archive: Archive) -> None:
        def broken() -> dict[str, str]:
            raise ZeroDivisionError

        search_id = archive.asked("ship")
        handler = archive.handler(in_force=broken)
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                archive.run(search_id, handler)
            assert archive.get(search_id)["status"] == "RUNNING"
        archive.run(search_id, handler)

        assert archive.get(search_id) == {
            "searchId": search_id,
            "status": "FAILED",
            "statusMessage": "Given up after 3 tries: ZeroDivisionError.",
        }

    def test_one_that_takes_too_long_ends_with_what_to_do(self, archive: Archive) -> None:
        def endless() -> dict[str, str]:
            raise psycopg.errors.QueryCanceled

        search_id = archive.asked("ship")
        archive.run(search_id, archive.handler(in_force=endless))

        assert archive.get(search_id) == {
            "searchId": search_id,
            "status": "FAILED",
            "statusMessage": "The search took longer than 60 s; narrow the filter.",
        }

    def test_one_that_was_interrupted_by_the_database_goes_on_as_often_as_needed(self, archive: Archive) -> None:
        film = archive.film(Content(said=["ship"]))

        def lost() -> dict[str, str]:
            raise psycopg.errors.AdminShutdown

        search_id = archive.asked("ship")
        with pytest.raises(DatabaseUnavailable):
            archive.run(search_id, archive.handler(in_force=lost))
        archive.run(search_id)

        assert [hit["assetId"] for hit in archive.get(search_id)["results"]] == [film.asset_id]

    def test_one_whose_picture_has_gone_ends_with_the_field(self, archive: Archive) -> None:
        service = archive.service
        [(key,)] = service.rows(
            "INSERT INTO pictures (picture_key, user_name, purpose, file_name, state, expires_time)"
            " VALUES (gen_random_uuid()::text, 'alice', 'QUERY_IMAGE', 'a.jpg', 'COMPLETED', now() + interval '1 day')"
            " RETURNING picture_key"
        )
        search_id = archive.asked(query={"imageQuery": key})
        service.rows("UPDATE pictures SET expires_time = now() WHERE picture_key = %s", key)

        archive.run(search_id)

        found = archive.get(search_id)
        assert found["status"] == "FAILED"
        assert found["statusMessage"].startswith("query.imageQuery must be the key of a picture")

    def test_one_that_has_ended_is_not_run_again(self, archive: Archive) -> None:
        archive.film(Content(said=["ship"]))
        search_id = archive.asked("ship")
        archive.run(search_id)
        before = archive.get(search_id)
        archive.film(Content(said=["ship"]))

        archive.run(search_id)

        after = archive.get(search_id)
        assert [without_url(hit) for hit in after["results"]] == [without_url(hit) for hit in before["results"]]

    @pytest.mark.parametrize(
        "odd",
        [
            *("x", "%00", "a%00b", "%ff%fe", "..", "%2e%2e", "a" * 5000, "%F0%9F%98%80", "%ED%A0%80", "%25", "'", "+"),
            *("Tq3f8ZkLw0aN5xYbR7Vd", "%20", "-1", "null"),
        ],
    )
    def test_one_that_there_is_not_is_not_found(self, odd: str, archive: Archive) -> None:
        assert code(archive.site.api("GET", f"{archive.path}/{odd}")) == (404, "40413")

    @pytest.mark.parametrize("form", ["x{}", "{}x", "{}.", "%20{}", "{}%20", "{}%00"])
    def test_its_id_is_taken_to_the_letter(self, form: str, archive: Archive) -> None:
        search_id = archive.asked("ship")

        for odd in (form.format(search_id), search_id.swapcase()):
            answer = archive.site.api("GET", f"{archive.path}/{odd}")
            assert code(answer) == (404, "40413") or odd == search_id

    def test_one_of_another_workspace_is_not_found(self, archive: Archive, other: Site) -> None:
        search_id = archive.asked("ship")

        assert code(other.api("GET", f"{other.path}/assets/search/{search_id}")) == (404, "40413")
        assert code(other.api("GET", f"{other.path}/scene-search/{search_id}")) == (404, "40413")

    def test_one_of_another_user_is_shown_to_all_who_may_see_the_workspace(self, archive: Archive) -> None:
        search_id = archive.asked("ship")

        shown = archive.service.api(user="bob")("GET", f"{archive.path}/{search_id}")

        assert result(shown)["searchId"] == search_id

    def test_one_whose_time_is_over_is_not_found(self, archive: Archive) -> None:
        search_id = archive.asked("ship")
        archive.run(search_id)
        archive.service.rows(
            "UPDATE searches SET expires_time = now() - interval '1 second' WHERE search_id = %s", search_id
        )

        assert code(archive.site.api("GET", f"{archive.path}/{search_id}")) == (404, "40413")

    def test_it_goes_with_its_workspace(self, archive: Archive) -> None:
        archive.film(Content(said=["ship"]))
        done, waiting = archive.asked("ship"), archive.asked("ship")
        archive.run(done)
        [(number,)] = archive.service.rows("SELECT search_number FROM searches WHERE search_id = %s", waiting)
        [(workspace,)] = archive.service.rows(
            "SELECT workspace_id FROM workspaces WHERE workspace_name = %s", archive.site.name
        )

        assert archive.site.api("DELETE", archive.site.path).status_code == 200

        assert archive.service.rows("SELECT FROM searches WHERE search_id IN (%s, %s)", done, waiting) == []
        assert archive.service.rows("SELECT FROM search_terms WHERE term LIKE %s", f"{workspace}:%") == []
        assert archive.service.run(lambda: archive.handler().run(number)) is None
        assert code(archive.site.api("GET", f"{archive.path}/{done}")) == (404, "40401")


class TestPage:
    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("pageNum=0", "pageNum"),
            ("pageNum=-1", "pageNum"),
            ("pageNum=", "pageNum"),
            ("pageNum=one", "pageNum"),
            (f"pageNum={2**31 + 1}", "pageNum"),
            ("pageSize=0", "pageSize"),
            ("pageSize=101", "pageSize"),
            ("pageSize=1.5", "pageSize"),
            ("pageSize=", "pageSize"),
        ],
    )
    @pytest.mark.parametrize("path", ["assets/search", "scene-search"])
    def test_a_page_that_is_none_is_refused(self, path: str, query: str, field: str, archive: Archive) -> None:
        search_id = archive.asked("ship")

        answer = archive.site.api("GET", f"{archive.site.path}/{path}/{search_id}?{query}")

        assert (code(answer), fields(answer)) == ((400, "10001"), [field])

    @pytest.mark.parametrize("query", ["?pageNum=2147483648", "?pageSize=100", "?pageNum=2147483648&pageSize=100"])
    def test_the_largest_page_is_one(self, query: str, archive: Archive) -> None:
        archive.film(Content(said=["ship"]))
        search_id = archive.asked("ship")
        archive.run(search_id)

        assert archive.get(search_id, query)["totalCount"] == 1


class TestCallers:
    def test_a_key_that_may_only_read_may_search(self, archive: Archive) -> None:
        film = archive.film(Content(said=["ship"]))
        viewer = archive.service.api(Role.VIEWER)
        search_id = result(viewer("POST", archive.path, archive.request("ship")))["searchId"]
        archive.run(search_id)

        assert [hit["assetId"] for hit in result(viewer("GET", f"{archive.path}/{search_id}"))["results"]] == [
            film.asset_id
        ]
        assert viewer("POST", OLDER, archive.request("ship")).status_code == 200

    def test_a_key_that_may_only_read_may_not_delete(self, archive: Archive) -> None:
        film = archive.film(Content(said=["ship"]))
        viewer = archive.service.api(Role.VIEWER)

        for target in (f"{film.path}/index", film.path, archive.site.path):
            answer = viewer("DELETE", target)
            assert (answer.status_code, answer.json()["error"]["errorCode"]) == (401, "210")

    @pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
    def test_a_search_cannot_be_deleted(self, role: Role, archive: Archive) -> None:
        search_id = archive.asked("ship")

        answer = archive.service.api(role)("DELETE", f"{archive.path}/{search_id}")

        assert (answer.status_code, answer.json()["error"]["errorCode"]) == (404, "300")

    @pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
    def test_a_key_of_another_workspace_finds_no_workspace(self, role: Role, archive: Archive, other: Site) -> None:
        search_id = archive.asked("ship")
        limited = archive.service.api(role, other.name)
        body = archive.request("ship")

        assert code(limited("POST", archive.path, body)) == (404, "40401")
        assert code(limited("GET", f"{archive.path}/{search_id}")) == (404, "40401")
        assert code(limited("GET", f"{archive.site.path}/scene-search/{search_id}")) == (404, "40401")
        assert code(limited("POST", OLDER, body)) == (404, "40401")
        assert code(limited("POST", OLDER, {**body, "workspaceName": archive.site.name})) == (404, "40401")
        assert code(limited("POST", f"{other.path}/assets/search", body)) == (404, "40402")

    def test_without_a_signature_nothing_is_searched(self, archive: Archive) -> None:
        for method, target in (("POST", archive.path), ("GET", f"{archive.path}/x"), ("POST", OLDER)):
            answer = archive.service.client.request(method, target, json=archive.request("ship"))
            assert (answer.status_code, answer.json()["error"]["errorCode"]) == (401, "200")


def test_searches_beyond_the_rate_are_refused_whatever_their_path_and_hits_may_be_got(
    serving: Serving, new_site: Callable[[Service], Site]
) -> None:
    with serving(Settings(rates=RateSettings(search_per_minute=2))) as service:
        archive = Archive(new_site(service))
        search_id = archive.asked("ship")
        older = archive.site.api("POST", OLDER, archive.request("ship"))
        refusals = [archive.ask("ship"), archive.site.api("POST", OLDER, archive.request("ship"))]
        got = [archive.get(search_id) for _ in range(5)]
        another = archive.service.api()("POST", archive.path, archive.request("ship"))

    assert older.status_code == 200
    for answer in refusals:
        assert (answer.status_code, answer.json()["error"]["errorCode"]) == (429, "420")
        assert int(answer.headers["retry-after"]) > 0
    assert [found["status"] for found in got] == ["RUNNING"] * 5
    assert another.status_code == 200


class TestOlderPaths:
    def older(self, archive: Archive, **body: Any) -> httpx2.Response:
        return archive.site.api("POST", OLDER, {**archive.request("ship"), **body})

    def test_they_do_the_same(self, archive: Archive) -> None:
        film = archive.film(Content(said=["ship"]))
        search_id = result(self.older(archive, workspaceName=archive.site.name))["searchId"]
        archive.run(search_id)

        older = result(archive.site.api("GET", f"{archive.site.path}/scene-search/{search_id}?pageNum=1&pageSize=10"))

        newer = archive.get(search_id, "?pageSize=10")
        assert [hit["assetId"] for hit in older["results"]] == [film.asset_id]
        assert {**older, "results": [without_url(hit) for hit in older["results"]]} == {
            **newer,
            "results": [without_url(hit) for hit in newer["results"]],
        }

    @pytest.mark.parametrize("name", [{}, {"workspaceName": None}, {"workspaceName": ""}], ids=repr)
    def test_the_workspace_is_that_of_the_filter_where_none_is_named(
        self, name: dict[str, Any], archive: Archive, other: Site
    ) -> None:
        film = archive.film(Content(said=["ship"]))
        Archive(other).film(Content(said=["ship"]))

        for where in ({"projectIds": [archive.site.base_project]}, {"assetIds": [film.asset_id]}):
            search_id = result(self.older(archive, filter=where, **name))["searchId"]
            archive.run(search_id)
            assert [hit["assetId"] for hit in archive.get(search_id)["results"]] == [film.asset_id]

    @pytest.mark.parametrize(
        "where", [{"projectIds": [999_999_999]}, {"assetIds": [0]}, {"projectIds": [2**63], "assetIds": [-1]}], ids=repr
    )
    def test_a_filter_of_no_workspace_is_not_found(self, where: dict[str, Any], archive: Archive) -> None:
        assert code(self.older(archive, filter=where)) == (404, "40401")

    def test_a_filter_of_two_workspaces_is_refused(self, archive: Archive, other: Site) -> None:
        both = [archive.site.base_project, other.base_project]

        for order in (both, both[::-1]):
            answer = self.older(archive, filter={"projectIds": order})
            assert (code(answer), fields(answer)) == ((404, "40402"), ["filter.projectIds"])

    def test_a_key_of_one_workspace_does_not_learn_what_there_is_in_others(self, archive: Archive, other: Site) -> None:
        limited = archive.service.api(Role.VIEWER, other.name)
        answers = [
            limited("POST", OLDER, {"query": SHIP, "filter": {"projectIds": [other.base_project, number]}})
            for number in (archive.site.base_project, 999_999_999)
        ]

        assert [code(answer) for answer in answers] == [(404, "40402")] * 2

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"workspaceName": 7}, "workspaceName"),
            ({"query": {}}, "query"),
            ({"filter": {}}, "filter"),
            ({"query": {"textQuery": "a;b"}}, "query.textQuery"),
        ],
    )
    def test_they_refuse_the_same(self, body: dict[str, Any], field: str, archive: Archive) -> None:
        answer = self.older(archive, **body)

        assert (code(answer), fields(answer)) == ((400, "10001"), [field])

    @pytest.mark.parametrize("name", ["no-such-workspace", "a\x00b", "a" * 5000])
    def test_an_unknown_workspace_is_not_found(self, name: str, archive: Archive) -> None:
        assert code(self.older(archive, workspaceName=name)) == (404, "40401")


def test_getting_hits_takes_the_same_number_of_statements_whatever_their_number(archive: Archive) -> None:
    people = [met(archive.site) for _ in range(3)]
    for _ in range(3):
        archive.film(*(Content(said=["ship"], shown=["ship"], keywords={"ship": 0.9}, persons=people),) * 20)
    search_id = archive.asked("ship", query=persons(must=people))
    archive.run(search_id)
    numbers: list[int] = []
    for size in (1, 20, 60, 100):
        archive.service.statements.clear()
        assert len(archive.get(search_id, f"?pageSize={size}")["results"]) == min(size, 60)
        numbers.append(len(archive.service.statements))

    assert numbers == [9] * 4


def test_asking_takes_the_same_number_of_statements_whatever_the_number_of_ids(archive: Archive) -> None:
    people = [met(archive.site) for _ in range(100)]
    films = [archive.film(Content()).asset_id for _ in range(10)]
    projects = [archive.site.base_project, *(archive.site.project(f"p{number}").project_id for number in range(9))]
    numbers: list[int] = []
    for number in (1, 10, 100):
        archive.service.statements.clear()
        archive.asked(
            "ship",
            query=persons(must=people[:number], any=people[:number], **{"not": people[:number]}),
            filter={"projectIds": projects[:number], "assetIds": films[:number]},
        )
        numbers.append(len(archive.service.statements))

    assert numbers[0] == numbers[1] == numbers[2]


@pytest.fixture(scope="module")
def module_archive(module_site: Site) -> Archive:
    archive = Archive(module_site)
    archive.film(
        Content(
            said=["Good morning, it's 'the' harbour: & ! ( ) \\ <-> *", "한국 방송"],
            persons=[met(module_site, "O'Brien")],
        )
    )
    return archive


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters=";|`\x7f", min_codepoint=32), max_size=80)
)
def test_any_text_that_is_asked_for_is_looked_for(text: str, module_archive: Archive) -> None:
    for query in ({"textQuery": text}, {"textQuery": f'"{text}" {text}'}, lines(any=[text], **{"not": [text]})):
        answer = module_archive.ask(query=query)
        if answer.status_code == 200:
            search_id = answer.json()["result"]["searchId"]
            module_archive.run(search_id)
            assert module_archive.get(search_id)["status"] == "COMPLETED"
        else:
            assert code(answer) == (400, "10001")
