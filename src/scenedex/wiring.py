"""The one place that names concrete adapters: database, queue and storage, from settings."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import structlog
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from scenedex.auth.secrets import SecretBox, load_secret_box
from scenedex.db.database import Database, DatabaseUnavailable
from scenedex.db.embedded import EmbeddedPostgres, EmbeddedPostgresError, open_embedded
from scenedex.db.schema import upgrade_schema
from scenedex.jobs import JobKind
from scenedex.jobs.queue import JobQueue
from scenedex.metrics import Metrics
from scenedex.settings import SettingsInvalid
from scenedex.storage.local_buckets import LocalBuckets
from scenedex.storage.local_store import LocalStore

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable
    from pathlib import Path

    from pydantic import SecretStr

    from scenedex.settings import Settings, StorageSettings
    from scenedex.storage.buckets import SourceBuckets
    from scenedex.storage.store import ManagedStore


_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.platform")
# Messages with which PostgreSQL refuses connections while it starts, stops or recovers. A retry can succeed.
_PASSING = ("starting up", "shutting down", "not yet accepting", "in recovery")
_SECONDS_BETWEEN_LOOKS = 2.0


@dataclass(frozen=True, slots=True)
class Platform:
    """Database, queue, storage and settings of a process."""

    settings: Settings
    database: Database
    queue: JobQueue
    sources: SourceBuckets
    managed: ManagedStore
    box: SecretBox
    metrics: Metrics


@asynccontextmanager
async def open_platform(
    settings: Settings,
    *,
    process: Literal["api", "worker"] = "api",
    on_statement: Callable[[str], None] | None = None,
    patience_seconds: float = 0,
) -> AsyncGenerator[Platform]:
    """Open database, queue and storage, bring the schema up to date, and close all at the end of the block.

    Args:
        settings: settings in force.
        process: label of the process in its metrics.
        on_statement: callback with each SQL statement, by which tests count queries.
        patience_seconds: maximum wait for an external database.

    Raises:
        SettingsInvalid: settings contradict each other.
        EmbeddedPostgresError: the embedded PostgreSQL does not start.
        DatabaseUnavailable: the external one does not answer.
        SchemaTooNew: the database was written by a later release.
        SecretKeyUnusable: other users may read the key file, or the key is malformed.
    """
    async with AsyncExitStack() as stack:
        conninfo = await stack.enter_async_context(open_conninfo(settings))
        try:
            await _bring_up_to_date(conninfo, patience_seconds)
        except DatabaseUnavailable as error:
            if settings.database.url is None:
                raise
            detail = str(error).removesuffix(".")
            raise DatabaseUnavailable(f"{detail}. Check database.url, database.password and its file") from error
        metrics = Metrics(process)
        database = Database(
            conninfo, pool_size=settings.database.pool_size, on_statement=on_statement, observer=metrics
        )
        await database.open()
        stack.push_async_callback(database.close)
        workers = settings.workers
        queue = JobQueue(
            {
                JobKind.IMPORT: workers.imports_of_workspace,
                JobKind.ANALYSIS: workers.analyses_of_workspace,
                JobKind.SUMMARY: workers.summaries_of_workspace,
            }
        )
        await queue.open(database)
        stack.push_async_callback(queue.close)
        sources, managed = open_storage(settings.storage, settings.data_dir, metrics)
        stack.push_async_callback(managed.close)
        stack.push_async_callback(sources.close)
        key = settings.secrets.key
        if key is None:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
        box = load_secret_box(settings.data_dir / "secret.key", None if key is None else key.get_secret_value())
        yield Platform(settings, database, queue, sources, managed, box, metrics)


async def _bring_up_to_date(conninfo: str, patience_seconds: float) -> None:
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            await asyncio.to_thread(upgrade_schema, conninfo)
        except DatabaseUnavailable as error:
            said = str(error)
            passes = "FATAL" not in said or any(phrase in said for phrase in _PASSING)
            if not passes or time.monotonic() >= deadline:
                raise
            _log.warning("database.awaited", reason=" ".join(said.split()))
        else:
            return
        await asyncio.sleep(1)


@asynccontextmanager
async def open_conninfo(settings: Settings) -> AsyncGenerator[str]:
    """Open the database of the URL in the settings, or the embedded one until the end of the block."""
    if settings.database.url is not None:
        yield _external_conninfo(settings.database.url.get_secret_value(), settings.database.password)
        return
    if settings.database.password is not None:
        raise SettingsInvalid("database.password is set, but database.url is not")
    embedded = await asyncio.to_thread(open_embedded, settings.data_dir)
    stopping = asyncio.Event()
    keeper = asyncio.create_task(_keep_running(embedded, stopping), name="embedded database")
    try:
        yield embedded.conninfo
    finally:
        stopping.set()
        await keeper
        await asyncio.to_thread(embedded.close)


def _external_conninfo(url: str, password: SecretStr | None) -> str:
    try:
        if password is None:
            conninfo_to_dict(url)
            return url
        if "password" in conninfo_to_dict(url):
            raise SettingsInvalid("database.password is set, but database.url has a password as well. Remove one")
        return make_conninfo(url, password=password.get_secret_value())
    except ProgrammingError as error:
        # Its message may show a part of the URL, and with it the password; the name of an option does not.
        unknown = re.search(r'(?:parameter|option):? "(\w+)"', str(error))
        if unknown:
            raise SettingsInvalid(f"database.url has an option that PostgreSQL does not know: {unknown[1]}") from error
        raise SettingsInvalid("database.url is no URL of PostgreSQL: postgresql://user:password@host/name") from error


async def _keep_running(embedded: EmbeddedPostgres, stopping: asyncio.Event) -> None:
    """Start the embedded PostgreSQL again where it was killed together with the process that looks after it."""
    while not stopping.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), _SECONDS_BETWEEN_LOOKS)
            return
        try:
            await asyncio.to_thread(embedded.ensure_running)
        except EmbeddedPostgresError as error:
            _log.error("database.lost", reason=str(error))  # the message says it all


def open_storage(storage: StorageSettings, data_dir: Path, metrics: Metrics) -> tuple[SourceBuckets, ManagedStore]:
    """Return the users' buckets and managed storage: on S3 if an endpoint is set, else in the data folder.

    Raises:
        SettingsInvalid: an endpoint is set, but not all that belongs to it.
    """
    if storage.endpoint is None:
        (data_dir / "buckets").mkdir(parents=True, exist_ok=True)
        managed = data_dir / "managed"
        return LocalBuckets(data_dir / "buckets", managed), LocalStore(managed)
    if storage.access_key is None or storage.secret_key is None or storage.managed_bucket is None:
        raise SettingsInvalid(
            "storage.endpoint needs storage.access_key, storage.secret_key and storage.managed_bucket"
        )
    # The S3 adapters are loaded only where they are used.
    from scenedex.storage.s3_buckets import S3Buckets  # noqa: PLC0415
    from scenedex.storage.s3_location import S3Location  # noqa: PLC0415
    from scenedex.storage.s3_store import S3Store, S3StoreSettings  # noqa: PLC0415

    location = S3Location(
        endpoint=storage.endpoint,
        region=storage.region,
        access_key=storage.access_key,
        secret_key=storage.secret_key.get_secret_value(),
        path_style=storage.path_style,
        allow_http=storage.endpoint.startswith("http://"),
    )
    folder = f"{storage.managed_prefix}/" if storage.managed_prefix else ""
    return (
        S3Buckets(location, observer=metrics, managed_bucket=storage.managed_bucket),
        S3Store(location, S3StoreSettings(storage.managed_bucket, folder), observer=metrics),
    )
