"""Merges, splits, rejections and erasures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from scenedex.persons.records import PersonId


@dataclass(frozen=True, slots=True)
class MovedAppearance:
    """A moved appearance: its time in an asset, and the person that it was first registered for."""

    asset_id: int
    start_ms: int
    end_ms: int
    origin_id: PersonId


@dataclass(frozen=True, slots=True)
class AbsorbedPerson:
    """A person that is to be merged into another one, with its counts."""

    person_id: PersonId
    name: str | None
    asset_count: int
    thumbnail_count: int


@dataclass(frozen=True, slots=True)
class MergedPerson:
    """A person and its current identity: itself, or the person that it was merged into."""

    person_id: PersonId
    root_id: PersonId
    name: str | None


@dataclass(frozen=True, slots=True)
class Merge:
    """Result of a merge, with the counts of the absorbed persons."""

    person_id: PersonId
    transferred_asset_count: int
    transferred_thumbnail_count: int
    merged_time: datetime


@dataclass(frozen=True, slots=True)
class Split:
    """Result of a split.

    Attributes:
        person_id: the person.
        split_person_id: the person that was split off, or that got the appearances.
        name: name of that person, or None if it is anonymous.
        moved_appearance_count: number of its new appearances.
        split_time: time of the split.
    """

    person_id: PersonId
    split_person_id: PersonId
    name: str | None
    moved_appearance_count: int
    split_time: datetime


@dataclass(frozen=True, slots=True)
class PersonRejection:
    """Result of a rejection. The rejected appearances belong to the rejected persons."""

    person_id: PersonId
    rejected_person_ids: list[PersonId]
    moved_appearance_count: int
    rejected_time: datetime


ErasedKind = Literal[
    "PERSON",
    "APPEARANCE",
    "FACE",
    "THUMBNAIL",
    "TAG",
    "EVENT",
    "REJECTION",
    "SPEAKER",
    "FACE_OUTPUT",
    "UPLOAD",
    "SUMMARY",
]


@dataclass(frozen=True, slots=True)
class Erased:
    """Erased traces of one kind. ``ids`` are given for those whose ids calls show."""

    kind: ErasedKind
    count: int
    ids: list[int] | None = None
