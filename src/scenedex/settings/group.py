"""Base of all groups of options."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class SettingsInvalid(Exception):
    """A setting has a value that cannot be used."""


class Group(BaseModel):
    """Group of settings. Unknown names are refused, so that a misspelt option is noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")
