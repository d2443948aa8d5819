"""Calls of a provider: limited in time and size, without redirects."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, TypeVar
from urllib.parse import urlsplit

import httpx2
import msgspec

from scenedex.auth.openid.refusals import RefusalReason, SignInRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T")

_SECONDS: Final = 10
_MAX_BYTES: Final = 1_000_000
_SERVER_FAULTS: Final = 500


class ProviderError(msgspec.Struct, frozen=True):
    """Answer of a provider that refuses a call. Source: RFC 6749, section 5.2."""

    error: str = ""
    error_description: str = ""


class ProviderFailed(SignInRefused):
    """The provider answered with an error.

    Attributes:
        error: code of the error, such as `invalid_grant`.
    """

    def __init__(self, detail: str, error: str) -> None:
        super().__init__(RefusalReason.FAILED, detail)
        self.error = error


async def call(
    method: str,
    url: str,
    answer: type[T],
    *,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
    seconds: float = _SECONDS,
) -> T:
    """Return the decoded answer of the provider.

    Args:
        method: method of HTTP.
        url: address of the call.
        answer: type of the answer.
        form: fields of the body.
        headers: further headers.
        auth: name and password, already encoded as RFC 6749 asks.
        seconds: maximum time of the call.

    Raises:
        ProviderFailed: the provider refuses the call.
        SignInRefused: it does not answer in time, or with anything else than such JSON.
    """
    where = f"{method} {url}"
    try:
        async with asyncio.timeout(seconds):
            status, body = await _exchange(method, url, form, {"accept": "application/json", **(headers or {})}, auth)
    except (httpx2.TransportError, TimeoutError) as error:
        reason = str(error) or ("no answer in time" if isinstance(error, TimeoutError) else type(error).__name__)
        raise SignInRefused(RefusalReason.UNREACHABLE, f"{where}: {reason}") from error
    except httpx2.InvalidURL as error:
        raise SignInRefused(RefusalReason.FAILED, f"{where}: {error}") from error
    if status >= _SERVER_FAULTS:
        raise SignInRefused(RefusalReason.UNREACHABLE, f"{where}: the answer has the status {status}")
    if status != HTTPStatus.OK:
        failure = _failure_of(body)
        raise ProviderFailed(
            f"{where}: the answer has the status {status} {failure.error} {failure.error_description}".rstrip(),
            failure.error,
        )
    try:
        return msgspec.json.decode(body, type=answer)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise SignInRefused(RefusalReason.FAILED, f"{where}: {error}") from error


def require_encrypted(name: str, url: str, issuer: str) -> None:
    """Check that an address of the provider is HTTPS. That of a provider on this machine may be HTTP, as its issuer.

    Raises:
        SignInRefused: it is no such address.
    """
    scheme = urlsplit(url).scheme
    if scheme != "https" and scheme != urlsplit(issuer).scheme:
        raise SignInRefused(RefusalReason.FAILED, f"{name} of the provider does not start with https://: {url}")


async def _exchange(
    method: str, url: str, form: Mapping[str, str] | None, headers: Mapping[str, str], auth: tuple[str, str] | None
) -> tuple[int, bytes]:
    # Sign-ins are rare, so each opens its connections. Without TLS no certificates are loaded.
    async with (
        httpx2.AsyncClient(verify=url.startswith("https:"), timeout=_SECONDS) as http,
        http.stream(method, url, data=form, headers=headers, auth=auth) as response,
    ):
        found = bytearray()
        async for piece in response.aiter_bytes():
            found += piece
            if len(found) > _MAX_BYTES:
                raise SignInRefused(RefusalReason.FAILED, f"{method} {url}: the answer is longer than a megabyte")
        return response.status_code, bytes(found)


def _failure_of(body: bytes) -> ProviderError:
    try:
        return msgspec.json.decode(body, type=ProviderError)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ProviderError()
