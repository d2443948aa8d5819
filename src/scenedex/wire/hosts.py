"""Hosts that requests name, and those of the machine's own loopback."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from litestar.types import Scope

_LOOPBACK_NAME: Final = "localhost"
# A name or address, without a user or anything else that could hide another host.
_HOST: Final = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?", re.ASCII)


def is_loopback(host: str) -> bool:
    """Return whether a name or address in lower case is one of the machine's own loopback."""
    if host == _LOOPBACK_NAME or host.endswith("." + _LOOPBACK_NAME):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def host_of(scope: Scope) -> str:
    """Return the host that a request names, in lower case, or an empty text if it names none or several."""
    named = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    found = _HOST.fullmatch(named[0]) if len(named) == 1 else None
    return found.group(1).lower().rstrip(".") if found else ""
