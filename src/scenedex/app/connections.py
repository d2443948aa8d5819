"""Limits on the connections of the API process: their number, and the time that each may take."""

from __future__ import annotations

import asyncio
import resource
from collections import deque
from dataclasses import dataclass, field
from enum import IntEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, Final, Protocol

import structlog

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_log: structlog.stdlib.BoundLogger = structlog.get_logger("scenedex.http")
_SECONDS_BETWEEN_LINES: Final = 10
# Open files of a process besides its connections: storage, libraries, pipes of workers, the event loop.
_RESERVED_DESCRIPTORS: Final = 64
_MIN_CONNECTIONS: Final = 16
# The kernel refuses a limit without bound on some systems.
_MAX_DESCRIPTORS: Final = 1 << 20
# About 100 MB a second, which takes a twentieth of a core.
_DISCARDED_BYTES_OF_TURN: Final = 2 * 1024**2
_CONNECTIONS_OF_TURN: Final = 8
_SECONDS_OF_TURN: Final = 0.02
# An IPv6 host usually owns a network of this size, and may connect from each of its addresses.
_IPV6_HOST_BITS: Final = 64


@dataclass(frozen=True, slots=True)
class ConnectionLimits:
    """Limits of a server.

    Attributes:
        total: maximum number of connections.
        of_address: maximum number of connections of one address.
        head_seconds: maximum time from the first byte of a request, or from the connection, to the end of its headers.
        body_bytes_per_second: minimum rate of request bodies, or 0.
        idle_seconds: time after which a connection without a request is closed.
        trusted: addresses of proxies, which `of_address` does not limit.
    """

    total: int
    of_address: int
    head_seconds: float = 10
    body_bytes_per_second: int = 1000
    idle_seconds: float = 30
    trusted: tuple[IPv4Network | IPv6Network, ...] = ()


class WaitReason(IntEnum):
    """Reason why a connection waits for its client, in the order in which such connections are closed."""

    ENDING = 0
    FIRST_REQUEST = 1
    FURTHER_REQUEST = 2
    BODY = 3


class ClientConnection(Protocol):
    """Open connection of a client, as the registry sees it."""

    @property
    def owner(self) -> str:
        """Address that the connection counts for."""
        ...

    def check(self, now: float, /) -> None:
        """Close the connection if it has exceeded a limit."""
        ...

    def drop(self) -> None:
        """Close the connection at once."""
        ...

    def pause(self) -> None:
        """Receive nothing until `resume` is called."""
        ...

    def resume(self) -> None:
        """Receive again if the connection is still open."""
        ...

    def refuse(self) -> None:
        """Answer that the server is busy, and close the connection."""
        ...


class DiscardPace:
    """Pace at which the process discards the rest of refused bodies, so that it leaves time for other connections."""

    def __init__(self) -> None:
        self._left = _DISCARDED_BYTES_OF_TURN
        self._paused: deque[ClientConnection] = deque()
        self._is_waiting = False

    def note(self, connection: ClientConnection, count: int) -> None:
        """Note that a connection discarded bytes, and pause it if it is the turn of others."""
        self._left -= count
        if self._left > 0:
            return
        connection.pause()
        self._paused.append(connection)
        if not self._is_waiting:
            self._start_waiting()

    def _start_waiting(self) -> None:
        self._is_waiting = True
        asyncio.get_running_loop().call_later(_SECONDS_OF_TURN, self._take_turns)

    def _take_turns(self) -> None:
        self._is_waiting = False
        self._left = _DISCARDED_BYTES_OF_TURN
        for _ in range(min(_CONNECTIONS_OF_TURN, len(self._paused))):
            self._paused.popleft().resume()
        if self._paused:
            self._start_waiting()


@dataclass(slots=True)
class _Address:
    """Connections of one address.

    Attributes:
        count: number of its connections.
        waiting: those that wait for their client by the reason, in the order in which they began to wait.
    """

    count: int = 0
    waiting: tuple[dict[ClientConnection, None], ...] = field(default_factory=lambda: tuple({} for _ in WaitReason))

    def waiting_count(self) -> int:
        return sum(map(len, self.waiting))


class ConnectionRegistry:
    """Open connections by their address. Makes room for new ones by closing those that wait for their client.

    Args:
        limits: limits of the server.

    Attributes:
        pace: pace of discarding.
    """

    def __init__(self, limits: ConnectionLimits) -> None:
        self.limits = limits
        self.pace = DiscardPace()
        # The group of waiting connections that each one is in.
        self._open: dict[ClientConnection, dict[ClientConnection, None] | None] = {}
        self._addresses: dict[str, _Address] = {}
        self._dropped = self._refused = 0
        self._logged_at = float("-inf")

    def __len__(self) -> int:
        return len(self._open)

    def add(self, connection: ClientConnection) -> None:
        """Count a connection that has just been opened, and so waits for a request.

        If its address has too many connections, another one of the address is closed. If there are too many in all, one
        of the address with the most waiting connections is closed: one that is about to end, else the one that has
        waited longest for its first request, else the one that has been idle longest, else the one whose body has not
        grown for longest. So a new connection always has the most time for its request. Only if all others are busy,
        the new one is refused.
        """
        owner = connection.owner
        address = self._addresses.setdefault(owner, _Address())
        address.count += 1
        self._open[connection] = None
        self.wait(connection, WaitReason.FIRST_REQUEST)
        if address.count > self.limits.of_address and not self._is_trusted(owner):
            self._drop_other(address, connection)
        elif len(self._open) > self.limits.total:
            self._drop_other(max(self._addresses.values(), key=_Address.waiting_count), connection)

    def remove(self, connection: ClientConnection) -> None:
        """Forget a connection that is closed or about to close."""
        if connection not in self._open:
            return
        self.begin(connection)
        del self._open[connection]
        address = self._addresses[connection.owner]
        address.count -= 1
        if not address.count:
            del self._addresses[connection.owner]

    def wait(self, connection: ClientConnection, reason: WaitReason) -> None:
        """Record that an open connection waits for its client since now."""
        if connection not in self._open:
            return
        self.begin(connection)
        group = self._open[connection] = self._addresses[connection.owner].waiting[reason]
        group[connection] = None

    def begin(self, connection: ClientConnection) -> None:
        """Record that a connection does not wait for its client."""
        group = self._open.get(connection)
        if group is not None:
            group.pop(connection, None)
            self._open[connection] = None

    def check(self, now: float) -> None:
        """Close the connections that have exceeded a limit, and log how many had to make room."""
        for connection in tuple(self._open):
            connection.check(now)
        if self._dropped + self._refused and now - self._logged_at > _SECONDS_BETWEEN_LINES:
            _log.warning("connections.limited", open=len(self), dropped=self._dropped, refused=self._refused)
            self._dropped = self._refused = 0
            self._logged_at = now

    def _drop_other(self, address: _Address, newest: ClientConnection) -> None:
        others = (connection for group in address.waiting for connection in group if connection is not newest)
        dropped = next(others, None)
        self.remove(dropped or newest)
        if dropped is None:
            self._refused += 1
            newest.refuse()
        else:
            self._dropped += 1
            dropped.drop()

    def _is_trusted(self, owner: str) -> bool:
        return bool(self.limits.trusted) and is_in(owner, self.limits.trusted)


def owner_of(address: str) -> str:
    """Return the address that a connection counts for: that of the peer, or its network if it is one of IPv6."""
    if ":" not in address:
        return address
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        if not found.is_loopback:
            return str(IPv6Network((found, _IPV6_HOST_BITS), strict=False).network_address)
    return str(found)


def is_in(owner: str, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    """Return whether an address is in one of the networks. An IPv6 address is compared by its network."""
    try:
        found = ip_address(owner)
    except ValueError:
        return False
    return any(
        found in network
        if isinstance(found, IPv4Address) or network.prefixlen <= _IPV6_HOST_BITS
        else str(found) == owner_of(str(network.network_address))
        for network in networks
    )


def raise_descriptor_limit() -> int:
    """Raise the number of files that this process may open to its maximum, and return it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MAX_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, _MAX_DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (ValueError, OSError):  # macOS has a limit of its own, below the hard one
            return soft
        return wanted
    return wanted if soft == resource.RLIM_INFINITY else soft


def fitting_total(wanted: int, *, descriptors: int, database_connections: int) -> int:
    """Return the number of connections that a process with this limit of open files can serve, at most `wanted`.

    A connection may open a second file, such as the upload that it writes.
    """
    left = descriptors - _RESERVED_DESCRIPTORS - database_connections
    return max(_MIN_CONNECTIONS, min(wanted, left // 2))


def parse_networks(names: Sequence[str]) -> tuple[IPv4Network | IPv6Network, ...]:
    """Return addresses and networks of the settings as networks."""
    return tuple(_network(name) for name in names)


def _network(name: str) -> IPv4Network | IPv6Network:
    return IPv6Network(name, strict=False) if ":" in name else IPv4Network(name, strict=False)
