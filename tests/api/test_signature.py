"""Authentication: requests that were not signed by a known key, or changed after signing."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenedex.auth.keys import AccessKeys
from scenedex.settings import ServerSettings, Settings

if TYPE_CHECKING:
    from collections.abc import Generator

    import httpx2
    from tests.conftest import Service, Serving, Site

TIMESTAMP, ACCESS_KEY, SIGNATURE = "x-ncp-apigw-timestamp", "x-ncp-iam-access-key", "x-ncp-apigw-signature-v2"
HEADERS = (TIMESTAMP, ACCESS_KEY, SIGNATURE)
LIST = "/api/v1/workspaces?pageNum=1&pageSize=1"
MINUTES_5 = 300_000


def refusal(answer: httpx2.Response) -> tuple[int, str, str, str]:
    error = answer.json()["error"]
    return answer.status_code, error["errorCode"], error["message"], error["details"]


def failed(details: str) -> tuple[int, str, str, str]:
    return 401, "200", "Authentication Failed", details


MISSING = failed("Authentication information are missing.")
INVALID = failed("Invalid authentication information.")


@pytest.mark.parametrize("header", HEADERS)
def test_refuses_a_request_without_one_of_the_headers(header: str, site: Site) -> None:
    assert refusal(site.api("GET", LIST, headers={header: None})) == MISSING


@pytest.mark.parametrize("header", HEADERS)
def test_refuses_an_empty_header(header: str, site: Site) -> None:
    assert refusal(site.api("GET", LIST, headers={header: ""})) == MISSING


@pytest.mark.parametrize(
    ("header", "value"),
    [
        (TIMESTAMP, "yesterday"),
        (TIMESTAMP, "-1"),
        (TIMESTAMP, "1.7e12"),
        (TIMESTAMP, "9" * 5000),
        (ACCESS_KEY, "AK UNKNOWN"),
        (ACCESS_KEY, "k" * 5000),
        (ACCESS_KEY, "ключ"),
        (SIGNATURE, "not base64!"),
        (SIGNATURE, "AAAA"),
        (SIGNATURE, "\u00ff\u00fe"),
    ],
)
def test_refuses_a_garbled_header(header: str, value: str, site: Site) -> None:
    request = site.api.key.headers("GET", LIST.encode())
    raw = [(name.encode(), given.encode()) for name, given in {**request, header: value}.items()]

    answer = site.service.client.get(LIST, headers=raw)

    assert refusal(answer) == INVALID


@pytest.mark.parametrize("offset_ms", [-MINUTES_5 + 1000, MINUTES_5 - 1000], ids=["slow clock", "fast clock"])
def test_accepts_a_clock_that_is_off_by_less_than_five_minutes(offset_ms: int, site: Site) -> None:
    assert site.api("GET", LIST, at_ms=time.time_ns() // 1_000_000 + offset_ms).status_code == 200


@pytest.mark.parametrize("offset_ms", [-MINUTES_5 - 1000, MINUTES_5 + 1000], ids=["slow clock", "fast clock"])
def test_refuses_a_clock_that_is_off_by_more_than_five_minutes(offset_ms: int, site: Site) -> None:
    assert refusal(site.api("GET", LIST, at_ms=time.time_ns() // 1_000_000 + offset_ms)) == INVALID


def test_refuses_a_signature_for_another_method(site: Site) -> None:
    signed = site.api.key.headers("DELETE", site.path.encode())

    assert refusal(site.api("GET", site.path, headers={SIGNATURE: signed[SIGNATURE]})) == INVALID


def test_refuses_a_signature_for_another_path(site: Site) -> None:
    signed = site.api.key.headers("GET", site.path.encode())

    assert refusal(site.service.client.get(site.path + "/projects", headers=signed)) == INVALID


def test_refuses_a_signature_for_another_query(site: Site) -> None:
    signed = site.api.key.headers("GET", LIST.encode())

    assert refusal(site.service.client.get("/api/v1/workspaces?pageNum=1&pageSize=2", headers=signed)) == INVALID


def test_refuses_a_signature_of_the_decoded_path(site: Site) -> None:
    encoded = site.path.replace("site", "%73ite")
    signed = site.api.key.headers("GET", site.path.encode())

    assert refusal(site.api("GET", encoded, headers=signed)) == INVALID


def test_accepts_a_needlessly_encoded_path_signed_as_sent(site: Site) -> None:
    encoded = site.path.replace("site", "%73ite")

    assert site.api("GET", encoded).json()["result"]["workspaceName"] == site.name


@pytest.mark.parametrize("query", ["", "?", "?pageNum=1&pageNum=1&x=%20+%2B&y", "?q=%ED%95%9C%EA%B8%80&%3d=1"])
def test_signs_the_query_as_sent(query: str, site: Site) -> None:
    answer = site.api("GET", f"{site.path}/projects{query}")

    # Servers cannot distinguish an empty query after a lone question mark from no query, so it is signed without one.
    assert answer.status_code == (401 if query == "?" else 200), answer.text


@settings(max_examples=40, deadline=None)
@given(name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_an_unknown_workspace_of_any_name_is_not_found(name: str, service: Service) -> None:
    answer = service.api()("GET", f"/api/v1/workspaces/{quote(name, safe='')}")

    # Dots are relative segments. All other names are unknown, those with an encoded slash too.
    assert answer.status_code == 404, answer.text


def test_refuses_a_revoked_key_at_once(site: Site) -> None:
    keys = AccessKeys(site.service.platform.database, site.service.platform.box)
    assert site.api("GET", LIST).status_code == 200

    site.service.transact(lambda tx: keys.revoke(tx, site.api.key.access_key))

    assert refusal(site.api("GET", LIST)) == INVALID


@pytest.mark.parametrize(
    ("method", "target", "status"),
    [
        ("GET", LIST, 200),
        ("GET", "/api/v1/workspaces", 400),
        ("GET", "/api/v1/nothing", 404),
        ("PUT", "/api/v1/workspaces", 404),
        ("GET", "/api/v1/workspaces/none-such", 404),
    ],
)
def test_every_answer_carries_a_trace_id(method: str, target: str, status: int, site: Site) -> None:
    answer = site.api(method, target)

    assert (answer.status_code, len(answer.headers["x-ncp-trace-id"])) == (status, 32)


def test_an_unsigned_answer_carries_a_trace_id(site: Site) -> None:
    answer = site.service.client.get(LIST)

    assert (answer.status_code, len(answer.headers["x-ncp-trace-id"])) == (401, 32)


def test_the_request_id_is_the_trace_id(site: Site) -> None:
    for answer in (site.api("GET", LIST), site.service.client.get(LIST), site.api("GET", "/api/v1/nothing")):
        assert answer.headers["x-ncp-request-id"] == answer.headers["x-ncp-trace-id"]


def test_trace_ids_differ(site: Site) -> None:
    assert len({site.api("GET", LIST).headers["x-ncp-trace-id"] for _ in range(3)}) == 3


@pytest.mark.parametrize("target", ["/api", "/api/v1", "/api/v2/workspaces", "/api/v1/workspaces/a/b", "/x%00y"])
def test_answers_an_unknown_route_with_an_error_of_the_gateway(target: str, site: Site) -> None:
    assert refusal(site.api("GET", target))[:3] == (404, "300", "Not Found Exception")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST", "TRACE"])
def test_answers_an_unknown_method_like_an_unknown_route_and_names_the_known_ones(method: str, site: Site) -> None:
    answer = site.api(method, f"{site.path}/projects/{site.base_project}/assets/1/import-status")

    assert refusal(answer)[:3] == (404, "300", "Not Found Exception")
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"


def test_an_unknown_route_allows_no_method(site: Site) -> None:
    assert "allow" not in site.api("GET", "/api/v1/nothing").headers


@pytest.mark.parametrize("is_signed", [True, False], ids=["signed", "unsigned"])
@pytest.mark.parametrize(
    ("below", "allowed"),
    [
        ("", "DELETE, GET, HEAD, OPTIONS"),
        ("/projects", "GET, HEAD, OPTIONS, POST"),
        ("/assets/search", "OPTIONS, POST"),
        ("/projects/1/assets/1", "DELETE, GET, HEAD, OPTIONS, PATCH"),
    ],
)
def test_names_the_methods_of_a_path(below: str, allowed: str, is_signed: bool, site: Site) -> None:
    target = site.path + below

    answer = site.api("OPTIONS", target) if is_signed else site.service.client.options(target)

    assert (answer.status_code, answer.headers["allow"], answer.content) == (204, allowed, b"")


@pytest.fixture(scope="module")
def below(serving: Serving) -> Generator[Service]:
    """Service whose public address has a path, which a proxy removes."""
    with serving(Settings(server=ServerSettings(public_url="https://media.example/video/archive/"))) as service:
        yield service


class TestBelowAPath:
    @pytest.mark.parametrize(
        ("prefix", "status"),
        [
            ("", 200),
            ("/video/archive", 200),
            ("/video", 401),
            ("/video/archive/", 401),
            ("/video/archive/video/archive", 401),
            ("/Video/archive", 401),
            ("https://media.example/video/archive", 401),
        ],
    )
    def test_takes_the_path_that_the_client_calls(self, prefix: str, status: int, below: Service) -> None:
        api = below.api()

        answer = api.client.get(below.url + LIST, headers=api.key.headers("GET", (prefix + LIST).encode()))

        assert answer.status_code == status

    def test_takes_no_other_path_without_a_public_address(self, service: Service) -> None:
        api = service.api()

        answer = api.client.get(service.url + LIST, headers=api.key.headers("GET", b"/video/archive" + LIST.encode()))

        assert refusal(answer) == INVALID

    def test_takes_a_call_that_works_once_by_either_path_once(self, below: Service) -> None:
        api = below.api()
        headers = api.key.headers("POST", b"/video/archive/console/session")

        answers = [api.client.post(f"{below.url}/console/session", headers=headers) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [200, 401]
