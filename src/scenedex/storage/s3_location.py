"""Settings of an S3 service: endpoint, keys, timeouts and retries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Protocol
from urllib.parse import quote, urlsplit

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class S3Address:
    """Location of a bucket or object in a URL, with ``path`` percent-encoded as S3 signs it."""

    scheme: str
    host: str
    path: str

    @property
    def url(self) -> str:
        """URL without a query."""
        return f"{self.scheme}://{self.host}{self.path}"


@dataclass(frozen=True, slots=True)
class S3Location:
    """An S3 endpoint and its keys.

    Attributes:
        endpoint: URL of the service, without a bucket.
        path_style: whether URLs have the bucket in the path, rather than before the host name.
        allow_http: whether the endpoint may be plain HTTP.

    Raises:
        ValueError: the endpoint is no HTTPS URL, or HTTP URL where allowed.
    """

    endpoint: str
    region: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)
    path_style: bool = True
    allow_http: bool = False

    def __post_init__(self) -> None:
        parts = urlsplit(self.endpoint)
        if not parts.hostname or parts.username or parts.query or parts.fragment:
            raise ValueError(f"the S3 endpoint {parts.hostname!r} is not a plain URL of a service")
        if parts.scheme != "https" and not (parts.scheme == "http" and self.allow_http):
            raise ValueError(f"the S3 endpoint {parts.hostname!r} is not https, and plain http is not allowed")

    def address(self, bucket: str, key: str = "") -> S3Address:
        """Return the address of an object, or of the bucket if the key is empty."""
        parts = urlsplit(self.endpoint)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
        if parts.port is not None and parts.port != _DEFAULT_PORTS[parts.scheme]:
            host = f"{host}:{parts.port}"
        path = parts.path.rstrip("/")
        if self.path_style:
            path += f"/{bucket}"
        else:
            host = f"{bucket}.{host}"
        if key or not self.path_style:
            path += f"/{quote(key)}"
        return S3Address(parts.scheme, host, path)


@dataclass(frozen=True, slots=True)
class S3RetryPolicy:
    """Timeouts and retries of requests to an S3 service.

    Attributes:
        connect_seconds: timeout for a connection.
        read_seconds: timeout for the next bytes of an answer.
        copy_seconds: the same while the service copies or joins parts.
        attempts: maximum number of attempts of a request that gets no answer or a temporary refusal.
        first_delay_seconds: delay before the second attempt, doubled before each further one.
    """

    connect_seconds: float = 5
    read_seconds: float = 60
    copy_seconds: float = 900
    attempts: int = 4
    first_delay_seconds: float = 0.2


class S3Observer(Protocol):
    """Receiver of the durations of requests."""

    def note_storage(self, operation: str, seconds: float, *, succeeded: bool) -> None:
        """Record a request. ``succeeded`` is false only if the service was out of order, not after a refusal."""
        ...
