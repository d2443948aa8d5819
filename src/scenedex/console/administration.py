"""Access keys, sessions and engines, for those who may see everything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenedex.audit.service import record
from scenedex.auth.keys import Role, UnknownAccessKey
from scenedex.auth.sessions import end_session_of_any
from scenedex.console.errors import AccessKeyNotFound, SessionNotFound
from scenedex.engines.selection import Selected, select_engines, weights_of_catalog
from scenedex.wire.errors import GatewayError, GatewayFault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.audit.actor import Actor
    from scenedex.auth.caller import Caller
    from scenedex.auth.keys import AccessKey, AccessKeys, NewAccessKey
    from scenedex.auth.sessions import SessionUsers, UserSession
    from scenedex.db.database import Database
    from scenedex.engines.registry import EngineRegistry
    from scenedex.engines.selection import CatalogWeights, NotAnalysed
    from scenedex.settings import Settings


class Administration:
    """Access keys and sessions in the database, and the engines of the server's machine.

    Every method raises `GatewayError` if the caller is no manager of all workspaces.
    """

    def __init__(
        self, database: Database, keys: AccessKeys, users: SessionUsers, settings: Settings, registry: EngineRegistry
    ) -> None:
        self._database = database
        self._keys = keys
        self._users = users
        self._settings = settings
        self._registry = registry

    async def keys(self, caller: Caller) -> list[AccessKey]:
        """Return all keys, oldest first."""
        _require_administrator(caller)
        async with self._database.reading() as tx:
            return await self._keys.all(tx)

    async def create_key(self, actor: Actor, user_name: str, role: Role, workspaces: Sequence[str]) -> NewAccessKey:
        """Create a key. Without workspaces it covers all of them."""
        _require_administrator(actor)
        async with self._database.transaction() as tx:
            made = await self._keys.create(tx, user_name, role, tuple(workspaces))
            await record(tx, actor.entry, created=made.access_key)
        return made

    async def revoke_key(self, actor: Actor, access_key: str) -> None:
        """Revoke a key and its sessions.

        Raises:
            AccessKeyNotFound: there is no such key.
        """
        _require_administrator(actor)
        async with self._database.transaction() as tx:
            try:
                await self._keys.revoke(tx, access_key)
            except UnknownAccessKey as error:
                raise AccessKeyNotFound from error
            await record(tx, actor.entry)

    async def sessions(self, caller: Caller) -> list[UserSession]:
        """Return the sessions of all users that are in force, the latest first."""
        _require_administrator(caller)
        async with self._database.reading() as tx:
            return await self._users.all(tx)

    async def end_session(self, actor: Actor, session_id: int) -> None:
        """End a session of any user, at once and for all processes.

        Raises:
            SessionNotFound: there is no such session in force.
        """
        _require_administrator(actor)
        async with self._database.transaction() as tx:
            if not await end_session_of_any(tx, session_id):
                raise SessionNotFound
            await record(tx, actor.entry)

    def engines(self, caller: Caller) -> list[Selected | NotAnalysed]:
        """Return the engine of each port on this machine, or the reason that none runs."""
        _require_administrator(caller)
        settings = self._settings
        return list(select_engines(settings.engines, settings.weights_folder, "ENKO", registry=self._registry))

    def weights(self, caller: Caller) -> list[CatalogWeights]:
        """Return the weights that can be downloaded, and whether they are on this machine."""
        _require_administrator(caller)
        return weights_of_catalog(self._settings.weights_folder, self._registry)


def _require_administrator(caller: Caller) -> None:
    if caller.role is not Role.MANAGER or caller.workspaces is not None:
        raise GatewayError(GatewayFault.PERMISSION_DENIED, "This call needs a manager's key of all workspaces.")
