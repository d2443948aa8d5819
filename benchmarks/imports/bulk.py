"""Rate at which a bulk import registers keys, the memory of its worker, and the time of floods of events.

The listing is made up in this process, so that the time is that of the product and its database alone. Processor
seconds are those of this process and of PostgreSQL.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from scenedex.analysis.service import WorkspaceAnalyses
from scenedex.assets.source_listing import ReadableSources, SourceListing
from scenedex.audit.actor import Actor
from scenedex.audit.records import AuditEntry
from scenedex.auth.caller import KeyAccount
from scenedex.auth.keys import Role
from scenedex.imports.bulk_job import BulkImportHandler
from scenedex.imports.records import BulkImportOptions
from scenedex.imports.service import BulkImports
from scenedex.index.records import AnalysisSetting
from scenedex.jobs.attempts import Attempts
from scenedex.jobs.readiness import AlwaysReady
from scenedex.settings import Settings
from scenedex.storage.memory import MemoryBuckets
from scenedex.storage.objects import ListedObject
from scenedex.watches.intake import EventIntake
from scenedex.watches.notifications import NamedObject
from scenedex.watches.records import WatchOptions
from scenedex.watches.service import Watches
from scenedex.wiring import open_platform
from scenedex.worker import options
from scenedex.workspaces.service import Workspaces

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from scenedex.wiring import Platform

BUCKET = "footage"
ACTOR = Actor(KeyAccount("benchmark"), "benchmark", Role.MANAGER, None, entry=AuditEntry("Benchmark", "benchmark"))


class LongListing(MemoryBuckets):
    """A bucket of many keys, none of which is kept in memory."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.create(BUCKET)
        self._count = count

    async def list(
        self, bucket: str, prefix: str = "", *, start_after: str = "", is_recursive: bool = True
    ) -> AsyncGenerator[ListedObject]:
        """See `SourceBuckets`."""
        del bucket, is_recursive
        modified = datetime.now(UTC)
        for number in range(self._count):
            key = f"{prefix}{number // 1000:04}/{number:08}.mp4"
            if key > start_after:
                yield ListedObject(key, 1000, modified, f'"{number:032x}"')
            if number % 1000 == 0:
                await asyncio.sleep(0)


def megabytes() -> int:
    """Return the resident memory of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1024**2


def seconds_of_database(data_dir: Path) -> float:
    """Return the processor seconds of the embedded PostgreSQL in a data folder."""
    postmaster = next(data_dir.rglob("postmaster.pid")).read_text().split()[0]
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().partition(")")
        except OSError:
            continue
        fields = rest.split()
        if "postgres" in name and postmaster in {fields[1], stat.parent.name}:
            total += sum(map(int, fields[11:15])) / 100
    return total


async def measure(platform: Platform, keys: int, events: int) -> None:
    """Print the figures of a bulk import, of a second one that knows all keys, and of a flood of events."""
    database, queue = platform.database, platform.queue
    buckets = LongListing(keys)
    listing = SourceListing(database, buckets, platform.managed, open_buckets=True)
    workspaces = Workspaces(
        database,
        WorkspaceAnalyses(queue),
        buckets,
        open_buckets=True,
        max_workspaces=10,
        this_month=lambda: datetime.now(UTC).date().replace(day=1),
    )
    await workspaces.create(ACTOR, "benchmark", None)
    async with database.transaction() as tx:
        project = await tx.value("SELECT project_id FROM projects LIMIT 1")
    imports = BulkImports(database, queue, listing)
    readable = ReadableSources(database, buckets, open_buckets=True)
    handler = BulkImportHandler(
        database,
        queue,
        readable,
        acceptance=options.acceptance(platform.settings.limits),
        max_assets=10 * keys,
        seconds_of_turn=3600,
    )
    attempts = Attempts(handler, database, readiness=AlwaysReady(), max_attempts=3)
    setting = AnalysisSetting(analysis_person_count=0)
    chosen = BulkImportOptions(BUCKET, "films/", True, (), ("**/drafts/**",), True, setting)
    for what in ("registered", "known"):
        made = await imports.request(ACTOR, "benchmark", project, chosen)
        started, own, base = time.perf_counter(), time.process_time(), seconds_of_database(platform.settings.data_dir)
        await attempts.run(made.import_id)
        wall, spent = time.perf_counter() - started, time.process_time() - own
        others = seconds_of_database(platform.settings.data_dir) - base
        print(
            f"{keys} keys {what}: {wall:.1f} s wall, {spent:.1f} + {others:.1f} processor seconds, "
            f"{keys / wall * 60:.0f} keys a minute, {megabytes()} MB",
            flush=True,
        )
    watches = Watches(database, queue, listing, max_watches=10)
    watch, token = await watches.create(
        ACTOR, "benchmark", project, WatchOptions(BUCKET, "films/", True, (), (), 86_400, None, "keep", None)
    )
    intake = EventIntake(database, queue)
    for size in (1, 100):
        started, own = time.perf_counter(), time.process_time()
        pending = [NamedObject(BUCKET, (f"films/{size}/{number}.mp4",)) for number in range(events)]
        for start in range(0, events, 50 * size):
            calls = [pending[at : at + size] for at in range(start, min(start + 50 * size, events), size)]
            await asyncio.gather(*(intake.take(token, one) for one in calls))
        wall, spent = time.perf_counter() - started, time.process_time() - own
        print(
            f"{events} events in calls of {size}, 50 at a time: {wall:.1f} s wall, {spent:.1f} processor seconds",
            flush=True,
        )
    print((await watches.get(ACTOR, "benchmark", project, watch.watch_id)).waiting, "keys wait")


async def main() -> None:
    """Run the benchmark in a data folder of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keys", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=20_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        async with open_platform(Settings(data_dir=Path(folder))) as platform:
            await measure(platform, arguments.keys, arguments.events)


if __name__ == "__main__":
    asyncio.run(main())
