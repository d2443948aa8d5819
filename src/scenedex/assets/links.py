"""URLs that need no access key: to read a managed object, or to write an upload, for a short time.

Where the storage serves such URLs itself (S3), they are its own; local folders are served by this server.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scenedex.storage.signing import LinkClaims, link_to, require_valid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import timedelta

    from scenedex.storage.signing import Method
    from scenedex.storage.store import ManagedStore

OBJECTS = "/objects"


class Links:
    """Makes and checks such URLs.

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
        """A URL to read each of the objects."""
        signed = self._managed.sign_get_many(keys, expires=self._life)
        if signed is not None:
            return dict(zip(keys, signed, strict=True))
        return {key: self._link("GET", key, base_url) for key in keys}

    def writable(self, key: str, base_url: str) -> str:
        """A URL of this server to write the object, once."""
        return self._link("PUT", key, base_url)

    def require_valid(self, method: Method, key: str, *, expires: int, token: str, signature: str) -> None:
        """Check a URL of this server.

        Raises:
            SignatureInvalid: it is not one of ours.
            SignatureExpired: its time is over.
        """
        now = datetime.fromtimestamp(self._clock(), UTC)
        require_valid(LinkClaims(method, key, expires, token), signature, self._secret, now=now)

    def _link(self, method: Method, key: str, base_url: str) -> str:
        expires_at = int(self._clock() + self._life.total_seconds())
        # Reading again is harmless, so those links of a second are the same and can be cached; each upload is unique.
        token = secrets.token_hex(8) if method == "PUT" else ""
        return link_to(f"{base_url}{OBJECTS}", LinkClaims(method, key, expires_at, token), self._secret)
