"""Readiness of a worker's own machine, with real storage that is broken and repaired."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from scenedex.media.errors import ChildOutOfDisk
from scenedex.reconciliation.ownership import MARK, StorageOfAnother
from scenedex.storage.errors import ObjectNotFound, StorageFull
from scenedex.storage.local_store import LocalStore
from scenedex.worker.readiness import MachineReadiness

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Service

    from scenedex.storage.objects import ObjectInfo


class FullStore(LocalStore):
    """Store without room until `is_full` is reset."""

    is_full = False

    async def put(self, key: str, data: bytes, content_type: str) -> ObjectInfo:
        if self.is_full:
            raise StorageFull(key)
        return await super().put(key, data, content_type)


@pytest.fixture
def store(service: Service) -> FullStore:
    return FullStore(service.platform.settings.data_dir / "managed")


def machine(service: Service, store: LocalStore, folder: Path, min_free_bytes: int = 0) -> MachineReadiness:
    platform = service.platform
    return MachineReadiness(platform.database, store, [folder], min_free_bytes=min_free_bytes, metrics=platform.metrics)


def test_a_fault_is_the_machines_where_its_storage_does_not_serve(
    service: Service, store: FullStore, tmp_path: Path
) -> None:
    readiness = machine(service, store, tmp_path)

    async def work() -> None:
        await readiness.start()
        assert readiness.is_ready
        assert await readiness.explain(ObjectNotFound("a")) is None
        assert readiness.is_ready

        store.is_full = True
        with capture_logs() as logs:
            assert "no room left" in (await readiness.explain(ObjectNotFound("a")) or "")
        assert [entry["event"] for entry in logs] == ["worker.not_ready"]
        assert not readiness.is_ready

    service.run(work)
    assert not list((service.platform.settings.data_dir / "managed" / "trials").glob("*"))


def test_a_job_that_fills_the_disk_itself_has_had_a_try(service: Service, store: FullStore, tmp_path: Path) -> None:
    readiness = machine(service, store, tmp_path)

    async def work() -> None:
        store.is_full = True
        assert await readiness.explain(OSError())  # so that the problem is known before the job breaks off
        assert not readiness.is_ready
        store.is_full = False
        assert await readiness.explain(ChildOutOfDisk()) is None
        assert readiness.is_ready

    service.run(work)


def test_a_machine_is_ready_again_when_its_storage_serves(service: Service, store: FullStore, tmp_path: Path) -> None:
    readiness = machine(service, store, tmp_path)
    store.is_full = True

    async def work() -> list[str]:
        assert await readiness.explain(OSError())
        store.is_full = False
        with capture_logs() as logs:
            watching = asyncio.create_task(readiness.watch())
            async with asyncio.timeout(60):
                while not readiness.is_ready:  # noqa: ASYNC110  # what is waited for happens in a task
                    await asyncio.sleep(0.05)
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching
        return [entry["event"] for entry in logs]

    assert service.run(work) == ["worker.ready"]
    counted = service.platform.metrics.registry.get_sample_value("scenedex_worker_not_ready_seconds_total")
    assert counted is not None
    assert 4 < counted < 30


def test_a_disk_without_room_is_named_with_its_machine_and_the_setting(
    service: Service, store: FullStore, tmp_path: Path
) -> None:
    readiness = machine(service, store, tmp_path, min_free_bytes=1 << 60)

    with capture_logs() as logs:
        service.run(readiness.start)

    assert not readiness.is_ready
    [reason] = [entry["reason"] for entry in logs if entry["event"] == "worker.not_ready"]
    for part in (str(tmp_path), socket.gethostname(), "workers.free_disk_bytes"):
        assert part in reason


def test_a_worker_does_not_begin_on_storage_of_another(service: Service, tmp_path: Path) -> None:
    (tmp_path / MARK).write_text("00000000-0000-0000-0000-000000000000")

    with pytest.raises(StorageOfAnother):
        service.run(machine(service, LocalStore(tmp_path), tmp_path).start)


def test_a_machine_without_a_required_wall_starts_no_job_of_media(service: Service, store: FullStore) -> None:
    platform = service.platform
    problems: list[str | None] = ["no wall", "no wall", None]

    async def inspect() -> str | None:
        return problems.pop(0)

    readiness = MachineReadiness(
        platform.database, store, [], min_free_bytes=0, metrics=platform.metrics, inspect_walls=inspect
    )

    async def work() -> None:
        with capture_logs() as logs:
            await readiness.start()
        assert [(entry["event"], entry["reason"]) for entry in logs] == [("worker.not_ready", "no wall")]
        assert not readiness.is_ready
        assert await readiness.explain(ChildOutOfDisk()) == "no wall"
        assert not readiness.is_ready
        assert await readiness.explain(ChildOutOfDisk()) is None
        assert readiness.is_ready

    service.run(work)
