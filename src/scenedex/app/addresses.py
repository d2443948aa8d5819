"""Address of the server for its clients, which the URLs in answers begin with."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from litestar import Request

from scenedex.assets.links import UNKNOWN_HOST
from scenedex.wire.errors import InvalidRequest

if TYPE_CHECKING:
    from scenedex.settings import ServerSettings

_LOOPBACK_NAME = "localhost"
# A name or address, without a user or anything else that could hide another host.
_HOST = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?", re.ASCII)


def is_loopback(host: str) -> bool:
    """Return whether a name or address is one of the machine's own loopback."""
    if host == _LOOPBACK_NAME or host.endswith("." + _LOOPBACK_NAME):
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class ServerAddress:
    """Address of the server: `public_url` of the settings, else the host that a request names.

    Args:
        settings: settings of the server.
        is_signing: True if this server signs all URLs of objects, since its storage cannot.
    """

    def __init__(self, settings: ServerSettings, *, is_signing: bool) -> None:
        self._public_url = settings.public_url and settings.public_url.rstrip("/")
        self._allowed = frozenset(settings.allowed_host_names)
        self._is_signing = is_signing

    def plain(self, request: Request[Any, Any, Any]) -> str:
        """Return the address for URLs that give no access by themselves."""
        return self._public_url or str(request.base_url).rstrip("/")

    def for_signed_urls(self, request: Request[Any, Any, Any]) -> str:
        """Return the address for presigned URLs, which a forged header cannot change.

        Without `public_url`, the header Host has to name this machine or an allowed host. For any other host, return an
        empty text if the storage signs most URLs itself.

        Raises:
            InvalidRequest: the host is another one, and this server signs all URLs.
        """
        if self._public_url or self._is_known(_host_of(request)):
            return self.plain(request)
        if self._is_signing:
            raise InvalidRequest(UNKNOWN_HOST)
        return ""

    def _is_known(self, host: str) -> bool:
        host = host.lower().rstrip(".")
        return host in self._allowed or is_loopback(host)


def _host_of(request: Request[Any, Any, Any]) -> str:
    """Return the host that a request names, or an empty text if it names none or several."""
    named = request.headers.getall("host", [])
    found = _HOST.fullmatch(named[0]) if len(named) == 1 else None
    return found.group(1) if found else ""
