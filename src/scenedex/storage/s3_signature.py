"""AWS Signature Version 4, as S3 wants it: pure functions.

https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from scenedex.storage.s3_location import S3Address, S3Location

_ALGORITHM: Final = "AWS4-HMAC-SHA256"
_UNSIGNED_PAYLOAD: Final = "UNSIGNED-PAYLOAD"

Query = tuple[tuple[str, str], ...]


def query_string(query: Sequence[tuple[str, str]]) -> str:
    """The query as it is both signed and sent."""
    return "&".join(sorted(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query))


def signed_headers(
    location: S3Location,
    method: str,
    address: S3Address,
    *,
    query: Query,
    headers: Mapping[str, str],
    payload_sha256: str,
    now: datetime,
) -> dict[str, str]:
    """The headers of a request, those that prove who sends it included.

    Args:
        location: whose keys sign.
        method: of HTTP, in capitals.
        address: where the request goes.
        query: names and values, not encoded.
        headers: in lower case; all of them are signed.
        payload_sha256: of the body, in hexadecimal.
        now: UTC.
    """
    moment = _moment(now)
    signed = {**headers, "host": address.host, "x-amz-content-sha256": payload_sha256, "x-amz-date": moment}
    names = ";".join(sorted(signed))
    scope = _scope(location, moment)
    request = _canonical(method, address, query_string(query), signed, payload_sha256)
    signature = _signature(_signing_key(location, moment), scope, moment, request)
    credential = f"{location.access_key}/{scope}"
    authorization = f"{_ALGORITHM} Credential={credential}, SignedHeaders={names}, Signature={signature}"
    return {**signed, "authorization": authorization}


def presigned_urls(
    location: S3Location,
    method: str,
    addresses: Iterable[S3Address],
    *,
    query: Query = (),
    expires: timedelta,
    now: datetime,
) -> list[str]:
    """URLs with which anyone may make a request until they expire, counted in whole seconds from ``now``."""
    moment = _moment(now)
    text = query_string(
        (
            *query,
            ("X-Amz-Algorithm", _ALGORITHM),
            ("X-Amz-Credential", f"{location.access_key}/{_scope(location, moment)}"),
            ("X-Amz-Date", moment),
            ("X-Amz-Expires", str(int(expires.total_seconds()))),
            ("X-Amz-SignedHeaders", "host"),
        )
    )
    key = _signing_key(location, moment)
    scope = _scope(location, moment)
    urls: list[str] = []
    for address in addresses:
        request = _canonical(method, address, text, {"host": address.host}, _UNSIGNED_PAYLOAD)
        urls.append(f"{address.url}?{text}&X-Amz-Signature={_signature(key, scope, moment, request)}")
    return urls


def _moment(now: datetime) -> str:
    return now.strftime("%Y%m%dT%H%M%SZ")


def _scope(location: S3Location, moment: str) -> str:
    return f"{moment[:8]}/{location.region}/s3/aws4_request"


def _canonical(method: str, address: S3Address, query: str, headers: Mapping[str, str], payload_sha256: str) -> str:
    names = sorted(headers)
    lines = "".join(f"{name}:{' '.join(headers[name].split())}\n" for name in names)
    return "\n".join((method, address.path, query, lines, ";".join(names), payload_sha256))


def _signature(key: bytes, scope: str, moment: str, request: str) -> str:
    digest = hashlib.sha256(request.encode()).hexdigest()
    return _hmac(key, f"{_ALGORITHM}\n{moment}\n{scope}\n{digest}").hex()


def _signing_key(location: S3Location, moment: str) -> bytes:
    key = _hmac(f"AWS4{location.secret_key}".encode(), moment[:8])
    for part in (location.region, "s3", "aws4_request"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
