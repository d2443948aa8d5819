"""Reasons for which a sign-in at the provider ends without a session."""

from __future__ import annotations

from enum import StrEnum


class RefusalReason(StrEnum):
    """Reason of a refused sign-in, which the page puts into words."""

    CANCELLED = "cancelled"
    """The user, or a rule of the provider, ended the sign-in there."""
    EXPIRED = "expired"
    """The sign-in took too long, was used before, or began in another browser."""
    NO_GROUP = "noGroup"
    """The user is in no group that has a role on this server."""
    UNREACHABLE = "unreachable"
    """The provider does not answer."""
    FAILED = "failed"
    """The provider's answer cannot be used."""
    TOO_MANY = "tooMany"
    """The address of the client has begun too many sign-ins."""


class SignInRefused(Exception):
    """A sign-in at the provider is refused.

    Attributes:
        refusal: reason for the user.
        detail: reason for the operator, in a sentence without secrets.
    """

    def __init__(self, refusal: RefusalReason, detail: str) -> None:
        super().__init__(detail)
        self.refusal = refusal
        self.detail = detail
