"""Receiver of webhooks in a process of its own, with the faults that receivers have in the field.

The first part of the path names the behaviour of a URL. ``GET /`` returns what was received.
"""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


@dataclass(frozen=True)
class Received:
    """A call that the receiver got.

    Attributes:
        began: time at which its headers had arrived, in seconds since the epoch.
        ended: time at which it was answered, `None` if it never was.
    """

    path: str
    headers: dict[str, str]
    body: str
    began: float
    ended: float | None

    @property
    def event(self) -> dict[str, Any]:
        return json.loads(self.body)


@dataclass(frozen=True)
class Receiver:
    """The receiver, seen from a test."""

    port: int
    process: subprocess.Popen[str]

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}"

    def received(self, path: str = "") -> list[Received]:
        """Return the calls of URLs that begin like this, in order."""
        with urllib.request.urlopen(self.url(""), timeout=10) as answer:
            found = [Received(**one) for one in json.load(answer)]
        return [one for one in found if one.path.startswith(f"/{path}")]

    def wait(self, path: str, count: int, seconds: float = 20) -> list[Received]:
        """Return the calls once there are so many."""
        until(lambda: len(self.received(path)) >= count, seconds)
        return self.received(path)


def until(is_so: Callable[[], bool], seconds: float = 20) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, "it did not come about"
        time.sleep(0.02)


@contextmanager
def webhook_receiver() -> Generator[Receiver]:
    """Start a receiver on a loopback port."""
    process = subprocess.Popen([sys.executable, __file__], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield Receiver(int(process.stdout.readline()), process)
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


class _Server:
    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []
        self.counts: Counter[str] = Counter()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._serve_one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = head[0].split(" ")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        if method == "GET":
            await _answer(writer, 200, json.dumps(self.calls).encode())
            return True
        call = {"path": path, "headers": headers, "body": body.decode(), "began": time.time(), "ended": None}
        self.calls.append(call)
        self.counts[path] += 1
        is_open = await self._behave(path.split("/")[1], self.counts[path], writer)
        call["ended"] = time.time()
        return is_open

    async def _behave(self, name: str, number: int, writer: asyncio.StreamWriter) -> bool:
        """Answer as the name says, or not at all. Return whether the connection stays open."""
        behaviour, _, argument = name.partition("-")
        if behaviour in _FAULTS:
            await _FAULTS[behaviour](writer)
            return False
        body, headers = b"out of order", ""
        match behaviour:
            case "slow":
                await asyncio.sleep(float(argument))
                status = 200
            case "failing":
                status = 200 if number > int(argument) else 500
            case "status":
                status = int(argument)
            case "later":
                status, headers = 200 if number > 1 else 503, f"Retry-After: {argument}\r\n"
            case "redirect":
                status, headers = 302, "Location: /ok\r\n"
            case _:
                status, body = 204, b""
        await _answer(writer, status, body, headers)
        return True


async def _hang(_writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(3600)


async def _close(_writer: asyncio.StreamWriter) -> None:
    pass


async def _drip(writer: asyncio.StreamWriter) -> None:
    """Send headers without an end, byte by byte."""
    for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 3600:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.2)


async def _dribble(writer: asyncio.StreamWriter) -> None:
    """Send a body byte by byte."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(1000):
        writer.write(b"y")
        await writer.drain()
        await asyncio.sleep(0.2)


async def _flood(writer: asyncio.StreamWriter) -> None:
    """Send a body of ten gigabytes."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")
    for _ in range(10_000):
        writer.write(b"x" * 1_000_000)
        await writer.drain()


_FAULTS = {"hang": _hang, "nothing": _close, "drip": _drip, "dribble": _dribble, "huge": _flood}


async def _answer(writer: asyncio.StreamWriter, status: int, body: bytes = b"", headers: str = "") -> None:
    length = "" if status == 204 else f"Content-Length: {len(body)}\r\n"
    writer.write(f"HTTP/1.1 {status} Answer\r\n{length}{headers}\r\n".encode() + body)
    await writer.drain()


async def _main() -> None:
    server = await asyncio.start_server(_Server().serve, "127.0.0.1", 0, backlog=2048)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(_main())
