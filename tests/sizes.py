"""Grounds of test servers: a data folder alone, or external PostgreSQL and S3."""

from __future__ import annotations

import asyncio
import base64
import os
import secrets
from contextlib import aclosing, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from scenedex.db.embedded import open_embedded
from scenedex.storage.errors import ObjectNotFound
from scenedex.storage.s3_client import S3Client, S3Object
from scenedex.storage.s3_location import S3RetryPolicy

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator, Mapping
    from contextlib import AbstractContextManager

    from scenedex.storage.s3_location import S3Location

PREFIX = "scenedex/"
# Marks of tests whose behaviour is the same at both sizes. The first needs no S3 service. The second reads objects in
# ranges, and has workers that take over from each other.
AT_ONE_SIZE = pytest.mark.parametrize("new_ground", ["embedded"], indirect=True)
AT_GROWN_SIZE = pytest.mark.parametrize("new_ground", ["grown"], indirect=True)


class Ground(Protocol):
    """Location of a server's rows and objects, and the number of workers that it starts."""

    @property
    def environment(self) -> Mapping[str, str]:
        """Settings of this ground."""
        ...

    @property
    def bucket(self) -> str:
        """A bucket of the users."""
        ...

    @property
    def managed_bucket(self) -> str:
        """Name under which a user may look for managed storage among the buckets."""
        ...

    @property
    def workers_beside(self) -> int:
        """Number of worker processes beside a server that has none itself, or 0 if it has its own."""
        ...

    def prepare(self) -> None:
        """Create the prerequisites of a start."""
        ...

    def put(self, key: str, content: bytes) -> None:
        """Write an object to the bucket."""
        ...

    def fill(self, bucket: str, key: str, content: bytes) -> None:
        """Write an object to another bucket, which is created if needed."""
        ...

    def has(self, key: str) -> bool:
        """Return whether the bucket has an object."""
        ...

    def managed(self, prefix: str) -> list[str]:
        """Return the keys of managed objects in a folder."""
        ...

    def conninfo(self) -> AbstractContextManager[str]:
        """Connection string of the database."""
        ...


@dataclass(frozen=True)
class Embedded:
    """Everything in the data folder."""

    data_dir: Path
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    bucket: str = "archive"
    managed_bucket: str = "managed"
    workers_beside: int = 0

    def prepare(self) -> None:
        """Do nothing, since the server creates all that it needs."""

    def put(self, key: str, content: bytes) -> None:
        self.fill(self.bucket, key, content)

    def fill(self, bucket: str, key: str, content: bytes) -> None:
        file = self.data_dir / "buckets" / bucket / key
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)

    def has(self, key: str) -> bool:
        return (self.data_dir / "buckets" / self.bucket / key).is_file()

    def managed(self, prefix: str) -> list[str]:
        root = self.data_dir / "managed"
        # Folders may be removed during the walk, which is ignored.

        found = (Path(folder) / name for folder, _, names in os.walk(root / prefix) for name in names)
        return sorted(str(file.relative_to(root)) for file in found)

    @contextmanager
    def conninfo(self) -> Generator[str]:
        with closing(open_embedded(self.data_dir)) as database:
            yield database.conninfo


@dataclass(frozen=True)
class Grown:
    """A database of a PostgreSQL server that is reached over TCP, and buckets of an S3 service.

    Attributes:
        database: URL of the database.
        location: the service as the server reaches it.
        direct: the service as the test reaches it.
        bucket: the users' bucket, made for this server alone, as is the managed one.
    """

    database: str
    location: S3Location
    direct: S3Location
    bucket: str
    managed_bucket: str
    secrets_key: str = field(default_factory=lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
    workers_beside: int = 2

    @property
    def environment(self) -> Mapping[str, str]:
        return {
            "SCENEDEX_DATABASE_URL": self.database,
            "SCENEDEX_SECRETS_KEY": self.secrets_key,
            "SCENEDEX_STORAGE_ENDPOINT": self.location.endpoint,
            "SCENEDEX_STORAGE_ACCESS_KEY": self.location.access_key,
            "SCENEDEX_STORAGE_SECRET_KEY": self.location.secret_key,
            "SCENEDEX_STORAGE_MANAGED_BUCKET": self.managed_bucket,
        }

    def prepare(self) -> None:
        async def make() -> None:
            async with self._client() as client:
                for bucket in (self.bucket, self.managed_bucket):
                    await client.request("PUT", S3Object(bucket))

        asyncio.run(make())

    def put(self, key: str, content: bytes) -> None:
        async def write() -> None:
            async with self._client() as client:
                await client.request("PUT", S3Object(self.bucket, key), body=content)

        asyncio.run(write())

    def fill(self, bucket: str, key: str, content: bytes) -> None:
        async def write() -> None:
            async with self._client() as client:
                await client.request("PUT", S3Object(bucket))
                await client.request("PUT", S3Object(bucket, key), body=content)

        asyncio.run(write())

    def has(self, key: str) -> bool:
        async def look() -> bool:
            async with self._client() as client:
                try:
                    await client.head(S3Object(self.bucket, key))
                except ObjectNotFound:
                    return False
                return True

        return asyncio.run(look())

    def managed(self, prefix: str) -> list[str]:
        async def listed() -> list[str]:
            async with self._client() as client, aclosing(client.list(self.managed_bucket, PREFIX + prefix)) as items:
                return [item.key.removeprefix(PREFIX) async for item in items]

        return asyncio.run(listed())

    def permit_page(self, origin: str) -> None:
        """Permit a page of this origin to use the managed bucket, as an operator does for the console."""
        methods = "".join(f"<AllowedMethod>{method}</AllowedMethod>" for method in ("GET", "PUT"))
        rule = f"<AllowedOrigin>{origin}</AllowedOrigin>{methods}<AllowedHeader>*</AllowedHeader>"
        body = f"<CORSConfiguration><CORSRule>{rule}</CORSRule></CORSConfiguration>".encode()

        async def write() -> None:
            async with self._client() as client:
                await client.request("PUT", S3Object(self.managed_bucket), query=(("cors", ""),), body=body)

        asyncio.run(write())

    @contextmanager
    def conninfo(self) -> Generator[str]:
        yield self.database

    @asynccontextmanager
    async def _client(self) -> AsyncGenerator[S3Client]:
        client = S3Client(self.direct, S3RetryPolicy(), lambda: datetime.now(UTC))
        try:
            yield client
        finally:
            await client.close()


def grown(database: str, direct: S3Location, through: S3Location | None = None) -> Grown:
    """Return a ground with buckets of its own. The server may reach the service at another location than the test."""
    name = secrets.token_hex(5)
    return Grown(database, through or direct, direct, f"archive-{name}", f"managed-{name}")
