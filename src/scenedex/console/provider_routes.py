"""Routes of the sign-in at the OpenID provider. A browser opens them as pages, so each answer is a redirect."""

from __future__ import annotations

from typing import Annotated, Any, Final
from urllib.parse import urlencode

import structlog
from litestar import Request, Response, get
from litestar.datastructures import Cookie
from litestar.params import QueryParameter
from litestar.response import Redirect

from scenedex.audit.actor import ip_address_or_none
from scenedex.auth.middleware import PUBLIC
from scenedex.auth.openid.pending import PENDING_SECONDS, cookie_name
from scenedex.auth.openid.provider_answer import ProviderAnswer
from scenedex.auth.openid.refusals import SignInRefused
from scenedex.auth.origins import SameOrigin
from scenedex.console.cookies import session_cookie
from scenedex.console.pages import ConsolePage
from scenedex.console.provider_sign_in import CALLBACK, Client, ProviderSignIn, note_refusal
from scenedex.wire.answers import unknown_route
from scenedex.wire.routing import Injected

_HEADERS: Final = {"cache-control": "no-store", "referrer-policy": "no-referrer"}
To = Annotated[str, QueryParameter(name="to", description="Place in the console to return to.")]
State = Annotated[str, QueryParameter(name="state", description="State of the sign-in.")]
Given = Annotated[str | None, QueryParameter(description="Parameter of the provider's answer.")]


@get("/console/oidc/start", include_in_schema=False, opt={PUBLIC: True})
async def start_sign_in(
    request: Request[Any, Any, Any],
    provider_sign_in: Injected[ProviderSignIn | None],
    console: Injected[ConsolePage],
    same_origin: Injected[SameOrigin],
    to: To = "",
) -> Response[Any]:
    """Send the browser to the provider, and set the cookie of the sign-in."""
    if provider_sign_in is None:
        return unknown_route()
    # A page of another site starts no sign-in: it leads to the button.
    if not same_origin.is_of_this_site(request.scope):
        return Redirect(console.path, headers=_HEADERS)
    try:
        address, pending = await provider_sign_in.begin(to)
    except SignInRefused as refused:
        return _refused(refused, console)
    sealed = provider_sign_in.cookies.seal(pending)
    cookie = _cookie(request, pending.state, sealed, PENDING_SECONDS, same_origin)
    return Redirect(address, headers=_HEADERS, cookies=[cookie])


@get(CALLBACK, include_in_schema=False, opt={PUBLIC: True})
async def finish_sign_in(
    request: Request[Any, Any, Any],
    provider_sign_in: Injected[ProviderSignIn | None],
    console: Injected[ConsolePage],
    same_origin: Injected[SameOrigin],
    sent_state: State = "",
    code: Given = None,
    error: Given = None,
    iss: Given = None,
) -> Response[Any]:
    """Open a session for the user whom the provider sends back, and lead to the console."""
    if provider_sign_in is None:
        return unknown_route()
    client = Client(
        request.headers.get("user-agent"),
        ip_address_or_none(request.client.host) if request.client else None,
        structlog.contextvars.get_contextvars().get("trace_id"),
    )
    spent = _cookie(request, sent_state, "", 0, same_origin)
    try:
        made, pending = await provider_sign_in.complete(
            request.cookies.get(spent.key, ""), sent_state, ProviderAnswer(code=code, error=error, issuer=iss), client
        )
    except SignInRefused as refused:
        return _refused(refused, console, spent)
    session = session_cookie(request, made.token, provider_sign_in.life, same_origin)
    return Redirect(console.path + pending.target, headers=_HEADERS, cookies=[session, spent])


def _refused(refused: SignInRefused, console: ConsolePage, *cookies: Cookie) -> Response[Any]:
    """Lead to the console, which puts the reason into words."""
    note_refusal(refused)
    trace_id = structlog.contextvars.get_contextvars().get("trace_id", "")
    query = urlencode({"sign-in-refused": refused.refusal.value, "trace": trace_id})
    return Redirect(f"{console.path}?{query}", headers=_HEADERS, cookies=list(cookies))


def _cookie(request: Request[Any, Any, Any], state: str, content: str, seconds: int, same_origin: SameOrigin) -> Cookie:
    return Cookie(
        key=cookie_name(state),
        value=content,
        path=f"{same_origin.path.rstrip('/')}{CALLBACK}",
        max_age=seconds,
        secure=same_origin.is_secure(request.scope),
        httponly=True,
        # The provider's page leads here, to which a strict cookie would not be sent.
        samesite="lax",
    )


routes = [start_sign_in, finish_sign_in]
