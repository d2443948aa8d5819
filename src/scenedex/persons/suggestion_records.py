"""Pairs of persons that may be one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from scenedex.persons.records import PersonId


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Two persons that may be one.

    Attributes:
        score: score of the similarity of their faces, 0 to 100.
        asset_id: asset whose analysis registered the person.
        person_id: current identity of the person that was registered.
        name: its name. None if it is anonymous.
        thumbnail_key: key of its primary thumbnail, if any.
        other_id: current identity of the person with similar faces.
        other_name: its name. None if it is anonymous.
        other_thumbnail_key: key of its primary thumbnail, if any.
    """

    suggestion_id: int
    score: float
    asset_id: int
    created_time: datetime
    person_id: PersonId
    name: str | None
    thumbnail_key: str | None
    other_id: PersonId
    other_name: str | None
    other_thumbnail_key: str | None
