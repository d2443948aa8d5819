"""TCP port before a PostgreSQL that listens on a socket only, with TLS if a context is given.

It acts as a pooler that terminates TLS: it answers the encryption request of libpq and passes everything else on.
"""

from __future__ import annotations

import asyncio
import struct
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING

from anyio.from_thread import start_blocking_portal

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncGenerator, Generator
    from pathlib import Path

_SSL_REQUEST = struct.pack("!ii", 8, 80877103)


@contextmanager
def relayed(socket: Path, tls: ssl.SSLContext | None = None) -> Generator[int]:
    """Run a relay to the socket and return its port. With TLS it accepts encrypted connections only."""
    with start_blocking_portal("asyncio") as portal, portal.wrap_async_context_manager(_relay(socket, tls)) as port:
        yield port


@asynccontextmanager
async def _relay(socket: Path, tls: ssl.SSLContext | None) -> AsyncGenerator[int]:
    async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, EOFError):
            if tls is not None:
                if await reader.readexactly(8) != _SSL_REQUEST:
                    writer.close()
                    return
                writer.write(b"S")
                await writer.start_tls(tls)
            far_reader, far_writer = await asyncio.open_unix_connection(str(socket))
            async with asyncio.TaskGroup() as both:
                both.create_task(_pass_on(reader, far_writer))
                both.create_task(_pass_on(far_reader, writer))

    server = await asyncio.start_server(connect, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
