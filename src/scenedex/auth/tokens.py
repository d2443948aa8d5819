"""Secret tokens of sessions and links, of which the database has only hashes."""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

_RANDOM_BYTES: Final = 32


def new_token() -> str:
    """Return 32 random bytes as URL-safe base64."""
    return secrets.token_urlsafe(_RANDOM_BYTES)


def digest_of(token: str) -> bytes:
    """Return the hash under which a token is stored. A slow hash is not needed for random bytes."""
    return hashlib.sha256(token.encode("utf-8", errors="surrogatepass")).digest()
