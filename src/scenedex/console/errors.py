"""Errors of sessions and access keys."""

from __future__ import annotations

from scenedex.wire.errors import ServiceError


class SessionNotFound(ServiceError, code="40417"):
    """The session does not exist or has ended."""


class AccessKeyNotFound(ServiceError, code="40419"):
    """The access key does not exist."""
