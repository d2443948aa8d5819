"""Access keys: making, listing, revoking, and finding the one that signed a request."""

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
    """What a key may do."""

    MANAGER = "manager"
    VIEWER = "viewer"


class UnknownAccessKey(Exception):
    """There is no such access key."""


@dataclass(frozen=True, slots=True)
class AccessKey:
    """An access key, without its secret."""

    access_key: str
    user_name: str
    role: Role
    workspaces: tuple[str, ...] | None
    created_time: datetime
    revoked_time: datetime | None


@dataclass(frozen=True, slots=True)
class NewAccessKey:
    """An access key with its secret, which is shown once."""

    access_key: str
    secret_key: str


@dataclass(frozen=True, slots=True)
class SigningKey:
    """What a request's signature is checked with."""

    sealed_secret: bytes
    user_name: str
    role: Role
    workspaces: frozenset[str] | None


class AccessKeys:
    """The access keys in the database."""

    def __init__(self, database: Database, box: SecretBox) -> None:
        self._database = database
        self._box = box

    async def create(self, user_name: str, role: Role, workspaces: tuple[str, ...]) -> NewAccessKey:
        """A fresh key for a user; without workspaces it sees all of them."""
        key = NewAccessKey("SDX" + _random(17), _random(40))
        async with self._database.transaction() as tx:
            await tx.run(
                "INSERT INTO access_keys (access_key, secret, user_name, role, workspaces) VALUES (%s, %s, %s, %s, %s)",
                key.access_key,
                self._box.seal(key.secret_key),
                user_name,
                role.value,
                list(workspaces) or None,
            )
            tx.created = key.access_key
        return key

    async def all(self) -> list[AccessKey]:
        """All keys, oldest first."""
        async with self._database.transaction() as tx:
            return await tx.all(
                _access_key,
                "SELECT access_key, user_name, role, workspaces, created_time, revoked_time"
                " FROM access_keys ORDER BY created_time, access_key",
            )

    async def revoke(self, access_key: str) -> None:
        """Make a key useless, at once and for all processes.

        Raises:
            UnknownAccessKey: there is none of that name.
        """
        async with self._database.transaction() as tx:
            changed = await tx.run(
                "UPDATE access_keys SET revoked_time = coalesce(revoked_time, now()) WHERE access_key = %s", access_key
            )
        if not changed:
            raise UnknownAccessKey

    async def require_readable(self) -> None:
        """Check that the key in force opens the secrets that are stored.

        Raises:
            SecretUnreadable: they were sealed with another one.
        """
        async with self._database.transaction() as tx:
            sealed = await tx.value("SELECT secret FROM access_keys WHERE revoked_time IS NULL LIMIT 1")
        if sealed is not None:
            self._box.open(sealed)

    async def find(self, tx: Transaction, access_key: str) -> tuple[SigningKey, str] | None:
        """The key in force by that name and its secret, or None."""
        found = await tx.one(
            _signing_key,
            "SELECT secret, user_name, role, workspaces FROM access_keys"
            " WHERE access_key = %s AND revoked_time IS NULL",
            access_key,
        )
        return None if found is None else (found, self._box.open(found.sealed_secret))


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
    limited = None if workspaces is None else tuple(workspaces)
    return AccessKey(access_key, user_name, Role(role), limited, created_time, revoked_time)


def _signing_key(secret: bytes, user_name: str, role: str, workspaces: list[str] | None) -> SigningKey:
    return SigningKey(secret, user_name, Role(role), None if workspaces is None else frozenset(workspaces))
