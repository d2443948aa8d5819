"""AWS Signature Version 4 for S3. Pure functions.

https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime, timedelta

    from scenedex.storage.s3_location import S3Address, S3Location

_ALGORITHM: Final = "AWS4-HMAC-SHA256"
_UNSIGNED_PAYLOAD: Final = "UNSIGNED-PAYLOAD"

Query = tuple[tuple[str, str], ...]


class AbsenceCheck(Enum):
    """Request that a service signs for comparison if a header whose name is signed is absent."""

    LISTED = "with the name of the header and without its line, as Ceph does"
    UNLISTED = "without the name of the header, as SeaweedFS does"
    IN_QUERY = "with the value that the query has under its name, as MinIO does"


@dataclass(frozen=True, slots=True)
class AbsentHeader:
    """Header that a request must not have, whose name is later in the alphabet than ``host``."""

    name: str
    check: AbsenceCheck


def query_string(query: Sequence[tuple[str, str]]) -> str:
    """Return the encoded query, in the form that is both signed and sent."""
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
    """Return the headers of a request, in lower case, including its signature. The query is not encoded."""
    timestamp = _timestamp(now)
    signed = {**headers, "host": address.host, "x-amz-content-sha256": payload_sha256, "x-amz-date": timestamp}
    names = ";".join(sorted(signed))
    scope = _scope(location, timestamp)
    request = _canonical(method, address, query_string(query), signed, payload_sha256, names)
    signature = _signature(_signing_key(location, timestamp), scope, timestamp, request)
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
    absence: AbsentHeader | None = None,
) -> list[str]:
    """Return URLs that allow a request without keys until they expire, in whole seconds from ``now``.

    A request that has the absent header gets a wrong signature.
    """
    names = "host" if absence is None else f"host;{absence.name}"
    timestamp = _timestamp(now)
    check = None if absence is None else absence.check
    empty = {absence.name: ""} if absence is not None and check is AbsenceCheck.IN_QUERY else {}
    signed_names = "host" if check is AbsenceCheck.UNLISTED else names
    text = query_string(
        (
            *query,
            *empty.items(),
            ("X-Amz-Algorithm", _ALGORITHM),
            ("X-Amz-Credential", f"{location.access_key}/{_scope(location, timestamp)}"),
            ("X-Amz-Date", timestamp),
            ("X-Amz-Expires", str(int(expires.total_seconds()))),
            ("X-Amz-SignedHeaders", names),
        )
    )
    key = _signing_key(location, timestamp)
    scope = _scope(location, timestamp)
    urls: list[str] = []
    for address in addresses:
        request = _canonical(method, address, text, {"host": address.host, **empty}, _UNSIGNED_PAYLOAD, signed_names)
        urls.append(f"{address.url}?{text}&X-Amz-Signature={_signature(key, scope, timestamp, request)}")
    return urls


def _timestamp(now: datetime) -> str:
    return now.strftime("%Y%m%dT%H%M%SZ")


def _scope(location: S3Location, timestamp: str) -> str:
    return f"{timestamp[:8]}/{location.region}/s3/aws4_request"


def _canonical(
    method: str, address: S3Address, query: str, headers: Mapping[str, str], payload_sha256: str, names: str
) -> str:
    lines = "".join(f"{name}:{' '.join(headers[name].split())}\n" for name in sorted(headers))
    return f"{method}\n{address.path}\n{query}\n{lines}\n{names}\n{payload_sha256}"


def _signature(key: bytes, scope: str, timestamp: str, request: str) -> str:
    digest = hashlib.sha256(request.encode()).hexdigest()
    return _hmac(key, f"{_ALGORITHM}\n{timestamp}\n{scope}\n{digest}").hex()


def _signing_key(location: S3Location, timestamp: str) -> bytes:
    key = _hmac(f"AWS4{location.secret_key}".encode(), timestamp[:8])
    for part in (location.region, "s3", "aws4_request"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
