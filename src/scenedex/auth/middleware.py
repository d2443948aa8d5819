"""Middleware that checks the signature or session, the role and the rate of each request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from litestar.middleware import ASGIMiddleware

from scenedex.auth.caller import Caller, KeyAccount
from scenedex.auth.keys import Role
from scenedex.auth.sessions import SESSION_COOKIE
from scenedex.auth.signature import is_signature, sign
from scenedex.wire.bodies import JsonRequest
from scenedex.wire.errors import GatewayError, GatewayFault
from scenedex.wire.methods import sent_method

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

    from scenedex.auth.keys import AccessKeys
    from scenedex.auth.origins import SameOrigin
    from scenedex.auth.rates import Rate, RateLimiter
    from scenedex.auth.replays import Replays
    from scenedex.auth.sessions import SessionUsers
    from scenedex.db.database import Database

# Marks in the `opt` of route handlers.
PUBLIC = "public"
READS_ONLY = "reads_only"
RATE = "rate"
ANY_ROLE = "any_role"
"""Mark of a call that changes nothing but the caller's own sessions. So viewers may make it."""
ONCE = "once"
"""Mark of a call that is refused if it has been received before, whatever the settings."""

_TIMESTAMP = b"x-ncp-apigw-timestamp"
_ACCESS_KEY = b"x-ncp-iam-access-key"
_SIGNATURE = b"x-ncp-apigw-signature-v2"
_OF_SIGNATURES = frozenset({_TIMESTAMP, _ACCESS_KEY, _SIGNATURE})
_COOKIE = f"{SESSION_COOKIE}="
_MISSING = "Authentication information are missing."
_INVALID = "Invalid authentication information."
_MAX_HEADER_LENGTH = 512


@dataclass(eq=False)
class Authentication(ASGIMiddleware):
    """Passes requests of a known key, by its signature or a session, whose role and rate permit the call.

    Attributes:
        sessions: sessions of the console. Their cookie counts where no header of a signature is.
        same_origin: rule for calls with a cookie, and path of the public address.
        rates: rates by the names that routes carry.
        clock: returns milliseconds since the epoch.
        tolerance_ms: maximum difference between a request's timestamp and the clock, in milliseconds.
        replays: calls received before.
        refuses_replays: True if no signed call that changes something may be sent again.
    """

    keys: AccessKeys
    sessions: SessionUsers
    same_origin: SameOrigin
    database: Database
    limiter: RateLimiter
    rates: Mapping[str, Rate]
    clock: Callable[[], int]
    tolerance_ms: int
    replays: Replays
    refuses_replays: bool = False

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Authenticate the caller, then run the route with the caller in the state of the scope."""
        opt = scope["route_handler"].opt
        rate = self.rates.get(opt.get(RATE, ""))
        if opt.get(PUBLIC):
            if rate is not None:
                client = scope["client"]
                self._take(rate, client[0] if client else "")
        else:
            is_reading = sent_method(scope) in ("GET", "HEAD")
            caller = await self._authenticate(scope)
            if caller.role is Role.VIEWER and not (is_reading or opt.get(READS_ONLY) or opt.get(ANY_ROLE)):
                raise GatewayError(GatewayFault.PERMISSION_DENIED, "The access key may read only.")
            if rate is not None:
                self._take(rate, caller.account.label)
            if caller.session_id is None and not is_reading and (self.refuses_replays or opt.get(ONCE)):
                await self._require_new(scope, receive, send)
            scope["state"]["caller"] = caller
        await next_app(scope, receive, send)

    def _take(self, rate: Rate, caller: str) -> None:
        """Count a call of a key or address."""
        wait = self.limiter.take(rate, caller)
        if wait is not None:
            span = "a second" if rate.seconds == 1 else f"{rate.seconds:g} seconds"
            raise GatewayError(
                GatewayFault.RATE_LIMITED, f"At most {rate.calls} of these calls in {span}.", retry_after_seconds=wait
            )

    async def _require_new(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse an authenticated call that has been received before. The route reads the body again."""
        headers = dict(scope["headers"])
        signature, timestamp = headers[_SIGNATURE].decode("ascii"), int(headers[_TIMESTAMP])
        body = await JsonRequest(cast("HTTPScope", scope), receive=receive, send=send).body()
        await self.replays.require_new(signature, timestamp, body)

    async def _authenticate(self, scope: Scope) -> Caller:
        token = _session_token(scope)
        if token is None:
            return await self._authenticate_signature(scope)
        self.same_origin.require(scope)
        caller = await self.sessions.find(token)
        if caller is None:
            raise GatewayError(GatewayFault.AUTHENTICATION_FAILED, "The session has ended.")
        return caller

    async def _authenticate_signature(self, scope: Scope) -> Caller:
        headers = {name: value for name, value in scope["headers"] if name.startswith(b"x-ncp-")}
        try:
            timestamp = headers[_TIMESTAMP].decode("ascii")
            access_key = headers[_ACCESS_KEY].decode("ascii")
            given = headers[_SIGNATURE].decode("ascii")
        except KeyError as error:
            raise GatewayError(GatewayFault.AUTHENTICATION_FAILED, _MISSING) from error
        except UnicodeDecodeError as error:
            raise _invalid() from error
        if not (timestamp and access_key and given):
            raise GatewayError(GatewayFault.AUTHENTICATION_FAILED, _MISSING)
        if (
            not timestamp.isdecimal()
            or max(len(timestamp), len(access_key), len(given)) > _MAX_HEADER_LENGTH
            or "\x00" in access_key
            or abs(self.clock() - int(timestamp)) > self.tolerance_ms
        ):
            raise _invalid()
        async with self.database.reading() as tx:
            key = await self.keys.find(tx, access_key)
        if key is None:
            raise _invalid()
        method, target = sent_method(scope), _target(scope)
        # Clients sign the path that they call, of which a proxy may have removed that of the public address.
        targets = {target, self.same_origin.path.rstrip("/") + target}
        expected = [
            sign(key.secret_key, method=method, target=one, timestamp=timestamp, access_key=access_key)
            for one in targets
        ]
        if not any(is_signature(one, given) for one in expected):
            raise _invalid()
        return Caller(KeyAccount(access_key), key.user_name, key.role, key.workspaces)


def _session_token(scope: Scope) -> str | None:
    """Return the token of the session's cookie, or `None` if there is none or a signature decides.

    Browsers send the cookie with the longest path first, which is that of this server.
    """
    cookies: list[str] = []
    for name, value in scope["headers"]:
        if name in _OF_SIGNATURES:
            return None
        if name == b"cookie":
            cookies += value.decode("latin-1").split(";")
    found = (cookie.strip() for cookie in cookies)
    return next((cookie.removeprefix(_COOKIE) for cookie in found if cookie.startswith(_COOKIE)), None)


def _invalid() -> GatewayError:
    return GatewayError(GatewayFault.AUTHENTICATION_FAILED, _INVALID)


def _target(scope: Scope) -> str:
    """Return path and query exactly as in the request line."""
    query: bytes = scope["query_string"]
    raw: bytes = scope["raw_path"]
    return (raw + b"?" + query if query else raw).decode(errors="replace")
