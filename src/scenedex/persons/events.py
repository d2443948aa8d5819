"""Events in the history of a person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class EventType(StrEnum):
    """Types of events."""

    REGISTERED = "REGISTERED"
    NAMED = "NAMED"
    MERGED = "MERGED"
    SPLIT = "SPLIT"
    MOVED = "MOVED"
    REJECTED = "REJECTED"
    DELETED = "DELETED"


class EventDetails(msgspec.Struct, frozen=True, omit_defaults=True):
    """Details of an event. Those that do not apply are left out.

    Attributes:
        name: name of the person after the event, or of the other person.
        former_name: name of the person before the event.
        asset_id: asset that shows the person.
        asset_count: assets gained from the other person, or lost.
        thumbnail_count: thumbnails gained from the other person, or lost.
        appearance_count: moved or rejected appearances.
    """

    name: str | None = None
    former_name: str | None = None
    asset_id: int | None = None
    asset_count: int | None = None
    thumbnail_count: int | None = None
    appearance_count: int | None = None


@dataclass(frozen=True, slots=True)
class PersonEvent:
    """A change of a person.

    Attributes:
        type: value of an `EventType`.
        other_person_id: the other person that it concerns.
        details: stored `EventDetails`.
    """

    event_id: int
    person_id: int
    type: str
    other_person_id: int | None
    details: Mapping[str, object]
    created_user_name: str
    created_time: datetime
