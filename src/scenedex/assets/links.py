"""Signed URLs that read a managed object, or write an upload, without an access key and for a short time.

S3 serves such URLs itself. Objects in local folders are served by this server.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scenedex.storage.signing import LinkClaims, link_to, require_valid
from scenedex.wire.errors import FieldProblem, InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import timedelta

    from scenedex.storage.signing import Method
    from scenedex.storage.store import ManagedStore

OBJECTS = "/objects"
UNKNOWN_HOST = FieldProblem("Host", "names an unknown host: set server.public_url or server.allowed_hosts")


class Links:
    """Signs and checks these URLs.

    Args:
        managed: the store of the objects.
        secret: signs the URLs of this server.
        life: how long a URL is valid.
        clock: seconds since the epoch.
    """

    def __init__(self, managed: ManagedStore, secret: bytes, *, life: timedelta, clock: Callable[[], float]) -> None:
        self._managed = managed
        self._secret = secret
        self._life = life
        self._clock = clock

    def readable(self, keys: Sequence[str], base_url: str) -> Mapping[str, str]:
        """Return a URL to read each object, by its key."""
        signed = self._managed.sign_get_many(keys, expires=self._life)
        if signed is not None:
            return dict(zip(keys, signed, strict=True))
        return {key: self._link("GET", key, base_url) for key in keys}

    def of_storage(self, key: str, content_type: str, file_name: str | None) -> str | None:
        """Return a URL of the storage to read an object as of that type, or `None` if this server has to send it.

        With ``file_name``, browsers save the object under this name.
        """
        return self._managed.sign_get(key, expires=self._life, filename=file_name, content_type=content_type)

    def writable(self, key: str, base_url: str) -> str:
        """Return a URL of this server that writes the object once."""
        return self._link("PUT", key, base_url)

    def require_valid(self, method: Method, key: str, *, expires: int, token: str, signature: str) -> None:
        """Check a URL of this server.

        Raises:
            SignatureInvalid: this server did not sign the URL.
            SignatureExpired: the URL has expired.
        """
        now = datetime.fromtimestamp(self._clock(), UTC)
        require_valid(LinkClaims(method, key, expires, token), signature, self._secret, now=now)

    def _link(self, method: Method, key: str, base_url: str) -> str:
        if not base_url:
            raise InvalidRequest(UNKNOWN_HOST)
        expires_at = int(self._clock() + self._life.total_seconds())
        # Reading again is harmless, so links of the same second are equal and can be cached. Each upload is unique.
        token = secrets.token_hex(8) if method == "PUT" else ""
        return link_to(f"{base_url}{OBJECTS}", LinkClaims(method, key, expires_at, token), self._secret)
