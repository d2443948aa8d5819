"""Addresses that receivers may have. Decided after the DNS lookup, for the very address that is connected to."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Final, Self, TypeAlias
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scenedex.settings import ServerSettings, WebhookSettings
    from scenedex.settings.webhooks import Network

Address: TypeAlias = IPv4Address | IPv6Address

_PUBLIC_IPV6: Final = ip_network("2000::/3")
_NAT64: Final = ip_network("64:ff9b::/96")
_PRIVATE: Final = tuple(
    map(ip_network, ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1", "fc00::/7"))
)
# Services that give a machine of a cloud its credentials. Others have link-local addresses.
_METADATA: Final = frozenset(map(ip_address, ("168.63.129.16", "100.100.100.200", "fd00:ec2::254")))
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_ANY: Final = frozenset({"0.0.0.0", "::", ""})  # noqa: S104  # compared with, not bound
_THREADS: Final = 128
_SELF: Final = "This is the address of this server itself. Give the URL of a receiver."


class AddressRefused(Exception):
    """A receiver has an address that webhooks do not reach."""


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """Rule of the settings.

    Attributes:
        allow_private: private and loopback addresses are allowed, also without TLS.
        allow_http: public addresses are allowed without TLS.
        networks: allowed networks, also without TLS.
    """

    allow_private: bool = False
    allow_http: bool = False
    networks: tuple[Network, ...] = ()

    @classmethod
    def of(cls, settings: WebhookSettings) -> Self:
        """Return the rule of the settings."""
        return cls(settings.allow_private, settings.allow_http, settings.networks)

    @property
    def may_use_http(self) -> bool:
        """Return whether some receivers need no TLS."""
        return self.allow_http or self.allow_private or bool(self.networks)

    def require(self, address: str, *, is_tls: bool) -> None:
        """Check an address.

        Raises:
            AddressRefused: webhooks do not reach it. The message says what would change that.
        """
        for meaning in _meanings(ip_address(address.partition("%")[0])):
            self._require(meaning, is_tls=is_tls)

    def _require(self, address: Address, *, is_tls: bool) -> None:
        if address.is_multicast or address.is_unspecified:
            raise AddressRefused(f"{address} is no address of one machine.")
        if any(address in network for network in self.networks):
            return
        if _is_public(address):
            if is_tls or self.allow_http:
                return
            raise AddressRefused(f"{address} is public, so the URL must begin with https://.")
        if self.allow_private and address not in _METADATA and any(address in network for network in _PRIVATE):
            return
        raise AddressRefused(f"{address} is no public address. An operator can allow it in webhooks.allowed_networks.")


@dataclass(frozen=True, slots=True)
class OwnAddresses:
    """Hosts and ports at which this server listens, so that it does not send events to itself.

    Attributes:
        listening: hosts and ports of listening sockets. All addresses of this machine are the same.
        public: names and ports of public URLs.
    """

    listening: frozenset[tuple[str, int]]
    public: frozenset[tuple[str, int]]

    @classmethod
    def of(cls, settings: ServerSettings, *urls: str) -> Self:
        """Return the addresses of the settings and of further URLs of this server."""
        named = [settings.public_url, *urls] if settings.public_url else list(urls)
        public = frozenset(host_and_port(url) for url in named if url)
        return cls(frozenset({(settings.host, settings.port), *public}), public)

    def refuse_name(self, host: str, port: int) -> None:
        """Raise `AddressRefused` if a URL names this server."""
        if (host, port) in self.public:
            raise AddressRefused(_SELF)

    def refuse_address(self, address: str, port: int) -> None:
        """Raise `AddressRefused` if an address and a port are those of this server."""
        if any(
            port == own_port and (address == host or (_is_on_this_machine(host) and _is_on_this_machine(address)))
            for host, own_port in self.listening
        ):
            raise AddressRefused(_SELF)


class Resolver:
    """Looks hosts up in threads of its own, so that slow name servers hold up nothing else."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="webhook-dns")

    async def addresses(self, host: str, port: int) -> Sequence[str]:
        """Return the addresses of a host.

        Raises:
            OSError: there is none.
        """
        with contextlib.suppress(ValueError):
            return [str(ip_address(host))]
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _look_up, host, port)
        return list(dict.fromkeys(found))

    def close(self) -> None:
        """Start no further lookups."""
        self._threads.shutdown(wait=False, cancel_futures=True)


def host_and_port(url: str) -> tuple[str, int]:
    """Return host, in lower case and without a final dot, and port of a URL."""
    parts = urlsplit(url)
    return (parts.hostname or "").rstrip("."), parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)


def _look_up(host: str, port: int) -> list[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def _is_public(address: Address) -> bool:
    if address in _METADATA or not address.is_global:
        return False
    return isinstance(address, IPv4Address) or address in _PUBLIC_IPV6


def _meanings(address: Address) -> Iterator[Address]:
    """Yield an address as routers take it: the IPv4 addresses that an IPv6 address carries, or itself."""
    if isinstance(address, IPv4Address):
        yield address
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
        return
    if address in _NAT64:
        yield IPv4Address(int(address) & 0xFFFFFFFF)
        return
    yield address
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo


def _is_on_this_machine(host: str) -> bool:
    """Return whether a socket of this machine can have this address."""
    if host in _ANY or host == "localhost":
        return True
    with contextlib.suppress(ValueError, OSError):
        address = ip_address(host.partition("%")[0])
        family = socket.AF_INET if isinstance(address, IPv4Address) else socket.AF_INET6
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((str(address), 0))
            return True
    return False
