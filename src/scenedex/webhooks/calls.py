"""Calls of receivers: one POST to a checked address, within limits of time and size, without redirects."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlsplit

import httpcore2

from scenedex import __version__
from scenedex.webhooks.addresses import AddressRefused, host_and_port

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping
    from pathlib import Path

    from httpcore2 import SOCKET_OPTION

    from scenedex.webhooks.addresses import AddressPolicy, OwnAddresses, Resolver

USER_AGENT: Final = f"Scenedex-Webhooks/{__version__}"
"""Header ``user-agent`` of all calls."""

_MAX_ANSWER_BYTES: Final = 4096
_MIN_SECONDS_FOR_BODY: Final = 0.1
_MAX_SECONDS_FOR_BODY: Final = 1.0
_IDLE_SECONDS: Final = 30.0
_IDLE_CONNECTIONS: Final = 2
_MAX_PAUSE_SECONDS: Final = 86_400.0
_REDIRECTS: Final = range(300, 400)


@dataclass(frozen=True, slots=True)
class ReceiverAnswer:
    """Result of a call.

    Attributes:
        status: HTTP status, `None` without an answer.
        reason: why the call failed. `None`: the receiver accepted the event.
        text: first bytes of the body.
        retry_after_seconds: pause that the receiver asks for.
    """

    status: int | None
    reason: str | None
    text: str | None = None
    retry_after_seconds: float = 0.0


class _CheckedNetwork(httpcore2.AsyncNetworkBackend):
    """Connects to an address of the host that the policy allows, and looks it up only once."""

    def __init__(self, policy: AddressPolicy, own: OwnAddresses, resolver: Resolver, *, is_tls: bool) -> None:
        self._policy = policy
        self._own = own
        self._resolver = resolver
        self._is_tls = is_tls
        # The library declares it as a class that may be missing.
        self._network = cast("httpcore2.AsyncNetworkBackend", httpcore2.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  # the library's
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to the first address that answers."""
        fault: Exception = httpcore2.ConnectError("the host has no address")
        for address in await self._resolver.addresses(host, port):
            try:
                self._policy.require(address, is_tls=self._is_tls)
                self._own.refuse_address(address, port)
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (AddressRefused, httpcore2.ConnectError) as error:
                fault = error
        raise fault


@dataclass(slots=True, eq=False)
class _Pool:
    connections: httpcore2.AsyncConnectionPool
    users: int = 0
    used: float = field(default_factory=time.monotonic)


class ReceiverCalls:
    """Calls of receivers with the connections of a process.

    Args:
        policy: rule for addresses.
        resolver: looks hosts up. The caller closes it.
        seconds: maximum time of a whole call.
        per_endpoint: maximum number of connections of an endpoint.
        ca_file: certificates of authorities, those of the system if `None`.
    """

    def __init__(
        self,
        policy: AddressPolicy,
        resolver: Resolver,
        *,
        seconds: float,
        per_endpoint: int,
        ca_file: Path | None = None,
    ) -> None:
        self._policy = policy
        self._resolver = resolver
        self._seconds = seconds
        self._per_endpoint = per_endpoint
        self._ca_file = ca_file
        self._tls: ssl.SSLContext | None = None
        self._pools: dict[tuple[int, str], _Pool] = {}

    async def post(
        self, endpoint_id: int, url: str, own: OwnAddresses, headers: Mapping[str, str], body: bytes
    ) -> ReceiverAnswer:
        """Send a body. Every fault of the receiver is an answer with a reason."""
        try:
            own.refuse_name(*host_and_port(url))
            async with asyncio.timeout(self._seconds) as deadline:
                with self._pool(endpoint_id, url, own) as pool:
                    return await _exchange(pool, url, headers, body, deadline)
        except TimeoutError:
            return ReceiverAnswer(None, f"There was no answer within {self._seconds:g} s.")
        except AddressRefused as error:
            return ReceiverAnswer(None, str(error))
        except (httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError, OSError) as error:
            return ReceiverAnswer(None, _reason(error))

    async def close_idle(self) -> None:
        """Close connections that have not been used for a while."""
        await self._close(lambda pool: pool.users == 0 and time.monotonic() - pool.used > _IDLE_SECONDS)

    async def close(self) -> None:
        """Close all connections."""
        await self._close(lambda _pool: True)

    async def _close(self, chosen: Callable[[_Pool], bool]) -> None:
        for key, pool in list(self._pools.items()):
            if chosen(pool):
                del self._pools[key]
                with contextlib.suppress(Exception):
                    await pool.connections.aclose()

    @contextlib.contextmanager
    def _pool(self, endpoint_id: int, url: str, own: OwnAddresses) -> Generator[httpcore2.AsyncConnectionPool]:
        is_tls = url.startswith("https:")
        pool = self._pools.get((endpoint_id, url))
        if pool is None:
            network = _CheckedNetwork(self._policy, own, self._resolver, is_tls=is_tls)
            connections = httpcore2.AsyncConnectionPool(
                ssl_context=self._context() if is_tls else None,
                max_connections=self._per_endpoint,
                max_keepalive_connections=_IDLE_CONNECTIONS,
                keepalive_expiry=_IDLE_SECONDS,
                network_backend=network,
            )
            pool = self._pools[endpoint_id, url] = _Pool(connections)
        pool.users += 1
        try:
            yield pool.connections
        finally:
            pool.users -= 1
            pool.used = time.monotonic()

    def _context(self) -> ssl.SSLContext:
        """Return the context of TLS. Loading certificates takes some ten milliseconds."""
        if self._tls is None:
            self._tls = ssl.create_default_context(cafile=self._ca_file)
        return self._tls


async def _exchange(
    pool: httpcore2.AsyncConnectionPool, url: str, headers: Mapping[str, str], body: bytes, deadline: asyncio.Timeout
) -> ReceiverAnswer:
    sent = [(name.encode(), value.encode()) for name, value in headers.items()]
    async with pool.stream("POST", url, headers=sent, content=body) as response:
        # The status counts, even if the body takes longer than the rest of the time.
        rest = (deadline.when() or 0) - asyncio.get_running_loop().time()
        deadline.reschedule(None)
        text = await _beginning(response, max(_MIN_SECONDS_FOR_BODY, min(rest, _MAX_SECONDS_FOR_BODY)))
        status = response.status
        answered = {name.lower(): value for name, value in response.headers}
    if status in range(200, 300):
        return ReceiverAnswer(status, None, text)
    if status in _REDIRECTS:
        return ReceiverAnswer(status, f"It answered with a redirect ({status}), which is not followed.", text)
    pause = _wanted_pause(answered.get(b"retry-after", b""))
    return ReceiverAnswer(status, f"It answered with the status {status}.", text, pause)


async def _beginning(response: httpcore2.Response, seconds: float) -> str:
    """Return the first bytes of the body. One that is slow or endless is cut off."""
    content = bytearray()
    with contextlib.suppress(TimeoutError, httpcore2.NetworkError, httpcore2.ProtocolError):
        async with asyncio.timeout(seconds):
            async for chunk in response.aiter_stream():
                content += chunk
                if len(content) >= _MAX_ANSWER_BYTES:
                    break
    return content[:_MAX_ANSWER_BYTES].decode("utf-8", errors="replace").replace("\x00", "\ufffd")


def _wanted_pause(text: bytes) -> float:
    """Return the seconds of a header Retry-After, 0 for a date or none."""
    try:
        return min(max(float(text), 0.0), _MAX_PAUSE_SECONDS)
    except ValueError:
        return 0.0


def _reason(error: Exception) -> str:
    cause = error.__cause__ or error.__context__ or error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"Its certificate is not valid: {cause.verify_message}."
    if isinstance(cause, ssl.SSLError):
        return "It does not speak TLS as expected."
    if isinstance(cause, socket.gaierror):
        return "Its host is unknown."
    if isinstance(error, httpcore2.ProtocolError):
        return "Its answer is no HTTP, or the connection broke off before it."
    if isinstance(error, (httpcore2.ConnectError, httpcore2.ConnectTimeout)):
        return "It cannot be connected to."
    return "The connection broke off."


def is_gone(answer: ReceiverAnswer) -> bool:
    """Return whether the receiver wants no further events."""
    return answer.status == HTTPStatus.GONE


def host_header(url: str) -> str:
    """Return the header ``host`` of a call."""
    return urlsplit(url).netloc
