"""Requests that every call refuses: invalid bodies, invalid ids, and requests that are too large."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx2
    from tests.conftest import Site

MEGABYTES_10 = 10 * 1000**2


def refusal(answer: httpx2.Response) -> tuple[int, str, list[str]]:
    """Return status, code and the invalid fields."""
    body = answer.json()
    assert body["responseError"]["code"] == body["code"], answer.text
    return answer.status_code, body["code"], [entry["field"] for entry in body["responseError"]["details"]]


def invalid(*fields: str) -> tuple[int, str, list[str]]:
    return 400, "10001", list(fields)


def post_project(site: Site, content: bytes, **headers: str | None) -> httpx2.Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return site.api("POST", f"{site.path}/projects", content=content, headers=names)


@pytest.mark.parametrize(
    ("content", "field"),
    [
        pytest.param(b"", "body", id="empty"),
        pytest.param(b"{", "body", id="cut off"),
        pytest.param(b'{"name": "a"} x', "body", id="more behind it"),
        pytest.param(b'{"name": "\xff"}', "body", id="no UTF-8"),
        pytest.param(b"\xef\xbb\xbf{}", "body", id="byte order mark"),
        pytest.param(b"[]", "body", id="list"),
        pytest.param(b"null", "body", id="null"),
        pytest.param(b'"name"', "body", id="string"),
        pytest.param(b"{}", "name", id="missing field"),
        pytest.param(b'{"name": null}', "name", id="null for a required field"),
        pytest.param(b'{"name": 1}', "name", id="integer for a string"),
        pytest.param(b'{"name": ["a"]}', "name", id="list for a string"),
        pytest.param(b'{"name": {"a": 1}}', "name", id="object for a string"),
        pytest.param(b'{"Name": "a"}', "name", id="wrong case"),
        pytest.param(b'{"name": "\\ud800"}', "body", id="lone surrogate"),
        pytest.param(b'{"name": "a\\u0000b"}', "name", id="NUL"),
        pytest.param(b"[" * 60_000, "body", id="deep list"),
        pytest.param(b'{"x":' * 10_000 + b"1" + b"}" * 10_000, "body", id="deep object in an unknown field"),
        pytest.param(b'{"name": ' + b"9" * 5000 + b"}", "name", id="huge integer"),
        pytest.param(b'{"name": 1e999}', "name", id="huge float"),
        pytest.param(b'{"name": NaN}', "body", id="NaN"),
    ],
)
def test_refuses_a_body_of_another_shape(content: bytes, field: str, site: Site) -> None:
    assert refusal(post_project(site, content)) == invalid(field)


def test_ignores_unknown_fields(site: Site) -> None:
    answer = post_project(site, b'{"name": "a", "color": "red", "projectId": 1, "x": ' + b"9" * 400 + b"}")

    assert (answer.status_code, answer.json()["result"]["name"]) == (200, "a")


def test_takes_the_last_of_two_fields_of_one_name(site: Site) -> None:
    assert post_project(site, b'{"name": "a", "name": "b"}').json()["result"]["name"] == "b"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", None])
def test_refuses_another_content_type(kind: str | None, site: Site) -> None:
    assert refusal(post_project(site, b'{"name": "a"}', content_type=kind)) == invalid("Content-Type")


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON", "application/json;charset=x"])
def test_accepts_a_content_type_with_parameters(kind: str, site: Site) -> None:
    assert post_project(site, b'{"name": "a"}', content_type=kind).status_code == 200


def test_needs_no_content_type_without_a_body(site: Site) -> None:
    assert site.api("GET", site.path, headers={"content-type": None}).status_code == 200


def test_refuses_a_body_over_ten_megabytes(site: Site) -> None:
    answer = post_project(site, b'{"name": "' + b"a" * MEGABYTES_10 + b'"}')

    error = answer.json()["error"]
    assert (answer.status_code, error["errorCode"], error["message"]) == (413, "430", "Request Entity Too Large")


def test_refuses_a_chunked_body_over_ten_megabytes(site: Site) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'{"name": "'
        for _ in range(11):
            yield b"a" * (1024 * 1024)
        yield b'"}'

    target = f"{site.path}/projects"
    headers = site.api.key.headers("POST", target.encode())

    answer = site.service.client.post(target, headers=headers, content=chunks())

    assert (answer.status_code, answer.json()["error"]["errorCode"]) == (413, "430")
    assert "x-ncp-trace-id" in answer.headers


def test_accepts_a_chunked_body(site: Site) -> None:
    target = f"{site.path}/projects"
    headers = site.api.key.headers("POST", target.encode())

    answer = site.service.client.post(target, headers=headers, content=iter([b'{"name"', b': "a"}']))

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "given",
    ["abc", "1.5", "0x10", "%20", "1%20", "1e3", "٣", "+1", "true", "9" * 40, "1_000", "01", "1e1", "-01", "-0"],
)
def test_refuses_a_path_id_that_is_not_an_integer(given: str, site: Site) -> None:
    target = f"{site.path}/projects/".encode() + given.encode().replace("٣".encode(), b"%D9%A3")

    assert refusal(site.api("GET", target)) == invalid("project_id")


@pytest.mark.parametrize("given", ["0", "-1", "9223372036854775808"])
def test_answers_an_integer_out_of_range_like_an_unknown_id(given: str, site: Site) -> None:
    assert site.api("GET", f"{site.path}/projects/{given}").json()["code"] == "40402"


@pytest.mark.parametrize(
    ("below", "field"),
    [("/assets/x", "asset_id"), ("/video-assets/x", "video_asset_id"), ("/assets/x/index", "asset_id")],
)
def test_names_the_path_id_that_is_not_an_integer(below: str, field: str, site: Site) -> None:
    assert refusal(site.api("GET", site.base.path + below)) == invalid(field)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "pageNum"),
        ("?pageSize=10", "pageNum"),
        ("?pageNum=", "pageNum"),
        ("?pageNum=0", "pageNum"),
        ("?pageNum=-1", "pageNum"),
        ("?pageNum=1.5", "pageNum"),
        ("?pageNum=one", "pageNum"),
        ("?pageNum=true", "pageNum"),
        ("?pageNum=" + "9" * 25, "pageNum"),
        ("?pageNum=" + "9" * 5000, "pageNum"),
        ("?pageNum=1&pageSize=0", "pageSize"),
        ("?pageNum=1&pageSize=1001", "pageSize"),
        ("?pageNum=1&pageSize=", "pageSize"),
        ("?pageNum=1&pageSize=x", "pageSize"),
        ("?pageNum=01", "pageNum"),
        ("?pageNum=1e1", "pageNum"),
        ("?pageNum=%2B1", "pageNum"),
        ("?pageNum=+1", "pageNum"),
        ("?pageNum=1.0", "pageNum"),
        ("?pageNum=1&pageSize=010", "pageSize"),
        ("?pageNum=1&pageSize=1e2", "pageSize"),
        ("?pageNum=1&other=%ff", "other"),
        ("?pageNum=1&other=%ED%A0%80", "other"),
        ("?pageNum=1&%ff=1", "query"),
        ("?pageNum=%00", "pageNum"),
        ("?pageNum=%ff", "pageNum"),
        ("?pagenum=1", "pageNum"),
        ("?page_num=1", "pageNum"),
        ("?pageNum=1&pageNum=x", "pageNum"),
    ],
)
@pytest.mark.parametrize("kind", ["workspaces", "assets", "video-assets"])
def test_refuses_an_invalid_page(kind: str, query: str, field: str, site: Site) -> None:
    path = "/api/v1/workspaces" if kind == "workspaces" else f"{site.base.path}/{kind}"

    assert refusal(site.api("GET", path + query)) == invalid(field)


def test_takes_the_last_of_two_parameters_of_one_name(site: Site) -> None:
    answer = site.api("GET", f"{site.base.path}/assets?pageNum=x&pageNum=2&pageNum=3")

    assert answer.json()["result"]["pageNo"] == 3


@pytest.mark.parametrize(
    "body",
    [
        {"analysisPersonCount": True},
        {"analysisPersonCount": 1.5},
        {"analysisPersonCount": 3.0},
        {"analysisPersonCount": "1"},
        {"analysisPersonCount": None},
        {},
        {"analysisPersonCount": -1},
        {"analysisPersonCount": 11},
        {"analysisPersonCount": 10**30},
    ],
    ids=str,
)
def test_refuses_an_invalid_number_of_persons(body: dict[str, Any], site: Site) -> None:
    assert refusal(site.base.imported().call("POST", "/index", body)) == invalid("analysisPersonCount")


def test_names_the_field_in_the_reason_of_a_refusal(site: Site) -> None:
    problem = post_project(site, b"{}").json()

    assert problem["message"] == "Invalid Request."
    assert problem["responseError"]["details"] == [{"field": "name", "reason": "is required"}]


def test_an_encoded_slash_does_not_split_a_path(site: Site) -> None:
    answers = [
        site.api("GET", f"/api/v1/workspaces/{site.name}%2Fprojects"),
        site.api("GET", f"/api/v1/workspaces%2f{site.name}"),
        site.api("GET", f"{site.base.path}%2Fassets?pageNum=1"),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 400]
    assert refusal(answers[0])[1] == "40401"
    assert answers[1].json()["error"]["errorCode"] == "300"
    assert refusal(answers[2]) == invalid("project_id")


@pytest.mark.parametrize("name", ["%00", "a%00b", "%ff%fe", "..%2f", "%2e%2e", "a" * 5000, "%F0%9F%98%80", "%ED%A0%80"])
def test_answers_an_odd_workspace_name_like_an_unknown_one(name: str, site: Site) -> None:
    answer = site.api("GET", f"/api/v1/workspaces/{name}")

    assert (answer.status_code, json.loads(answer.content).get("code")) == (404, "40401")
