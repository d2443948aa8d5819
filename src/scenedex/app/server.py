"""HTTP server of the API process: accepts connections within limits."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from typing import TYPE_CHECKING, Final

import uvicorn

from scenedex.app.connections import (
    ConnectionLimits,
    ConnectionRegistry,
    fitting_total,
    parse_networks,
    raise_descriptor_limit,
)
from scenedex.app.http_protocol import protocol_of

if TYPE_CHECKING:
    from collections.abc import Generator

    from litestar.types import ASGIApp

    from scenedex.settings import Settings

# Proxies on this machine may tell the scheme and the address of a client.
_LOOPBACK: Final = ("127.0.0.0/8", "::1")
_ACCEPTED_AT_A_TIME: Final = 32
_CHECKS_EVERY_TICKS: Final = 10
_SECONDS_TO_ANSWER: Final = 5
_SECONDS_WITHOUT_DESCRIPTORS: Final = 0.2
_NO_DESCRIPTORS: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})


class ApiServer(uvicorn.Server):
    """uvicorn's server on one listening socket, with limits on its connections.

    Args:
        application: application to serve.
        listener: listening socket. The server closes it when it stops.
        limits: limits of connections.
    """

    def __init__(self, application: ASGIApp, listener: socket.socket, limits: ConnectionLimits) -> None:
        self.connections = ConnectionRegistry(limits)
        self._new_connection = protocol_of(self.connections)
        proxies = ",".join((*_LOOPBACK, *map(str, limits.trusted)))
        super().__init__(
            uvicorn.Config(
                application,
                http=self._new_connection,  # pyright: ignore[reportArgumentType]  # any factory does
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                lifespan="off",
                forwarded_allow_ips=proxies,
                timeout_graceful_shutdown=_SECONDS_TO_ANSWER,
                timeout_keep_alive=int(limits.idle_seconds),
            )
        )
        self._listener = listener
        self._opening: set[asyncio.Task[object]] = set()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave the signals to the process, which has more to stop than this server."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to accept connections."""
        del sockets
        await super().startup(sockets=[])
        self._listener.setblocking(False)
        self._accept_again()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop to accept connections, and wait for the answers in progress."""
        del sockets
        asyncio.get_running_loop().remove_reader(self._listener)
        await super().shutdown(sockets=[self._listener])

    async def on_tick(self, counter: int) -> bool:
        """Check the limits of all connections every second."""
        if counter % _CHECKS_EVERY_TICKS == 0:
            self.connections.check(asyncio.get_running_loop().time())
        return await super().on_tick(counter)

    def _accept_again(self) -> None:
        if not self.should_exit:
            asyncio.get_running_loop().add_reader(self._listener, self._accept)

    def _accept(self) -> None:
        """Accept the next connections. The event loop calls it again as long as there are more."""
        for _ in range(_ACCEPTED_AT_A_TIME):
            try:
                accepted, _ = self._listener.accept()
            except OSError as error:
                if error.errno in _NO_DESCRIPTORS:
                    self._pause()
                return
            self._open(accepted)

    def _open(self, accepted: socket.socket) -> None:
        accepted.setblocking(False)
        with contextlib.suppress(OSError):  # reset already
            accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        loop = asyncio.get_running_loop()

        def connection() -> asyncio.Protocol:
            return self._new_connection(self.config, self.server_state, {}, loop)

        task: asyncio.Task[object] = loop.create_task(loop.connect_accepted_socket(connection, accepted))
        self._opening.add(task)
        task.add_done_callback(self._opened)

    def _opened(self, task: asyncio.Task[object]) -> None:
        self._opening.discard(task)
        if not task.cancelled():
            task.exception()  # the client has closed the connection already

    def _pause(self) -> None:
        """Wait until files are closed, instead of trying in vain all the time."""
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._listener)
        loop.call_later(_SECONDS_WITHOUT_DESCRIPTORS, self._accept_again)


def connection_limits(settings: Settings) -> ConnectionLimits:
    """Return the limits of this process, and raise its limit of open files as far as it may."""
    server = settings.server
    total = fitting_total(
        server.max_connections, descriptors=raise_descriptor_limit(), database_connections=settings.database.pool_size
    )
    return ConnectionLimits(
        total=total,
        # One address leaves some of them to others, such as a probe of readiness.
        of_address=min(server.max_connections_of_address, total * 3 // 4),
        head_seconds=server.header_seconds,
        body_bytes_per_second=server.min_body_bytes_per_second,
        trusted=parse_networks(server.trusted_proxy_names),
    )
