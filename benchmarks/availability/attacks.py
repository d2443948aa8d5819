"""Hostile clients of an API process, each attack in a process of its own.

``python -m benchmarks.availability.attacks NAME PORT SECONDS ACCESS_KEY SECRET_KEY``
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from typing import TYPE_CHECKING

from scenedex.client.signing import Credentials

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

HOST = "127.0.0.1"
UNFINISHED = 500
LARGE_CLIENTS = 64
LARGE_BYTES = 9_700_000
_CHUNK = 1 << 16


async def unfinished(port: int, _credentials: Credentials) -> None:
    """Keep half a request open on each of many connections, and open another for each that is closed."""

    async def hold() -> None:
        while True:
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_connection(HOST, port)
                writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ")
                with contextlib.suppress(OSError):
                    while not reader.at_eof():
                        writer.write(b"a")
                        with contextlib.suppress(TimeoutError):
                            await asyncio.wait_for(reader.read(1), 1)
                writer.close()
            await asyncio.sleep(0.1)

    await asyncio.gather(*(hold() for _ in range(UNFINISHED)))


async def large_bodies(port: int, credentials: Credentials) -> None:
    """Send large bodies again and again on many connections: a list of ids where the call wants one."""
    body = b'{"personIds": [' + b"1," * ((LARGE_BYTES - 20) // 2) + b"1]}"

    async def send() -> None:
        target = "/api/v1/workspaces/attacked/persons/search"
        while True:
            with contextlib.suppress(OSError):
                headers = credentials.headers("POST", target, time.time_ns() // 1_000_000)
                reader, writer = await asyncio.open_connection(HOST, port)
                lines = [f"POST {target} HTTP/1.1", "Host: x", f"Content-Length: {len(body)}", "Connection: close"]
                lines += [f"{name}: {value}" for name, value in headers.items()]
                writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
                with contextlib.suppress(OSError):
                    for start in range(0, len(body), _CHUNK):
                        writer.write(body[start : start + _CHUNK])
                        await writer.drain()
                    await reader.read()
                writer.close()
            await asyncio.sleep(0.01)

    await asyncio.gather(*(send() for _ in range(LARGE_CLIENTS)))


ATTACKS: dict[str, Callable[[int, Credentials], Awaitable[None]]] = {
    "unfinished": unfinished,
    "large-bodies": large_bodies,
}


async def _run(name: str, port: int, seconds: float, credentials: Credentials) -> None:
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await ATTACKS[name](port, credentials)


if __name__ == "__main__":
    _name, _port, _seconds, _access_key, _secret_key = sys.argv[1:6]
    asyncio.run(_run(_name, int(_port), float(_seconds), Credentials(_access_key, _secret_key)))
