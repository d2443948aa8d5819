"""Exit statuses of the commands of users."""

from __future__ import annotations

from enum import IntEnum
from http import HTTPStatus
from typing import Final, Self

from scenedex.client import errors


class ExitCode(IntEnum):
    """Exit status of a command of a user.

    Attributes:
        meaning: description for help pages and the reference.
    """

    meaning: str

    OK = 0, "done"
    FAILED = (1, "the awaited import, analysis, summary or search failed, an upload was refused, or the user aborted")
    USAGE = 2, "the command line is not valid, or the keys are not in the environment"
    NOT_FOUND = 3, "the resource does not exist, or the access key may not see it"
    REFUSED = 4, "the access key, the signature or the role was not accepted"
    CONFLICT = 5, "conflict with the current state: a name is taken, an analysis runs, there is no result"
    INVALID = 6, "the service does not accept the request"
    UNAVAILABLE = 7, "no answer in time, too many requests, or the service is down: try again later"
    UNEXPECTED = 8, "the answer is not that of a Media Intelligence service: is the endpoint right?"
    INTERRUPTED = 130, "interrupted with Ctrl-C: requested imports and analyses go on"

    def __new__(cls, status: int, meaning: str) -> Self:
        """Create the member of a status."""
        member = int.__new__(cls, status)
        member._value_ = status
        member.meaning = meaning
        return member


# An interrupted upload is a refused one, too, so UNAVAILABLE comes first.
_CODES: Final = {
    ExitCode.UNAVAILABLE: (
        errors.TransportFailed,
        errors.WaitTimeout,
        errors.UploadInterrupted,
        errors.RateLimited,
        errors.Unavailable,
    ),
    ExitCode.FAILED: (
        errors.ImportFailed,
        errors.AnalysisFailed,
        errors.SummaryFailed,
        errors.BulkImportFailed,
        errors.ProxyFailed,
        errors.AskFailed,
        errors.SearchFailed,
        errors.UploadFailed,
    ),
    ExitCode.NOT_FOUND: (errors.NotFound,),
    ExitCode.REFUSED: (errors.AuthenticationFailed, errors.PermissionDenied),
    ExitCode.CONFLICT: (errors.Conflict,),
    ExitCode.INVALID: (errors.InvalidRequest, errors.TooLarge),
}


def exit_code(error: errors.ScenedexError) -> ExitCode:
    """Return the exit status for an error of the client."""
    for code, kinds in _CODES.items():
        if isinstance(error, kinds):
            return code
    match error:
        case errors.GatewayError(status=HTTPStatus.BAD_REQUEST):
            return ExitCode.INVALID
        case errors.GatewayError():
            return ExitCode.UNEXPECTED
        case errors.ServiceError():
            return ExitCode.UNAVAILABLE if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR else ExitCode.INVALID
        case _:
            return ExitCode.UNEXPECTED


HELP = "Exit status: " + " · ".join(f"{code.value} {code.meaning}" for code in ExitCode)
