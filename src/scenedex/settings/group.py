"""What all groups of options have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class SettingsInvalid(Exception):
    """A setting has a value that cannot be used."""


class Group(BaseModel):
    """Settings that belong together; unknown names are refused so that a misspelt option is noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")
