"""HTTP of one connection: uvicorn's protocol with limits on slow and large requests.

Headers and bodies have to arrive in time, trailers are ignored, and a connection whose client still sends is closed
only after the client could read the answer.
"""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from scenedex.app.connections import WaitReason, owner_of

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from uvicorn.config import Config
    from uvicorn.server import ServerState

    from scenedex.app.connections import ConnectionRegistry

_MAX_HEAD_BYTES: Final = 64 * 1024
# A rate is measured over this time, so that a short silence does no harm.
_RATE_SECONDS: Final = 10
# The rest of a refused body is received and discarded within these bounds.
_DISCARD_SECONDS: Final = 30
_MAX_DISCARDED_BYTES: Final = 256 * 1024**2
# A client that reads no part of an answer for so long has gone.
_UNREAD_SECONDS: Final = 30


def _answer(status: HTTPStatus, reason: str, field: str = "") -> bytes:
    """Return an answer that ends the connection."""
    return (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nconnection: close\r\n{field}"
        f"content-type: text/plain; charset=utf-8\r\ncontent-length: {len(reason)}\r\n\r\n{reason}"
    ).encode("ascii")


_BUSY: Final = _answer(HTTPStatus.SERVICE_UNAVAILABLE, "Too many connections.", "retry-after: 1\r\n")


class _Ignored(list[tuple[bytes, bytes]]):
    """List for trailers, which stays empty."""

    def append(self, _trailer: tuple[bytes, bytes], /) -> None:
        """Discard a trailer."""


_TRAILERS: Final = _Ignored()


class _GentleTransport:
    """Transport that closes through the protocol."""

    def __init__(self, transport: asyncio.Transport, close: Callable[[], None], is_closing: Callable[[], bool]) -> None:
        self._transport = transport
        self.write = transport.write
        self.close = close
        self.is_closing = is_closing

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # all else is the transport's
        return getattr(self._transport, name)


class LimitedProtocol(HttpToolsProtocol):
    """Connection with limits.

    Attributes:
        owner: address that the connection counts for.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        registry: ConnectionRegistry,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.owner = ""
        self._registry = registry
        self._received = 0
        self._is_busy = False
        self._waits_since = self.loop.time()
        # Time of the first byte of a request whose headers are incomplete.
        self._head_since: float | None = self._waits_since
        self._head_bytes = 0
        self._is_body_open = False
        # Time and number of received bytes at which a period began, of a body or of what is discarded.
        self._since: float | None = None
        self._received_before = 0
        self._is_ending = False
        self._unread: tuple[int, float] = (0, 0.0)

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Register the connection."""
        self._raw = transport
        super().connection_made(_GentleTransport(transport, self._close, self._is_closing))  # pyright: ignore[reportArgumentType]
        self.owner = owner_of(self.client[0]) if self.client else ""
        self._registry.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Remove the connection from the registry."""
        self._registry.remove(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what arrives, or discard it if the connection is about to end."""
        self._received += len(data)
        if not self._is_ending:
            super().data_received(data)
        if self._is_busy:
            if self._is_body_open:
                self._registry.wait(self, WaitReason.BODY)
            return
        if self._is_ending or self._is_body_open:
            if self._received - self._received_before > _MAX_DISCARDED_BYTES:
                self._raw.abort()
            else:
                self._registry.pace.note(self, len(data))
        elif self._head_since is not None:
            self._head_bytes += len(data)
            if self._head_bytes > _MAX_HEAD_BYTES:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The headers are too large.")

    def on_message_begin(self) -> None:
        """Note the time of the first byte of a request, even if empty lines precede it."""
        super().on_message_begin()
        if self._head_since is None:
            self._head_since = self.loop.time()

    def on_headers_complete(self) -> None:
        """Start the request. Header fields after this point are trailers."""
        super().on_headers_complete()
        self.headers = _TRAILERS
        self._head_since = None
        self._head_bytes = 0
        self._is_body_open = self._is_busy = True
        self._since = None
        self._registry.begin(self)

    def on_message_complete(self) -> None:
        """Note that the whole body has arrived."""
        super().on_message_complete()
        self._is_body_open = False
        if self._is_busy:
            self._registry.begin(self)
        else:
            self._waits_since = self.loop.time()

    def on_response_complete(self) -> None:
        """Wait for the next request, or for the rest of the body of this one."""
        super().on_response_complete()
        if not self.cycle.response_complete:  # the next request had arrived before
            return
        self._is_busy = False
        self._waits_since = self.loop.time()
        if self._is_body_open:
            self._start_discarding()
        if self._head_since is not None:
            self._head_since = self._waits_since
        if not self._raw.is_closing():
            self._registry.wait(self, WaitReason.ENDING if self._is_ending else WaitReason.FURTHER_REQUEST)

    def send_400_response(self, msg: str) -> None:
        """Answer a malformed request, of which more may be on its way."""
        self._is_body_open = True
        super().send_400_response(msg)

    def shutdown(self) -> None:
        """End the connection when the server stops."""
        if self._is_busy:
            super().shutdown()
        elif self._is_ending:
            self._raw.abort()
        else:
            self._raw.close()

    def check(self, now: float) -> None:
        """Close the connection if it has exceeded a limit. Called every second."""
        if self._is_stuck(now):
            self._raw.abort()
        elif self._is_busy:
            if self._is_body_open and self._is_slow(now):
                self._refuse(HTTPStatus.REQUEST_TIMEOUT, "The body arrives too slowly.")
        elif self._is_ending or self._is_body_open:
            if self._since is not None and now - self._since > _DISCARD_SECONDS:
                self._raw.abort()
        elif self._head_since is not None:
            if now - self._head_since > self._registry.limits.head_seconds:
                self._refuse(HTTPStatus.REQUEST_TIMEOUT, "The headers arrive too slowly.")
        elif now - self._waits_since > self._registry.limits.idle_seconds:
            self._raw.close()

    def drop(self) -> None:
        """Close the connection at once."""
        self._raw.abort()

    def pause(self) -> None:
        """Receive nothing until `resume` is called."""
        if not self._raw.is_closing():
            self.flow.pause_reading()

    def resume(self) -> None:
        """Receive again if the connection is still open."""
        if not self._raw.is_closing():
            self.flow.resume_reading()

    def refuse(self) -> None:
        """Answer that the server is busy, and close the connection."""
        self._raw.write(_BUSY)
        self._raw.close()

    def _is_slow(self, now: float) -> bool:
        """Return whether less of the body has arrived in a period than the minimum rate demands."""
        rate = self._registry.limits.body_bytes_per_second
        # The server is the slower one if it has not yet read what arrived, or asked the client to go on.
        if self._since is None or self.flow.read_paused or self.cycle.waiting_for_100_continue:
            self._since, self._received_before = now, self._received
            return False
        seconds = now - self._since
        if seconds < _RATE_SECONDS:
            return False
        is_slow = self._received - self._received_before < rate * seconds
        self._since, self._received_before = now, self._received
        return is_slow

    def _is_stuck(self, now: float) -> bool:
        """Return whether the client has not read any part of an answer for too long."""
        unread = self._raw.get_write_buffer_size()
        if unread == 0 or unread != self._unread[0]:
            self._unread = unread, now
            return False
        return now - self._unread[1] > _UNREAD_SECONDS

    def _refuse(self, status: HTTPStatus, reason: str) -> None:
        """End the connection, with an answer unless the application has started one."""
        if self._is_busy and self.cycle.response_started:
            self._raw.abort()
            return
        if self._received:
            self._raw.write(_answer(status, reason))
        self._is_body_open = bool(self._received)
        self._close()

    def _close(self) -> None:
        """Close the connection, after the client has sent the rest of its request if it still does.

        Otherwise the system would reset the connection, and the client could not read the answer.
        """
        if self._is_closing():
            return
        if not self._is_body_open:
            self._raw.close()
            return
        self._is_ending = True
        if self._is_busy and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self._is_busy = False
        self._registry.wait(self, WaitReason.ENDING)
        self._start_discarding()
        self.flow.resume_reading()
        self._raw.write_eof()

    def _start_discarding(self) -> None:
        self._since, self._received_before = self.loop.time(), self._received

    def _is_closing(self) -> bool:
        return self._is_ending or self._raw.is_closing()


def protocol_of(registry: ConnectionRegistry) -> Callable[..., LimitedProtocol]:
    """Return the factory of connections that a registry counts."""
    return partial(LimitedProtocol, registry=registry)
