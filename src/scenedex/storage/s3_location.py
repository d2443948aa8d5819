"""Where an S3 service is, and with which keys we go there."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Protocol
from urllib.parse import quote, urlsplit

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class S3Address:
    """The place of a bucket or an object in a URL; ``path`` is percent-encoded as S3 signs it."""

    scheme: str
    host: str
    path: str

    @property
    def url(self) -> str:
        """The URL without a query."""
        return f"{self.scheme}://{self.host}{self.path}"


@dataclass(frozen=True, slots=True)
class S3Location:
    """An S3 endpoint and the keys for it.

    Attributes:
        endpoint: URL of the service, without a bucket.
        region: region that signatures name.
        access_key: id of the key pair.
        secret_key: its secret half; appears in no representation.
        path_style: whether the bucket stands in the path of a URL, rather than before the host name.
        allow_http: whether the endpoint may be plain HTTP.

    Raises:
        ValueError: the endpoint is no URL of HTTPS, or HTTP where allowed.
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
        """The address of an object, or with an empty key of the bucket itself."""
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
class S3Patience:
    """How long to wait for an S3 service.

    Attributes:
        connect_seconds: for a connection.
        silence_seconds: for the next bytes of an answer.
        copy_seconds: the same while the service copies or puts parts together.
        attempts: how often an unanswered or refused-for-now request is made in all.
        first_pause_seconds: before the second attempt; each further pause is twice as long.
    """

    connect_seconds: float = 5
    silence_seconds: float = 60
    copy_seconds: float = 900
    attempts: int = 4
    first_pause_seconds: float = 0.2


class S3Observer(Protocol):
    """Who is told how long the service takes."""

    def note_storage(self, operation: str, seconds: float, *, well: bool) -> None:
        """A request was answered, refused or left without an answer; ``well`` unless the service was out of order."""
        ...
