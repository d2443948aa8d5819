"""A TCP way to a server, which can be cut and can be held up."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from anyio.from_thread import start_blocking_portal

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

    from anyio.from_thread import BlockingPortal


@dataclass
class Link:
    """The way as a campaign sees it.

    Attributes:
        port: on loopback, in place of the server's.
    """

    port: int
    _portal: BlockingPortal
    _loose: asyncio.Event
    _is_cut: bool = False
    _writers: set[asyncio.StreamWriter] = field(default_factory=set["asyncio.StreamWriter"])

    def cut(self) -> None:
        """Reset all connections and refuse new ones."""
        self._portal.call(self._cut)

    def hold(self) -> None:
        """Let nothing through, and say nothing."""
        self._portal.call(self._loose.clear)

    def mend(self) -> None:
        """All goes through again."""
        self._is_cut = False
        self._portal.call(self._loose.set)

    def drop(self) -> None:
        """Reset all connections, from within the loop that serves them."""
        for writer in self._writers:
            writer.transport.abort()

    def _cut(self) -> None:
        self._is_cut = True
        self.drop()

    async def serve(self, host: str, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass on one connection."""
        if self._is_cut:
            writer.transport.abort()
            return
        with suppress(OSError):
            await self._loose.wait()
            far_reader, far_writer = await asyncio.open_connection(host, port)
            self._writers |= {writer, far_writer}
            try:
                await asyncio.gather(self._pass_on(reader, far_writer), self._pass_on(far_reader, writer))
            finally:
                self._writers -= {writer, far_writer}

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                await self._loose.wait()
                writer.write(data)
                await writer.drain()
        writer.close()


@contextmanager
def linked(host: str, port: int) -> Generator[Link]:
    """A way to that server."""
    with start_blocking_portal("asyncio") as portal, portal.wrap_async_context_manager(_link(portal, host, port)) as it:
        yield it


@asynccontextmanager
async def _link(portal: BlockingPortal, host: str, port: int) -> AsyncGenerator[Link]:
    loose = asyncio.Event()
    loose.set()
    link = Link(0, portal, loose)
    server = await asyncio.start_server(lambda reader, writer: link.serve(host, port, reader, writer), "127.0.0.1", 0)
    link.port = server.sockets[0].getsockname()[1]
    try:
        yield link
    finally:
        server.close()
        loose.set()
        link.drop()
