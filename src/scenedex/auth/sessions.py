"""Sessions of the console: a cookie that stands for an account until it expires or is ended.

An account is an access key, or a user of the OpenID provider. A session has the role, the workspaces and the rates of
its account, as they are at each call. It ends when the key is revoked, or when none of the user's groups has a role.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from scenedex.auth.caller import Account, Caller, KeyAccount, ProviderAccount
from scenedex.auth.keys import Role
from scenedex.auth.openid.rights import GroupRights, Rights
from scenedex.auth.tokens import digest_of, new_token

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from scenedex.db.database import Database, Transaction

SESSION_COOKIE: Final = "scenedex_session"
# An account that signs in more often ends its oldest sessions.
_MAX_SESSIONS_OF_ACCOUNT: Final = 100
_MAX_USER_AGENT_LENGTH: Final = 200
# A cookie of the server has 43 characters.
_MAX_TOKEN_LENGTH: Final = 100


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session in force.

    Attributes:
        seen_time: time of the last call, at most a minute before it.
        user_agent: header User-Agent of the sign-in, cut to 200 characters.
    """

    session_id: int
    created_time: datetime
    expires_time: datetime
    seen_time: datetime
    user_agent: str | None


@dataclass(frozen=True, slots=True)
class NewSession:
    """Session with its token, which only the cookie has."""

    token: str
    session: OpenSession


@dataclass(frozen=True, slots=True)
class UserSession:
    """A session in force, with its caller."""

    caller: Caller
    session: OpenSession


class SessionUsers:
    """Callers whose sessions are in the database.

    Args:
        database: database that all API processes share.
        rights: rights of the groups of the OpenID provider.
    """

    def __init__(self, database: Database, rights: GroupRights) -> None:
        self._database = database
        self._rights = rights

    async def find(self, token: str) -> Caller | None:
        """Return the caller of a session, or `None` if it has ended. Note the time of the call once a minute."""
        if len(token) > _MAX_TOKEN_LENGTH:
            return None
        async with self._database.reading() as tx:
            found = await tx.one(
                _due_holder,
                """
                SELECT session_id, access_key, k.user_name, role, workspaces,
                       account_id, issuer, subject, a.user_name, groups,
                       seen_time < now() - interval '1 minute'
                FROM console_sessions
                LEFT JOIN access_keys k USING (access_key)
                LEFT JOIN provider_accounts a USING (account_id)
                WHERE digest = %(digest)s AND expires_time > now() AND revoked_time IS NULL
                """,
                digest=digest_of(token),
            )
            if found is None:
                return None
            holder, is_due = found
            caller = holder.caller(self._rights)
            if caller is not None and is_due:
                await tx.run(
                    "UPDATE console_sessions SET seen_time = now() WHERE session_id = %(session_id)s",
                    session_id=caller.session_id,
                )
        return caller

    async def all(self, tx: Transaction) -> list[UserSession]:
        """Return all sessions in force, the latest first."""
        found = await tx.all(
            _held_session,
            """
            SELECT session_id, access_key, k.user_name, role, workspaces,
                   account_id, issuer, subject, a.user_name, groups,
                   s.created_time, expires_time, seen_time, user_agent
            FROM console_sessions s
            LEFT JOIN access_keys k USING (access_key)
            LEFT JOIN provider_accounts a USING (account_id)
            WHERE expires_time > now() AND revoked_time IS NULL
            ORDER BY session_id DESC
            """,
        )
        callers = ((holder.caller(self._rights), session) for holder, session in found)
        return [UserSession(caller, session) for caller, session in callers if caller is not None]


async def create_session(tx: Transaction, account: Account, life: timedelta, user_agent: str | None) -> NewSession:
    """Open a session of an account. The oldest sessions of the account beyond a hundred end."""
    token, columns = new_token(), _columns(account)
    made = await tx.one(
        OpenSession,
        """
        INSERT INTO console_sessions (digest, access_key, account_id, expires_time, user_agent)
        VALUES (%(digest)s, %(access_key)s, %(account_id)s, now() + %(life)s, %(user_agent)s)
        RETURNING session_id, created_time, expires_time, seen_time, user_agent
        """,
        digest=digest_of(token),
        life=life,
        user_agent=user_agent and user_agent[:_MAX_USER_AGENT_LENGTH],
        **columns,
    )
    if made is None:
        raise RuntimeError("PostgreSQL returns the row that it inserts")
    await tx.run(
        """
        DELETE FROM console_sessions
        WHERE session_id IN (
            SELECT session_id
            FROM console_sessions
            WHERE access_key = %(access_key)s OR account_id = %(account_id)s
            ORDER BY session_id DESC
            OFFSET %(most)s
        )
        """,
        most=_MAX_SESSIONS_OF_ACCOUNT,
        **columns,
    )
    return NewSession(token, made)


async def sessions_of(tx: Transaction, account: Account) -> list[OpenSession]:
    """Return the sessions of an account that are in force, the latest first."""
    return await tx.all(
        OpenSession,
        """
        SELECT session_id, created_time, expires_time, seen_time, user_agent
        FROM console_sessions
        WHERE (access_key = %(access_key)s OR account_id = %(account_id)s) AND expires_time > now()
        ORDER BY session_id DESC
        """,
        **_columns(account),
    )


async def end_session(tx: Transaction, account: Account, session_id: int) -> bool:
    """End a session of an account. Return `False` if there is no such session."""
    return bool(
        await tx.run(
            """
            DELETE FROM console_sessions
            WHERE session_id = %(session_id)s
              AND (access_key = %(access_key)s OR account_id = %(account_id)s)
              AND expires_time > now()
            """,
            session_id=session_id,
            **_columns(account),
        )
    )


async def end_session_of_any(tx: Transaction, session_id: int) -> bool:
    """End a session of any account. Return `False` if there is no such session."""
    return bool(
        await tx.run(
            "DELETE FROM console_sessions WHERE session_id = %(session_id)s AND expires_time > now()",
            session_id=session_id,
        )
    )


async def delete_ended_sessions(tx: Transaction) -> None:
    """Delete expired sessions and those of revoked keys."""
    await tx.run(
        """
        DELETE FROM console_sessions
        WHERE expires_time < now()
           OR access_key IN (SELECT access_key FROM access_keys WHERE revoked_time IS NOT NULL)
        """
    )


@dataclass(frozen=True, slots=True)
class _Holder:
    """Columns of the key or of the user that a session stands for. Those of the other are `None`."""

    session_id: int
    access_key: str | None
    key_user_name: str | None
    role: str | None
    workspaces: list[str] | None
    account_id: int | None
    issuer: str | None
    subject: str | None
    provider_user_name: str | None
    groups: list[str] | None

    def caller(self, rights: GroupRights) -> Caller | None:
        """Return the caller, or `None` if no group of a user of the provider has rights."""
        if self.access_key is not None and self.key_user_name is not None and self.role is not None:
            covered = None if self.workspaces is None else frozenset(self.workspaces)
            return self._with(KeyAccount(self.access_key), self.key_user_name, Rights(Role(self.role), covered))
        if self.account_id is None or self.issuer is None or self.subject is None or self.provider_user_name is None:
            raise RuntimeError(f"session {self.session_id} has neither a key nor a user")
        granted = rights.of(self.groups or ()) if self.issuer == rights.issuer else None
        account = ProviderAccount(self.account_id, self.issuer, self.subject)
        return None if granted is None else self._with(account, self.provider_user_name, granted)

    def _with(self, account: Account, user_name: str, rights: Rights) -> Caller:
        return Caller(account, user_name, rights.role, rights.workspaces, self.session_id)


_COLUMNS_OF_HOLDER: Final = len(fields(_Holder))


def _due_holder(*columns: Any) -> tuple[_Holder, bool]:  # noqa: ANN401  # the statement decides the types
    return _Holder(*columns[:-1]), columns[-1]


def _held_session(*columns: Any) -> tuple[_Holder, OpenSession]:  # noqa: ANN401  # the statement decides the types
    return _Holder(*columns[:_COLUMNS_OF_HOLDER]), OpenSession(columns[0], *columns[_COLUMNS_OF_HOLDER:])


def _columns(account: Account) -> dict[str, object]:
    """Return the columns by which sessions belong to an account. A comparison with `NULL` is never true."""
    match account:
        case KeyAccount(access_key):
            return {"access_key": access_key, "account_id": None}
        case ProviderAccount(account_id):
            return {"access_key": None, "account_id": account_id}
