"""Options of the server, the database, storage, limits and logs."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path  # noqa: TC003  # pydantic reads the annotations
from typing import Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, field_validator, model_validator

from scenedex.settings.group import Group


def _names(text: str) -> tuple[str, ...]:
    """Return the names of a list with commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


class ServerSettings(Group):
    """The HTTP server."""

    host: str = Field(default="127.0.0.1", description="Address to listen on.")
    port: int = Field(default=8600, ge=0, le=65535, description="Port to listen on.")
    public_url: str | None = Field(
        default=None,
        description="Address of this server for clients, for URLs in answers. If unset, the host that a request names, "
        "if presigned URLs may name it: see `server.allowed_hosts`.",
    )
    allowed_hosts: str = Field(
        default="",
        description="Hosts, separated by commas, that presigned URLs may name if `server.public_url` is not set. Names "
        "and addresses of the machine's own loopback are always allowed.",
    )
    time_zone: str = Field(default="UTC", description="Time zone of times in answers (an IANA name).")
    max_body_bytes: int = Field(
        default=10 * 1000**2,
        ge=1024,
        description="Maximum size of a request body (except uploads), in bytes. "
        "No call takes more than 64 KiB, or 256 KiB where it takes a thousand ids or places.",
    )
    clock_tolerance_seconds: int = Field(
        default=300,
        ge=1,
        description="Maximum difference between a request's timestamp and the server's clock, in seconds.",
    )
    max_connections: int = Field(
        default=4096,
        ge=16,
        description="Maximum number of connections, fewer if this process may not open enough files.",
    )
    max_connections_of_address: int = Field(
        default=512,
        ge=1,
        description="Maximum number of connections of one address, except trusted proxies. IPv6 addresses count by "
        "their network of 64 bits.",
    )
    trusted_proxies: str = Field(
        default="",
        description="Addresses or networks of proxies, separated by commas, whose connections are limited only in "
        "total and whose `X-Forwarded-` headers count. Such headers from this machine always count.",
    )
    header_seconds: float = Field(
        default=10, gt=0, le=3600, description="Maximum time for the headers of a request, in seconds."
    )
    min_body_bytes_per_second: int = Field(
        default=1000,
        ge=0,
        description="Minimum rate of request bodies and uploads in any 10 seconds, in bytes per second. 0: none.",
    )

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"{value!r} is no IANA time zone, such as UTC or Asia/Seoul") from error
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        for name in _names(value):
            try:
                ip_network(name, strict=False)
            except ValueError as error:
                raise ValueError(f"{name!r} is no address or network, such as 10.0.0.7 or 10.0.0.0/24") from error
        return value

    @property
    def allowed_host_names(self) -> tuple[str, ...]:
        """Hosts that presigned URLs may name, in lower case."""
        return tuple(name.lower().rstrip(".") for name in _names(self.allowed_hosts))

    @property
    def trusted_proxy_names(self) -> tuple[str, ...]:
        """Addresses and networks of trusted proxies."""
        return _names(self.trusted_proxies)


class DatabaseSettings(Group):
    """PostgreSQL: the embedded one unless a URL is given."""

    url: SecretStr | None = Field(
        default=None,
        description="URL of an external PostgreSQL 17+ with pgvector (postgresql://user:password@host/name), "
        "embedded in the data folder if unset.",
    )
    password: SecretStr | None = Field(
        default=None, description="Password of the URL's user if the URL has none, that of libpq if unset."
    )
    password_file: Path | None = Field(default=None, description="File with the password, one line.")
    pool_size: int = Field(default=10, ge=2, le=200, description="Maximum number of connections of one process.")

    @field_validator("url")
    @classmethod
    def _not_empty(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not value.get_secret_value().strip():
            raise ValueError("is empty: leave it out for the embedded database")
        return value


class StorageSettings(Group):
    """Object storage: folders in the data folder unless an endpoint is given."""

    endpoint: str | None = Field(default=None, description="URL of an S3 endpoint, local folders if unset.")
    region: str = Field(default="us-east-1", description="Region to sign for.")
    access_key: str | None = Field(default=None, description="Access key of the S3 endpoint.")
    access_key_file: Path | None = Field(default=None, description="File with the access key, one line.")
    secret_key: SecretStr | None = Field(default=None, description="Secret key of the S3 endpoint.")
    secret_key_file: Path | None = Field(default=None, description="File with the secret key, one line.")
    path_style: bool = Field(default=True, description="Address buckets by path (true) or by host name (false).")
    managed_bucket: str | None = Field(
        default=None,
        description="Existing bucket for copies, keyframes and stage outputs alone, which no import reads. "
        "Required with an endpoint.",
    )
    managed_prefix: str = Field(default="scenedex", description="Prefix of Scenedex' objects in the managed bucket.")
    open_buckets: bool = Field(
        default=True,
        description="True if access keys that are limited to no workspace import from every bucket. If false, they "
        "import from granted buckets only, as all other keys do. The managed bucket is never imported from.",
    )

    @field_validator("endpoint")
    @classmethod
    def _plain_url(cls, value: str | None) -> str | None:
        if value is not None:
            parts = urlsplit(value)
            if parts.scheme not in {"http", "https"} or not parts.hostname:
                raise ValueError("is no URL that starts with http:// or https:// and names a host")
            if parts.username or parts.path.strip("/") or parts.query or parts.fragment:
                raise ValueError("must be a plain URL, without user, path, query or fragment")
        return value


class LimitSettings(Group):
    """Limits of imports, and maximum numbers."""

    min_intact_share: float = Field(
        default=0.9,
        gt=0,
        le=1,
        description="Minimum share of a film or JPEG that must be there if its file ends early. Less is refused.",
    )
    min_short_side: int = Field(default=360, ge=1, description="Minimum shorter side of a picture, in pixels.")
    max_short_side: int = Field(default=1080, ge=1, description="Maximum shorter side of a picture, in pixels.")
    max_video_seconds: int = Field(default=6 * 3600, ge=1, description="Maximum length of a video, in seconds.")
    max_video_bytes: int = Field(default=10 * 1000**3, ge=1, description="Maximum size of a video file, in bytes.")
    max_image_bytes: int = Field(default=10 * 1000**2, ge=1, description="Maximum size of an image file, in bytes.")
    max_workspaces: int = Field(default=100, ge=1, description="Maximum number of workspaces.")
    max_assets: int = Field(
        default=5_000_000,
        ge=1,
        description="Maximum number of assets of a project up to which bulk imports and watches register objects.",
    )
    max_projects: int = Field(
        default=1000, ge=1, description="Maximum number of projects of a workspace, including the base project."
    )
    presigned_seconds: int = Field(default=900, ge=10, le=86400, description="Life of a presigned URL, in seconds.")
    max_picture_bytes: int = Field(
        default=5 * 1000**2, ge=1, description="Maximum size of an uploaded picture, in bytes."
    )
    min_thumbnail_side: int = Field(
        default=256, ge=1, description="Minimum shorter side of a person's thumbnail, in pixels."
    )
    min_query_side: int = Field(
        default=224, ge=1, description="Minimum shorter side of a picture to search with, in pixels."
    )
    picture_seconds: int = Field(
        default=24 * 3600,
        ge=10,
        description="Time that an uploaded picture can be completed and used, in seconds, "
        "no shorter than the life of a presigned URL.",
    )
    picture_check_seconds: float = Field(
        default=20,
        gt=0,
        le=300,
        description="Maximum time that the completion of a picture's upload waits for a worker, in seconds.",
    )

    @model_validator(mode="after")
    def _urls_end_first(self) -> Self:
        if self.picture_seconds < self.presigned_seconds:
            raise ValueError(
                f"picture_seconds ({self.picture_seconds}) must not be less than presigned_seconds "
                f"({self.presigned_seconds})"
            )
        return self


class RateSettings(Group):
    """Limits on the calls of one access key on one API process. Further calls get 429."""

    presigned_per_second: int = Field(default=50, ge=1, description="Requests for presigned URLs per second.")
    complete_per_minute: int = Field(default=1000, ge=1, description="Calls of upload completion, per minute.")
    search_per_minute: int = Field(default=1000, ge=1, description="Search requests, per minute.")
    events_per_second: int = Field(
        default=5000, ge=1, description="Notifications of storage services from one address, per second."
    )
    webhook_per_minute: int = Field(
        default=120, ge=1, description="Webhooks created, changed, tested and replayed, per minute."
    )
    sign_in_per_minute: int = Field(
        default=30, ge=1, description="Sign-ins to the console, per minute. Those by a link count by address."
    )


class SecretSettings(Group):
    """Encryption of secrets at rest."""

    key: SecretStr | None = Field(
        default=None,
        description="Key that encrypts stored secrets (32 bytes, URL-safe base64), "
        "a key file of mode 600 in the data folder if unset.",
    )
    key_file: Path | None = Field(default=None, description="File with the key, one line.")


class AuthSettings(Group):
    """Signed calls, and sessions of the console."""

    refuse_replays: bool = Field(
        default=False,
        description="Refuse a call that changes something if one with the same signature and body has been received. "
        "So of two equal calls that a client signs within one millisecond, the second is refused.",
    )
    session_hours: int = Field(
        default=12, ge=1, le=24 * 30, description="Time after which a session of the console ends, in hours."
    )


class AuditSettings(Group):
    """The audit log."""

    days: int = Field(default=400, ge=1, description="Time that audit events are kept, in days.")


class LogSettings(Group):
    """Logs."""

    level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="Minimum level to write.")
    format: Literal["auto", "console", "json"] = Field(
        default="auto", description="Format for people or for programs. auto: console on a terminal, else JSON."
    )
