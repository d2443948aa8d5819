"""Recognition of clients on the server's own machine."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from scenedex.wire.errors import GatewayError, GatewayFault
from scenedex.wire.hosts import host_of, is_loopback

if TYPE_CHECKING:
    from litestar.types import Scope

# A proxy sets them. Behind one on this machine, every client may look like one of this machine.
_OF_PROXIES: Final = (b"forwarded", b"via", b"x-forwarded-", b"x-real-ip")


def require_local(scope: Scope) -> None:
    """Check that a call comes straight from this machine: by its address, by the host it names, by no proxy.

    Raises:
        GatewayError: it comes from another machine, or may come from one.
    """
    client = scope["client"]
    is_passed_on = any(name.startswith(_OF_PROXIES) for name, _ in scope["headers"])
    if client is None or not _is_loopback_address(client[0]) or is_passed_on or not is_loopback(host_of(scope)):
        raise GatewayError(
            GatewayFault.PERMISSION_DENIED, "Links to sign in work on the server's own machine only. Use an access key."
        )


def _is_loopback_address(text: str) -> bool:
    try:
        return ip_address(text).is_loopback
    except ValueError:
        return False
