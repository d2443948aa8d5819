"""What the exit status of a user's command says, and which error leads to which."""

from __future__ import annotations

from enum import IntEnum
from typing import Self

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
    """Exit status of the commands ``workspaces``, ``projects``, ``assets``, ``index``, ``persons`` and ``search``.

    Attributes:
        meaning: what the status says, for help pages and the reference.
    """

    meaning: str

    OK = 0, "done"
    FAILED = 1, "the awaited import, analysis or search failed, an upload was not taken, or the command was broken off"
    USAGE = 2, "the command line is not right, or the keys are not in the environment"
    NOT_FOUND = 3, "what was named does not exist, or the access key may not see it"
    REFUSED = 4, "the access key, its signature or its role was not accepted"
    CONFLICT = 5, "it does not fit the present state: a name is taken, an analysis runs, there is no result"
    INVALID = 6, "the service does not accept what was asked for"
    UNAVAILABLE = 7, "no answer in time, too many requests, or the service is down: trying later may help"
    UNEXPECTED = 8, "the answer is not that of a Media Intelligence service: is the endpoint right?"

    def __new__(cls, status: int, meaning: str) -> Self:
        """The member of a status."""
        member = int.__new__(cls, status)
        member._value_ = status
        member.meaning = meaning
        return member


def exit_code(error: ScenedexError) -> ExitCode:
    """The exit status that an error of the client ends a command with."""
    match error:
        case ImportFailed() | AnalysisFailed() | SearchFailed():
            return ExitCode.FAILED
        case TransportFailed() | WaitTimeout() | UploadInterrupted() | RateLimited() | Unavailable():
            return ExitCode.UNAVAILABLE
        case UploadFailed():
            return ExitCode.FAILED
        case NotFound():
            return ExitCode.NOT_FOUND
        case AuthenticationFailed() | PermissionDenied():
            return ExitCode.REFUSED
        case _:
            return _other(error)


def _other(error: ScenedexError) -> ExitCode:
    match error:
        case Conflict():
            return ExitCode.CONFLICT
        case InvalidRequest() | TooLarge():
            return ExitCode.INVALID
        case GatewayError():
            return ExitCode.INVALID if error.status == 400 else ExitCode.UNEXPECTED  # noqa: PLR2004  # HTTP
        case ServiceError():
            return ExitCode.UNAVAILABLE if error.status >= 500 else ExitCode.INVALID  # noqa: PLR2004  # HTTP
        case _:
            return ExitCode.UNEXPECTED


HELP = "Exit status: " + " · ".join(f"{code.value} {code.meaning}" for code in ExitCode)
