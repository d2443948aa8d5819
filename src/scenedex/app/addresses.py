"""Address of the server for its clients, which the URLs in answers begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar import Request

from scenedex.assets.links import UNKNOWN_HOST
from scenedex.wire.errors import InvalidRequest
from scenedex.wire.hosts import host_of, is_loopback

if TYPE_CHECKING:
    from scenedex.settings import ServerSettings


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
        if self._public_url or self._is_known(host_of(request.scope)):
            return self.plain(request)
        if self._is_signing:
            raise InvalidRequest(UNKNOWN_HOST)
        return ""

    def _is_known(self, host: str) -> bool:
        return host in self._allowed or is_loopback(host)
