"""Uploads of pictures directly to S3."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx2
import pytest

from picture_upload_desk import QUERY_ASSETS, Desk
from picture_upload_samples import landscape, portrait
from scenedex.pictures.service import query_picture
from scenedex.settings import StorageSettings
from scenedex.storage.s3_client import S3Client, S3Object
from scenedex.storage.s3_location import S3RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Service, Serving, Site

    from scenedex.settings import Settings
    from scenedex.storage.s3_location import S3Location

BUCKET = "pictures-of-tests"


@pytest.fixture
def grown(
    s3_location: S3Location, hasty: Settings, serving: Serving, new_site: Callable[[Service], Site]
) -> Iterator[Desk]:
    asyncio.run(_create_bucket(s3_location))
    storage = StorageSettings.model_validate(
        {
            "endpoint": s3_location.endpoint,
            "access_key": s3_location.access_key,
            "secret_key": s3_location.secret_key,
            "managed_bucket": BUCKET,
        }
    )
    with serving(hasty.model_copy(update={"storage": storage})) as service:
        yield Desk(new_site(service))


async def _create_bucket(location: S3Location) -> None:
    client = S3Client(location, S3RetryPolicy(), lambda: datetime.now(UTC))
    await client.request("PUT", S3Object(BUCKET))
    await client.close()


def put(url: str, content: bytes) -> None:
    assert httpx2.put(url, content=content).status_code == 200


def test_a_picture_is_uploaded_to_the_storage_and_checked_there(grown: Desk) -> None:
    upload = grown.opened()
    key = upload["thumbnailKey"]
    assert not upload["url"].startswith(grown.service.url)
    assert grown.ask(key)["uploadMessage"] == "FILE_NOT_EXIST"
    put(upload["url"], portrait())
    assert grown.ask(key) == {}

    grown.check(grown.picture_id(key))

    assert grown.ask(key) == {"thumbnailKey": key, "uploadStatus": "COMPLETED"}
    assert grown.objects(key) == [f"pictures/{key}/1/picture.jpg"]


def test_a_file_over_the_limit_is_refused_at_its_completion(grown: Desk) -> None:
    upload = grown.opened()
    put(upload["url"], bytes(6_000_000))

    assert grown.ask(upload["thumbnailKey"])["uploadMessage"].startswith("FILE_TOO_LARGE: ")


def test_so_are_pictures_to_search_with(grown: Desk) -> None:
    desk = Desk(grown.site, QUERY_ASSETS)
    upload = desk.opened()
    key, url = upload["assetFileKey"], upload["presignedUploadUrl"]
    assert not url.startswith(desk.service.url)
    put(url, landscape("HEIF"))
    assert desk.ask(key) == {}

    desk.check(desk.picture_id(key))

    assert desk.ask(key) == {"assetKey": key, "uploadStatus": "COMPLETED"}
    assert desk.service.transact(lambda tx: query_picture(tx, "alice", None, key, "imageQuery")).vectors
    assert desk.objects(key) == [f"pictures/{key}/1/picture.jpg"]


def test_a_picture_to_search_with_over_the_limit_is_refused_at_its_completion(grown: Desk) -> None:
    desk = Desk(grown.site, QUERY_ASSETS)
    upload = desk.opened()
    put(upload["presignedUploadUrl"], bytes(5_000_001))

    assert desk.ask(upload["assetFileKey"])["uploadMessage"].startswith("FILE_TOO_LARGE: ")
