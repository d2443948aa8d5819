"""Calls that are sent again, to two real API processes on one database."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import httpx2
import psycopg
import pytest

from api_process import ApiProcess, api_process
from scenedex.auth.replays import delete_expired_calls
from scenedex.settings import AuthSettings, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from tests.conftest import Cluster, Service, Serving, Site

    from scenedex.client.signing import Credentials

WORKSPACES = "/api/v1/workspaces"


@pytest.fixture(scope="module")
def database(cluster: Cluster) -> str:
    return cluster.create_database()


@pytest.fixture(scope="module")
def processes(
    database: str, tmp_path_factory: pytest.TempPathFactory
) -> Generator[tuple[ApiProcess, ApiProcess, Credentials]]:
    """Two processes with one secrets key, and an access key."""
    folder = tmp_path_factory.mktemp("replays")
    settings = {
        "SCENEDEX_AUTH_REFUSE_REPLAYS": "true",
        "SCENEDEX_SECRETS_KEY": "c2NlbmVkZXgtdGVzdC1rZXktb2YtMzItYnl0ZXMtISE=",
    }
    with api_process(folder, database, settings) as first, api_process(folder, database, settings) as second:
        yield first, second, first.key()


def sign(key: Credentials, method: str = "POST", target: str = WORKSPACES) -> dict[str, str]:
    headers = key.headers(method, target, time.time_ns() // 1_000_000)
    return {**headers, "content-type": "application/json"}


def create(process: ApiProcess, headers: dict[str, str], name: str) -> httpx2.Response:
    return httpx2.post(process.url + WORKSPACES, headers=headers, json={"workspaceName": name}, timeout=60)


def test_a_call_is_not_taken_again_by_any_process(processes: tuple[ApiProcess, ApiProcess, Credentials]) -> None:
    first, second, key = processes
    headers = sign(key)

    answers = [create(process, headers, "once") for process in (first, second, first)]

    assert [answer.status_code for answer in answers] == [200, 401, 401]
    assert answers[1].json()["error"]["errorCode"] == "200"
    assert "received before" in answers[1].json()["error"]["details"]


def test_of_equal_calls_at_once_one_is_taken(processes: tuple[ApiProcess, ApiProcess, Credentials]) -> None:
    headers = sign(processes[2])

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(create, processes[:2] * 8, [headers] * 16, ["at-once"] * 16))

    assert sorted(answer.status_code for answer in answers) == [200] + [401] * 15


def test_another_body_or_signature_is_another_call(processes: tuple[ApiProcess, ApiProcess, Credentials]) -> None:
    first, second, key = processes
    headers = sign(key)

    answers = [create(first, headers, "body-1"), create(second, headers, "body-2")]
    time.sleep(0.002)
    again = create(second, sign(key), "body-1")

    assert [answer.status_code for answer in answers] == [200, 200]
    assert again.json()["code"].startswith("409")


def test_reading_may_be_repeated(processes: tuple[ApiProcess, ApiProcess, Credentials]) -> None:
    first, second, key = processes
    target = f"{WORKSPACES}?pageNum=1"
    headers = sign(key, "GET", target)

    assert [httpx2.get(one.url + target, headers=headers).status_code for one in (first, second, first)] == [200] * 3


def test_a_call_without_a_body_is_not_taken_again(processes: tuple[ApiProcess, ApiProcess, Credentials]) -> None:
    first, second, key = processes
    create(first, sign(key), "deleted")
    target = f"{WORKSPACES}/deleted"
    headers = sign(key, "DELETE", target)

    answers = [httpx2.delete(one.url + target, headers=headers) for one in (first, second)]

    assert [answer.status_code for answer in answers] == [200, 401]


def test_expired_calls_are_deleted(
    processes: tuple[ApiProcess, ApiProcess, Credentials], database: str, serving: Serving
) -> None:
    create(processes[0], sign(processes[2]), "kept")
    with serving() as service:
        service.rows(
            "INSERT INTO signed_calls VALUES ('a', now() - interval '1 second'), ('b', now() + interval '1 h')"
        )
        service.transact(delete_expired_calls)
        left = service.rows("SELECT digest FROM signed_calls")
    with psycopg.connect(database) as connection:
        seconds = connection.execute(
            "SELECT max(extract(epoch FROM expires_time - now())) FROM signed_calls"
        ).fetchone()

    assert left == [(b"b",)]
    assert seconds is not None
    assert 590 < seconds[0] < 601


def test_calls_may_be_repeated_by_default(service: Service) -> None:
    api = service.api()
    headers = api.key.headers("POST", WORKSPACES.encode())

    answers = [
        service.client.post(WORKSPACES, headers=headers, json={"workspaceName": "again"}).json()["code"]
        for _ in range(2)
    ]

    assert (answers[0], answers[1][:3]) == ("0", "409")


def test_a_body_is_read_by_check_and_route(serving: Serving, new_site: Callable[[Service], Site]) -> None:
    with serving(Settings(auth=AuthSettings(refuse_replays=True))) as service:
        site = new_site(service)
        made = site.api("POST", f"{site.path}/projects", content=b'{"name": "in parts"}')
        large = site.api("POST", f"{site.path}/projects", content=b"[" * 70_000)

    assert made.json()["result"]["name"] == "in parts"
    assert large.status_code == 413
