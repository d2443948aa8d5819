"""Persons as users see them, with tags and thumbnails, and the filters and changes of requests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from msgspec import UNSET, UnsetType

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from scenedex.persons.records import PersonId


@dataclass(frozen=True, slots=True)
class TagOfPerson:
    """A tag of a person."""

    tag_id: int
    name: str


@dataclass(frozen=True, slots=True)
class PersonTag:
    """A tag of the workspace."""

    id: int
    name: str
    created_user_name: str
    created_time: datetime
    updated_user_name: str
    updated_time: datetime


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A picture of a person. ``key`` is its managed object."""

    thumbnail_id: int
    key: str
    is_primary: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A person together with those merged into it.

    Attributes:
        name: None if the person is anonymous.
        primary_thumbnail_id: None if the person has no thumbnail.
        asset_count: number of assets that show the person.
        scene_count: number of scenes that show the person.
        tags: oldest first.
        thumbnails: the primary first, then oldest first.
    """

    person_id: PersonId
    name: str | None
    description: str | None
    primary_thumbnail_id: int | None
    asset_count: int
    scene_count: int
    created_time: datetime
    updated_time: datetime
    tags: tuple[TagOfPerson, ...] = ()
    thumbnails: tuple[Thumbnail, ...] = ()


PersonOrder = Literal["ASSET_COUNT", "CREATED_AT", "PERSON_ID", "NAME"]


@dataclass(frozen=True, slots=True)
class PersonFilter:
    """Conditions on persons. None means no condition.

    Attributes:
        name: part of the name, case-insensitive.
        person_ids: ids of the persons.
        tag_ids: tags of which a person must have one.
        name_type: named or anonymous persons.
        order: order of the persons. Equal ones are sorted by id.
        is_descending: reverses the order. Anonymous persons are last in both orders of names.
    """

    name: str | None = None
    person_ids: Sequence[int] | None = None
    tag_ids: Sequence[int] | None = None
    name_type: Literal["NAMED", "ANONYMOUS"] | None = None
    order: PersonOrder = "PERSON_ID"
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class GivenThumbnail:
    """An uploaded picture to become a thumbnail of a person."""

    thumbnail_key: str
    is_primary: bool


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to create."""

    name: str | None
    description: str | None
    thumbnails: Sequence[GivenThumbnail]


@dataclass(frozen=True, slots=True)
class PersonChanges:
    """Changes of a person. UNSET keeps a value, None removes it."""

    name: str | UnsetType | None = UNSET
    description: str | UnsetType | None = UNSET
    primary_thumbnail_id: int | UnsetType = UNSET


@dataclass(frozen=True, slots=True)
class TagFilter:
    """Conditions on tags. None means no condition.

    Attributes:
        tag_id: id of the tag.
        name: part of the name, case-insensitive.
    """

    tag_id: int | None = None
    name: str | None = None
