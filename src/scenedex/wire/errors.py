"""The two families of errors on the wire, and the table of service errors.

A service error is a class. Its docstring is the message, and `code` is the HTTP status followed by a serial number, or
one of the vendor's own codes (five digits that start with 1, status 400).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar

VENDOR_CODES_START = "1"


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """Invalid field of a request, by its wire name, and the reason."""

    field: str
    reason: str


class ServiceError(Exception):
    """Refusal of a request by the service. Each subclass has its own code."""

    code: ClassVar[str]
    has_full_stop: ClassVar[bool] = True
    """False for a message that the vendor writes without one."""

    def __init_subclass__(cls, *, code: str) -> None:
        cls.code = code

    def __init__(self, *details: FieldProblem) -> None:
        super().__init__(self.message())
        self.details = details

    @classmethod
    def message(cls) -> str:
        """Return the first paragraph of the docstring, which is the message on the wire."""
        text = " ".join((cls.__doc__ or "").split("\n\n")[0].split())
        return text if cls.has_full_stop else text.removesuffix(".")

    @classmethod
    def status(cls) -> int:
        """Return the HTTP status of the answer."""
        return 400 if cls.code.startswith(VENDOR_CODES_START) else int(cls.code[:3])


class InvalidRequest(ServiceError, code="10001"):
    """Invalid Request."""


def error_table() -> list[type[ServiceError]]:
    """Return all service errors that are defined, sorted by code."""
    return sorted(ServiceError.__subclasses__(), key=lambda kind: kind.code)


class GatewayFault(Enum):
    """Errors of the gateway: HTTP status, error code, message."""

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

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status = status
        self.code = code
        self.message = message


class GatewayError(Exception):
    """Refusal of a request before it reaches the service."""

    def __init__(self, fault: GatewayFault, details: str, *, retry_after_seconds: int | None = None) -> None:
        super().__init__(details)
        self.fault = fault
        self.details = details
        self.retry_after_seconds = retry_after_seconds
