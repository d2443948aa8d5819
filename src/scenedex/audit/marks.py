"""Marks on route handlers, in their ``opt``: the event that a call is recorded as.

Each signed route that is no GET carries `event` or `NO_EVENT`. The unsigned PUT routes of presigned upload URLs carry
neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from litestar.handlers import HTTPRouteHandler

EVENT: Final = "event"
NO_EVENT: Final = {EVENT: None}
"""Mark of a call that makes no lasting change."""


def event(name: str) -> dict[str, str]:
    """Return the mark of a call that is recorded under this name."""
    return {EVENT: name}


def events_of(handlers: Iterable[HTTPRouteHandler]) -> frozenset[str]:
    """Return the events of all these routes."""
    return frozenset(name for handler in handlers if (name := handler.opt.get(EVENT)) is not None)
