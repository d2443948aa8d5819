"""Options of scene summaries by a vision language model."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # pydantic reads the annotations
from typing import Final

from pydantic import Field, SecretStr, field_validator

from scenedex.settings.group import Group

TOKENS_OF_INSTRUCTIONS: Final = 700
"""Estimated tokens of the instructions for a scene, with the schema of the answer."""

_PIXELS_PER_TOKEN: Final = 750
_WIDE: Final = 9 / 16  # height of most pictures by their width


def picture_tokens(longest_side: int) -> int:
    """Estimate the tokens of a picture whose longer side has so many pixels."""
    return round(longest_side * longest_side * _WIDE / _PIXELS_PER_TOKEN)


class SummarySettings(Group):
    """Scene summaries by a vision language model, whose service has its address in `engines.addresses`.

    Nothing is sent to a service without that address.
    """

    model: str | None = Field(
        default=None, description="Name of the model. If unset, the only model that the service lists."
    )
    key: SecretStr | None = Field(default=None, description="Key of the service, none if unset.")
    key_file: Path | None = Field(default=None, description="File with the key, one line.")
    pictures: int = Field(
        default=4,
        ge=0,
        le=8,
        description="Maximum number of keyframes of a scene that are sent. 0: no pictures, for a model of text alone.",
    )
    longest_side: int = Field(
        default=768, ge=224, le=2048, description="Maximum of the longer side of pictures that are sent, in pixels."
    )
    quality: int = Field(default=80, ge=30, le=95, description="JPEG quality of pictures that are sent.")
    concurrency: int = Field(
        default=2, ge=1, le=64, description="Calls of the service that one worker process makes at a time."
    )
    connect_seconds: float = Field(
        default=10, gt=0, le=300, description="Maximum time of a connection to the service, in seconds."
    )
    call_seconds: float = Field(
        default=300, gt=0, le=3600, description="Maximum time of a whole call of the service, in seconds."
    )
    context_tokens: int = Field(
        default=8192,
        ge=1024,
        description="Context of the model in tokens. Long transcripts are thinned to fit into it, with pictures and "
        "answer.",
    )
    max_tokens: int = Field(
        default=1024,
        ge=128,
        description="Maximum length of an answer in tokens. Models that think before they answer need thousands.",
    )
    price_input: float = Field(
        default=0, ge=0, description="Price of a million tokens that are sent, for estimates and sums of costs."
    )
    price_output: float = Field(default=0, ge=0, description="Price of a million tokens of answers.")
    currency: str = Field(default="USD", description="Label of the currency of prices.")
    scenes_per_month: int = Field(
        default=0, ge=0, description="Maximum number of scenes of a workspace in a calendar month (UTC). 0: none."
    )
    tokens_per_month: int = Field(
        default=0,
        ge=0,
        description="Maximum number of tokens of a workspace in a calendar month (UTC), sent and received. 0: none.",
    )

    @field_validator("model")
    @classmethod
    def _named(cls, value: str | None) -> str | None:
        if value is not None and not value.strip():
            raise ValueError("is empty: leave it out for the only model of the service")
        return value

    @field_validator("key")
    @classmethod
    def _one_line(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not (value.get_secret_value().isascii() and value.get_secret_value().isprintable()):
            raise ValueError("must have printable ASCII characters alone")
        return value
