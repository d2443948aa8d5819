"""Users of the provider who have signed in: each is a row, with the groups of the latest sign-in that have a role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.auth.caller import ProviderAccount

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from scenedex.db.database import Transaction


async def keep_account(
    tx: Transaction, issuer: str, subject: str, user_name: str, groups: Sequence[str]
) -> ProviderAccount:
    """Record a sign-in with the user's present name and groups, which count for all sessions of the user."""
    account_id = await tx.value(
        """
        INSERT INTO provider_accounts (issuer, subject, user_name, groups)
        VALUES (%(issuer)s, %(subject)s, %(user_name)s, %(groups)s::text[])
        ON CONFLICT (issuer, subject)
        DO UPDATE SET user_name = excluded.user_name, groups = excluded.groups, signed_in_time = now()
        RETURNING account_id
        """,
        issuer=issuer,
        subject=subject,
        user_name=user_name,
        groups=list(groups),
    )
    return ProviderAccount(account_id, issuer, subject)


async def remove_groups(tx: Transaction, issuer: str, subject: str) -> None:
    """Remove the groups of a user who has none with a role any more, which ends the user's sessions."""
    await tx.run(
        "UPDATE provider_accounts SET groups = '{}' WHERE issuer = %(issuer)s AND subject = %(subject)s",
        issuer=issuer,
        subject=subject,
    )


async def delete_idle_accounts(tx: Transaction, age: timedelta) -> None:
    """Delete users who have not signed in for so long, and have no session."""
    await tx.run(
        """
        DELETE FROM provider_accounts a
        WHERE signed_in_time < now() - %(age)s
          AND NOT EXISTS (SELECT FROM console_sessions s WHERE s.account_id = a.account_id)
        """,
        age=age,
    )
