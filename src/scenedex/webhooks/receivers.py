"""URLs of receivers, as requests give them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

import httpx2

from scenedex.webhooks.addresses import AddressRefused, host_and_port
from scenedex.wire.errors import FieldProblem, InvalidRequest

if TYPE_CHECKING:
    from scenedex.webhooks.addresses import AddressPolicy, OwnAddresses, Resolver

MAX_URL_LENGTH: Final = 2000
_FIELD: Final = "url"
_SECONDS_TO_LOOK_UP: Final = 3.0


async def checked_url(url: str, policy: AddressPolicy, own: OwnAddresses, resolver: Resolver) -> str:
    """Return the URL of a receiver in its usual form.

    A host that is unknown at the moment is accepted, since each call looks it up.

    Raises:
        InvalidRequest: webhooks do not reach it. The message says why.
    """
    plain = _parse(url, policy)
    host, port = host_and_port(plain)
    try:
        own.refuse_name(host, port)
        async with asyncio.timeout(_SECONDS_TO_LOOK_UP):
            addresses = await resolver.addresses(host, port)
        for address in addresses:
            own.refuse_address(address, port)
            policy.require(address, is_tls=plain.startswith("https:"))
    except AddressRefused as error:
        raise _refused(f"cannot be reached by webhooks. {error}".removesuffix(".")) from error
    except (OSError, TimeoutError, UnicodeError):
        return plain
    return plain


def _parse(url: str, policy: AddressPolicy) -> str:
    if len(url) > MAX_URL_LENGTH:
        raise _refused(f"must be at most {MAX_URL_LENGTH} characters long")
    try:
        parsed = httpx2.URL(url)
    except (httpx2.InvalidURL, UnicodeError) as error:
        raise _refused("is no URL") from error
    if parsed.scheme not in {"http", "https"} or not parsed.host:
        raise _refused("must be a URL that begins with https:// and names a host")
    if parsed.scheme == "http" and not policy.may_use_http:
        raise _refused("must begin with https://. An operator can allow HTTP: see webhooks.allow_private")
    if parsed.userinfo:
        raise _refused("must have no user and password. Receivers know events by their signature")
    if parsed.fragment:
        raise _refused("must have no part after #")
    if parsed.port is not None and not 0 < parsed.port < 2**16:
        raise _refused("has a port that is not between 1 and 65535")
    return str(parsed)


def _refused(reason: str) -> InvalidRequest:
    return InvalidRequest(FieldProblem(_FIELD, reason))
