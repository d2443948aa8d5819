"""The method of a request as sent. The application answers HEAD as GET."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from litestar.types import Scope


def sent_method(scope: Scope) -> str:
    """Return the method that the client sent and signed."""
    found = cast("Mapping[str, Any]", scope)
    return str(found.get("sent_method") or found.get("method") or "")
