"""Exit statuses of the commands of users."""

from __future__ import annotations

from enum import IntEnum
from http import HTTPStatus
from typing import Final, Self

from scenedex.client.errors import (
    AnalysisFailed,
    AuthenticationFailed,
    Conflict,
    GatewayError,
    ImportFailed,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    RateLimited,
    ScenedexError,
    SearchFailed,
    ServiceError,
    TooLarge,
    TransportFailed,
    Unavailable,
    UploadFailed,
    UploadInterrupted,
    WaitTimeout,
)


class ExitCode(IntEnum):
    """Exit status of a command of a user.

    Attributes:
        meaning: description for help pages and the reference.
    """

    meaning: str

    OK = 0, "done"
    FAILED = 1, "the awaited import, analysis or search failed, an upload was refused, or the command was aborted"
    USAGE = 2, "the command line is not valid, or the keys are not in the environment"
    NOT_FOUND = 3, "the resource does not exist, or the access key may not see it"
    REFUSED = 4, "the access key, the signature or the role was not accepted"
    CONFLICT = 5, "conflict with the current state: a name is taken, an analysis runs, there is no result"
    INVALID = 6, "the service does not accept the request"
    UNAVAILABLE = 7, "no answer in time, too many requests, or the service is down: try again later"
    UNEXPECTED = 8, "the answer is not that of a Media Intelligence service: is the endpoint right?"

    def __new__(cls, status: int, meaning: str) -> Self:
        """Create the member of a status."""
        member = int.__new__(cls, status)
        member._value_ = status
        member.meaning = meaning
        return member


_CODES: Final = {
    ImportFailed: ExitCode.FAILED,
    AnalysisFailed: ExitCode.FAILED,
    SearchFailed: ExitCode.FAILED,
    UploadFailed: ExitCode.FAILED,
    NotFound: ExitCode.NOT_FOUND,
    AuthenticationFailed: ExitCode.REFUSED,
    PermissionDenied: ExitCode.REFUSED,
    Conflict: ExitCode.CONFLICT,
    InvalidRequest: ExitCode.INVALID,
    TooLarge: ExitCode.INVALID,
    TransportFailed: ExitCode.UNAVAILABLE,
    WaitTimeout: ExitCode.UNAVAILABLE,
    UploadInterrupted: ExitCode.UNAVAILABLE,
    RateLimited: ExitCode.UNAVAILABLE,
    Unavailable: ExitCode.UNAVAILABLE,
}


def exit_code(error: ScenedexError) -> ExitCode:
    """Return the exit status for an error of the client."""
    for kind in type(error).__mro__:
        if kind in _CODES:
            return _CODES[kind]
    match error:
        case GatewayError(status=HTTPStatus.BAD_REQUEST):
            return ExitCode.INVALID
        case GatewayError():
            return ExitCode.UNEXPECTED
        case ServiceError():
            return ExitCode.UNAVAILABLE if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR else ExitCode.INVALID
        case _:
            return ExitCode.UNEXPECTED


HELP = "Exit status: " + " · ".join(f"{code.value} {code.meaning}" for code in ExitCode)
