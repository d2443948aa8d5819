"""The two families of errors that a client meets, and the table of service errors.

A service error is a class whose docstring is its message and whose ``code`` is what the wire shows: the HTTP
status followed by a serial, or one of the vendor's own codes (five digits that start with 1, status 400).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

VENDOR_CODES_START = "1"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """Which field of a request is wrong, by its wire name, and why."""

    field: str
    reason: str


class ServiceError(Exception):
    """A request that the service refuses."""

    code: ClassVar[str]

    def __init__(self, *details: FieldProblem) -> None:
        super().__init__(self.message())
        self.details = details

    @classmethod
    def message(cls) -> str:
        """What the wire shows: the first paragraph of the docstring."""
        return " ".join((cls.__doc__ or "").split("\n\n")[0].split())

    @classmethod
    def status(cls) -> int:
        """The HTTP status of the answer."""
        return 400 if cls.code.startswith(VENDOR_CODES_START) else int(cls.code[:3])


class InvalidRequest(ServiceError):
    """Invalid Request."""

    code = "10001"


def error_table() -> list[type[ServiceError]]:
    """Every service error that has been defined, by code."""
    found: set[type[ServiceError]] = set()
    pending = list(ServiceError.__subclasses__())
    while pending:
        kind = pending.pop()
        found.add(kind)
        pending.extend(kind.__subclasses__())
    return sorted(found, key=lambda kind: kind.code)


class GatewayFault(Enum):
    """Errors answered before the service is reached: HTTP status, error code, message."""

    BAD_REQUEST = (400, "100", "Bad Request Exception")
    AUTHENTICATION_FAILED = (401, "200", "Authentication Failed")
    PERMISSION_DENIED = (401, "210", "Permission Denied")
    NOT_FOUND = (404, "300", "Not Found Exception")
    TOO_LARGE = (413, "430", "Request Entity Too Large")
    QUOTA_EXCEEDED = (429, "400", "Quota Exceeded")
    THROTTLE_LIMITED = (429, "410", "Throttle Limited")
    RATE_LIMITED = (429, "420", "Rate Limited")
    ENDPOINT_ERROR = (503, "500", "Endpoint Error")
    ENDPOINT_TIMEOUT = (504, "510", "Endpoint Timeout")
    UNEXPECTED = (500, "900", "Unexpected Error")

    @property
    def status(self) -> int:
        """The HTTP status of the answer."""
        return self.value[0]

    @property
    def code(self) -> str:
        """``errorCode`` on the wire."""
        return self.value[1]

    @property
    def message(self) -> str:
        """``message`` on the wire."""
        return self.value[2]


class GatewayError(Exception):
    """A request that does not reach the service."""

    def __init__(self, fault: GatewayFault, details: str, *, retry_after_seconds: int | None = None) -> None:
        super().__init__(details)
        self.fault = fault
        self.details = details
        self.retry_after_seconds = retry_after_seconds
