"""Errors of the SDK.

::

    ScenedexError
    ├── TransportFailed              no answer came
    ├── UnreadableAnswer             the answer is not in the form of this API
    ├── ServiceError                 the service refused or failed: status, code, message, details, trace_id
    │   ├── InvalidRequest           400
    │   ├── NotFound                 404
    │   ├── Conflict                 409
    │   └── GatewayError             refused before the service saw the request
    │       ├── AuthenticationFailed
    │       ├── PermissionDenied
    │       ├── UnknownRoute
    │       ├── TooLarge
    │       ├── RateLimited
    │       └── Unavailable          5xx
    ├── WaitTimeout                  the wait ended before the work: status
    ├── ImportFailed                 the awaited import failed: status
    ├── ProxyFailed                  the awaited proxy failed: proxy
    ├── AnalysisFailed               the awaited analysis ended without a result: status
    ├── SummaryFailed                the awaited scene summary ended without a result: status
    ├── BulkImportFailed             the awaited bulk import ended early: bulk_import
    ├── SearchFailed                 the awaited search failed: search
    ├── AskFailed                    the awaited question was not answered: answer
    └── UploadFailed                 a file was refused
        └── UploadInterrupted        the bytes did not arrive

The first line of each class's docstring is its default message.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from scenedex.client.answers import ImportStatus
    from scenedex.client.ask_answers import QuestionAnswer
    from scenedex.client.import_answers import BulkImport
    from scenedex.client.index_answers import IndexStatus
    from scenedex.client.playback_answers import Proxy
    from scenedex.client.search_answers import Search
    from scenedex.client.summary_answers import SummaryStatus


@dataclass(frozen=True, slots=True)
class Detail:
    """A reason of a refusal. ``field`` is the name of the refused field on the wire, or None."""

    field: str | None = None
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.field}: {self.reason}" if self.field else self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Content of an answer that is not a success.

    Attributes:
        code: code of the service (``"40403"``) or of the gateway (``"200"``). Empty if the answer has none.
        message: one sentence. Empty if the answer has none.
        trace_id: id of the request in the logs of the service.
        retry_after_s: pause that the service requests, in seconds.
    """

    status: int
    code: str = ""
    message: str = ""
    details: tuple[Detail, ...] = ()
    trace_id: str | None = None
    retry_after_s: float | None = None


class ScenedexError(Exception):
    """The request did not succeed."""

    default: ClassVar[str] = "The request did not succeed."

    def __init_subclass__(cls) -> None:
        cls.default = inspect.cleandoc(cls.__doc__ or "").partition("\n")[0]

    def __init__(self, message: str = "") -> None:
        super().__init__(message or self.default)


class TransportFailed(ScenedexError):
    """The service could not be reached.

    Attributes:
        is_sent: False if certainly no part of the request reached the service.
        is_refused: whether nothing listens at the address.
        is_address_doubtful: whether the address may be wrong.
    """

    def __init__(
        self, reason: str, *, is_sent: bool, is_refused: bool = False, is_address_doubtful: bool = False
    ) -> None:
        super().__init__(f"{self.default.removesuffix('.')}: {reason}")
        self.reason = reason
        self.is_sent = is_sent
        self.is_refused = is_refused
        self.is_address_doubtful = is_address_doubtful


class UnreadableAnswer(ScenedexError):
    """The answer is not in the form of this API."""

    def __init__(self, reason: str, trace_id: str | None = None) -> None:
        super().__init__(f"{self.default.removesuffix('.')}: {reason}{_trace(trace_id)}")
        self.reason = reason
        self.trace_id = trace_id


class ServiceError(ScenedexError):
    """The service refused the request or failed."""

    def __init__(self, refusal: Refusal) -> None:
        message = refusal.message or self.default
        reasons = "; ".join(str(detail) for detail in refusal.details)
        code = f" [{' '.join(part for part in (str(refusal.status), refusal.code) if part)}]"
        super().__init__(f"{message}{f' ({reasons})' if reasons else ''}{code}{_trace(refusal.trace_id)}")
        self.status = refusal.status
        self.code = refusal.code
        self.message = message
        self.details = refusal.details
        self.trace_id = refusal.trace_id
        self.retry_after_s = refusal.retry_after_s


class InvalidRequest(ServiceError):
    """The request is not valid."""


class NotFound(ServiceError):
    """The resource does not exist, or the access key may not see it."""


class Conflict(ServiceError):
    """The request conflicts with the current state."""


class GatewayError(ServiceError):
    """The request was refused before the service saw it."""


class AuthenticationFailed(GatewayError):
    """The access key or the signature was not accepted."""


class PermissionDenied(GatewayError):
    """The role of the access key does not allow this."""


class UnknownRoute(GatewayError):
    """The service does not have this operation."""


class TooLarge(GatewayError):
    """The request is larger than the service allows."""


class RateLimited(GatewayError):
    """Too many requests."""


class Unavailable(GatewayError):
    """The service is not available."""


class WaitTimeout(ScenedexError):
    """The wait timed out. The work goes on."""

    def __init__(
        self, status: ImportStatus | IndexStatus | SummaryStatus | Search | QuestionAnswer | Proxy | BulkImport
    ) -> None:
        super().__init__()
        self.status = status


class ImportFailed(ScenedexError):
    """The import failed."""

    def __init__(self, status: ImportStatus) -> None:
        reasons = (status.upload_result, status.upload_reason)
        words = ". ".join(reason.rstrip(".") for reason in reasons if reason)
        super().__init__(f"The import of asset {status.asset_id} ended with {status.upload_status}{_because(words)}")
        self.status = status


class ProxyFailed(ScenedexError):
    """There is no proxy."""

    def __init__(self, asset_id: int, proxy: Proxy) -> None:
        super().__init__(f"The proxy of asset {asset_id} ended with {proxy.status}{_because(proxy.reason or '')}")
        self.proxy = proxy


class AnalysisFailed(ScenedexError):
    """The analysis ended without a result."""

    def __init__(self, status: IndexStatus) -> None:
        super().__init__(f"The analysis ended with {status.status}{_because(status.message or '')}")
        self.status = status


class SummaryFailed(ScenedexError):
    """The scene summary ended without a result."""

    def __init__(self, status: SummaryStatus) -> None:
        super().__init__(f"The scene summary ended with {status.status}{_because(status.status_message or '')}")
        self.status = status


class BulkImportFailed(ScenedexError):
    """The bulk import ended before all objects were looked at."""

    def __init__(self, bulk_import: BulkImport) -> None:
        super().__init__(f"The bulk import is {bulk_import.status.lower()}{_because(bulk_import.message or '')}")
        self.bulk_import = bulk_import


class SearchFailed(ScenedexError):
    """The search failed."""

    def __init__(self, search: Search) -> None:
        super().__init__(f"{self.default.removesuffix('.')}{_because(search.status_message or '')}")
        self.search = search


class AskFailed(ScenedexError):
    """The question was not answered."""

    def __init__(self, answer: QuestionAnswer) -> None:
        super().__init__(f"{self.default.removesuffix('.')}{_because(answer.status_message or '')}")
        self.answer = answer


class UploadFailed(ScenedexError):
    """The file was refused."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{self.default.removesuffix('.')}: {reason}")
        self.reason = reason


class UploadInterrupted(UploadFailed):
    """The bytes of the file did not arrive."""


def _trace(trace_id: str | None) -> str:
    return f" (trace {trace_id})" if trace_id else ""


def _because(words: str) -> str:
    return f": {words.rstrip('.')}." if words else "."
