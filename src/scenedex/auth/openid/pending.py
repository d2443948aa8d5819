"""A sign-in that has begun: what the browser that began it keeps, encrypted, in a short cookie."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from typing import Final

import msgspec
from cryptography.fernet import Fernet, InvalidToken

from scenedex.auth.tokens import new_token

PENDING_SECONDS: Final = 600
_COOKIE: Final = "scenedex_sign_in_"


class Pending(msgspec.Struct, frozen=True):
    """A sign-in that has begun.

    Attributes:
        state: random value that leads the provider's answer to it.
        nonce: random value that the ID token repeats.
        verifier: secret of PKCE, of which the provider gets the hash first.
        target: place in the console to return to, without a slash at its start.
    """

    state: str
    nonce: str
    verifier: str
    target: str

    @classmethod
    def begun(cls, target: str) -> Pending:
        """Begin a sign-in."""
        return cls(new_token(), new_token(), new_token(), target)

    @property
    def challenge(self) -> str:
        """Hash of the verifier, by the method S256 of RFC 7636."""
        digest = hashlib.sha256(self.verifier.encode("ascii")).digest()
        return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def cookie_name(state: str) -> str:
    """Return the name of the cookie of a state. So sign-ins in two tabs do not disturb each other."""
    return _COOKIE + hashlib.sha256(state.encode("utf-8", errors="surrogatepass")).hexdigest()[:16]


class PendingCookies:
    """Encrypts and decrypts pending sign-ins.

    Args:
        key: 32 secret bytes, the same in all API processes.
    """

    def __init__(self, key: bytes) -> None:
        self._fernet = Fernet(urlsafe_b64encode(key))

    def seal(self, pending: Pending) -> str:
        """Return the content of the cookie."""
        return self._fernet.encrypt(msgspec.json.encode(pending)).decode("ascii")

    def open(self, text: str) -> Pending | None:
        """Return the sign-in of a cookie, or `None` if it is forged or older than ten minutes."""
        try:
            return msgspec.json.decode(self._fernet.decrypt(text, ttl=PENDING_SECONDS), type=Pending)
        except (InvalidToken, msgspec.DecodeError, UnicodeEncodeError):
            return None
