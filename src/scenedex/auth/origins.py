"""Protection of calls with a cookie against pages of other sites, which make the browser send it too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from scenedex.wire.errors import GatewayError, GatewayFault
from scenedex.wire.methods import sent_method

if TYPE_CHECKING:
    from litestar.types import Scope

# A page of another site cannot send it: the browser asks the server first, which does not permit it.
_CONSOLE_HEADER: Final = b"x-scenedex-console"
_SITE: Final = b"sec-fetch-site"
# The second is an address that the user typed.
_READING_SITES: Final = (b"same-origin", b"none")
_REFUSED: Final = "Calls of the console come from its own page only."


@dataclass(frozen=True, slots=True)
class SameOrigin:
    """Rule that a call with a cookie comes from a page of this server.

    Attributes:
        public_url: address of the server for clients, or `None` for the one that the request names.
    """

    public_url: str | None

    def require(self, scope: Scope) -> None:
        """Check the headers with which a browser names the page that makes a call.

        Raises:
            GatewayError: the call comes from another site, or may come from one.
        """
        headers = dict(scope["headers"])
        site = headers.get(_SITE)
        if sent_method(scope) in ("GET", "HEAD"):
            is_permitted = self.is_of_this_site(scope)
        elif site is None:
            # Browsers leave the header out for addresses without TLS.
            is_permitted = headers.get(b"origin") == self._origin(scope, headers.get(b"host", b""))
        else:
            is_permitted = site == b"same-origin"
        if not is_permitted:
            raise GatewayError(GatewayFault.PERMISSION_DENIED, _REFUSED)
        if sent_method(scope) not in ("GET", "HEAD") and headers.get(_CONSOLE_HEADER) != b"1":
            raise GatewayError(GatewayFault.PERMISSION_DENIED, "The header X-Scenedex-Console is missing.")

    def is_of_this_site(self, scope: Scope) -> bool:
        """Return whether a page of this server or the user opens an address, as far as the browser says."""
        return dict(scope["headers"]).get(_SITE, b"none") in _READING_SITES

    def is_secure(self, scope: Scope) -> bool:
        """Return whether browsers reach the server by HTTPS, so that its cookies may be limited to that."""
        return (urlsplit(self.public_url).scheme if self.public_url else scope["scheme"]) == "https"

    @property
    def path(self) -> str:
        """Path of the server for clients, with a slash at its end."""
        return f"{urlsplit(self.public_url or '').path.rstrip('/')}/"

    def _origin(self, scope: Scope, host: bytes) -> bytes:
        if self.public_url is None:
            return b"%s://%s" % (scope["scheme"].encode("ascii"), host.lower())
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}".lower().encode("ascii", errors="replace")
