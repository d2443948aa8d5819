"""What a worker knows of its own machine, with real storage that is broken and mended."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from typing import TYPE_CHECKING

import psycopg
import pytest
from structlog.testing import capture_logs

from scenedex.db.database import DatabaseUnavailable
from scenedex.jobs import JobKind
from scenedex.jobs.readiness import NotReady
from scenedex.media.errors import ChildOutOfDisk
from scenedex.reconciling.ownership import MARK, StorageOfAnother
from scenedex.storage.errors import ObjectNotFound, StorageFull
from scenedex.storage.local_store import LocalStore
from scenedex.worker.readiness import MachineReadiness

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Service

    from scenedex.storage.objects import ObjectInfo

WRITING = {JobKind.IMPORT, JobKind.ANALYSIS, JobKind.PICTURE, JobKind.REINDEXING}


class FullStore(LocalStore):
    """A store without room, until somebody makes some."""

    is_full = False

    async def put(self, key: str, data: bytes, content_type: str) -> ObjectInfo:
        if self.is_full:
            raise StorageFull(key)
        return await super().put(key, data, content_type)


@pytest.fixture
def store(service: Service) -> FullStore:
    return FullStore(service.platform.settings.data_dir / "managed")


def machine(service: Service, store: LocalStore, folder: Path, least_free_bytes: int = 0) -> MachineReadiness:
    platform = service.platform
    return MachineReadiness(
        platform.database, store, [folder], least_free_bytes=least_free_bytes, metrics=platform.metrics
    )


def closed_for(readiness: MachineReadiness) -> set[JobKind]:
    return {kind for kind in JobKind if not readiness.is_ready(kind)}


async def break_off(readiness: MachineReadiness, error: Exception) -> None:
    async with readiness.owning_faults():
        raise error


def test_a_fault_is_the_machines_where_its_storage_does_not_serve(
    service: Service, store: FullStore, tmp_path: Path
) -> None:
    readiness = machine(service, store, tmp_path)

    async def work() -> None:
        await readiness.begin()
        assert closed_for(readiness) == set()
        with pytest.raises(ObjectNotFound):
            await break_off(readiness, ObjectNotFound("a"))
        assert closed_for(readiness) == set()

        store.is_full = True
        with capture_logs() as logs, pytest.raises(NotReady, match="no room left"):
            await break_off(readiness, ObjectNotFound("a"))
        assert [entry["event"] for entry in logs] == ["worker.not_ready"]
        assert closed_for(readiness) == WRITING

    service.run(work)
    assert not list((service.platform.settings.data_dir / "managed" / "trials").glob("*"))


def test_a_job_that_fills_the_disk_itself_has_had_a_try(service: Service, store: FullStore, tmp_path: Path) -> None:
    readiness = machine(service, store, tmp_path)

    async def fill_up() -> None:
        async with readiness.owning_faults():
            try:
                store.is_full = True
                with pytest.raises(NotReady):
                    await break_off(readiness, OSError())  # so that it is known before the job breaks off
                assert closed_for(readiness) == WRITING
                raise ChildOutOfDisk
            finally:
                store.is_full = False

    async def work() -> None:
        with pytest.raises(ChildOutOfDisk):
            await fill_up()
        assert closed_for(readiness) == set()

    service.run(work)


def test_a_try_is_given_back_that_a_lost_connection_to_the_database_breaks_off(
    service: Service, store: FullStore, tmp_path: Path
) -> None:
    readiness = machine(service, store, tmp_path)

    async def breaking_off(cause: Exception) -> None:
        async with readiness.owning_faults():
            try:
                raise cause
            except psycopg.OperationalError as error:
                raise DatabaseUnavailable from error

    async def work() -> None:
        with pytest.raises(NotReady):
            await breaking_off(psycopg.OperationalError("server closed the connection unexpectedly"))
        with pytest.raises(NotReady):
            await breaking_off(psycopg.errors.AdminShutdown())
        # A statement that cannot be done would not be done the next time.
        with pytest.raises(DatabaseUnavailable):
            await breaking_off(psycopg.errors.DeadlockDetected())
        assert closed_for(readiness) == set()

    service.run(work)


def test_a_machine_is_ready_again_when_its_storage_serves(service: Service, store: FullStore, tmp_path: Path) -> None:
    readiness = machine(service, store, tmp_path)
    store.is_full = True

    async def work() -> list[str]:
        with pytest.raises(NotReady):
            await break_off(readiness, OSError())
        store.is_full = False
        with capture_logs() as logs:
            keeping = asyncio.create_task(readiness.keep())
            async with asyncio.timeout(20):
                while closed_for(readiness):  # noqa: ASYNC110  # what is waited for happens in a task
                    await asyncio.sleep(0.05)
            keeping.cancel()
            with suppress(asyncio.CancelledError):
                await keeping
        return [entry["event"] for entry in logs]

    assert service.run(work) == ["worker.ready"]
    counted = service.platform.metrics.registry.get_sample_value("scenedex_worker_not_ready_seconds_total")
    assert counted is not None
    assert 4 < counted < 30


def test_a_disk_without_room_is_named_with_its_machine_and_the_setting(
    service: Service, store: FullStore, tmp_path: Path
) -> None:
    readiness = machine(service, store, tmp_path, least_free_bytes=1 << 60)

    with capture_logs() as logs:
        service.run(readiness.begin)

    assert closed_for(readiness) == WRITING
    [reason] = [entry["reason"] for entry in logs if entry["event"] == "worker.not_ready"]
    for part in (str(tmp_path), socket.gethostname(), "workers.free_disk_bytes"):
        assert part in reason


def test_a_worker_does_not_begin_on_storage_of_another(service: Service, tmp_path: Path) -> None:
    (tmp_path / MARK).write_text("00000000-0000-0000-0000-000000000000")

    with pytest.raises(StorageOfAnother):
        service.run(machine(service, LocalStore(tmp_path), tmp_path).begin)
