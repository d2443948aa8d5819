"""Middleware that checks the signature, role and rate of each request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from litestar.middleware import ASGIMiddleware

from scenedex.auth.caller import Caller
from scenedex.auth.keys import Role
from scenedex.auth.signature import is_signature, sign
from scenedex.wire.bodies import JsonRequest
from scenedex.wire.errors import GatewayError, GatewayFault
from scenedex.wire.methods import sent_method

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

    from scenedex.auth.keys import AccessKeys
    from scenedex.auth.rates import Rate, RateLimiter
    from scenedex.auth.replays import Replays
    from scenedex.db.database import Database

# Marks in the `opt` of route handlers.
PUBLIC = "public"
READS_ONLY = "reads_only"
RATE = "rate"

_TIMESTAMP = b"x-ncp-apigw-timestamp"
_SIGNATURE = b"x-ncp-apigw-signature-v2"
_MISSING = "Authentication information are missing."
_INVALID = "Invalid authentication information."
_MAX_HEADER_LENGTH = 512


@dataclass(eq=False)
class Authentication(ASGIMiddleware):
    """Passes requests that a known key has signed and whose role and rate permit the call.

    Attributes:
        rates: rates by the names that routes carry.
        clock: returns milliseconds since the epoch.
        tolerance_ms: maximum difference between a request's timestamp and the clock, in milliseconds.
        replays: calls received before, or `None` if they may be sent again.
    """

    keys: AccessKeys
    database: Database
    limiter: RateLimiter
    rates: Mapping[str, Rate]
    clock: Callable[[], int]
    tolerance_ms: int
    replays: Replays | None = None

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Authenticate the caller, then run the route with the caller in the state of the scope."""
        opt = scope["route_handler"].opt
        if not opt.get(PUBLIC):
            caller = await self._authenticate(scope)
            if caller.role is Role.VIEWER and sent_method(scope) not in ("GET", "HEAD") and not opt.get(READS_ONLY):
                raise GatewayError(GatewayFault.PERMISSION_DENIED, "The access key may read only.")
            rate = self.rates.get(opt.get(RATE, ""))
            if rate and (wait := self.limiter.take(rate, caller.access_key)) is not None:
                span = "a second" if rate.seconds == 1 else f"{rate.seconds:g} seconds"
                raise GatewayError(
                    GatewayFault.RATE_LIMITED,
                    f"At most {rate.calls} of these calls in {span}.",
                    retry_after_seconds=wait,
                )
            if self.replays is not None and sent_method(scope) not in ("GET", "HEAD"):
                await self._require_new(self.replays, scope, receive, send)
            scope["state"]["caller"] = caller
        await next_app(scope, receive, send)

    async def _require_new(self, replays: Replays, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse an authenticated call that has been received before. The route reads the body again."""
        headers = dict(scope["headers"])
        signature, timestamp = headers[_SIGNATURE].decode("ascii"), int(headers[_TIMESTAMP])
        body = await JsonRequest(cast("HTTPScope", scope), receive=receive, send=send).body()
        await replays.require_new(signature, timestamp, body)

    async def _authenticate(self, scope: Scope) -> Caller:
        headers = {name: value for name, value in scope["headers"] if name.startswith(b"x-ncp-")}
        try:
            timestamp = headers[_TIMESTAMP].decode("ascii")
            access_key = headers[b"x-ncp-iam-access-key"].decode("ascii")
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
        expected = sign(
            key.secret_key, method=sent_method(scope), target=_target(scope), timestamp=timestamp, access_key=access_key
        )
        if not is_signature(expected, given):
            raise _invalid()
        return Caller(access_key, key.user_name, key.role, key.workspaces)


def _invalid() -> GatewayError:
    return GatewayError(GatewayFault.AUTHENTICATION_FAILED, _INVALID)


def _target(scope: Scope) -> str:
    """Return path and query exactly as in the request line."""
    query: bytes = scope["query_string"]
    raw: bytes = scope["raw_path"]
    return (raw + b"?" + query if query else raw).decode(errors="replace")
