"""Role and workspaces of the users of a provider, by their groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenedex.auth.keys import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scenedex.settings import OidcSettings


@dataclass(frozen=True, slots=True)
class Rights:
    """Role, and the workspaces that it covers. `workspaces` is `None` for all."""

    role: Role
    workspaces: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class GroupRights:
    """Rights of each group.

    Attributes:
        issuer: issuer of the provider whose groups they are, or `None` if there is no provider.
    """

    issuer: str | None
    groups: Mapping[str, Rights]

    @classmethod
    def of_settings(cls, settings: OidcSettings) -> GroupRights:
        """Return the rights that the settings declare."""
        if settings.issuer is None:
            return cls(None, {})
        granted = settings.granted.items()
        return cls(
            settings.issuer, {name: Rights(Role(one.role), frozenset(one.workspaces) or None) for name, one in granted}
        )

    def known(self, groups: Iterable[str]) -> list[str]:
        """Return those of the groups that have rights, sorted."""
        return sorted(self.groups.keys() & set(groups))

    def of(self, groups: Iterable[str]) -> Rights | None:
        """Return the rights of a member of these groups, or `None` if none of them has any.

        Groups of managers decide if there is one. So nobody is a manager of a workspace that only groups of viewers
        cover.
        """
        found = [self.groups[name] for name in groups if name in self.groups]
        for role in (Role.MANAGER, Role.VIEWER):
            covered = [rights.workspaces for rights in found if rights.role is role]
            if covered:
                limited = [one for one in covered if one is not None]
                return Rights(role, frozenset[str]().union(*limited) if len(limited) == len(covered) else None)
        return None
