"""Options of webhooks."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path  # noqa: TC003  # pydantic reads the annotations
from typing import Final, TypeAlias

from pydantic import Field, field_validator

from scenedex.settings.group import Group

Network: TypeAlias = IPv4Network | IPv6Network

_RETRIES: Final = "5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400"


class WebhookSettings(Group):
    """Webhooks: what they may reach, when they are tried again, and how many there may be."""

    allow_private: bool = Field(
        default=False,
        description="Allow receivers at private and loopback addresses, also over plain HTTP. Workspaces of several "
        "tenants can then reach what the workers reach.",
    )
    allowed_networks: str = Field(
        default="",
        description="Addresses or networks, separated by commas, that receivers may have although they are not public, "
        "also over plain HTTP, such as `10.1.0.0/16`.",
    )
    allow_http: bool = Field(default=False, description="Allow receivers at public addresses without TLS.")
    ca_file: Path | None = Field(
        default=None, description="Certificates of authorities that receivers may have, in PEM. If unset, the system's."
    )
    call_seconds: float = Field(
        default=15, gt=0, le=60, description="Maximum time of a whole call of a receiver, in seconds."
    )
    retry_seconds: str = Field(
        default=_RETRIES,
        description="Pauses before the next attempts at a delivery, in seconds, separated by commas. Each varies by a "
        "fifth. After the last one the delivery has failed.",
    )
    disable_hours: float = Field(
        default=120, gt=0, description="Time for which an endpoint may fail before it is disabled, in hours."
    )
    concurrency: int = Field(
        default=256,
        ge=0,
        le=10_000,
        description="Calls of receivers that one worker process makes at a time, and a quarter of that to endpoints "
        "that fail. 0: none, for workers without a way out.",
    )
    endpoint_concurrency: int = Field(
        default=8, ge=1, le=256, description="Calls of one endpoint that run at a time on all machines."
    )
    endpoints_of_workspace: int = Field(
        default=100, ge=1, le=10_000, description="Maximum number of endpoints of a workspace."
    )
    waiting_of_endpoint: int = Field(
        default=100_000,
        ge=1,
        description="Maximum number of deliveries of an endpoint that wait. The oldest of more have failed, and can be "
        "replayed.",
    )
    log_days: int = Field(default=30, ge=1, description="Time that ended deliveries are kept, in days.")

    @field_validator("allowed_networks")
    @classmethod
    def _networks(cls, value: str) -> str:
        for name in _listed(value):
            try:
                ip_network(name, strict=False)
            except ValueError as error:
                raise ValueError(f"{name!r} is no address or network, such as 10.0.0.7 or 10.0.0.0/24") from error
        return value

    @field_validator("retry_seconds")
    @classmethod
    def _pauses(cls, value: str) -> str:
        for pause in _listed(value):
            try:
                is_pause = 0 <= float(pause) <= 7 * 86_400
            except ValueError:
                is_pause = False
            if not is_pause:
                raise ValueError(f"{pause!r} is no number of seconds up to a week, as in {_RETRIES}")
        return value

    @property
    def networks(self) -> tuple[Network, ...]:
        """Networks that receivers may be in although they are not public."""
        return tuple(ip_network(name, strict=False) for name in _listed(self.allowed_networks))

    @property
    def pauses(self) -> tuple[float, ...]:
        """Seconds before each further attempt at a delivery."""
        return tuple(float(pause) for pause in _listed(self.retry_seconds))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
