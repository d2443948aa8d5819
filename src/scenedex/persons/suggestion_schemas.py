"""Wire shapes of suggestions."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from scenedex.wire import described
from scenedex.wire.envelope import Wire

_THUMBNAIL = "https://media.example.com/objects/persons/12/1/face.jpg?expires=1745396420&signature=…"


class SuggestedPersonObject(Wire, frozen=True, kw_only=True):
    """A person of a suggestion."""

    person_id: described.PersonId
    name: Annotated[str | None, Meta(description="Name, null for an anonymous person")]
    thumbnail_url: Annotated[str, Meta(description="URL of the primary thumbnail, valid for 15 minutes")] | None = None


class SuggestionObject(Wire, frozen=True, kw_only=True):
    """Two persons that may be one."""

    suggestion_id: Annotated[int, Meta(ge=1, description="Suggestion ID", examples=[31])]
    person: Annotated[SuggestedPersonObject, Meta(description="Person that an analysis registered")]
    similar_person: Annotated[SuggestedPersonObject, Meta(description="Person with similar faces, known before")]
    score: Annotated[float, Meta(ge=0, le=100, description="Similarity of their faces, 0 to 100", examples=[72.5])]
    asset_id: Annotated[int, Meta(ge=1, description="Media asset whose analysis registered the person")]
    created_time: described.CreatedTime


SUGGESTION = SuggestionObject(
    suggestion_id=31,
    person=SuggestedPersonObject(person_id=305, name="Jane", thumbnail_url=_THUMBNAIL),
    similar_person=SuggestedPersonObject(person_id=301, name="Jane Doe", thumbnail_url=_THUMBNAIL),
    score=72.5,
    asset_id=1001,
    created_time="2025-04-23T17:14:11.482913",
)
