"""Refusals of calls about jobs."""

from __future__ import annotations

from scenedex.wire.errors import ServiceError


class JobNotFound(ServiceError, code="40418"):
    """There is no such job in the workspace, or it is not in the required state."""


class JobKindRefused(ServiceError, code="40918"):
    """Jobs of this kind do not support the call."""
