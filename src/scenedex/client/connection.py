"""Signed requests over HTTP, with retries and decoded answers.

Requests that may run twice (reading, deleting, renaming) are retried after 429, 5xx and a broken connection. All
others (creating, registering, requesting, cancelling, moving) are retried only if they certainly did not run: after
429, a gateway's 503, or a failed connect. A failed connect is an error at once as long as nothing has answered at the
address. Pauses between retries grow. Each attempt has a new signature.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Timer
from typing import TYPE_CHECKING, ClassVar, Final, Literal, TypeVar
from urllib.parse import quote

import httpx2
import msgspec

from scenedex.client.answers import Answer
from scenedex.client.errors import (
    RateLimited,
    ScenedexError,
    ServiceError,
    TransportFailed,
    Unavailable,
    UnreadableAnswer,
    UploadFailed,
    UploadInterrupted,
)
from scenedex.client.failures import UNREADABLE, failure, is_of_api, retry_after_s
from scenedex.client.reachability import explain, foreign_answer, is_refused

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping

    from scenedex.client.clock import Clock
    from scenedex.client.signing import Credentials

T = TypeVar("T")

FIRST_PAUSE_S: Final = 0.5
MAX_PAUSE_S: Final = 8.0
MAX_RETRY_AFTER_S: Final = 60.0
_SUCCESS: Final = "0"
_SERVER_FAULTS: Final = 500
_GATEWAY_REFUSAL: Final = 503
# A store answers after it has written the whole object.
_STORE_ANSWER_S: Final = 600.0


@dataclass(frozen=True, slots=True)
class Call:
    """A request.

    Attributes:
        target: path and query as built by ``target``.
        body: values of the JSON body.
        is_repeatable: whether the request may run twice.
    """

    method: Literal["GET", "POST", "PATCH", "DELETE"]
    target: str
    body: Mapping[str, object] | msgspec.Struct | None = None
    is_repeatable: bool = True


def target(*segments: str | int, query: Mapping[str, str | int | None] | None = None) -> str:
    """Build ``/api/v1/a/b?c=d`` from path segments and query values, each percent-encoded. None is left out.

    Raises:
        ValueError: a segment is empty, or a text has no UTF-8 form.
    """
    path = "".join(f"/{_segment(str(segment))}" for segment in ("api", "v1", *segments))
    values = given(**query or {})
    pairs = "&".join(f"{_encoded(name)}={_encoded(str(value))}" for name, value in values.items())
    return f"{path}?{pairs}" if pairs else path


def given(**values: object) -> dict[str, object]:
    """Return the values of a body without those that are None."""
    return {name: value for name, value in values.items() if value is not None}


class _Envelope(Answer, frozen=True, kw_only=True):
    code: str | int
    message: str = ""
    result: msgspec.Raw = msgspec.Raw()


@dataclass(frozen=True, slots=True)
class Connection:
    """Connection to one service with one access key.

    All methods raise TransportFailed, UnreadableAnswer or a ServiceError.

    Attributes:
        http: HTTP client, closed by its owner.
        endpoint: URL of the service without a trailing slash.
        max_retries: maximum number of retries of a request.
        clock: source of time and jitter.
        on_slow: called once, in another thread, if a request has had no answer for ``slow_s``.
        slow_s: that time in seconds.
        answered: set once the service has answered.
        slow: set once ``on_slow`` has been called.
    """

    http: httpx2.Client
    endpoint: str
    credentials: Credentials
    max_retries: int
    clock: Clock
    on_slow: Callable[[], None] | None = None
    slow_s: float = 3.0
    answered: Event = field(default_factory=Event)
    slow: Event = field(default_factory=Event)

    def result(self, call: Call, answer: type[T]) -> T:
        """Return the decoded result of a call."""
        response = self._exchange(call)
        return self._read(response, self._envelope(response).result, answer)

    def document(self, call: Call) -> bytes:
        """Return the result of a call as the JSON that the service wrote."""
        return bytes(self._envelope(self._exchange(call)).result)

    def file(self, call: Call) -> bytes:
        """Return the file that answers a call in place of an envelope."""
        response = self._exchange(call)
        if not response.headers.get("content-disposition", "").startswith("attachment"):
            raise UnreadableAnswer("a file was expected", _trace_id(response))
        return response.content

    def run(self, call: Call) -> None:
        """Make a call and ignore its result."""
        self._envelope(self._exchange(call))

    def put(self, url: str, content: Iterable[bytes], size_bytes: int) -> None:
        """Send the bytes of a file to a presigned URL, without retries.

        Raises:
            UploadInterrupted: the bytes did not arrive. Another URL may work.
            UploadFailed: the store refuses them.
        """
        usual = self.http.timeout
        timeout = httpx2.Timeout(connect=usual.connect, read=_STORE_ANSWER_S, write=usual.write, pool=usual.pool)
        headers = {"Content-Length": str(size_bytes)}
        try:
            response = self.http.put(url, content=content, headers=headers, timeout=timeout)
        except httpx2.RequestError as error:
            raise UploadInterrupted(_reason(error)) from error
        except httpx2.InvalidURL as error:
            raise UploadFailed("the upload URL of the service is not valid") from error
        if response.status_code >= _SERVER_FAULTS:
            raise UploadInterrupted(f"the store answered {response.status_code}")
        if not response.is_success:
            raise UploadFailed(f"the store answered {response.status_code}")

    def repeat(self, attempt: Callable[[], T], may_repeat: Callable[[ScenedexError], bool]) -> T:
        """Run an attempt and retry it up to ``max_retries`` times. Pauses double, and half of each is jitter.

        A pause that the service requests is kept. If it is longer than a minute, the error is raised at once.
        """
        for number in range(self.max_retries):
            try:
                return attempt()
            except ScenedexError as error:
                pause_s = self._pause_s(number, error)
                if pause_s is None or not may_repeat(error):
                    raise
            self.clock.sleep(pause_s)
        return attempt()

    def _exchange(self, call: Call) -> httpx2.Response:
        return self.repeat(lambda: self._send(call), lambda error: self._may_repeat(call, error))

    def _may_repeat(self, call: Call, error: ScenedexError) -> bool:
        if isinstance(error, TransportFailed) and error.is_address_doubtful and not self.answered.is_set():
            return False
        return _may_repeat(call, error)

    def _send(self, call: Call) -> httpx2.Response:
        url = httpx2.URL(self.endpoint + call.target)
        headers = self.credentials.headers(call.method, url.raw_path.decode("ascii"), int(self.clock.now() * 1000))
        content = None if call.body is None else msgspec.json.encode(call.body)
        try:
            with self._noticing():
                response = self.http.request(call.method, url, headers=headers, content=content)
        except httpx2.RequestError as error:
            is_connected = not isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout)
            raise TransportFailed(
                explain(self.endpoint, error),
                is_sent=is_connected and not isinstance(error, httpx2.PoolTimeout),
                is_refused=is_refused(error),
                is_address_doubtful=not is_connected or isinstance(error, httpx2.RemoteProtocolError),
            ) from error
        if response.is_success:
            self.answered.set()
            return response
        if not is_of_api(response.content) and (reason := foreign_answer(self.endpoint, response)):
            raise UnreadableAnswer(reason, _trace_id(response))
        self.answered.set()
        pause_s = retry_after_s(response.headers.get("retry-after"), self.clock.now())
        raise failure(response.status_code, response.content, _trace_id(response), pause_s)

    @contextmanager
    def _noticing(self) -> Generator[None]:
        """Call ``on_slow`` if the block takes too long."""
        if (on_slow := self.on_slow) is None or self.slow.is_set():
            yield
            return

        def notice() -> None:
            self.slow.set()
            on_slow()

        timer = Timer(self.slow_s, notice)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _envelope(self, response: httpx2.Response) -> _Envelope:
        envelope = self._read(response, response.content, _Envelope)
        if str(envelope.code) != _SUCCESS:
            raise failure(response.status_code, response.content, _trace_id(response), None)
        return envelope

    def _read(self, response: httpx2.Response, document: bytes | msgspec.Raw, answer: type[T]) -> T:
        try:
            return msgspec.json.decode(document, type=answer, strict=False)
        except UNREADABLE as error:
            reason = f"{error}. Check the address {self.endpoint}"
            raise UnreadableAnswer(reason, _trace_id(response)) from error

    def _pause_s(self, number: int, error: ScenedexError) -> float | None:
        if isinstance(error, ServiceError) and error.retry_after_s is not None:
            return error.retry_after_s if error.retry_after_s <= MAX_RETRY_AFTER_S else None
        return min(MAX_PAUSE_S, FIRST_PAUSE_S * 2**number) * (1 + self.clock.jitter()) / 2


@dataclass(frozen=True, slots=True)
class WorkspaceCalls:
    """Calls about one workspace, or about that which the path of a subclass names."""

    connection: Connection
    workspace: str
    _path: ClassVar[tuple[str, ...]] = ()

    def _call(
        self,
        method: Literal["GET", "POST", "PATCH", "DELETE"],
        answer: type[T],
        *segments: str | int,
        query: Mapping[str, str | int | None] | None = None,
        body: Mapping[str, object] | msgspec.Struct | None = None,
        is_repeatable: bool = True,
    ) -> T:
        """Make a call and return its result."""
        return self.connection.result(Call(method, self._target(*segments, query=query), body, is_repeatable), answer)

    def _target(self, *segments: str | int, query: Mapping[str, str | int | None] | None = None) -> str:
        return target("workspaces", self.workspace, *self._path, *segments, query=query)


def _may_repeat(call: Call, error: ScenedexError) -> bool:
    match error:
        case RateLimited():
            return True
        case TransportFailed():
            return call.is_repeatable or not error.is_sent
        case Unavailable(status=status) if status == _GATEWAY_REFUSAL:
            return True
        case ServiceError():
            return call.is_repeatable and error.status >= _SERVER_FAULTS
        case _:
            return False


def _trace_id(response: httpx2.Response) -> str | None:
    return response.headers.get("x-ncp-trace-id")


def _reason(error: httpx2.RequestError) -> str:
    return str(error) or type(error).__name__


def _segment(text: str) -> str:
    if not text:
        raise ValueError("a name in the path of a request must not be empty")
    # HTTP clients and proxies resolve dot segments, so that the service would see another path than the signed one.
    return text.replace(".", "%2E") if text in {".", ".."} else _encoded(text)


def _encoded(text: str) -> str:
    return quote(text, safe="")
