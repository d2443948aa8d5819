"""Reconciliation with managed storage in a bucket."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from scenedex.reconciliation.records import FindingKind
from scenedex.settings import Settings, StorageSettings
from scenedex.storage.s3_client import S3Client, S3Object
from scenedex.storage.s3_location import S3RetryPolicy
from whole_system import whole_system

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import Service, Serving, Site

    from scenedex.storage.s3_location import S3Location
    from whole_system import System

BUCKET = "reconciled-by-tests"


@pytest.fixture
def system(
    s3_location: S3Location, serving: Serving, new_site: Callable[[Service], Site], tmp_path: Path
) -> Iterator[System]:
    asyncio.run(ask(s3_location, "PUT", S3Object(BUCKET)))
    storage = StorageSettings.model_validate(
        {
            "endpoint": s3_location.endpoint,
            "access_key": s3_location.access_key,
            "secret_key": s3_location.secret_key,
            "managed_bucket": BUCKET,
            "managed_prefix": "scenedex",
        }
    )
    with serving(Settings(storage=storage)) as service:
        yield whole_system(service, new_site, tmp_path)


async def ask(location: S3Location, method: str, target: S3Object, query: tuple[tuple[str, str], ...] = ()) -> None:
    client = S3Client(location, S3RetryPolicy(), lambda: datetime.now(UTC))
    await client.request(method, target, query=query)
    await client.close()


def begin_upload(location: S3Location, key: str) -> None:
    asyncio.run(ask(location, "POST", S3Object(BUCKET, f"scenedex/{key}"), (("uploads", ""),)))


def test_objects_and_unfinished_uploads_of_a_bucket_are_compared_and_mended(
    s3_location: S3Location, system: System
) -> None:
    assert system.found() == {}
    system.item.put("assets/999999/source-1")
    asyncio.run(ask(s3_location, "PUT", S3Object(BUCKET, "logs/of-others.txt")))
    begin_upload(s3_location, f"assets/{system.item.asset_id}/source-2")
    begin_upload(s3_location, f"assets/{system.site.base.register().asset_id}/source-1")

    assert system.found(repair=True) == {FindingKind.ORPHANED_OBJECT: 1, FindingKind.UNFINISHED_WRITE: 1}
    system.erase()
    assert system.found() == {}
    assert "assets/999999/source-1" not in system.listed()
