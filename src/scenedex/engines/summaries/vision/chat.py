"""Calls of an endpoint with the API of OpenAI."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit, urlunsplit

import httpx2
import msgspec

from scenedex.engines.summaries.vision.faults import CallFailed, FormRefused, message_of, refusal, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from scenedex.settings import SummarySettings

_MAX_ANSWER_BYTES: Final = 2 << 20
_MAX_PAUSE_SECONDS: Final = 60.0
_PAUSES: Final = (1.0, 4.0)
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
_REFUSED_KEY: Final = frozenset({401, 403})
_MAX_LISTED: Final = 10


class _ListedModel(msgspec.Struct, frozen=True):
    id: str


class _ModelList(msgspec.Struct, frozen=True):
    data: tuple[_ListedModel, ...] = ()


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class ChatService:
    """An endpoint at an address such as ``http://localhost:8000/v1``.

    Redirects are not followed, so that key and pictures reach no other host.

    Args:
        address: the address, without the path of a call.
        settings: key, model and time limits.
        turns: limits the calls of this process.
        clock: returns the time in UTC.
        pauses: seconds between the tries of a call whose fault may pass.
    """

    def __init__(
        self,
        address: str,
        settings: SummarySettings,
        turns: asyncio.Semaphore,
        clock: Callable[[], datetime],
        pauses: Sequence[float] = _PAUSES,
    ) -> None:
        self._parts = urlsplit(address)
        self._settings = settings
        self._turns = turns
        self._clock = clock
        self._pauses = pauses
        self._key = "" if settings.key is None else settings.key.get_secret_value()

    @property
    def name(self) -> str:
        """Address for people, without user, password and query."""
        host = self._parts.netloc.rpartition("@")[2]
        return urlunsplit((self._parts.scheme, host, self._parts.path.rstrip("/"), "", ""))

    async def complete(self, request: Mapping[str, object]) -> bytes:
        """Return the body of the answer to ``chat/completions``, with retries while the service is out of order.

        Raises:
            FormRefused: another form of the request may succeed.
            CallFailed: the service cannot be reached, refuses or fails.
        """
        return await self._call("POST", "chat/completions", msgspec.json.encode(request))

    async def models(self) -> tuple[str, ...]:
        """Return the names of the models of the service.

        Raises:
            CallFailed: as for `complete`, or the service has no list.
        """
        body = await self._call("GET", "models", b"")
        try:
            return tuple(model.id for model in msgspec.json.decode(body, type=_ModelList).data)
        except msgspec.MsgspecError as error:
            raise CallFailed(f"{self.name} answers with no list of models. Is its path right?") from error

    async def model(self) -> str:
        """Return the name of the model to ask for: that of the settings, or the only one of the service.

        Raises:
            CallFailed: the service lists none or several.
        """
        if self._settings.model is not None:
            return self._settings.model
        models = await self.models()
        if len(models) != 1:
            listed = ", ".join(models[:_MAX_LISTED]) + (" …" if len(models) > _MAX_LISTED else "") or "none"
            raise CallFailed(f"{self.name} lists these models: {listed}. Set summaries.model to the one to use.")
        return models[0]

    async def _call(self, method: str, path: str, body: bytes) -> bytes:
        tries = 0
        while True:
            async with self._turns:
                answer = await self._answer(method, path, body)
            if isinstance(answer, bytes):
                return answer
            fault, pause = answer
            if pause is None or tries >= len(self._pauses):
                raise fault
            await asyncio.sleep(max(pause, self._pauses[tries]))
            tries += 1

    async def _answer(self, method: str, path: str, body: bytes) -> bytes | tuple[CallFailed, float | None]:
        """Return the body of an answer, or the fault with the minimum pause before another try, `None` for none."""
        limit = self._settings.call_seconds
        deadline = asyncio.timeout(limit)
        try:
            async with deadline:
                answer = await self._exchange(method, path, body)
        except TimeoutError:
            if not deadline.expired():
                raise
            reason = f"{self.name} did not answer in {limit:g} s (summaries.call_seconds)."
            return CallFailed(reason, may_pass=True), None
        except (httpx2.ConnectTimeout, httpx2.ConnectError) as error:
            reason = "in time" if isinstance(error, httpx2.ConnectTimeout) else f"({shown(str(error), self._key)})"
            reason = f"There is no connection to {self.name} {reason}. Check engines.addresses."
            return CallFailed(reason, may_pass=True), 0.0
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            reason = f"The connection to {self.name} failed ({type(error).__name__})."
            return CallFailed(reason, may_pass=True), 0.0
        return answer.body if answer.status == HTTPStatus.OK else self._fault(answer)

    async def _exchange(self, method: str, path: str, body: bytes) -> _Answer:
        """Send a request and read the answer up to its maximum size."""
        headers = {"content-type": "application/json", "accept-encoding": "identity"}
        if self._key:
            headers["authorization"] = f"Bearer {self._key}"
        url = urlunsplit(self._parts._replace(path=f"{self._parts.path.rstrip('/')}/{path}", fragment=""))
        silence = self._settings.call_seconds
        timeout = httpx2.Timeout(silence, connect=self._settings.connect_seconds)
        async with (
            # Loading the system's certificates takes 50 ms and is unnecessary for plain HTTP.
            httpx2.AsyncClient(verify=self._parts.scheme == "https", timeout=timeout) as http,
            http.stream(method, url, content=body or None, headers=headers) as response,
        ):
            content = bytearray()
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > _MAX_ANSWER_BYTES:
                    raise CallFailed(f"{self.name} answers with more than {_MAX_ANSWER_BYTES >> 20} MiB.")
            return _Answer(response.status_code, response.headers, bytes(content))

    def _fault(self, answer: _Answer) -> tuple[CallFailed, float | None]:
        status = answer.status
        if status in range(300, 400):
            place = urlsplit(answer.headers.get("location", ""))
            target = f" to {place.scheme}://{place.netloc.rpartition('@')[2]}" if place.netloc else ""
            return CallFailed(
                f"{self.name} answers with a redirect{target} ({status}), which is not followed. Correct "
                "engines.addresses."
            ), None
        if status in _REFUSED_KEY:
            # Some services repeat a part of the key in their message.
            kind = "the key" if self._key else "calls without a key"
            return CallFailed(
                f"{self.name} refuses {kind} ({status}). Check summaries.key or summaries.key_file."
            ), None
        message = message_of(answer.body)
        said = shown(message, self._key)
        reason = f"{self.name} {_MEANINGS.get(status, 'refuses the request')} ({status}){f': {said}' if said else ''}."
        reason = reason.replace("..", ".")
        if status != HTTPStatus.TOO_MANY_REQUESTS:
            fault = refusal(reason, message)
            # A model that takes no pictures fails with a status that others have while they start.
            if isinstance(fault, FormRefused) or status not in _PASSING or str(fault) != reason:
                return fault, None
        pause = self._wanted_pause(answer.headers.get("retry-after", ""))
        if pause > _MAX_PAUSE_SECONDS:
            return CallFailed(f"{reason} It asks to wait {pause:.0f} s.", may_pass=True), None
        return CallFailed(reason, may_pass=True), pause

    def _wanted_pause(self, text: str) -> float:
        """Return the seconds of a header Retry-After, 0 without one."""
        try:
            return max(0.0, float(text))
        except ValueError:
            pass
        try:
            return max(0.0, (parsedate_to_datetime(text) - self._clock()).total_seconds())
        except (TypeError, ValueError):
            return 0.0


_MEANINGS: Final = {
    404: "knows no such path or model",
    429: "limits the rate of calls",
    **dict.fromkeys((500, 502, 503, 504, 529), "fails"),
}
