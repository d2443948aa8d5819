"""Links that sign in to the console once, on the server's own machine."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from console_user import OF_PAGE, SESSION, Browser, cookie_attributes, token_of
from scenedex.auth.keys import AccessKeys, Role
from scenedex.auth.sign_in_links import create_link, delete_expired_links
from scenedex.settings import RateSettings, Settings

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    import httpx2
    from tests.conftest import Service, Serving

LINK = f"{SESSION}/link"
LOCAL_ONLY = "Links to sign in work on the server's own machine only. Use an access key."
SPENT = "The link is used, expired or unknown. Get another: scenedex console link"


@pytest.fixture(scope="module")
def own(serving: Serving) -> Generator[Service]:
    """Service that takes many links a minute."""
    with serving(Settings(rates=RateSettings(sign_in_per_minute=10_000))) as service:
        yield service


def link(service: Service, user: str = "root") -> str:
    return service.transact(lambda tx: create_link(tx, user))


def open_link(service: Service, token: object, headers: Mapping[str, str | None] | None = None) -> httpx2.Response:
    sent = {**OF_PAGE, **(headers or {})}
    plain = {name: value for name, value in sent.items() if value is not None}
    return service.client.post(LINK, json={"token": token}, headers=plain)


def refusal(answer: httpx2.Response) -> tuple[int, str, str]:
    error = answer.json()["error"]
    assert "set-cookie" not in answer.headers
    return answer.status_code, error["errorCode"], error["details"]


def revoke(service: Service, access_key: str) -> None:
    keys = AccessKeys(service.platform.database, service.platform.box)
    service.transact(lambda tx: keys.revoke(tx, access_key))


def test_makes_the_first_key_of_its_user(own: Service) -> None:
    answer = open_link(own, link(own, "first"))

    session = answer.json()["session"]
    assert (session["userName"], session["role"], session["workspaces"]) == ("first", "manager", None)
    assert cookie_attributes(answer)["samesite"] == "strict"
    made = Browser(own, token_of(answer))("POST", "/api/v1/workspaces", {"workspaceName": "first-of-all"})
    assert made.status_code == 200
    events = own.rows(
        "SELECT event, access_key, resource, created_id, source_address, length(trace_id) FROM audit_events "
        "WHERE user_name = 'first' ORDER BY event_id LIMIT 2"
    )
    assert events == [
        ("Create Access Key", None, None, session["accessKey"], "127.0.0.1", 32),
        ("Create Console Session", session["accessKey"], LINK, str(session["id"]), "127.0.0.1", 32),
    ]


def test_takes_the_oldest_key_of_its_user_that_may_do_everything(own: Service) -> None:
    own.api(Role.VIEWER, user="keyed")
    own.api(Role.MANAGER, "some-workspace", user="keyed")
    own.api(Role.MANAGER, user="other")
    revoked, oldest, _ = (own.api(Role.MANAGER, user="keyed") for _ in range(3))
    revoke(own, revoked.key.access_key)

    session = open_link(own, link(own, "keyed")).json()["session"]

    assert (session["userName"], session["accessKey"]) == ("keyed", oldest.key.access_key)


def test_works_once(own: Service) -> None:
    token = link(own)

    answers = [open_link(own, token) for _ in range(2)]

    assert answers[0].status_code == 200
    assert refusal(answers[1]) == (401, "200", SPENT)


def test_works_once_at_once(own: Service) -> None:
    token = link(own)

    with ThreadPoolExecutor(8) as pool:
        answers = [answer.status_code for answer in pool.map(open_link, [own] * 8, [token] * 8)]

    assert sorted(answers) == [200] + [401] * 7


def test_works_for_ten_minutes(own: Service) -> None:
    token = link(own, "late")
    [(seconds,)] = own.rows(
        "SELECT extract(epoch FROM expires_time - now()) FROM sign_in_links WHERE user_name = 'late'"
    )
    own.rows("UPDATE sign_in_links SET expires_time = now() WHERE user_name = 'late'")

    assert 590 < seconds <= 600
    assert refusal(open_link(own, token)) == (401, "200", SPENT)


def test_is_swept_when_it_has_expired(serving: Serving) -> None:
    with serving() as service:
        link(service, "kept")
        link(service, "expired")
        service.rows("UPDATE sign_in_links SET expires_time = now() - interval '1 s' WHERE user_name = 'expired'")
        service.transact(delete_expired_links)

        assert service.rows("SELECT user_name FROM sign_in_links") == [("kept",)]


def test_is_stored_as_a_hash(own: Service) -> None:
    token = link(own, "hashed")

    assert token not in str(own.rows("SELECT l::text FROM sign_in_links l"))


@pytest.mark.parametrize("token", ["x", "A" * 43, "é\x00'"])
def test_of_an_unknown_token_is_refused(token: str, own: Service) -> None:
    assert refusal(open_link(own, token)) == (401, "200", SPENT)


@pytest.mark.parametrize("token", ["", "A" * 101, 1, None])
def test_of_a_malformed_token_is_refused(token: object, own: Service) -> None:
    assert open_link(own, token).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"x-forwarded-for": "203.0.113.7"},
        {"x-forwarded-for": "127.0.0.1"},
        {"x-forwarded-for": "127.0.0.1", "host": "localhost"},
        {"forwarded": "for=127.0.0.1"},
        {"x-forwarded-host": "localhost"},
        {"x-forwarded-proto": "http"},
        {"x-real-ip": "127.0.0.1"},
        {"via": "1.1 proxy"},
        {"host": "media.example"},
        {"host": "127.0.0.1.evil.example"},
        {"host": "192.168.0.1:8600"},
    ],
    ids=str,
)
def test_works_on_this_machine_alone(headers: dict[str, str], own: Service) -> None:
    token = link(own)

    assert refusal(open_link(own, token, headers)) == (401, "210", LOCAL_ONLY)
    assert open_link(own, token).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": None, "origin": "https://evil.example"},
        {"sec-fetch-site": None, "origin": "null"},
        {"sec-fetch-site": None},
        {"x-scenedex-console": None},
    ],
    ids=str,
)
def test_is_opened_by_the_page_of_this_server_alone(headers: dict[str, str | None], own: Service) -> None:
    token = link(own)

    assert refusal(open_link(own, token, headers))[:2] == (401, "210")
    assert open_link(own, token).status_code == 200


def test_has_a_rate_for_each_address(serving: Serving) -> None:
    with serving(Settings(rates=RateSettings(sign_in_per_minute=3))) as service:
        answers = [open_link(service, "guessed") for _ in range(4)]
        passed_on = open_link(service, "guessed", {"x-forwarded-for": "203.0.113.7"})

    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert passed_on.status_code == 401
