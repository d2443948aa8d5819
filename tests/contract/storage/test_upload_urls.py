"""URLs to write to, at services that treat the header of a copy differently."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.contract.storage.conftest import PATIENCE

from scenedex.storage.s3_location import S3Location
from scenedex.storage.s3_store import S3Store, S3StoreSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

pytestmark = pytest.mark.anyio

LIFE = timedelta(minutes=15)
COPY_SOURCE = "x-amz-copy-source"


@contextmanager
def service(refuses: Callable[[set[str], Mapping[str, str]], bool]) -> Generator[tuple[S3Location, dict[str, bytes]]]:
    """Run a service that stores and copies objects, unless it refuses a presigned request.

    Args:
        refuses: decides by the names of signed headers, and the headers.
    """
    objects: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self, status: int, body: bytes = b"") -> None:
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.send_header("etag", '"a"')
            self.end_headers()
            self.wfile.write(body)

        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
            if "X-Amz-SignedHeaders" in query:
                headers = {name.lower(): value for name, value in self.headers.items()}
                if refuses(set(query["X-Amz-SignedHeaders"][0].split(";")), headers):
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
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield (
            S3Location(f"http://127.0.0.1:{server.server_port}", "us-east-1", "key", "secret", allow_http=True),
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


def names_in(url: str) -> str:
    return parse_qs(urlsplit(url).query)["X-Amz-SignedHeaders"][0]


async def test_a_service_that_refuses_headers_that_are_not_signed_gets_plain_urls() -> None:
    def refuses(names: set[str], headers: Mapping[str, str]) -> bool:
        return not names <= headers.keys() or any(name.startswith("x-amz-") for name in headers.keys() - names)

    with service(refuses) as (location, objects):
        url = await signed(location)

    assert url is not None
    assert names_in(url) == "host"
    assert objects == {}


async def test_a_service_that_does_not_gets_urls_that_are_wrong_with_the_header() -> None:
    def refuses(names: set[str], headers: Mapping[str, str]) -> bool:
        return COPY_SOURCE in names and COPY_SOURCE in headers

    with service(refuses) as (location, objects):
        url = await signed(location)

    assert url is not None
    assert names_in(url) == f"host;{COPY_SOURCE}"
    assert objects == {}


@pytest.mark.parametrize("accepts_absent_headers", [True, False])
async def test_uploads_to_a_service_that_cannot_be_kept_from_copies_go_through_the_server(
    accepts_absent_headers: bool,
) -> None:
    def refuses(names: set[str], headers: Mapping[str, str]) -> bool:
        return not accepts_absent_headers and not names <= headers.keys()

    with service(refuses) as (location, objects):
        url = await signed(location)

    assert url is None
    assert objects == {}


async def test_an_upload_goes_through_the_server_while_the_service_is_not_reached() -> None:
    with service(lambda _names, _headers: False) as (location, _):
        pass

    assert await signed(location) is None
