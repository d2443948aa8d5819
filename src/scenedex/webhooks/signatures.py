"""Secrets and signatures of Standard Webhooks 1.0.0.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MIN_SECRET_BYTES: Final = 24
MAX_SECRET_BYTES: Final = 64
_NEW_SECRET_BYTES: Final = 32
_SHARED: Final = "whsec_"
_PRIVATE: Final = "whsk_"
_PUBLIC: Final = "whpk_"


class SignatureScheme(StrEnum):
    """Scheme of a signature, by its version in the header. V1: HMAC-SHA256. V1A: ed25519."""

    V1 = "v1"
    V1A = "v1a"


def make_secret(scheme: SignatureScheme, random_bytes: Callable[[int], bytes] = secrets.token_bytes) -> str:
    """Return a shared secret for `V1`, or a private key for `V1A`."""
    prefix = _SHARED if scheme is SignatureScheme.V1 else _PRIVATE
    return prefix + base64.b64encode(random_bytes(_NEW_SECRET_BYTES)).decode()


def problem_of_secret(secret: str) -> str | None:
    """Return why a text is no shared secret, or `None` if it is one."""
    form = f"must be {_SHARED} and {MIN_SECRET_BYTES} to {MAX_SECRET_BYTES} bytes in base64"
    if not secret.startswith(_SHARED):
        return form
    try:
        size = len(base64.b64decode(secret.removeprefix(_SHARED), validate=True))
    except (binascii.Error, ValueError):
        return form
    return None if MIN_SECRET_BYTES <= size <= MAX_SECRET_BYTES else f"{form}, not {size} bytes"


def public_key_of(secret: str) -> str | None:
    """Return the public key of a private one, or `None` for a shared secret."""
    if not secret.startswith(_PRIVATE):
        return None
    return _PUBLIC + base64.b64encode(_private_key(secret).public_key().public_bytes_raw()).decode()


def signature_header(keys: Sequence[str], message_id: str, timestamp: int, body: bytes) -> str:
    """Return the header ``webhook-signature``, with the signature of each key."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    return " ".join(_signature(key, signed) for key in keys)


def _signature(secret: str, signed: bytes) -> str:
    if secret.startswith(_PRIVATE):
        scheme, signature = SignatureScheme.V1A, _private_key(secret).sign(signed)
    else:
        shared = base64.b64decode(secret.removeprefix(_SHARED))
        scheme, signature = SignatureScheme.V1, hmac.digest(shared, signed, hashlib.sha256)
    return f"{scheme.value},{base64.b64encode(signature).decode()}"


def _private_key(secret: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(base64.b64decode(secret.removeprefix(_PRIVATE)))
