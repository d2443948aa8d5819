"""Publisher of weights on a loopback port, with faults on request."""

from __future__ import annotations

import hashlib
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from scenedex.engines.catalog.entries import Entry, WeightFile

if TYPE_CHECKING:
    from collections.abc import Generator

CHUNK_BYTES = 1 << 16


@dataclass
class Publisher:
    """Server of files, with its faults and its requests.

    Attributes:
        files: content of each path.
        cuts: number of bytes of the body after which each of the next answers breaks off.
        refusals: statuses of the next answers, before anything is served.
        knows_ranges: whether it sends the rest of a file on request.
        asked: path and range of every request.
    """

    files: dict[str, bytes] = field(default_factory=dict[str, bytes])
    cuts: list[int] = field(default_factory=list[int])
    refusals: list[int] = field(default_factory=list[int])
    knows_ranges: bool = True
    asked: list[tuple[str, str | None]] = field(default_factory=list[tuple[str, str | None]])
    url: str = ""

    def entry(self, identifier: str, *names: str, is_checksum_known: bool = True) -> Entry:
        """Return an entry whose files are served below its id."""
        return Entry(
            identifier,
            "for tests",
            "CC0-1.0",
            self.url,
            tuple(self._file(f"/{identifier}/{name}", name, is_checksum_known=is_checksum_known) for name in names),
        )

    def _file(self, path: str, name: str, *, is_checksum_known: bool) -> WeightFile:
        data = self.files[path]
        sha256 = hashlib.sha256(data).hexdigest() if is_checksum_known else None
        return WeightFile(name, self.url + path, len(data), sha256)


@contextmanager
def published(publisher: Publisher) -> Generator[Publisher]:
    """Serve until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = self.headers.get("range")
            publisher.asked.append((self.path, wanted))
            if publisher.refusals:
                self.send_error(publisher.refusals.pop(0))
                return
            data = publisher.files.get(self.path)
            if data is None:
                self.send_error(404)
                return
            start = 0
            if wanted is not None and publisher.knows_ranges:
                start = int(wanted.removeprefix("bytes=").removesuffix("-"))
                if start >= len(data):
                    self.send_error(416)
                    return
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            else:
                self.send_response(200)
            body = data[start:]
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: publisher.cuts.pop(0)] if publisher.cuts else body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name is that of http.server
            """Write no log, since tests check `asked`."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        publisher.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield publisher
        finally:
            server.shutdown()
            thread.join()
