"""Clients on the server's own machine, and others that claim to be there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from scenedex.console.local_peers import require_local
from scenedex.wire.errors import GatewayError

if TYPE_CHECKING:
    from litestar.types import Scope


def scope(client: tuple[str, int] | None, *headers: tuple[bytes, bytes]) -> Scope:
    made: dict[str, Any] = {"client": client, "headers": list(headers)}
    return cast("Scope", made)


LOCAL = (b"host", b"localhost:8600")


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
def test_accepts_a_client_of_this_machine(address: str) -> None:
    require_local(scope((address, 50_000), LOCAL))


@pytest.mark.parametrize("address", ["192.168.0.1", "203.0.113.7", "::", "fe80::1", "localhost", ""])
def test_refuses_a_client_of_another_machine(address: str) -> None:
    with pytest.raises(GatewayError):
        require_local(scope((address, 50_000), LOCAL))


def test_refuses_a_client_without_an_address() -> None:
    with pytest.raises(GatewayError):
        require_local(scope(None, LOCAL))


@pytest.mark.parametrize("hosts", [(), (b"localhost", b"localhost"), (b"media.example",)], ids=["none", "two", "other"])
def test_refuses_a_call_that_names_another_host(hosts: tuple[bytes, ...]) -> None:
    with pytest.raises(GatewayError):
        require_local(scope(("127.0.0.1", 50_000), *((b"host", host) for host in hosts)))
