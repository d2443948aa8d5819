"""Wire shapes of persons who look alike."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from scenedex.wire import described
from scenedex.wire.envelope import Wire

_THUMBNAIL = "https://media.example.com/objects/persons/12/1/face.jpg?expires=1745396420&signature=…"


class SimilarPersonObject(Wire, frozen=True, kw_only=True):
    """A similar person."""

    person_id: described.PersonId
    name: Annotated[str | None, Meta(description="Name, null for an anonymous person")]
    score: Annotated[
        float,
        Meta(
            ge=80,
            le=100,
            description="Similarity of the most similar pair of faces, 80 to 100, rounded down to two decimals",
        ),
    ]
    thumbnail_url: Annotated[str, Meta(description="URL of the primary thumbnail, valid for 15 minutes")] | None = None


class SimilarPersonsObject(Wire, frozen=True, kw_only=True):
    """Persons who look like a person, best first."""

    person_id: described.PersonId
    similar_persons: Annotated[list[SimilarPersonObject], Meta(description="Similar persons, best first")]


class RecommendByThumbnail(Wire, frozen=True, kw_only=True):
    """A picture, and limits of the persons to find."""

    thumbnail_key: described.UploadKeyGiven
    person_count: Annotated[int, Meta(ge=1, le=10, description="Maximum number of persons", examples=[3])] = 3
    score_threshold: Annotated[int, Meta(ge=80, le=100, description="Minimum score", examples=[80])] = 80


class RecommendedPersonsObject(Wire, frozen=True, kw_only=True):
    """Persons who look like the one in a picture, best first."""

    persons: Annotated[list[SimilarPersonObject], Meta(description="Similar persons, best first")]


SIMILAR_PERSON = SimilarPersonObject(person_id=42, name="Maya Lindqvist", score=93.57, thumbnail_url=_THUMBNAIL)
SIMILAR_PERSONS = SimilarPersonsObject(person_id=12, similar_persons=[SIMILAR_PERSON])
RECOMMEND_BY_THUMBNAIL = RecommendByThumbnail(thumbnail_key="0c5e7ad1-face-4f2f-9f5c-0f6c1b7e2a90")
RECOMMENDED_PERSONS = RecommendedPersonsObject(persons=[SIMILAR_PERSON])
