"""Proxy before an S3 service that causes faults in chosen requests, over real sockets."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from scenedex.storage.s3_location import S3Location

_LONGEST_ANSWER_S = 60


@dataclass(frozen=True)
class Fault:
    """Fault of a request. Without any attribute, the request passes unchanged.

    Attributes:
        delay_seconds: pause before the request is passed on.
        status: status of an answer that is given in place of the service, which does not get the request.
        code: S3 error code in the document of that answer.
        more: further elements of that document.
        loses_answer: whether the connection breaks after the service has acted and before it answers.
        cut_after: number of bytes of the answer's body after which the connection breaks.
        cut_request_after: number of bytes of the request's body after which the connection to the service breaks.
        says_less_by: number of bytes by which the answer is shorter, also in its headers.
        damaged_byte: position of a changed byte in the answer's body.
        damaged_request_byte: position of a changed byte in the request's body.
    """

    delay_seconds: float = 0
    status: int = 0
    code: str = ""
    more: str = ""
    loses_answer: bool = False
    cut_after: int | None = None
    cut_request_after: int | None = None
    says_less_by: int = 0
    damaged_byte: int | None = None
    damaged_request_byte: int | None = None


@dataclass(frozen=True)
class Seen:
    """Request: its method, and its target as sent."""

    method: str
    target: str


@dataclass
class _Rule:
    is_meant: Callable[[Seen], bool]
    fault: Fault
    times: int | None
    every: int
    met: int = 0

    def applies(self, seen: Seen) -> bool:
        if self.times == 0 or not self.is_meant(seen):
            return False
        self.met += 1
        if self.met % self.every:
            return False
        if self.times is not None:
            self.times -= 1
        return True


@dataclass
class S3Proxy:
    """Control of the proxy by a test.

    Attributes:
        location: location of the service by way of the proxy.
        seen: requests that the proxy received.
        met: requests with a fault.
    """

    location: S3Location
    seen: list[Seen] = field(default_factory=list[Seen])
    met: list[Seen] = field(default_factory=list[Seen])
    _rules: list[_Rule] = field(default_factory=list[_Rule])
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _is_away: bool = False

    def fail(self, method: str, part: str, fault: Fault, *, times: int | None = 1, every: int = 1) -> None:
        """Cause a fault in requests of a method that have this part in their targets.

        Args:
            method: HTTP method, or empty for any.
            part: part of the target.
            fault: fault of these requests.
            times: maximum number of faulty requests, or `None` for no limit.
            every: distance between two faulty requests, 1 for each.
        """

        def is_meant(seen: Seen) -> bool:
            return seen.method == (method or seen.method) and part in seen.target

        with self._lock:
            self._rules.append(_Rule(is_meant, fault, times, every))

    def mend(self) -> None:
        """Remove all faults."""
        with self._lock:
            self._rules.clear()
            self._is_away = False

    def go_away(self) -> None:
        """Break every connection until the faults are removed."""
        self._is_away = True

    def fault_of(self, seen: Seen) -> Fault | None:
        """Return the fault of this request, or `None` if its connection breaks."""
        with self._lock:
            self.seen.append(seen)
            if self._is_away:
                return None
            for rule in self._rules:
                if rule.applies(seen):
                    self.met.append(seen)
                    return rule.fault
        return Fault()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, service: str, fault_of: Callable[[Seen], Fault | None]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        parts = urlsplit(service)
        self.service = (parts.hostname or "", parts.port or 80)
        self.fault_of = fault_of


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server  # pyright: ignore[reportIncompatibleVariableOverride]  # made by none else

    def handle_one_request(self) -> None:
        with suppress(ConnectionError):
            super().handle_one_request()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
        """Write no log, since tests check `seen`."""

    def relay(self) -> None:
        fault = self.server.fault_of(Seen(self.command, self.path))
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if fault is None:
            self.close_connection = True
            return
        time.sleep(fault.delay_seconds)
        if fault.status:
            self._refuse(fault)
            return
        if fault.damaged_request_byte is not None:
            body = _damaged(body, fault.damaged_request_byte)
        self._pass_on(body, fault)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = relay  # noqa: N815  # the base class calls them

    def _refuse(self, fault: Fault) -> None:
        document = f"<Error><Code>{fault.code}</Code>{fault.more}</Error>".encode() if fault.code else b""
        self._answer(fault.status, {"content-type": "application/xml"}, document, len(document))

    def _pass_on(self, body: bytes, fault: Fault) -> None:
        service = HTTPConnection(*self.server.service, timeout=_LONGEST_ANSWER_S)
        try:
            service.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                service.putheader(name, value)
            service.endheaders(body if fault.cut_request_after is None else body[: fault.cut_request_after])
            if fault.cut_request_after is not None:
                self.close_connection = True
                return
            answer = service.getresponse()
            content = answer.read()
        except (OSError, HTTPException):
            self.close_connection = True
            return
        finally:
            service.close()
        if fault.loses_answer:
            self.close_connection = True
            return
        headers = {name: value for name, value in answer.getheaders() if name.lower() != "transfer-encoding"}
        length = int(headers.pop("Content-Length", len(content))) - fault.says_less_by
        if fault.damaged_byte is not None:
            content = _damaged(content, fault.damaged_byte)
        if fault.says_less_by:
            content = content[:length]
        self._answer(answer.status, headers, content, length, cut_after=fault.cut_after)

    def _answer(
        self, status: int, headers: dict[str, str], body: bytes, length: int, *, cut_after: int | None = None
    ) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(length))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body if cut_after is None else body[:cut_after])
        if cut_after is not None:
            self.close_connection = True


def _damaged(body: bytes, position: int) -> bytes:
    return body[:position] + bytes((body[position] ^ 1,)) + body[position + 1 :]


@contextmanager
def proxied(location: S3Location) -> Generator[S3Proxy]:
    """A proxy before this service."""
    proxy = S3Proxy(location)
    with _Server(location.endpoint, proxy.fault_of) as server:
        proxy.location = replace(location, endpoint=f"http://127.0.0.1:{server.server_port}")
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        try:
            yield proxy
        finally:
            server.shutdown()
            serving.join()
