"""Calls of the console about access keys, sessions of all users and engines."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final

from litestar import Response, get
from litestar.params import PathParameter

from scenedex.audit.actor import Actor
from scenedex.audit.events import KEY_CREATED, KEY_REVOKED
from scenedex.audit.marks import event
from scenedex.auth.caller import Caller
from scenedex.auth.sessions import UserSession
from scenedex.console.administration import Administration
from scenedex.console.administration_schemas import (
    NEW_KEY,
    EnginesAnswer,
    KeysAnswer,
    ListedKey,
    ListedUserSession,
    MadeKey,
    NewKey,
    OfferedWeights,
    UsedEngine,
    UserSessionsAnswer,
)
from scenedex.console.errors import AccessKeyNotFound
from scenedex.console.service import SESSION_ENDED
from scenedex.console.session_routes import SessionIdText
from scenedex.engines.registry import EngineRegistry
from scenedex.engines.selection import NotAnalysed, Selected, pull_command
from scenedex.wire.envelope import Done
from scenedex.wire.parsing import WireTime, check_name, check_workspace_name, parse_id
from scenedex.wire.routing import Injected, delete, json_body, post

_KEYS: Final = "/console/keys"
_SESSIONS: Final = "/console/user-sessions"
_NOT_STORED: Final = {"cache-control": "no-store"}
_MAX_USER_NAME: Final = 100
AccessKeyText = Annotated[str, PathParameter(description="Access key.")]


@get(_KEYS, include_in_schema=False)
async def list_keys(
    administration: Injected[Administration], caller: Injected[Caller], times: Injected[WireTime]
) -> Response[KeysAnswer]:
    """Return all access keys, oldest first, without their secrets."""
    found = await administration.keys(caller)
    return Response(KeysAnswer([times.shape(ListedKey, one) for one in found]), headers=_NOT_STORED)


@post(_KEYS, operation_id="createAccessKey", include_in_schema=False, opt=event(KEY_CREATED))
async def create_key(
    data: Annotated[NewKey, json_body(NEW_KEY)], administration: Injected[Administration], actor: Injected[Actor]
) -> Response[MadeKey]:
    """Create an access key. Its secret is shown only once."""
    check_name("userName", data.user_name, max_length=_MAX_USER_NAME)
    for name in data.workspaces or ():
        check_workspace_name("workspaces", name)
    made = await administration.create_key(actor, data.user_name, data.role, data.workspaces or ())
    return Response(MadeKey(access_key=made.access_key, secret_key=made.secret_key), headers=_NOT_STORED)


@delete(_KEYS + "/{access_key:str}", operation_id="revokeAccessKey", include_in_schema=False, opt=event(KEY_REVOKED))
async def revoke_key(
    access_key: AccessKeyText, administration: Injected[Administration], actor: Injected[Actor]
) -> Done:
    """Revoke an access key and its sessions, at once."""
    if "\x00" in access_key:
        raise AccessKeyNotFound
    await administration.revoke_key(actor, access_key)
    return Done()


@get(_SESSIONS, include_in_schema=False)
async def list_user_sessions(
    administration: Injected[Administration], caller: Injected[Caller], times: Injected[WireTime]
) -> Response[UserSessionsAnswer]:
    """Return the sessions of all users, the latest first."""
    found = await administration.sessions(caller)
    return Response(UserSessionsAnswer([_session(one, caller, times) for one in found]), headers=_NOT_STORED)


@delete(
    _SESSIONS + "/{session_id:str}", operation_id="endUserSession", include_in_schema=False, opt=event(SESSION_ENDED)
)
async def end_user_session(
    session_id: SessionIdText, administration: Injected[Administration], actor: Injected[Actor]
) -> Done:
    """End a session of any user, at once."""
    await administration.end_session(actor, parse_id("session_id", session_id))
    return Done()


@get("/console/engines", include_in_schema=False)
async def list_engines(
    administration: Injected[Administration], caller: Injected[Caller], engine_registry: Injected[EngineRegistry]
) -> EnginesAnswer:
    """Return the engine of each port on this machine, or why none runs and what would change it, and all weights."""
    found = await asyncio.to_thread(administration.engines, caller)
    weights = [
        OfferedWeights(
            id=one.entry.id,
            purpose=one.entry.purpose,
            licence=one.entry.licence,
            page=one.entry.page,
            size=one.entry.size_bytes,
            ports=list(dict.fromkeys(spec.port.name for spec in engine_registry.users(one.entry))),
            here=one.is_here,
            command=pull_command(one.entry.id),
        )
        for one in await asyncio.to_thread(administration.weights, caller)
    ]
    return EnginesAnswer([_shown(one, engine_registry) for one in found], weights)


def _session(one: UserSession, caller: Caller, times: WireTime) -> ListedUserSession:
    user = one.caller
    return times.shape(
        ListedUserSession,
        one.session,
        id=one.session.session_id,
        user_name=user.user_name,
        access_key=user.access_key,
        identity=user.identity,
        role=user.role,
        workspaces=None if user.workspaces is None else sorted(user.workspaces),
        current=one.session.session_id == caller.session_id,
    )


def _shown(one: Selected | NotAnalysed, registry: EngineRegistry) -> UsedEngine:
    if isinstance(one, Selected):
        return UsedEngine(port=one.port, engine=str(one.choice.engine), command=one.better or None)
    size = None if one.weights is None else registry.entry(one.weights).size_bytes
    return UsedEngine(port=one.port, reason=one.reason, command=one.command or None, weights=one.weights, size=size)


routes = [list_keys, create_key, revoke_key, list_user_sessions, end_user_session, list_engines]
