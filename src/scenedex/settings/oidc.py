"""Options of the sign-in at an OpenID provider."""

from __future__ import annotations

import re
from ipaddress import ip_address
from pathlib import Path  # noqa: TC003  # pydantic reads the annotations
from typing import Final, NamedTuple, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from scenedex.settings.group import Group

_ROLES: Final = ("manager", "viewer")
_WORKSPACE: Final = re.compile(r"[a-z0-9-]{3,63}", re.ASCII)


class GrantedRole(NamedTuple):
    """Role that a group grants, and the workspaces it covers. Without workspaces it covers all of them."""

    role: str
    workspaces: tuple[str, ...]


class OidcSettings(Group):
    """Sign-in to the console at an OpenID provider, beside the sign-in by access key. It needs `server.public_url`."""

    issuer: str | None = Field(
        default=None, description="Issuer of the provider, as its tokens name it. If unset, users sign in by key alone."
    )
    client_id: str | None = Field(default=None, description="Id of this server at the provider.")
    client_secret: SecretStr | None = Field(
        default=None, description="Secret of this server at the provider. If unset, it is a public client."
    )
    client_secret_file: Path | None = Field(default=None, description="File with the client secret, one line.")
    name: str = Field(
        default="OpenID Connect", min_length=1, max_length=40, description="Name of the provider on its button."
    )
    scopes: str = Field(default="openid profile email", description="Scopes to ask for, separated by spaces.")
    groups_claim: str = Field(
        default="groups",
        description="Claims with the groups of a user, separated by commas. A claim within others is a path, such as "
        "`/realm_access/roles`. `email` counts only if the provider has verified it.",
    )
    name_claim: str = Field(
        default="preferred_username",
        description="Claim with the name under which a user's changes are recorded. If a token has none, its verified "
        "email address, its subject otherwise.",
    )
    groups: dict[str, str] = Field(
        default={},
        description='Role of each group, and the workspaces it covers, such as `video-admins = "manager"` and '
        '`newsroom = "viewer: news, sport"`. Users of no such group cannot sign in. In the variable as '
        '`{"video-admins": "manager"}`.',
        examples=['{"video-admins": "manager"}'],
    )

    @field_validator("issuer")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if not parts.hostname or parts.username or parts.query or parts.fragment:
            raise ValueError(f"{value!r} is no URL of a provider, such as https://id.example/realms/news")
        if parts.scheme != "https" and not (parts.scheme == "http" and _is_this_machine(parts.hostname)):
            raise ValueError(f"{value!r} must start with https://, except on this machine")
        return value

    @field_validator("scopes")
    @classmethod
    def _has_openid(cls, value: str) -> str:
        if "openid" not in value.split():
            raise ValueError(f"{value!r} must contain the scope openid")
        return value

    @field_validator("groups")
    @classmethod
    def _roles(cls, value: dict[str, str]) -> dict[str, str]:
        for group, text in value.items():
            _granted(group, text)
        return value

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.issuer is not None and self.client_id is None:
            raise ValueError("client_id is not set, but issuer is")
        if self.issuer is not None and not self.groups:
            raise ValueError("groups is not set, but issuer is. Without it nobody can sign in at the provider")
        return self

    @property
    def granted(self) -> dict[str, GrantedRole]:
        """Role and workspaces that each group grants."""
        return {group: _granted(group, text) for group, text in self.groups.items()}

    @property
    def group_claims(self) -> tuple[str, ...]:
        """Claims with groups."""
        return tuple(name for part in self.groups_claim.split(",") if (name := part.strip()))


def _granted(group: str, text: str) -> GrantedRole:
    role, colon, names = text.partition(":")
    workspaces = tuple(name.strip() for name in names.split(","))
    if role.strip() not in _ROLES:
        raise ValueError(f"{group} has the role {role.strip()!r}, which is neither manager nor viewer")
    if colon and not all(map(_WORKSPACE.fullmatch, workspaces)):
        raise ValueError(f"{group} has workspaces that are no names of 3 to 63 characters of a-z, 0-9 and -: {names!r}")
    return GrantedRole(role.strip(), workspaces if colon else ())


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
