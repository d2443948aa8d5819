"""Signed calls of the last minutes, so that none can be sent again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from scenedex.wire.errors import GatewayError, GatewayFault

if TYPE_CHECKING:
    from scenedex.db.database import Database, Transaction


@dataclass(frozen=True, slots=True)
class Replays:
    """Refuses a signed call that any API process has received before.

    Attributes:
        database: database that all API processes share.
        tolerance_ms: time around its timestamp in which a signature is valid, in milliseconds.
    """

    database: Database
    tolerance_ms: int

    async def require_new(self, signature: str, timestamp_ms: int, body: bytes) -> None:
        """Record a call, before it changes anything.

        Args:
            signature: valid signature, which covers access key, method, target and timestamp.
            timestamp_ms: timestamp of the signature, in milliseconds since the epoch.
            body: body, which the signature does not cover.

        Raises:
            GatewayError: the same call with the same body has been received before.
        """
        digest = hashlib.sha256(signature.encode() + b"\n" + body).digest()
        # Twice the tolerance, since the clocks of the machines differ.
        expires_time = datetime.fromtimestamp(timestamp_ms / 1000, UTC) + timedelta(milliseconds=2 * self.tolerance_ms)
        async with self.database.transaction() as tx:
            is_new = await is_first_use(tx, digest, expires_time)
        if not is_new:
            raise GatewayError(
                GatewayFault.AUTHENTICATION_FAILED, "This signed call has been received before. Sign it again."
            )


async def is_first_use(tx: Transaction, digest: bytes, expires_time: datetime) -> bool:
    """Record the use of something that works once. Return `False` if it has been used before.

    Args:
        tx: transaction that commits before the use has any effect.
        digest: hash of what is used.
        expires_time: time from which it would be refused anyway.
    """
    return bool(
        await tx.run(
            """
            INSERT INTO signed_calls (digest, expires_time)
            VALUES (%(digest)s, %(expires_time)s)
            ON CONFLICT (digest) DO NOTHING
            """,
            digest=digest,
            expires_time=expires_time,
        )
    )


async def delete_expired_calls(tx: Transaction) -> None:
    """Delete the calls whose signatures are no longer valid."""
    await tx.run("DELETE FROM signed_calls WHERE expires_time < now()")
