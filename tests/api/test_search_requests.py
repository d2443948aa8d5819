"""Invalid requests for searches, refused with the invalid field."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from person_samples import merged, met
from search_samples import Archive, Content, lines, persons
from signed_calls import code, fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Service, Site

SHIP = {"textQuery": "ship"}
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


def naming(field: str, number: int) -> dict[str, Any]:
    """Return a part of a body with one id in a field."""
    body: Any = [number]
    for name in reversed(field.split(".")):
        body = {name: body}
    return body


def refused(archive: Archive, query: Any, **body: Any) -> tuple[tuple[int, str], list[str]]:
    answer = archive.site.api("POST", archive.path, {**archive.request(), "query": query, **body})
    return code(answer), fields(answer)


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
    def test_an_invalid_query_is_refused(self, query: Any, field: str, archive: Archive) -> None:
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
    def test_an_invalid_filter_is_refused(self, where: Any, field: str, archive: Archive) -> None:
        assert refused(archive, SHIP, filter=where) == ((400, "10001"), [field])

    @pytest.mark.parametrize(
        ("option", "field"),
        [
            ({"confidenceLevel": "high"}, "queryOption.confidenceLevel"),
            ({"confidenceLevel": "ALL"}, "queryOption.confidenceLevel"),
            ({"confidenceLevel": 50}, "queryOption.confidenceLevel"),
            ("HIGH", "queryOption"),
        ],
    )
    def test_an_unknown_level_is_refused(self, option: Any, field: str, archive: Archive) -> None:
        assert refused(archive, SHIP, queryOption=option) == ((400, "10001"), [field])

    @pytest.mark.parametrize("left_out", ["query", "filter"])
    def test_a_missing_field_is_named(self, left_out: str, archive: Archive) -> None:
        body = archive.request("ship")
        del body[left_out]

        answer = archive.site.api("POST", archive.path, body)

        assert code(answer) == (400, "10001")
        assert answer.json()["responseError"]["details"] == [{"field": left_out, "reason": "is required"}]

    @pytest.mark.parametrize(
        "content", [b"", b"{", b"[]", b"null", b'{"query": "\\ud800"}', b'{"query": {"textQuery": "\xff"}}'], ids=repr
    )
    def test_a_body_that_is_no_object_is_refused(self, content: bytes, archive: Archive) -> None:
        answer = archive.site.api("POST", archive.path, content=content)

        assert (code(answer), fields(answer)) == ((400, "10001"), ["body"])

    def test_unknown_fields_are_ignored(self, archive: Archive) -> None:
        body = archive.request("ship", color="red", queryOption={"confidenceLevel": "LOW", "sort": "SCORE"})
        body["query"]["vector"] = [1, 2]
        body["filter"]["tags"] = ["a"]

        assert archive.site.api("POST", archive.path, body).status_code == 200

    def test_the_maximum_request_is_accepted(self, archive: Archive) -> None:
        who = [met(archive.site) for _ in range(100)]
        said = [f"line {number}" for number in range(20)]
        film = archive.film(Content(said=said, persons=who), Content(said=said))
        query = {**persons(must=who, any=who), **lines(must=said, any=said)}
        where = {"projectIds": [archive.site.base_project] * 1000, "assetIds": [film.asset_id] * 1000}

        assert archive.found("line " * 200, query=query, filter=where) == [(film.asset_id, 1)]


class TestIds:
    @pytest.mark.parametrize("number", [0, -1, 999_999_999, 2**63 - 1, 2**63, 10**29])
    @pytest.mark.parametrize(("field", "refusal"), PLACES_OF_IDS)
    def test_unknown_ids_are_not_found(self, field: str, refusal: str, number: int, archive: Archive) -> None:
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

    def test_a_merged_person_is_refused_with_the_other(self, archive: Archive) -> None:
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
