"""Request signature of the gateway, version 2. Source: the vendor's page on API authentication."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode


def sign(secret_key: str, *, method: str, target: str, timestamp: str, access_key: str) -> str:
    """Return the signature of a request.

    ``target`` is path and query exactly as sent, still percent-encoded. ``timestamp`` is milliseconds since the epoch.
    """
    text = f"{method} {target}\n{timestamp}\n{access_key}"
    return b64encode(hmac.digest(secret_key.encode(), text.encode(), hashlib.sha256)).decode()


def is_signature(expected: str, given: str) -> bool:
    """Compare two signatures in constant time."""
    return hmac.compare_digest(expected.encode(), given.encode())
