"""Encryption of secrets at rest."""

from __future__ import annotations

import hashlib
import hmac
import os
import tempfile
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken

if TYPE_CHECKING:
    from pathlib import Path


class SecretKeyUnusable(Exception):
    """The key that encrypts stored secrets cannot be used."""


class SecretUnreadable(Exception):
    """A stored secret was encrypted with another key than secrets.key. Restore that key or create new access keys."""


class SecretBox:
    """Encrypts and decrypts with one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        try:
            self._fernet = Fernet(key)
        except ValueError as error:
            raise SecretKeyUnusable(
                "The key that encrypts stored secrets (secrets.key, or secret.key in the data folder)"
                " must be 32 bytes in URL-safe base64."
            ) from error

    def seal(self, secret: str) -> bytes:
        """Encrypt and authenticate a secret."""
        return self._fernet.encrypt(secret.encode())

    def open(self, sealed: bytes) -> str:
        """Decrypt a secret.

        Raises:
            SecretUnreadable: it was encrypted with another key.
        """
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            raise SecretUnreadable from error

    def derive(self, purpose: str) -> bytes:
        """Derive a signing key of 32 bytes for one purpose. It does not decrypt secrets."""
        return hmac.digest(self._key, purpose.encode(), hashlib.sha256)


def load_secret_box(file: Path, key: str | None) -> SecretBox:
    """Return the box for a key of the settings, or for the key in a file.

    Args:
        file: key file, created with mode 600 if it does not exist.
        key: key from the settings.

    Raises:
        SecretKeyUnusable: the key is malformed, or other users may read its file.
    """
    if key is not None:
        return SecretBox(key.encode())
    if not file.exists():
        _create(file)
    if file.stat().st_mode & 0o077:
        raise SecretKeyUnusable(f"{file} may be read by other users. Run: chmod 600 {file}")
    return SecretBox(file.read_bytes().strip())


def _create(file: Path) -> None:
    """Create a key file atomically, so that processes which start together use the same key."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".key-")
    try:
        with os.fdopen(handle, "wb") as draft:
            draft.write(Fernet.generate_key())
            draft.flush()
            os.fsync(draft.fileno())
        try:
            os.link(name, file)
        except FileExistsError:
            return
    finally:
        os.unlink(name)  # noqa: PTH108  # mkstemp returns a string
