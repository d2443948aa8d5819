"""Links to objects of the local store, which has no service of its own to check them: pure functions.

A link allows one method on one key until its second of expiry. The token makes two links of the same second differ,
so that whoever serves them can count one as used.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote, urlencode

from scenedex.storage.errors import SignatureExpired, SignatureInvalid

if TYPE_CHECKING:
    from datetime import datetime

Method = Literal["GET", "PUT"]


@dataclass(frozen=True, slots=True)
class LinkClaims:
    """What a link says.

    Attributes:
        method: of HTTP; a link for GET also serves HEAD.
        key: of the object.
        expires_at: seconds since 1970 in UTC, the first at which it is no longer valid.
        token: any text.
    """

    method: Method
    key: str
    expires_at: int
    token: str


def signature_of(claims: LinkClaims, secret: bytes) -> str:
    """HMAC-SHA256 over all claims, in hexadecimal."""
    text = json.dumps(["scenedex-link-1", claims.method, claims.key, claims.expires_at, claims.token])
    return hmac.digest(secret, text.encode(), "sha256").hex()


def link_to(base_url: str, claims: LinkClaims, secret: bytes) -> str:
    """The URL ``base_url/KEY?expires=…&token=…&signature=…``."""
    query = urlencode(
        {"expires": claims.expires_at, "token": claims.token, "signature": signature_of(claims, secret)},
    )
    return f"{base_url.rstrip('/')}/{quote(claims.key)}?{query}"


def require_valid(claims: LinkClaims, signature: str, secret: bytes, *, now: datetime) -> None:
    """Check what a request claims; in the same time for every wrong signature.

    Raises:
        SignatureInvalid: the claims are not those that were signed with this secret.
        SignatureExpired: they are, but ``now`` is not before the expiry.
    """
    if not hmac.compare_digest(signature_of(claims, secret).encode(), signature.encode(errors="replace")):
        raise SignatureInvalid
    if now.timestamp() >= claims.expires_at:
        raise SignatureExpired
