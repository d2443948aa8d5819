"""Access keys: create, list and revoke them, and find the one that signed a request."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from scenedex.auth.secrets import SecretBox
    from scenedex.db.database import Database, Transaction

_ALPHABET = string.ascii_letters + string.digits


class Role(StrEnum):
    """Permissions of an access key."""

    MANAGER = "manager"
    VIEWER = "viewer"


class UnknownAccessKey(Exception):
    """There is no such access key."""


@dataclass(frozen=True, slots=True)
class AccessKey:
    """Access key without its secret."""

    access_key: str
    user_name: str
    role: Role
    workspaces: tuple[str, ...] | None
    created_time: datetime
    revoked_time: datetime | None


@dataclass(frozen=True, slots=True)
class NewAccessKey:
    """Access key with its secret, which is shown once."""

    access_key: str
    secret_key: str


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Secret and permissions of the key that a request names."""

    secret_key: str
    user_name: str
    role: Role
    workspaces: frozenset[str] | None


class AccessKeys:
    """Access keys in the database, whose secrets the box encrypts."""

    def __init__(self, database: Database, box: SecretBox) -> None:
        self._database = database
        self._box = box

    async def create(self, tx: Transaction, user_name: str, role: Role, workspaces: tuple[str, ...]) -> NewAccessKey:
        """Create a key for a user. Without workspaces it covers all of them."""
        key = NewAccessKey("SDX" + _random(17), _random(40))
        await tx.run(
            """
            INSERT INTO access_keys (access_key, secret, user_name, role, workspaces)
            VALUES (%(access_key)s, %(secret)s, %(user_name)s, %(role)s, %(workspaces)s)
            """,
            access_key=key.access_key,
            secret=self._box.seal(key.secret_key),
            user_name=user_name,
            role=role.value,
            workspaces=list(workspaces) or None,
        )
        return key

    async def manager_of(self, tx: Transaction, user_name: str) -> str | None:
        """Return the oldest key of a user that may do everything in all workspaces, or `None` if there is none."""
        return await tx.value(
            """
            SELECT access_key
            FROM access_keys
            WHERE user_name = %(user_name)s AND role = 'manager' AND workspaces IS NULL AND revoked_time IS NULL
            ORDER BY created_time, access_key
            LIMIT 1
            """,
            user_name=user_name,
        )

    async def all(self, tx: Transaction) -> list[AccessKey]:
        """Return all keys, oldest first."""
        return await tx.all(
            _access_key,
            """
            SELECT access_key, user_name, role, workspaces, created_time, revoked_time
            FROM access_keys
            ORDER BY created_time, access_key
            """,
        )

    async def count(self, tx: Transaction) -> int:
        """Count the keys in force."""
        return await tx.value("SELECT count(*) FROM access_keys WHERE revoked_time IS NULL")

    async def revoke(self, tx: Transaction, access_key: str) -> None:
        """Revoke a key, at once and for all processes.

        Raises:
            UnknownAccessKey: there is no such key.
        """
        changed = await tx.run(
            """
            UPDATE access_keys
            SET revoked_time = coalesce(revoked_time, now())
            WHERE access_key = %(access_key)s
            """,
            access_key=access_key,
        )
        if not changed:
            raise UnknownAccessKey

    async def require_readable(self) -> None:
        """Check that the encryption key in use decrypts the stored secrets.

        Raises:
            SecretUnreadable: they were encrypted with another key.
        """
        async with self._database.transaction() as tx:
            sealed = await tx.value("SELECT secret FROM access_keys WHERE revoked_time IS NULL LIMIT 1")
        if sealed is not None:
            self._box.open(sealed)

    async def find(self, tx: Transaction, access_key: str) -> SigningKey | None:
        """Return the key of this name, or `None` if it does not exist or is revoked."""
        return await tx.one(
            self._signing_key,
            """
            SELECT secret, user_name, role, workspaces
            FROM access_keys
            WHERE access_key = %(access_key)s AND revoked_time IS NULL
            """,
            access_key=access_key,
        )

    def _signing_key(self, secret: bytes, user_name: str, role: str, workspaces: list[str] | None) -> SigningKey:
        visible = None if workspaces is None else frozenset(workspaces)
        return SigningKey(self._box.open(secret), user_name, Role(role), visible)


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _access_key(
    access_key: str,
    user_name: str,
    role: str,
    workspaces: list[str] | None,
    created_time: datetime,
    revoked_time: datetime | None,
) -> AccessKey:
    visible = None if workspaces is None else tuple(workspaces)
    return AccessKey(access_key, user_name, Role(role), visible, created_time, revoked_time)
