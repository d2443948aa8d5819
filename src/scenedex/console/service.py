"""Sessions of the console: sign in and out, list and end sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from scenedex.audit.events import KEY_CREATED
from scenedex.audit.records import AuditEntry
from scenedex.audit.service import record
from scenedex.auth.caller import Caller, KeyAccount
from scenedex.auth.keys import Role
from scenedex.auth.sessions import create_session, end_session, sessions_of
from scenedex.auth.sign_in_links import take_link
from scenedex.console.errors import SessionNotFound
from scenedex.wire.errors import GatewayError, GatewayFault

if TYPE_CHECKING:
    from datetime import timedelta

    from scenedex.audit.actor import Actor
    from scenedex.auth.keys import AccessKeys
    from scenedex.auth.sessions import NewSession, OpenSession
    from scenedex.db.database import Database, Transaction

SESSION_CREATED: Final = "Create Console Session"
SESSION_ENDED: Final = "Delete Console Session"


class ConsoleSessions:
    """Sessions in the database, each of which lasts for `life`."""

    def __init__(self, database: Database, keys: AccessKeys, *, life: timedelta) -> None:
        self._database = database
        self._keys = keys
        self.life: Final = life

    async def open(self, actor: Actor, user_agent: str | None) -> NewSession:
        """Open a session of the key that signed the call.

        Raises:
            GatewayError: the call has no signature. A session opens no further one, so that it ends in time.
        """
        if actor.session_id is not None:
            raise GatewayError(GatewayFault.PERMISSION_DENIED, "This call must be signed by an access key.")
        async with self._database.transaction() as tx:
            made = await create_session(tx, actor.account, self.life, user_agent)
            await record(tx, actor.entry, created=made.session.session_id)
        return made

    async def open_by_link(
        self, token: str, user_agent: str | None, *, source_address: str | None, trace_id: str | None
    ) -> tuple[Caller, NewSession]:
        """Open a session by a link of the server's own machine, with a key of the user for whom it was made.

        A user without a key of a manager gets one.

        Raises:
            GatewayError: the link is unknown, used or expired.
        """
        async with self._database.transaction() as tx:
            user_name = await take_link(tx, token)
            if user_name is None:
                raise GatewayError(
                    GatewayFault.AUTHENTICATION_FAILED,
                    "The link is used, expired or unknown. Get another: scenedex console link",
                )
            access_key = await self._keys.manager_of(tx, user_name)
            if access_key is None:
                access_key = (await self._keys.create(tx, user_name, Role.MANAGER, ())).access_key
                created = AuditEntry(KEY_CREATED, user_name, source_address=source_address, trace_id=trace_id)
                await record(tx, created, created=access_key)
            made = await create_session(tx, KeyAccount(access_key), self.life, user_agent)
            entry = AuditEntry(
                SESSION_CREATED,
                user_name,
                access_key,
                resource="/console/session/link",
                source_address=source_address,
                trace_id=trace_id,
            )
            await record(tx, entry, created=made.session.session_id)
        return Caller(KeyAccount(access_key), user_name, Role.MANAGER, None, made.session.session_id), made

    async def of_caller(self, caller: Caller) -> list[OpenSession]:
        """Return the sessions of the caller's account that are in force, the latest first."""
        async with self._database.reading() as tx:
            return await sessions_of(tx, caller.account)

    async def current(self, caller: Caller) -> OpenSession:
        """Return the session of the call.

        Raises:
            GatewayError: the call is signed, or the session has ended.
        """
        for session in await self.of_caller(caller):
            if session.session_id == caller.session_id:
                return session
        raise no_session()

    async def end(self, actor: Actor, session_id: int) -> None:
        """End a session of the caller's account.

        Raises:
            SessionNotFound: the account has no such session.
        """
        async with self._database.transaction() as tx:
            await self._end(tx, actor, session_id)

    async def _end(self, tx: Transaction, actor: Actor, session_id: int) -> None:
        if not await end_session(tx, actor.account, session_id):
            raise SessionNotFound
        await record(tx, actor.entry)


def no_session() -> GatewayError:
    """Return the error about a call that has no session."""
    return GatewayError(GatewayFault.AUTHENTICATION_FAILED, "There is no session.")
