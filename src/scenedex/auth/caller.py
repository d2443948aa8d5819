"""Authenticated caller of a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from scenedex.auth.keys import Role


@dataclass(frozen=True, slots=True)
class KeyAccount:
    """An access key: it signs the call, or the session of the call stands for it."""

    access_key: str

    @property
    def label(self) -> str:
        """Text that no other account has."""
        return self.access_key


@dataclass(frozen=True, slots=True)
class ProviderAccount:
    """A user of an OpenID provider: the session of the call stands for them.

    Attributes:
        issuer: issuer of the provider.
        subject: id of the user at the provider, which never changes.
    """

    account_id: int
    issuer: str
    subject: str

    @property
    def label(self) -> str:
        """Text that no other account has: issuer and subject."""
        return f"{self.issuer} {self.subject}"


Account: TypeAlias = KeyAccount | ProviderAccount


@dataclass(frozen=True, slots=True)
class Caller:
    """Account and user of a request, with role and visible workspaces.

    Attributes:
        account: account whose rates and sessions are those of the call.
        session_id: session of the console whose cookie the request has, or `None` if a key signed it.
    """

    account: Account
    user_name: str
    role: Role
    workspaces: frozenset[str] | None
    session_id: int | None = None

    @property
    def access_key(self) -> str | None:
        """Access key of the call, or `None` if its session stands for a user of the OpenID provider."""
        return self.account.access_key if isinstance(self.account, KeyAccount) else None

    @property
    def identity(self) -> str | None:
        """Issuer and subject of the user at the OpenID provider, or `None` if the call is made by an access key."""
        return self.account.label if isinstance(self.account, ProviderAccount) else None

    def can_see(self, workspace_name: str) -> bool:
        """Return whether the key covers a workspace of this name."""
        # The database refuses NUL, so no workspace has it in its name.
        return "\x00" not in workspace_name and (self.workspaces is None or workspace_name in self.workspaces)
