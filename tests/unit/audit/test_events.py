"""No call that changes something can be forgotten in the audit log."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

import pytest
from cryptography.fernet import Fernet

from scenedex.app import create_app
from scenedex.audit import events
from scenedex.audit.events import CHANGES_NOTHING, EVENTS, event_of
from scenedex.audit.trail import AuditTrail
from scenedex.auth.middleware import PUBLIC, READS_ONLY
from scenedex.auth.secrets import SecretBox
from scenedex.db.database import Database
from scenedex.jobs import JobQueue
from scenedex.metrics import Metrics
from scenedex.settings import Settings
from scenedex.storage.memory import MemoryBuckets, MemoryStore
from scenedex.wiring import Platform

if TYPE_CHECKING:
    from litestar import Litestar
    from litestar.handlers import HTTPRouteHandler

    from scenedex.app.tracing import Tracing

READING = {"GET", "HEAD", "OPTIONS"}


@pytest.fixture(scope="module")
def handlers() -> list[HTTPRouteHandler]:
    """Every signed route that is no GET."""
    platform = Platform(
        Settings.model_construct(),
        Database(""),
        JobQueue(),
        MemoryBuckets(),
        MemoryStore(),
        SecretBox(Fernet.generate_key()),
        Metrics("api"),
        AuditTrail(),
    )
    application = cast("Litestar", cast("Tracing", create_app(platform)).application)
    found: dict[str, Any] = {}
    for route in application.routes:
        for handler in getattr(route, "route_handlers", ()):
            if not set(handler.http_methods) <= READING and not handler.opt.get(PUBLIC):
                found[str(handler.operation_id)] = handler
    assert len(found) > 40
    return list(found.values())


def test_every_call_that_is_no_get_names_its_event_or_changes_nothing(handlers: list[HTTPRouteHandler]) -> None:
    known = EVENTS.keys() | CHANGES_NOTHING

    assert [handler.operation_id for handler in handlers if handler.operation_id not in known] == []


def test_no_event_is_of_a_call_that_there_is_not(handlers: list[HTTPRouteHandler]) -> None:
    assert (EVENTS.keys() | CHANGES_NOTHING) - {str(handler.operation_id) for handler in handlers} == set()


def test_what_a_viewer_may_do_changes_nothing(handlers: list[HTTPRouteHandler]) -> None:
    free = {str(handler.operation_id) for handler in handlers if handler.opt.get(READS_ONLY)}

    assert free - CHANGES_NOTHING == set()


def test_no_call_both_changes_something_and_nothing() -> None:
    assert EVENTS.keys() & CHANGES_NOTHING == set()


def test_every_event_can_be_asked_for() -> None:
    named = {value for name, value in vars(events).items() if name.isupper() and isinstance(value, str)}

    assert set(EVENTS.values()) | named == events.ALL_EVENTS


def test_names_are_written_as_the_vendor_does() -> None:
    assert [name for name in EVENTS.values() if not re.fullmatch(r"[A-Z][a-z]+( [A-Z][a-z]+)+", name)] == []


def test_a_call_that_is_not_listed_is_named_after_itself() -> None:
    assert event_of("pausePersonMatching") == "Pause Person Matching"
