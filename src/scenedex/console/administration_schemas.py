"""Shapes of access keys, sessions and engines. They are between the page and its server, and no part of the API."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from scenedex.auth.keys import Role
from scenedex.wire.envelope import Wire


class NewKey(Wire, frozen=True, kw_only=True):
    """Access key to create. Without workspaces it covers all of them."""

    user_name: Annotated[str, Meta(description="Name of the user")]
    role: Annotated[Role, Meta(description="manager: everything, viewer: read and search")]
    workspaces: Annotated[list[str], Meta(description="Visible workspaces", max_length=1000)] | None = None


NEW_KEY = NewKey(user_name="editor", role=Role.VIEWER, workspaces=["my-workspace"])


class MadeKey(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An access key with its secret, which is shown once."""

    access_key: str
    secret_key: str


class ListedKey(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An access key. `workspaces` is `None` for all."""

    access_key: str
    user_name: str
    role: Role
    workspaces: tuple[str, ...] | None
    created_time: str
    revoked_time: str | None


class KeysAnswer(msgspec.Struct, frozen=True):
    """Answer with all access keys."""

    keys: list[ListedKey]


class ListedUserSession(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Session of any user. `current` is true for that of the call.

    Attributes:
        access_key: access key, or `None` for a user of the OpenID provider.
        identity: issuer and subject of a user of the OpenID provider.
        workspaces: names of the visible workspaces, or `None` for all.
    """

    id: int
    user_name: str
    access_key: str | None
    identity: str | None
    role: Role
    workspaces: list[str] | None
    created_time: str
    expires_time: str
    seen_time: str
    user_agent: str | None
    current: bool


class UserSessionsAnswer(msgspec.Struct, frozen=True):
    """Answer with the sessions of all users."""

    sessions: list[ListedUserSession]


class UsedEngine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The engine of a port, or the reason that none runs.

    Attributes:
        engine: name and version.
        reason: why no engine runs.
        command: what would bring an engine, or a more able one.
        weights: id of the missing weights.
        size: bytes of the missing weights.
    """

    port: str
    engine: str | None = None
    reason: str | None = None
    command: str | None = None
    weights: str | None = None
    size: int | None = None


class OfferedWeights(msgspec.Struct, frozen=True, kw_only=True):
    """Weights that can be downloaded.

    Attributes:
        purpose: their use, in a few words.
        licence: SPDX identifier.
        page: address of their description.
        size: bytes of the files.
        ports: tasks whose engines run on them.
        here: whether they are on the server's machine.
        command: command that downloads them.
    """

    id: str
    purpose: str
    licence: str
    page: str
    size: int
    ports: list[str]
    here: bool
    command: str


class EnginesAnswer(msgspec.Struct, frozen=True):
    """Answer with all ports, and with the weights of the catalogue."""

    engines: list[UsedEngine]
    weights: list[OfferedWeights]
