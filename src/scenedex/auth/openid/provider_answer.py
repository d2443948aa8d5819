"""Answers of the provider about a sign-in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderAnswer:
    """Parameters with which the provider sends a user back."""

    code: str | None = None
    error: str | None = None
    issuer: str | None = None


@dataclass(frozen=True, slots=True)
class ProviderUser:
    """User whom the provider has signed in.

    Attributes:
        groups: groups of the user, or `None` if the provider sends no claim with groups.
    """

    subject: str
    user_name: str
    groups: frozenset[str] | None
