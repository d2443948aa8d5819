"""Receiver that notes the delay of each event, in a process of its own.

``POST /ok/ID`` is accepted at once, ``POST /hang/ID`` never. ``GET /`` returns the delays since the last GET.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from datetime import datetime

_ACCEPTED = b"HTTP/1.1 204 No Content\r\n\r\n"


class Receiver(asyncio.Protocol):
    """One connection. ``delays`` are those of all connections, in seconds."""

    def __init__(self, delays: list[float]) -> None:
        self._delays = delays
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport for answers."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each complete request."""
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, rest = self._received.partition(b"\r\n\r\n")
            length = 0
            for line in head.split(b"\r\n")[1:]:
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if len(rest) < length:
                return
            self._received = rest[length:]
            self._answer(head, rest[:length])

    def _answer(self, head: bytes, body: bytes) -> None:
        if head.startswith(b"GET"):
            content = json.dumps(self._delays).encode()
            self._delays.clear()
            self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content)
        elif head.startswith(b"POST /ok"):
            event = datetime.fromisoformat(json.loads(body)["timestamp"])
            self._delays.append(time.time() - event.timestamp())
            self._transport.write(_ACCEPTED)


async def main() -> None:
    """Serve until killed."""
    delays: list[float] = []
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Receiver(delays), "127.0.0.1", 0, backlog=4096)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
