"""Address of the server for its clients, which the URLs in answers begin with."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from litestar import Request

from scenedex.wire.errors import FieldProblem, InvalidRequest

if TYPE_CHECKING:
    from scenedex.settings import ServerSettings

_LOOPBACK_NAME = "localhost"


class ServerAddress:
    """Address of the server: `public_url` of the settings, else the host that a request names.

    Args:
        settings: settings of the server.
        is_signing: True if this server signs URLs of objects, so that its address must be certain.
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

        Raises:
            InvalidRequest: `public_url` is not set, and the header Host names neither this machine nor an allowed host.
        """
        if self._public_url:
            return self._public_url
        if self._is_signing and not self._is_known(request.base_url.hostname or ""):
            raise InvalidRequest(
                FieldProblem("Host", "names an unknown host: set server.public_url or server.allowed_hosts")
            )
        return self.plain(request)

    def _is_known(self, host: str) -> bool:
        host = host.lower().rstrip(".")
        if host in self._allowed or host == _LOOPBACK_NAME or host.endswith("." + _LOOPBACK_NAME):
            return True
        try:
            return ip_address(host.strip("[]")).is_loopback
        except ValueError:
            return False
