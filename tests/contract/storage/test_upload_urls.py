"""URLs to write to, at services that check signed headers differently."""

from __future__ import annotations

import hashlib
import hmac
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qsl, quote, urlsplit

import httpx2
import pytest
from tests.contract.storage.conftest import PATIENCE

from scenedex.storage.s3_location import S3Location
from scenedex.storage.s3_store import S3Store, S3StoreSettings

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

pytestmark = pytest.mark.anyio

LIFE = timedelta(minutes=15)
COPY_SOURCE = "x-amz-copy-source"
SECRET_KEY = "secret"
Values = dict[str, str]


class Check(Protocol):
    """Way in which a service finds the values of signed headers."""

    def __call__(self, names: list[str], headers: Mapping[str, str], query: Mapping[str, str]) -> Values | None:
        """Return the values by name, `None` for a refusal. The empty name has the list of names if that is another."""
        ...


def aws(names: list[str], headers: Mapping[str, str], query: Mapping[str, str]) -> Values | None:
    """Refuse headers that are not signed, and signed ones that are absent."""
    del query
    unsigned = [name for name in headers if name.startswith("x-amz-") and name not in names]
    absent = [name for name in names if name not in headers]
    return None if unsigned or absent else {name: headers[name] for name in names}


def ceph(names: list[str], headers: Mapping[str, str], query: Mapping[str, str]) -> Values | None:
    """Skip the lines of absent headers. Their names stay in the list, which is that of the query."""
    del query
    return {name: headers[name] for name in names if name in headers} | {"": ";".join(names)}


def seaweedfs(names: list[str], headers: Mapping[str, str], query: Mapping[str, str]) -> Values | None:
    """Skip absent headers and their names."""
    del query
    return {name: headers[name] for name in names if name in headers}


def minio(names: list[str], headers: Mapping[str, str], query: Mapping[str, str]) -> Values | None:
    """Take the values of absent headers from the query, and refuse a request without."""
    values = {**query, **headers}
    return None if any(name not in values for name in names) else {name: values[name] for name in names}


def careless(names: list[str], headers: Mapping[str, str], query: Mapping[str, str]) -> Values | None:
    """Check the host alone."""
    del query
    return {"host": headers["host"], "": ";".join(names)}


def signature(path: str, query: Mapping[str, str], values: Mapping[str, str]) -> str:
    """Compute the signature of a PUT from the definition, independently of the server."""
    listed = values.get("", ";".join(sorted(values)))
    lines = "".join(f"{name}:{value}\n" for name, value in sorted(values.items()) if name)
    text = "&".join(sorted(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query.items()))
    canonical = f"PUT\n{path}\n{text}\n{lines}\n{listed}\nUNSIGNED-PAYLOAD"
    scope = query["X-Amz-Credential"].partition("/")[2]
    key = f"AWS4{SECRET_KEY}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    signed = f"AWS4-HMAC-SHA256\n{query['X-Amz-Date']}\n{scope}\n{digest}"
    return hmac.digest(key, signed.encode(), "sha256").hex()


@contextmanager
def service(check: Check) -> Generator[tuple[S3Location, dict[str, bytes]]]:
    """Run a service that stores and copies objects. It checks the signatures of URLs alone."""
    objects: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self, status: int, body: bytes = b"") -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            path = urlsplit(self.path).path
            query = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
            given = query.pop("X-Amz-Signature", None)
            if given is not None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                values = check(query["X-Amz-SignedHeaders"].split(";"), headers, query)
                if values is None or signature(path, query, values) != given:
                    self.answer(403)
                    return
            source = self.headers.get(COPY_SOURCE)
            objects[path] = body if source is None else objects[f"/{source.lstrip('/')}"]
            self.answer(200)

        def do_GET(self) -> None:
            found = objects.get(urlsplit(self.path).path)
            self.answer(404 if found is None else 200, found or b"<Error><Code>NoSuchKey</Code></Error>")

        def do_DELETE(self) -> None:
            objects.pop(urlsplit(self.path).path, None)
            self.answer(204)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name of the base class
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield (
            S3Location(f"http://127.0.0.1:{server.server_port}", "us-east-1", "key", SECRET_KEY, allow_http=True),
            objects,
        )
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


async def signed(location: S3Location) -> str | None:
    store = S3Store(location, S3StoreSettings("managed", "scenedex/", PATIENCE))
    try:
        return await store.sign_put("uploads/a/data", expires=LIFE)
    finally:
        await store.close()


@pytest.mark.parametrize("check", [aws, ceph, seaweedfs, minio])
async def test_a_url_writes_and_does_not_copy(check: Check) -> None:
    with service(check) as (location, objects):
        objects["/films/a.mp4"] = b"film of another tenant"

        url = await signed(location)

        assert url is not None
        assert list(objects) == ["/films/a.mp4"]
        async with httpx2.AsyncClient() as client:
            copied = await client.put(url, headers={COPY_SOURCE: "/films/a.mp4"})
            assert (copied.status_code, list(objects)) == (403, ["/films/a.mp4"])
            assert (await client.put(url, content=b"upload")).status_code == 200
        assert objects["/managed/scenedex/uploads/a/data"] == b"upload"


async def test_uploads_to_a_service_that_cannot_be_kept_from_copies_go_through_the_server() -> None:
    with service(careless) as (location, objects):
        url = await signed(location)

    assert url is None
    assert objects == {}


async def test_uploads_go_through_the_server_while_the_service_is_not_reached() -> None:
    with service(aws) as (location, _):
        pass

    assert await signed(location) is None
