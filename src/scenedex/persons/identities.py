"""What merges, splits, rejections and erasures are about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from scenedex.persons.records import PersonId


@dataclass(frozen=True, slots=True)
class MovedAppearance:
    """A time in an asset at which somebody was seen, and the row of persons who was registered with it before."""

    asset_id: int
    start_ms: int
    end_ms: int
    origin_id: PersonId


@dataclass(frozen=True, slots=True)
class AbsorbedPerson:
    """A person that is to be merged into another one, and what it brings along."""

    person_id: PersonId
    name: str | None
    asset_count: int
    thumbnail_count: int


@dataclass(frozen=True, slots=True)
class MergedPerson:
    """A person, and who it is today: itself or whom it was merged into."""

    person_id: PersonId
    root_id: PersonId
    name: str | None


@dataclass(frozen=True, slots=True)
class Merge:
    """What a merge did: assets and thumbnails that the absorbed persons had are the representative's."""

    person_id: PersonId
    asset_count: int
    thumbnail_count: int
    merged_time: datetime


@dataclass(frozen=True, slots=True)
class Split:
    """What was taken from a person, and whose it is since.

    Attributes:
        person_id: the person.
        split_id: whose it is since.
        name: of that one; None: anonymous.
        appearance_count: appearances that are that one's since.
        split_time: when that was.
    """

    person_id: PersonId
    split_id: PersonId
    name: str | None
    appearance_count: int
    split_time: datetime


@dataclass(frozen=True, slots=True)
class Rejection:
    """Who is not that person; appearances that were taken from it are those others'."""

    person_id: PersonId
    rejected_ids: tuple[PersonId, ...]
    appearance_count: int
    rejected_time: datetime


class ErasedKind(StrEnum):
    """Traces of a person that are erased with it."""

    PERSON = "PERSON"
    APPEARANCE = "APPEARANCE"
    FACE = "FACE"
    THUMBNAIL = "THUMBNAIL"
    TAG = "TAG"
    EVENT = "EVENT"
    REJECTION = "REJECTION"
    SPEAKER = "SPEAKER"
    FACE_OUTPUT = "FACE_OUTPUT"
    UPLOAD = "UPLOAD"


@dataclass(frozen=True, slots=True)
class Erased:
    """Traces of one kind that were erased; ``ids`` where they have ids that people have seen."""

    kind: ErasedKind
    count: int
    ids: tuple[int, ...] = ()
