"""Worker's side of bulk imports and watches, for tests with an API process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scenedex.assets.source_listing import ReadableSources
from scenedex.imports.bulk_job import BulkImportHandler
from scenedex.jobs.attempts import Attempts
from scenedex.jobs.readiness import AlwaysReady
from scenedex.watches.arrivals import WatchArrivals
from scenedex.watches.job import WatchHandler
from scenedex.worker import options

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Folder, Service

    from scenedex.storage.buckets import SourceBuckets


def bucket_folder(service: Service, name: str) -> Path:
    """Make a local bucket and return its folder."""
    folder = service.platform.settings.data_dir / "buckets" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def put_files(folder: Path, *keys: str, data: bytes = b"bytes") -> None:
    """Write files of a bucket."""
    for key in keys:
        file = folder / key
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def bulk_handler(
    service: Service, *, sources: SourceBuckets | None = None, max_assets: int = 100_000, page_size: int = 1000
) -> BulkImportHandler:
    """Make the handler of a worker."""
    platform = service.platform
    readable = ReadableSources(platform.database, sources or platform.sources, open_buckets=True)
    limits = options.acceptance(platform.settings.limits)
    return BulkImportHandler(
        platform.database, platform.queue, readable, acceptance=limits, max_assets=max_assets, page_size=page_size
    )


def run_bulk_import(service: Service, import_id: int, handler: BulkImportHandler | None = None) -> None:
    """Run the job of a bulk import."""
    attempts = Attempts(
        handler or bulk_handler(service), service.platform.database, readiness=AlwaysReady(), max_attempts=3
    )
    service.run(lambda: attempts.run(import_id))


def request_bulk_import(folder: Folder, bucket: str, **options: object) -> dict[str, Any]:
    """Request a bulk import and return its state."""
    answer = folder.site.api("POST", f"{folder.path}/imports", {"bucketName": bucket, **options})
    assert answer.status_code == 200, answer.text
    return answer.json()["result"]


def state_of(folder: Folder, import_id: int) -> dict[str, Any]:
    """Return the state of a bulk import."""
    return folder.site.api("GET", f"{folder.path}/imports/{import_id}").json()["result"]


def run_watch(service: Service, watch_id: int, sources: SourceBuckets | None = None) -> None:
    """Run the job of a watch."""
    platform = service.platform
    buckets = sources or platform.sources
    arrivals = WatchArrivals(
        platform.queue,
        acceptance=options.acceptance(platform.settings.limits),
        max_assets=100_000,
        writes_whole=buckets.writes_whole,
    )
    handler = WatchHandler(platform.database, ReadableSources(platform.database, buckets, open_buckets=True), arrivals)
    attempts = Attempts(handler, platform.database, readiness=AlwaysReady(), max_attempts=3)
    service.run(lambda: attempts.run(watch_id))
