"""Endpoints without a signature, and answers while the database does not respond."""

from __future__ import annotations

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from scenedex.jobs import JobKind
from scenedex.jobs.queue import Work

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Service, Serving, Site


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/healthz", "text/plain"),
        ("/readyz", "text/plain"),
        ("/metrics", "text/plain"),
        ("/schema", "application/vnd.oai.openapi+json"),
        ("/docs", "text/html"),
    ],
)
def test_is_open_without_a_signature(path: str, kind: str, service: Service) -> None:
    answer = service.client.get(path)

    assert (answer.status_code, answer.headers["content-type"].split(";")[0]) == (200, kind)


def test_counts_answers_by_method_and_status(service: Service) -> None:
    service.client.get("/api/v1/workspaces")

    assert 'scenedex_http_requests_total{method="GET",status="401"}' in service.client.get("/metrics").text


def test_counts_jobs_by_kind_and_state(site: Site) -> None:
    site.base.register()

    assert 'scenedex_jobs{kind="import",status="todo"}' in site.service.client.get("/metrics").text


def test_a_method_that_nobody_knows_makes_no_label_of_its_own(service: Service) -> None:
    service.client.request("PROPFIND", "/healthz")

    assert "PROPFIND" not in service.client.get("/metrics").text


@pytest.fixture
def lost(serving: Serving, new_site: Callable[[Service], Site]) -> Iterator[Site]:
    """Workspace whose service has lost its database."""
    with serving() as service:
        site = new_site(service)
        with psycopg.connect(service.platform.database.conninfo, dbname="postgres", autocommit=True) as connection:
            name = service.rows("SELECT current_database()")[0][0]
            connection.execute(SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(Identifier(name)))
            connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
            yield site
            connection.execute(SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(Identifier(name)))


def test_without_the_database_calls_and_readiness_say_so_and_the_process_lives(lost: Site) -> None:
    client = lost.service.client

    # Each waits for a connection for a while, so they run concurrently.
    with ThreadPoolExecutor() as pool:
        asked, looked = pool.submit(lost.api, "GET", lost.path), pool.submit(client.get, "/readyz")
        call, ready = asked.result(), looked.result()

    assert (call.status_code, call.json()["error"]["errorCode"], call.headers["retry-after"]) == (503, "500", "2")
    assert ready.status_code == 503
    assert client.get("/healthz").status_code == 200


def test_without_the_storage_uploads_say_so(serving: Serving, new_site: Callable[[Service], Site]) -> None:
    with serving() as service:
        site = new_site(service)
        opened = site.api("POST", f"{site.base.path}/assets/uploads/presigned-url", {"assetFileName": "a.mp4"})
        managed = service.platform.settings.data_dir / "managed"
        if managed.exists():
            shutil.rmtree(managed)
        managed.write_bytes(b"no folder")

        answer = service.client.put(opened.json()["result"]["presignedUploadUrl"], content=b"film")

    assert (answer.status_code, answer.json()["error"]["errorCode"]) == (503, "500")


def test_a_job_exists_only_with_the_transaction_that_defers_it(service: Service) -> None:
    queue = service.platform.queue
    before = service.rows("SELECT count(*) FROM procrastinate_jobs")

    async def defer_and_fail() -> None:
        async with service.platform.database.transaction() as tx:
            await queue.defer(tx, JobKind.IMPORT, Work(1))
            await asyncio.sleep(0)
            raise LookupError

    with pytest.raises(LookupError):
        service.run(defer_and_fail)
    assert service.rows("SELECT count(*) FROM procrastinate_jobs") == before
