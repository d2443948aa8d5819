"""Shapes of the console's sessions. They are between the page and its server, and no part of the API."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from scenedex.auth.keys import Role
from scenedex.wire.envelope import Wire


class SignInLink(Wire, frozen=True):
    """Token of a link that signs in once."""

    token: Annotated[str, Meta(min_length=1, max_length=100)]


SIGN_IN_LINK = SignInLink(token="x2yTq0B8m4Zr1sVn6cJdLw3kHfP9aUgE7oXbIi5tQhM")  # noqa: S106  # an example


class SignedIn(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Session of the call, with the rights of its account.

    Attributes:
        access_key: access key, or `None` for a user of the OpenID provider.
        workspaces: names of the visible workspaces, or `None` for all.
        time_zone: IANA name of the zone of all times in answers.
    """

    id: int
    user_name: str
    access_key: str | None
    role: Role
    workspaces: list[str] | None
    created_time: str
    expires_time: str
    time_zone: str


class SignedInAnswer(msgspec.Struct, frozen=True):
    """Answer with the session of the call."""

    session: SignedIn


class SignedOut(msgspec.Struct, frozen=True, omit_defaults=True, rename="camel"):
    """Answer to a sign-out.

    Attributes:
        provider_address: address at which the user also signs out of the OpenID provider.
    """

    provider_address: str | None = None


class ListedSession(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Session of the caller's account. `current` is true for that of the call."""

    id: int
    created_time: str
    expires_time: str
    seen_time: str
    user_agent: str | None
    current: bool


class SessionsAnswer(msgspec.Struct, frozen=True):
    """Answer with all sessions of the caller's account."""

    sessions: list[ListedSession]
