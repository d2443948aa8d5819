"""Signed links to objects of the local store, which has no service to check them. Pure functions.

A link allows one method on one key until its second of expiry. Its token makes links of the same second distinct, so
that a server can mark one as used.
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
    """Facts that the signature of a link protects.

    Attributes:
        method: HTTP method. A link for GET also allows HEAD.
        key: key of the object.
        expires_at: first second at which the link is invalid, since 1970 in UTC.
        token: any text.
    """

    method: Method
    key: str
    expires_at: int
    token: str


def signature_of(claims: LinkClaims, secret: bytes) -> str:
    """Return the HMAC-SHA256 over all claims in hexadecimal."""
    text = json.dumps(["scenedex-link-1", claims.method, claims.key, claims.expires_at, claims.token])
    return hmac.digest(secret, text.encode(), "sha256").hex()


def link_to(base_url: str, claims: LinkClaims, secret: bytes) -> str:
    """Return the URL ``base_url/KEY?expires=…&token=…&signature=…``."""
    query = urlencode({"expires": claims.expires_at, "token": claims.token, "signature": signature_of(claims, secret)})
    return f"{base_url.rstrip('/')}/{quote(claims.key)}?{query}"


def require_valid(claims: LinkClaims, signature: str, secret: bytes, *, now: datetime) -> None:
    """Verify the claims of a request in constant time.

    Raises:
        SignatureInvalid: the signature does not match the claims and this secret.
        SignatureExpired: the signature matches, but the link has expired.
    """
    if not hmac.compare_digest(signature_of(claims, secret).encode(), signature.encode(errors="replace")):
        raise SignatureInvalid
    if now.timestamp() >= claims.expires_at:
        raise SignatureExpired
