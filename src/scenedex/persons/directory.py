"""What the directory of persons talks about: persons as people see them, their tags and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from msgspec import UNSET, UnsetType

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from scenedex.persons.records import PersonId


@dataclass(frozen=True, slots=True)
class TagOfPerson:
    """A tag as persons bear it."""

    tag_id: int
    name: str


@dataclass(frozen=True, slots=True)
class PersonTag:
    """A tag that persons of the workspace may bear."""

    tag_id: int
    name: str
    created_user_name: str
    created_time: datetime
    updated_user_name: str
    updated_time: datetime


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A picture of a person; ``key`` is its managed object."""

    thumbnail_id: int
    key: str
    is_primary: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A person with what is known of it and of those merged into it.

    Attributes:
        name: None: anonymous.
        tags: oldest first.
        thumbnails: the primary first, then oldest first.
        asset_count: assets in whose index the person is seen.
        scene_count: scenes of these.
    """

    person_id: PersonId
    name: str | None
    description: str | None
    tags: tuple[TagOfPerson, ...]
    thumbnails: tuple[Thumbnail, ...]
    asset_count: int
    scene_count: int
    created_time: datetime
    updated_time: datetime


class NameType(StrEnum):
    """Whether somebody has a name."""

    NAMED = "NAMED"
    ANONYMOUS = "ANONYMOUS"


class PersonOrder(StrEnum):
    """What persons are sorted by."""

    ASSET_COUNT = "ASSET_COUNT"
    CREATED_AT = "CREATED_AT"
    PERSON_ID = "PERSON_ID"
    NAME = "NAME"


@dataclass(frozen=True, slots=True)
class PersonFilter:
    """Which persons are wanted; what is None restricts nothing.

    Attributes:
        name: a part of the name, in any case.
        person_ids: only these.
        tag_ids: with one of these tags.
        name_type: with a name, or without.
        order: what they are sorted by; those who are equal in it, by id.
        is_descending: whether in falling order; the anonymous come last in both orders of names.
    """

    name: str | None = None
    person_ids: Sequence[int] | None = None
    tag_ids: Sequence[int] | None = None
    name_type: NameType | None = None
    order: PersonOrder = PersonOrder.PERSON_ID
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class GivenThumbnail:
    """An uploaded picture that is to become a person's thumbnail."""

    thumbnail_key: str
    is_primary: bool


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be created."""

    name: str | None
    description: str | None
    thumbnails: Sequence[GivenThumbnail]


@dataclass(frozen=True, slots=True)
class PersonChanges:
    """What is changed about a person; what is UNSET stays, a None removes."""

    name: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    primary_thumbnail_id: int | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class TagFilter:
    """Which tags are wanted; what is None restricts nothing.

    Attributes:
        tag_id: only this one.
        name: a part of the name, in any case.
    """

    tag_id: int | None = None
    name: str | None = None
