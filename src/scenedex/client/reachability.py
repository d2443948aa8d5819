"""Causes of failed requests, with what to check."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Final

import httpx2

if TYPE_CHECKING:
    from collections.abc import Iterator

# Statuses that services and proxies answer without a body of this API.
_ANY_SERVICE: Final = frozenset({401, 403, 413, 429})
_SERVER_FAULTS: Final = 500
_REDIRECTS: Final = range(300, 400)


def is_refused(error: httpx2.RequestError) -> bool:
    """Return whether nothing listens at the address."""
    return any(isinstance(cause, ConnectionRefusedError) for cause in _causes(error))


def explain(endpoint: str, error: httpx2.RequestError) -> str:
    """Return the cause of a failed request, and what to check."""
    known = (reason for cause in _causes(error) if (reason := _reason(endpoint, cause)) is not None)
    return next(known, f"{endpoint}: {_words(error)}")


def _reason(endpoint: str, cause: BaseException) -> str | None:
    match cause:
        case ConnectionRefusedError():
            reason = f"nothing listens at {endpoint}. Check that the server runs, and its address and port"
        case socket.gaierror():
            reason = f"the host of {endpoint} is not known. Check the address and the network"
        case ssl.SSLCertVerificationError():
            reason = f"the certificate of {endpoint} is not accepted ({cause.verify_message}). Check the address"
        case ssl.SSLError():
            reason = (
                f"{endpoint} does not answer in TLS. Check the address, which may need http:// in place of https://"
            )
        case httpx2.ConnectTimeout():
            reason = f"{endpoint} does not answer in time. Check the address and the network"
        case httpx2.RemoteProtocolError():
            reason = f"{endpoint} does not answer in HTTP ({_words(cause)}). Check the address, which may need https://"
        case _:
            return None
    return reason


def foreign_answer(endpoint: str, response: httpx2.Response) -> str | None:
    """Return why an answer without an error of this API is that of another service, or `None` if it may be its own."""
    status = response.status_code
    if status >= _SERVER_FAULTS or status in _ANY_SERVICE:
        return None
    if status in _REDIRECTS and (target := response.headers.get("location")):
        return f"{endpoint} leads to {target}. Check the address"
    kind = response.headers.get("content-type", "").partition(";")[0] or "no content type"
    return f"{endpoint} answers {status} with {kind}, as another service. Check the address, port and path"


def _causes(error: BaseException) -> Iterator[BaseException]:
    found: list[BaseException] = []
    seen: BaseException | None = error
    while seen is not None:
        found.append(seen)
        seen = seen.__cause__ or seen.__context__
    # The innermost cause is the most specific one.
    yield from reversed(found)


def _words(error: BaseException) -> str:
    return str(error) or type(error).__name__
