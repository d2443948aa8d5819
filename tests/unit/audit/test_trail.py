"""When a deed is told: once, within its block, and never after."""

from __future__ import annotations

import contextvars

from scenedex.audit.records import Deed
from scenedex.audit.trail import AuditTrail


def test_a_copy_of_the_context_that_outlives_the_deed_tells_nothing() -> None:
    trail = AuditTrail()
    with trail.telling(Deed("Create Workspace", "alice")):
        kept = contextvars.copy_context()

    assert not kept.run(trail.is_telling)


def test_what_goes_on_within_the_deed_is_told() -> None:
    trail = AuditTrail()
    with trail.telling(Deed("Create Workspace", "alice")):
        assert contextvars.copy_context().run(trail.is_telling)
    assert not trail.is_telling()
