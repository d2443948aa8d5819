"""Proxies from the request to the file, and what may come in between."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from numbered_films import FilmForm, numbers_of, times_of, write_film
from scenedex.assets.erasure import ErasureHandler
from scenedex.auth.keys import Role
from scenedex.engines.registry import EngineRegistry
from scenedex.jobs import JobKind
from scenedex.jobs.attempts import Attempts
from scenedex.jobs.errors import NotReady
from scenedex.jobs.readiness import AlwaysReady
from scenedex.playback import queries
from scenedex.playback.proxy_job import ProxyHandler
from scenedex.playback.requests import cancel_proxy, request_after_import, requeue_lost_proxies, retry_proxy
from scenedex.storage.errors import ObjectNotFound
from scenedex.worker import options
from scenedex.worker.handlers import KINDS, WorkerParts

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Item, Service, Site

    from scenedex.playback.requests import ProxyPolicy

UNPLAYABLE = FilmForm(codec="mpeg4", sound="aac")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    write_film(path, UNPLAYABLE, times_of(25))
    return path.read_bytes()


def imported(site: Site, content: bytes, name: str = "film.mp4") -> Item:
    """An asset of these bytes, imported as a worker does."""
    item, service = site.base.register(name), site.service
    place = site.api("POST", f"{site.base.path}/assets/uploads/presigned-url", {"assetFileName": name}).json()["result"]
    assert service.client.put(place["presignedUploadUrl"], content=content).status_code == 200
    done = site.api("POST", f"{site.base.path}/assets/uploads/complete", {"assetKey": place["assetFileKey"]})
    asset_id = done.json()["result"]["assetId"]
    registry = EngineRegistry.installed()
    search = options.scene_search_options(service.platform.settings, registry)
    parts = WorkerParts(service.platform, AlwaysReady(), registry, search)
    handler = KINDS[JobKind.IMPORT].make_handler(parts)
    service.run(lambda: handler.run(asset_id))
    return type(item)(item.folder, asset_id)


def proxies(service: Service) -> Attempts[Any]:
    platform = service.platform
    handler = ProxyHandler(
        platform.database, platform.managed, options.proxy_limits(platform.settings, platform.metrics)
    )
    return Attempts(handler, platform.database, readiness=AlwaysReady(), max_attempts=3)


def run(item: Item) -> None:
    item.service.run(lambda: proxies(item.service).run(item.asset_id))


def playback(item: Item) -> dict[str, Any]:
    return item.call("GET", "/playback").json()["result"]["playback"]


def row(item: Item) -> tuple[Any, ...]:
    statement = "SELECT status, reason, percent, tries, object_key FROM proxies WHERE asset_id = %s"
    return item.service.rows(statement, item.asset_id)[0]


def test_a_requested_proxy_is_made_and_plays(site: Site, film: bytes, tmp_path: Path) -> None:
    item = imported(site, film)
    assert playback(item)["status"] == "NEEDED"

    asked = item.call("POST", "/playback").json()["result"]["playback"]
    again = item.call("POST", "/playback").json()["result"]["playback"]
    run(item)

    assert asked == again
    assert (asked["source"], asked["status"], asked["proxy"]["progressPercent"]) == ("NONE", "WAITING", 0)
    found = playback(item)
    assert (found["source"], found["status"], found["contentType"]) == ("PROXY", "READY", "video/webm")
    assert found["mediaUrl"].endswith("/media?of=proxy")
    assert (found["proxy"]["width"], found["proxy"]["height"]) == (640, 360)
    content = site.api("GET", found["mediaUrl"])
    assert content.headers["content-type"] == "video/webm"
    assert len(content.content) == found["proxy"]["sizeBytes"]
    (tmp_path / "proxy.webm").write_bytes(content.content)
    assert [number for _, number in numbers_of(tmp_path / "proxy.webm")] == list(range(25))
    notes = "SELECT count(*) FROM erasures WHERE prefix LIKE %s"
    assert item.service.rows(notes, f"assets/{item.asset_id}/%") == [(0,)]
    [requests] = item.service.rows(
        "SELECT count(*) FROM audit_events WHERE event = 'Request Playback Proxy' AND resource = %s",
        f"{item.path}/playback",
    )
    assert requests == (1,)


def test_a_proxy_is_erased_with_its_asset(site: Site, film: bytes) -> None:
    item, service = imported(site, film), site.service
    item.call("POST", "/playback")
    run(item)
    key = row(item)[4]
    assert service.run(lambda: service.platform.managed.head(key)).size_bytes > 0

    assert item.call("DELETE").status_code == 200
    service.run(lambda: ErasureHandler(service.platform.database, service.platform.managed).run(0))

    with pytest.raises(ObjectNotFound):
        service.run(lambda: service.platform.managed.head(key))


class TestDeletion:
    def test_erases_the_file_and_keeps_the_original(self, site: Site, film: bytes) -> None:
        item, service = imported(site, film), site.service
        item.call("POST", "/playback")
        run(item)
        key, original = row(item)[4], managed_key(item)

        answer = item.call("DELETE", "/playback")
        service.run(lambda: ErasureHandler(service.platform.database, service.platform.managed).run(0))

        found = answer.json()["result"]["playback"]
        assert (answer.status_code, found["source"], found["status"]) == (200, "NONE", "NEEDED")
        assert "proxy" not in playback(item)
        with pytest.raises(ObjectNotFound):
            service.run(lambda: service.platform.managed.head(key))
        assert service.run(lambda: service.platform.managed.head(original)).size_bytes == len(film)

    def test_is_recorded_once(self, site: Site, film: bytes) -> None:
        item = imported(site, film)
        item.call("POST", "/playback")

        answers = [item.call("DELETE", "/playback") for _ in range(2)]

        assert [answer.status_code for answer in answers] == [200, 404]
        assert answers[1].json()["code"] == "40422"
        events = site.service.rows(
            "SELECT event, user_name FROM audit_events WHERE resource = %s AND event LIKE 'Delete%%'",
            f"{item.path}/playback",
        )
        assert events == [("Delete Playback Proxy", "alice")]

    def test_is_for_managers(self, site: Site, film: bytes) -> None:
        item = imported(site, film)
        item.call("POST", "/playback")

        refused = site.service.api(Role.VIEWER)("DELETE", f"{item.path}/playback")

        assert refused.json()["error"]["errorCode"] == "210"
        assert playback(item)["proxy"]["status"] == "WAITING"

    def test_removes_the_job_of_a_proxy_that_waits(self, site: Site, film: bytes) -> None:
        item, service = imported(site, film), site.service
        item.call("POST", "/playback")
        [(job,)] = service.rows("SELECT job_id FROM proxies WHERE asset_id = %s", item.asset_id)

        item.call("DELETE", "/playback")
        run(item)

        assert service.rows("SELECT FROM live_jobs WHERE id = %s", job) == []
        assert "proxy" not in playback(item)

    def test_ends_an_attempt_that_runs_and_keeps_what_is_made_after(self, site: Site, film: bytes) -> None:
        item, service = imported(site, film), site.service
        item.call("POST", "/playback")
        platform = service.platform
        limits = options.proxy_limits(platform.settings, platform.metrics)
        handler = ProxyHandler(platform.database, platform.managed, limits)
        first = service.transact(lambda tx: queries.claim(tx, item.asset_id))
        assert first is not None
        item.call("DELETE", "/playback")
        item.call("POST", "/playback")
        run(item)
        key = row(item)[4]

        async def late() -> None:
            attempts = Attempts(_Claimed(handler, first), platform.database, readiness=AlwaysReady(), max_attempts=3)
            await attempts.run(item.asset_id)

        service.run(late)
        service.run(lambda: ErasureHandler(platform.database, platform.managed).run(0))

        assert row(item)[4] == key
        assert service.run(lambda: platform.managed.head(key)).size_bytes > 0


def managed_key(item: Item) -> str:
    return item.service.rows("SELECT managed_key FROM assets WHERE asset_id = %s", item.asset_id)[0][0]


def test_a_file_that_cannot_be_decoded_fails_with_the_reason(site: Site, film: bytes) -> None:
    item, service = imported(site, film), site.service
    key = managed_key(item)
    service.run(lambda: service.platform.managed.put(key, b"no film", "video/mp4"))
    item.call("POST", "/playback")

    run(item)

    found = playback(item)
    assert (found["source"], found["status"]) == ("ORIGINAL", "FAILED")
    assert found["reason"] == found["proxy"]["reason"] == "The file is none of MP4, MKV, MOV, WebM, JPG, PNG and HEIC."
    service.run(lambda: service.platform.managed.put(key, film, "video/mp4"))
    assert item.call("POST", "/playback").json()["result"]["playback"]["status"] == "WAITING"
    run(item)
    assert playback(item)["source"] == "PROXY"


def test_a_cancelled_proxy_is_not_made_and_can_be_retried(site: Site, film: bytes) -> None:
    item, service = imported(site, film), site.service
    item.call("POST", "/playback")
    claim = service.transact(lambda tx: queries.claim(tx, item.asset_id))
    assert claim is not None

    job = service.transact(lambda tx: cancel_proxy(tx, item.asset_id, "Canceled by bob."))
    run(item)

    assert job
    assert row(item)[:2] == ("FAILED", "Canceled by bob.")
    assert not service.transact(lambda tx: queries.set_percent(tx, claim, 50))
    assert service.transact(lambda tx: retry_proxy(tx, service.platform.queue, item.asset_id, "bob"))
    assert not service.transact(lambda tx: retry_proxy(tx, service.platform.queue, item.asset_id, "bob"))
    run(item)
    assert row(item)[0] == "READY"


def test_a_superseded_attempt_leaves_nothing(site: Site, film: bytes) -> None:
    item, service = imported(site, film), site.service
    item.call("POST", "/playback")
    platform = service.platform
    limits = options.proxy_limits(platform.settings, platform.metrics)
    handler = ProxyHandler(platform.database, platform.managed, limits)
    first = service.transact(lambda tx: queries.claim(tx, item.asset_id))
    assert first is not None
    run(item)
    key = row(item)[4]

    async def late() -> None:
        attempts = Attempts(_Claimed(handler, first), platform.database, readiness=AlwaysReady(), max_attempts=3)
        await attempts.run(item.asset_id)

    service.run(late)
    service.run(lambda: ErasureHandler(platform.database, platform.managed).run(0))

    assert row(item)[4] == key

    async def keys() -> list[str]:
        return [found.key async for found in platform.managed.list(f"assets/{item.asset_id}/")]

    assert [one for one in service.run(keys) if "proxy" in one] == [key]


class _Claimed(ProxyHandler):
    """Handler whose claim was made before."""

    def __init__(self, handler: ProxyHandler, claim: Any) -> None:
        self.__dict__.update(handler.__dict__)
        self._claim = claim

    async def claim(self, subject: int) -> Any:
        del subject
        return self._claim


def test_a_stopped_worker_gives_the_proxy_back(site: Site, film: bytes) -> None:
    item, service = imported(site, film), site.service
    item.call("POST", "/playback")

    async def stopped() -> None:
        task = asyncio.create_task(proxies(service).run(item.asset_id))
        while True:
            async with service.platform.database.transaction() as tx:
                if await tx.value("SELECT status FROM proxies WHERE asset_id = %s", item.asset_id) == "RUNNING":
                    break
            await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises((asyncio.CancelledError, NotReady)):
            await task

    service.run(stopped)

    assert row(item)[:4] == ("WAITING", None, 0, 0)


def test_a_lost_job_is_replaced(site: Site, film: bytes) -> None:
    item, service = imported(site, film), site.service
    item.call("POST", "/playback")
    service.rows("DELETE FROM procrastinate_jobs WHERE task_name = 'proxy'")
    service.rows("UPDATE proxies SET updated_time = now() - interval '1 hour' WHERE asset_id = %s", item.asset_id)

    service.transact(lambda tx: requeue_lost_proxies(tx, service.platform.queue))

    statement = "SELECT count(*) FROM live_jobs JOIN proxies ON live_jobs.id = job_id WHERE asset_id = %s"
    assert service.rows(statement, item.asset_id) == [(1,)]


def test_codecs_that_an_earlier_release_did_not_record_are_probed(site: Site, film: bytes) -> None:
    item, service = imported(site, film), site.service
    service.rows("UPDATE assets SET video_codec = NULL, audio_codec = NULL WHERE asset_id = %s", item.asset_id)
    assert playback(item)["source"] == "ORIGINAL"

    item.call("POST", "/playback")
    run(item)

    assert service.rows("SELECT video_codec, audio_codec FROM assets WHERE asset_id = %s", item.asset_id) == [
        ("mpeg4", "aac")
    ]
    assert playback(item)["source"] == "PROXY"


@pytest.mark.parametrize(
    ("policy", "codec", "is_requested"),
    [("never", "mpeg4", False), ("needed", "mpeg4", True), ("needed", "h264", False), ("always", "h264", True)],
)
def test_an_import_requests_what_the_policy_says(
    policy: ProxyPolicy, codec: str, is_requested: bool, site: Site, film: bytes
) -> None:
    item, service = imported(site, film), site.service
    service.rows("UPDATE assets SET video_codec = %s WHERE asset_id = %s", codec, item.asset_id)

    service.transact(lambda tx: request_after_import(service.platform.queue, policy, tx, item.asset_id))

    assert ("proxy" in playback(item)) is is_requested
