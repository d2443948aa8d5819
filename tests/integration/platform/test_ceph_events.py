"""Notifications that a real Ceph gateway pushes over HTTP, and listings of its buckets."""

from __future__ import annotations

import asyncio
import hashlib
import re
import secrets
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

import httpx2
import pytest
from pydantic import SecretStr

from bulk_imports import request_bulk_import, run_bulk_import, run_watch, state_of
from processes import until
from scenedex.settings import Settings, StorageSettings
from scenedex.storage.s3_client import S3Client, S3Object
from scenedex.storage.s3_location import S3Address, S3RetryPolicy
from scenedex.storage.s3_signature import signed_headers

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Generator

    from tests.conftest import Service, Serving, Site

    from scenedex.storage.s3_location import S3Location

KEYS: Final = ("inbox/a.mp4", "inbox/b c+d 하.mp4", "else/e.mp4")
_FORM: Final = "application/x-www-form-urlencoded; charset=utf-8"


@asynccontextmanager
async def client(location: S3Location) -> AsyncGenerator[S3Client]:
    made = S3Client(location, S3RetryPolicy(), lambda: datetime.now(UTC))
    try:
        yield made
    finally:
        await made.close()


def request(location: S3Location, method: str, target: S3Object, query: str = "", body: bytes = b"") -> None:
    """Make a request of a user of the gateway."""

    async def send() -> None:
        async with client(location) as users:
            await users.request(method, target, query=((query, ""),) if query else (), body=body)

    asyncio.run(send())


def create_topic(location: S3Location, name: str, push_endpoint: str) -> str:
    """Create a topic of the gateway's API like that of Amazon SNS, and return its name for notifications."""
    attributes = {"push-endpoint": push_endpoint, "persistent": "true"}
    form = {"Action": "CreateTopic", "Name": name}
    for number, (key, value) in enumerate(attributes.items(), 1):
        form |= {f"Attributes.entry.{number}.key": key, f"Attributes.entry.{number}.value": value}
    body = urlencode(form).encode()
    parts = urlsplit(location.endpoint)
    headers = signed_headers(
        location,
        "POST",
        S3Address(parts.scheme, parts.netloc, "/"),
        query=(),
        headers={"content-type": _FORM},
        payload_sha256=hashlib.sha256(body).hexdigest(),
        now=datetime.now(UTC),
    )
    answer = httpx2.post(f"{location.endpoint}/", headers=headers, content=body)
    assert answer.status_code == 200, answer.text
    found = re.search(r"<TopicArn>([^<]+)</TopicArn>", answer.text)
    assert found is not None
    return found[1]


@pytest.fixture(scope="module")
def grown(serving: Serving, s3_location: S3Location) -> Generator[Service]:
    """Service whose buckets are on the gateway."""
    request(s3_location, "PUT", S3Object("managed-of-events"))
    storage = StorageSettings(
        endpoint=s3_location.endpoint,
        access_key=s3_location.access_key,
        secret_key=SecretStr(s3_location.secret_key),
        managed_bucket="managed-of-events",
    )
    with serving(Settings(storage=storage)) as started:
        yield started


@pytest.fixture
def site(grown: Service, new_site: Callable[[Service], Site]) -> Site:
    return new_site(grown)


@pytest.fixture
def bucket(s3_location: S3Location) -> str:
    name = f"footage-{secrets.token_hex(4)}"
    request(s3_location, "PUT", S3Object(name))
    return name


def keys_of(site: Site) -> list[str]:
    rows = site.service.rows("SELECT key FROM assets WHERE project_id = %s ORDER BY key", site.base_project)
    return [key for (key,) in rows]


def test_an_upload_becomes_an_asset_by_its_event(site: Site, bucket: str, s3_location: S3Location) -> None:
    body = {"bucketName": bucket, "prefix": "inbox/", "everySeconds": 86_400, "onRemoved": "delete"}
    watch = site.api("POST", f"{site.base.path}/watches", body).json()["result"]
    run_watch(site.service, watch["watchId"])
    topic = create_topic(s3_location, f"topic-{bucket}", watch["eventUrl"])
    rule = (
        '<NotificationConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TopicConfiguration><Id>scenedex</Id>'
        f"<Topic>{topic}</Topic><Event>s3:ObjectCreated:*</Event><Event>s3:ObjectRemoved:*</Event></TopicConfiguration>"
        "</NotificationConfiguration>"
    )
    request(s3_location, "PUT", S3Object(bucket), "notification", rule.encode())

    def seen() -> tuple[int, int]:
        counts = site.api("GET", f"{site.base.path}/watches/{watch['watchId']}").json()["result"]["counts"]
        return counts.get("events", 0), counts.get("ignoredEvents", 0)

    for key in KEYS:
        request(s3_location, "PUT", S3Object(bucket, key), body=b"bytes")
    until(lambda: seen() == (2, 1), "three events have come")
    run_watch(site.service, watch["watchId"])
    assert keys_of(site) == list(KEYS[:2])

    request(s3_location, "DELETE", S3Object(bucket, KEYS[0]))
    until(lambda: seen()[0] > 2, "the event of the removal has come")
    run_watch(site.service, watch["watchId"])
    assert keys_of(site) == [KEYS[1]]


def test_the_managed_bucket_is_neither_watched_nor_imported(site: Site) -> None:
    for call in ("watches", "imports"):
        answer = site.api("POST", f"{site.base.path}/{call}", {"bucketName": "managed-of-events"})
        assert (answer.status_code, answer.json()["code"]) == (404, "40414")


def test_a_bucket_of_several_pages_is_imported_once(site: Site, bucket: str, s3_location: S3Location) -> None:
    async def fill() -> None:
        async with client(s3_location) as users:
            for start in range(0, 1100, 50):
                names = [f"films/{number:04}.mp4" for number in range(start, start + 50)]
                await asyncio.gather(*(users.request("PUT", S3Object(bucket, one), body=b"x") for one in names))
            await users.request("PUT", S3Object(bucket, "films/more/a.mp4"), body=b"x")

    asyncio.run(fill())
    first = request_bulk_import(site.base, bucket, prefix="films/", recursive=False)
    run_bulk_import(site.service, first["importId"])
    again = request_bulk_import(site.base, bucket, prefix="films/")
    run_bulk_import(site.service, again["importId"])

    assert state_of(site.base, first["importId"])["registered"] == 1100
    found = state_of(site.base, again["importId"])
    assert (found["registered"], found["skipped"]) == (1, {"known": 1100})
