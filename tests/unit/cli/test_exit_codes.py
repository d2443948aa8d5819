from __future__ import annotations

import pytest

from scenedex.cli.user.exit_codes import ExitCode, exit_code
from scenedex.client import (
    AnalysisFailed,
    AnalysisStatus,
    AuthenticationFailed,
    Conflict,
    GatewayError,
    ImportFailed,
    ImportStatus,
    IndexStatus,
    InvalidRequest,
    NotFound,
    PermissionDenied,
    RateLimited,
    ScenedexError,
    Search,
    SearchFailed,
    SearchStatus,
    ServiceError,
    TooLarge,
    TransportFailed,
    Unavailable,
    UnknownRoute,
    UnreadableAnswer,
    UploadFailed,
    UploadInterrupted,
    UploadStatus,
    WaitTimeout,
)
from scenedex.client.errors import Refusal

IMPORT = ImportStatus(asset_id=1, upload_status=UploadStatus.FAILED)
ANALYSIS = IndexStatus(status=AnalysisStatus.ANALYZE_FAIL)
SEARCH = Search(search_id="1", status=SearchStatus.FAILED)


def refused(kind: type[ServiceError], status: int) -> ServiceError:
    return kind(Refusal(status=status))


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ImportFailed(IMPORT), ExitCode.FAILED),
        (AnalysisFailed(ANALYSIS), ExitCode.FAILED),
        (SearchFailed(SEARCH), ExitCode.FAILED),
        (UploadFailed("no"), ExitCode.FAILED),
        (refused(NotFound, 404), ExitCode.NOT_FOUND),
        (refused(AuthenticationFailed, 401), ExitCode.REFUSED),
        (refused(PermissionDenied, 401), ExitCode.REFUSED),
        (refused(Conflict, 409), ExitCode.CONFLICT),
        (refused(InvalidRequest, 400), ExitCode.INVALID),
        (refused(TooLarge, 413), ExitCode.INVALID),
        (refused(GatewayError, 400), ExitCode.INVALID),
        (refused(ServiceError, 422), ExitCode.INVALID),
        (TransportFailed("no", is_sent=False), ExitCode.UNAVAILABLE),
        (UploadInterrupted("cut"), ExitCode.UNAVAILABLE),
        (WaitTimeout(ANALYSIS), ExitCode.UNAVAILABLE),
        (refused(RateLimited, 429), ExitCode.UNAVAILABLE),
        (refused(Unavailable, 503), ExitCode.UNAVAILABLE),
        (refused(ServiceError, 500), ExitCode.UNAVAILABLE),
        (refused(UnknownRoute, 404), ExitCode.UNEXPECTED),
        (refused(GatewayError, 302), ExitCode.UNEXPECTED),
        (UnreadableAnswer("no"), ExitCode.UNEXPECTED),
        (ScenedexError(), ExitCode.UNEXPECTED),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_every_error_has_its_exit_status(error: ScenedexError, code: ExitCode) -> None:
    assert exit_code(error) is code


def test_every_exit_status_has_a_meaning() -> None:
    assert [code.value for code in ExitCode] == [*range(9), 130]
    assert all(code.meaning for code in ExitCode)
