"""The cookie of a session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar.datastructures import Cookie

from scenedex.auth.sessions import SESSION_COOKIE

if TYPE_CHECKING:
    from datetime import timedelta

    from litestar import Request

    from scenedex.auth.origins import SameOrigin


def session_cookie(request: Request[Any, Any, Any], token: str, life: timedelta, same_origin: SameOrigin) -> Cookie:
    """Return the cookie of a session. Without a life it removes the cookie from the browser."""
    return Cookie(
        key=SESSION_COOKIE,
        value=token,
        path=same_origin.path,
        max_age=int(life.total_seconds()),
        secure=same_origin.is_secure(request.scope),
        httponly=True,
        samesite="strict",
    )
