"""Representations of answers: HEAD, entity tags and content codings."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any, Final, cast

from scenedex.app.paths import path_of_segments
from scenedex.assets.links import OBJECTS
from scenedex.wire.encodings import choose_coding
from scenedex.wire.preconditions import TAG, URL_PERIOD
from scenedex.wire.validators import entity_tag, is_known

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from litestar.types import ASGIApp, HTTPResponseBodyEvent, HTTPResponseStartEvent, Message, Receive, Scope, Send

    from scenedex.wire.encodings import Coding

Header = tuple[bytes, bytes]

_MIN_CODED_BYTES: Final = 1000
# The event loop compresses less than this itself, which takes it a millisecond at most.
_MAX_INLINE_BYTES: Final = 32_000
_OK: Final = 200
_NO_CONTENT: Final = 204
_NOT_MODIFIED: Final = 304
# JSON of the API and its description, and the files of pages.
_KINDS: Final = (
    b"application/json",
    b"application/vnd.oai.openapi+json",
    b"text/html",
    b"text/css",
    b"text/javascript",
    b"image/svg+xml",
)
_READING: Final = ("GET", "HEAD")
# No route has the second method, so the answer to it names the methods of the path.
_ROUTED_AS: Final = {"HEAD": "GET", "OPTIONS": "NONE"}


class Representations:
    """ASGI layer that answers HEAD, OPTIONS and conditional requests, tags JSON and pages and compresses them.

    Args:
        application: answers GET in place of HEAD. The scope has the method as sent in `sent_method`.
        url_seconds: life of presigned URLs in answers.
    """

    def __init__(self, application: ASGIApp, *, url_seconds: int) -> None:
        self.application = application
        self._url_period_seconds = max(1, url_seconds // 3)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.application(scope, receive, send)
            return
        method = str(scope["method"])
        inner: dict[str, Any] = {
            **scope,
            "method": _ROUTED_AS.get(method, method),
            "sent_method": method,
            "path": path_of_segments(scope["raw_path"], scope["path"]),
            URL_PERIOD: int(time.time() / self._url_period_seconds),
        }
        await self.application(cast("Scope", inner), receive, _Answer(method, inner, send).send)


class _Answer:
    """One answer on its way to the client."""

    def __init__(self, method: str, scope: Mapping[str, Any], send: Send) -> None:
        self._method = method
        self._scope = scope
        self._is_object = scope["path"].startswith(f"{OBJECTS}/")
        self._headers: Sequence[Header] = list(scope["headers"])
        self._send = send
        self._start: HTTPResponseStartEvent | None = None
        self._is_ended = False

    async def send(self, message: Message) -> None:
        """Send an event of the application, changed where it must be."""
        if message["type"] == "http.response.start":
            message["headers"] = headers = _with_head_allowed(message["headers"])
            allow = [header for header in headers if header[0] == b"allow"]
            if self._method == "OPTIONS" and allow:
                await self._begin({**message, "status": _NO_CONTENT, "headers": allow})
            elif self._is_text(message["headers"]):
                self._start = message
            else:
                await self._begin(message)
        elif message["type"] == "http.response.body":
            await self._send_body(message)
        else:
            await self._send(message)

    async def _begin(self, start: HTTPResponseStartEvent) -> None:
        await self._send(start)
        if self._method == "HEAD" or start["status"] == _NO_CONTENT:
            self._is_ended = True
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _send_body(self, message: HTTPResponseBodyEvent) -> None:
        if self._start is not None:
            start, self._start = self._start, None
            if not message.get("more_body"):
                message["body"] = await self._represent(start, message.get("body", b""))
            await self._begin(start)
        if not self._is_ended:
            await self._send(message)

    async def _represent(self, start: HTTPResponseStartEvent, body: bytes) -> bytes:
        """Choose coding and tag of a whole body, set the headers, and return the bytes to send."""
        is_coded = len(body) >= _MIN_CODED_BYTES
        coding = choose_coding(self._header(b"accept-encoding")) if is_coded else None
        added: list[Header] = [(b"vary", b"Accept-Encoding")]
        if self._method in _READING and start["status"] == _OK:
            tag = self._scope.get(TAG) or entity_tag(body, coding, self._scope[URL_PERIOD])
            added.append((b"etag", tag.encode("ascii")))
            if b"cache-control" not in dict(start["headers"]):
                added.append((b"cache-control", b"private, no-cache"))
            if is_known(tag, self._header(b"if-none-match")):
                start["status"] = _NOT_MODIFIED
                start["headers"] = [*_without(start["headers"], b"content-length", b"content-type"), *added]
                return b""
        if coding is not None:
            body = await _encoded(body, coding)
            added += [
                (b"content-encoding", coding.value.encode("ascii")),
                (b"content-length", str(len(body)).encode("ascii")),
            ]
            start["headers"] = _without(start["headers"], b"content-length")
        start["headers"] = [*start["headers"], *added]
        return body

    def _is_text(self, headers: Sequence[Header]) -> bool:
        names = dict(headers)
        kind = names.get(b"content-type", b"").partition(b";")[0].strip()
        return kind in _KINDS and not self._is_object and b"content-encoding" not in names

    def _header(self, name: bytes) -> str:
        return b", ".join(value for given, value in self._headers if given == name).decode("latin-1")


def _without(headers: Iterable[Header], *names: bytes) -> list[Header]:
    return [header for header in headers if header[0] not in names]


def _with_head_allowed(headers: Iterable[Header]) -> list[Header]:
    """Return the headers of an answer. Where `Allow` names GET it names HEAD too."""
    return [(name, _allowed(value)) if name == b"allow" else (name, value) for name, value in headers]


def _allowed(methods: bytes) -> bytes:
    names = {name.strip() for name in methods.split(b",")}
    return b", ".join(sorted(names | {b"HEAD"} if b"GET" in names else names))


async def _encoded(body: bytes, coding: Coding) -> bytes:
    if len(body) <= _MAX_INLINE_BYTES:
        return coding.encode(body)
    return await asyncio.to_thread(coding.encode, body)
