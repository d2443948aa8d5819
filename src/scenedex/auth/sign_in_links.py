"""Links that open a session of the console once, for users of the server's own machine."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from scenedex.auth.tokens import digest_of, new_token

if TYPE_CHECKING:
    from scenedex.db.database import Transaction

LINK_LIFE: Final = timedelta(minutes=10)


async def create_link(tx: Transaction, user_name: str) -> str:
    """Return the token of a link that signs in a user, once and within ten minutes."""
    token = new_token()
    await tx.run(
        """
        INSERT INTO sign_in_links (digest, user_name, expires_time)
        VALUES (%(digest)s, %(user_name)s, now() + %(life)s)
        """,
        digest=digest_of(token),
        user_name=user_name,
        life=LINK_LIFE,
    )
    return token


async def take_link(tx: Transaction, token: str) -> str | None:
    """Use up a link. Return the name of its user, or `None` if it is unknown, used or expired."""
    return await tx.value(
        "DELETE FROM sign_in_links WHERE digest = %(digest)s AND expires_time > now() RETURNING user_name",
        digest=digest_of(token),
    )


async def delete_expired_links(tx: Transaction) -> None:
    """Delete the links that nobody has used."""
    await tx.run("DELETE FROM sign_in_links WHERE expires_time < now()")
