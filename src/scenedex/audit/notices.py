"""Notices: changes that other systems may be told about, recorded with their audit event."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec


@dataclass(frozen=True, slots=True)
class NoticeType:
    """Type of a notice.

    Attributes:
        name: name on the wire, such as ``asset.imported``.
        description: what has happened, in one sentence.
    """

    name: str
    description: str


class NoticeSubject(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Ids of the objects that have changed. Those that do not apply are left out."""

    project_id: int | None = None
    asset_id: int | None = None
    index_id: int | None = None
    scene_summary_id: int | None = None
    person_id: int | None = None
    merged_person_ids: tuple[int, ...] = ()
    split_person_id: int | None = None

    @property
    def lane(self) -> str:
        """Object whose notices arrive in order."""
        if self.asset_id is not None:
            return f"asset:{self.asset_id}"
        return f"project:{self.project_id}" if self.person_id is None else f"person:{self.person_id}"


@dataclass(frozen=True, slots=True)
class Notice:
    """A change that other systems may be told about."""

    type: NoticeType
    subject: NoticeSubject
