"""Calls about sessions of the console."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Final

import structlog
from litestar import Request, Response, get
from litestar.params import PathParameter

from scenedex.audit.actor import Actor, ip_address_or_none
from scenedex.audit.marks import event
from scenedex.auth.caller import Caller
from scenedex.auth.middleware import ANY_ROLE, ONCE, PUBLIC, RATE
from scenedex.auth.origins import SameOrigin
from scenedex.auth.sessions import NewSession, OpenSession
from scenedex.console.cookies import session_cookie
from scenedex.console.local_peers import require_local
from scenedex.console.provider_sign_in import ProviderSignIn
from scenedex.console.schemas import (
    SIGN_IN_LINK,
    ListedSession,
    SessionsAnswer,
    SignedIn,
    SignedInAnswer,
    SignedOut,
    SignInLink,
)
from scenedex.console.service import SESSION_CREATED, SESSION_ENDED, ConsoleSessions, no_session
from scenedex.wire.envelope import Done
from scenedex.wire.parsing import WireTime, parse_id
from scenedex.wire.routing import Injected, delete, json_body, post

SESSION: Final = "/console/session"
SessionIdText = Annotated[str, PathParameter(description="Session ID, an integer.")]
_NOT_STORED: Final = {"cache-control": "no-store"}
_ANY_ROLE: Final = {ANY_ROLE: True}


@post(
    SESSION,
    operation_id="openConsoleSession",
    include_in_schema=False,
    opt=event(SESSION_CREATED) | _ANY_ROLE | {ONCE: True, RATE: "sign_in"},
)
async def open_session(
    request: Request[Any, Any, Any],
    console_sessions: Injected[ConsoleSessions],
    actor: Injected[Actor],
    same_origin: Injected[SameOrigin],
    times: Injected[WireTime],
) -> Response[SignedInAnswer]:
    """Open a session of the key that signs the call, and set its cookie."""
    made = await console_sessions.open(actor, request.headers.get("user-agent"))
    return _signed_in(request, made, actor, console_sessions, same_origin, times)


@post(
    SESSION + "/link",
    operation_id="openConsoleSessionByLink",
    include_in_schema=False,
    opt={PUBLIC: True, RATE: "sign_in"},
)
async def open_session_by_link(
    request: Request[Any, Any, Any],
    data: Annotated[SignInLink, json_body(SIGN_IN_LINK)],
    console_sessions: Injected[ConsoleSessions],
    same_origin: Injected[SameOrigin],
    times: Injected[WireTime],
) -> Response[SignedInAnswer]:
    """Open a session by a link that this machine's user got from the server."""
    same_origin.require(request.scope)
    require_local(request.scope)
    caller, made = await console_sessions.open_by_link(
        data.token,
        request.headers.get("user-agent"),
        source_address=ip_address_or_none(request.client.host) if request.client else None,
        trace_id=structlog.contextvars.get_contextvars().get("trace_id"),
    )
    return _signed_in(request, made, caller, console_sessions, same_origin, times)


@get(SESSION, include_in_schema=False)
async def current_session(
    console_sessions: Injected[ConsoleSessions], caller: Injected[Caller], times: Injected[WireTime]
) -> Response[SignedInAnswer]:
    """Return the session of the call."""
    session = await console_sessions.current(caller)
    return Response(SignedInAnswer(_shown(session, caller, times)), headers=_NOT_STORED)


@delete(SESSION, operation_id="endConsoleSession", include_in_schema=False, opt=event(SESSION_ENDED) | _ANY_ROLE)
async def end_current_session(
    request: Request[Any, Any, Any],
    console_sessions: Injected[ConsoleSessions],
    actor: Injected[Actor],
    same_origin: Injected[SameOrigin],
    provider_sign_in: Injected[ProviderSignIn | None],
) -> Response[SignedOut]:
    """Sign out: end the session of the call, and remove its cookie. The provider may know a further sign-out."""
    if actor.session_id is None:
        raise no_session()
    await console_sessions.end(actor, actor.session_id)
    address = None
    if provider_sign_in is not None and actor.identity is not None:
        address = await provider_sign_in.sign_out_address()
    return Response(
        SignedOut(address), headers=_NOT_STORED, cookies=[session_cookie(request, "", timedelta(0), same_origin)]
    )


@get("/console/sessions", include_in_schema=False)
async def list_sessions(
    console_sessions: Injected[ConsoleSessions], caller: Injected[Caller], times: Injected[WireTime]
) -> Response[SessionsAnswer]:
    """Return the sessions of the caller's account, the latest first."""
    found = await console_sessions.of_caller(caller)
    shown = [
        times.shape(ListedSession, one, id=one.session_id, current=one.session_id == caller.session_id) for one in found
    ]
    return Response(SessionsAnswer(shown), headers=_NOT_STORED)


@delete(
    "/console/sessions/{session_id:str}",
    operation_id="endConsoleSessionById",
    include_in_schema=False,
    opt=event(SESSION_ENDED) | _ANY_ROLE,
)
async def end_session_by_id(
    session_id: SessionIdText, console_sessions: Injected[ConsoleSessions], actor: Injected[Actor]
) -> Done:
    """End a session of the caller's account."""
    await console_sessions.end(actor, parse_id("session_id", session_id))
    return Done()


def _signed_in(
    request: Request[Any, Any, Any],
    made: NewSession,
    caller: Caller,
    console_sessions: ConsoleSessions,
    same_origin: SameOrigin,
    times: WireTime,
) -> Response[SignedInAnswer]:
    cookie = session_cookie(request, made.token, console_sessions.life, same_origin)
    return Response(SignedInAnswer(_shown(made.session, caller, times)), headers=_NOT_STORED, cookies=[cookie])


def _shown(session: OpenSession, caller: Caller, times: WireTime) -> SignedIn:
    return times.shape(
        SignedIn,
        session,
        id=session.session_id,
        user_name=caller.user_name,
        access_key=caller.access_key,
        role=caller.role,
        workspaces=None if caller.workspaces is None else sorted(caller.workspaces),
        time_zone=str(times.zone),
    )


routes = [open_session, open_session_by_link, current_session, end_current_session, list_sessions, end_session_by_id]
