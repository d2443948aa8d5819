"""Sessions of the console: a cookie that stands for an access key until it expires or is ended.

A session has the role, the workspaces and the rates of its key, as they are at each call. The key's revocation ends it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from scenedex.auth.caller import Caller
from scenedex.auth.keys import Role
from scenedex.auth.tokens import digest_of, new_token

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from scenedex.db.database import Database, Transaction

SESSION_COOKIE: Final = "scenedex_session"
# A key that signs in more often ends its oldest sessions.
_MAX_SESSIONS_OF_KEY: Final = 100
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


class SessionUsers:
    """Callers whose sessions are in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, token: str) -> Caller | None:
        """Return the caller of a session, or `None` if it has ended. Note the time of the call once a minute."""
        if len(token) > _MAX_TOKEN_LENGTH:
            return None
        async with self._database.reading() as tx:
            found = await tx.one(
                _session_caller,
                """
                SELECT session_id, access_key, user_name, role, workspaces, seen_time < now() - interval '1 minute'
                FROM console_sessions
                JOIN access_keys USING (access_key)
                WHERE digest = %(digest)s AND expires_time > now() AND revoked_time IS NULL
                """,
                digest=digest_of(token),
            )
            if found is None:
                return None
            caller, is_due = found
            if is_due:
                await tx.run(
                    "UPDATE console_sessions SET seen_time = now() WHERE session_id = %(session_id)s",
                    session_id=caller.session_id,
                )
        return caller


async def create_session(tx: Transaction, access_key: str, life: timedelta, user_agent: str | None) -> NewSession:
    """Open a session of a key. The oldest sessions of the key beyond a hundred end."""
    token = new_token()
    made = await tx.one(
        OpenSession,
        """
        INSERT INTO console_sessions (digest, access_key, expires_time, user_agent)
        VALUES (%(digest)s, %(access_key)s, now() + %(life)s, %(user_agent)s)
        RETURNING session_id, created_time, expires_time, seen_time, user_agent
        """,
        digest=digest_of(token),
        access_key=access_key,
        life=life,
        user_agent=user_agent and user_agent[:_MAX_USER_AGENT_LENGTH],
    )
    if made is None:
        raise RuntimeError("PostgreSQL returns the row that it inserts")
    await tx.run(
        """
        DELETE FROM console_sessions
        WHERE session_id IN (
            SELECT session_id
            FROM console_sessions
            WHERE access_key = %(access_key)s
            ORDER BY session_id DESC
            OFFSET %(most)s
        )
        """,
        access_key=access_key,
        most=_MAX_SESSIONS_OF_KEY,
    )
    return NewSession(token, made)


async def sessions_of_key(tx: Transaction, access_key: str) -> list[OpenSession]:
    """Return the sessions of a key that are in force, the latest first."""
    return await tx.all(
        OpenSession,
        """
        SELECT session_id, created_time, expires_time, seen_time, user_agent
        FROM console_sessions
        WHERE access_key = %(access_key)s AND expires_time > now()
        ORDER BY session_id DESC
        """,
        access_key=access_key,
    )


async def end_session(tx: Transaction, access_key: str, session_id: int) -> bool:
    """End a session of a key. Return `False` if there is no such session."""
    return bool(
        await tx.run(
            """
            DELETE FROM console_sessions
            WHERE session_id = %(session_id)s AND access_key = %(access_key)s AND expires_time > now()
            """,
            session_id=session_id,
            access_key=access_key,
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


def _session_caller(
    session_id: int,
    access_key: str,
    user_name: str,
    role: str,
    workspaces: list[str] | None,
    is_due: bool,  # noqa: FBT001  # a column of the row
) -> tuple[Caller, bool]:
    visible = None if workspaces is None else frozenset(workspaces)
    return Caller(access_key, user_name, Role(role), visible, session_id), is_due
