"""Answers about persons, their tags, pictures and history."""

from datetime import datetime
from enum import StrEnum

import msgspec

from scenedex.client.answers import Answer, OpenEnum, UploadStatus, UploadTicket


class NameType(StrEnum):
    """Filter by whether persons have a name."""

    NAMED = "NAMED"
    ANONYMOUS = "ANONYMOUS"


class SortColumn(StrEnum):
    """Sort key of persons. Persons without a name come last in both orders by name."""

    ASSET_COUNT = "ASSET_COUNT"
    CREATED_AT = "CREATED_AT"
    PERSON_ID = "PERSON_ID"
    NAME = "NAME"


class SortType(StrEnum):
    """Sort order."""

    ASC = "ASC"
    DESC = "DESC"


class PersonQuery(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Filters and order of persons. The default order of the service is by number of assets, descending.

    Attributes:
        name: part of the name, 2-50 characters.
        tag_ids: tags, any of which a person must have.
    """

    name: str | None = None
    person_ids: tuple[int, ...] | None = None
    tag_ids: tuple[int, ...] | None = None
    name_type: NameType | None = None
    sort_column: SortColumn | None = None
    sort_type: SortType | None = None


class Tag(Answer, frozen=True, kw_only=True):
    """A label of persons."""

    id: int
    name: str | None = None


class PersonTag(Tag, frozen=True, kw_only=True):
    """A tag of the workspace, with creation and update."""

    created_user_name: str | None = None
    created_time: datetime | None = None
    updated_user_name: str | None = None
    updated_time: datetime | None = None


class Thumbnail(Answer, frozen=True, kw_only=True):
    """A picture of a person's face. The primary one is shown in indexes and lists."""

    id: int
    url: str | None = None
    is_primary_thumbnail: bool = False


class Person(Answer, frozen=True, kw_only=True):
    """A person in assets. ``name`` is None if the person is anonymous."""

    person_id: int
    name: str | None = None
    description: str | None = None
    tags: tuple[Tag, ...] = ()
    thumbnails: tuple[Thumbnail, ...] = ()
    asset_count: int | None = None
    scene_count: int | None = None
    created_time: datetime | None = None
    updated_time: datetime | None = None


class TagsOfPerson(Answer, frozen=True, kw_only=True):
    """Tags of a person."""

    person_id: int
    tag_list: tuple[Tag, ...] = ()


class ThumbnailsOfPerson(Answer, frozen=True, kw_only=True):
    """Pictures of a person, primary first."""

    person_id: int
    thumbnail_list: tuple[Thumbnail, ...] = ()


class SimilarPerson(Answer, frozen=True, kw_only=True):
    """A person with a similar face. ``score`` is 0-100."""

    person_id: int
    name: str | None = None
    score: float | None = None
    thumbnail_url: str | None = None


class SimilarToPerson(Answer, frozen=True, kw_only=True):
    """Persons with faces similar to that of a person, best first."""

    person_id: int | None = None
    similar_persons: tuple[SimilarPerson, ...] = ()


class SimilarToPicture(Answer, frozen=True, kw_only=True):
    """Persons with faces similar to the one in a picture, best first."""

    persons: tuple[SimilarPerson, ...] = ()


class ChosenAppearance(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Selection of appearances of a person in an asset.

    Attributes:
        asset_id: id of the asset.
        scene_id: id of a scene. None selects all scenes.
        start_time_ms: start of one appearance, in milliseconds. None selects all appearances.
    """

    asset_id: int
    scene_id: int | None = None
    start_time_ms: int | None = None


class PersonMerge(Answer, frozen=True, kw_only=True):
    """Result of a merge: numbers of assets and pictures that the person received."""

    person_id: int
    transferred_asset_count: int | None = None
    transferred_thumbnail_count: int | None = None
    merged_time: datetime | None = None


class PersonSplit(Answer, frozen=True, kw_only=True):
    """Result of a split: the person that was split off. ``name`` is None if that person is anonymous."""

    person_id: int
    split_person_id: int
    name: str | None = None
    moved_appearance_count: int | None = None
    split_time: datetime | None = None


class PersonRejection(Answer, frozen=True, kw_only=True):
    """Result of a rejection. The rejected persons include the new owners of rejected appearances."""

    person_id: int
    rejected_person_ids: tuple[int, ...] = ()
    moved_appearance_count: int | None = None
    rejected_time: datetime | None = None


class SuggestedPerson(Answer, frozen=True, kw_only=True):
    """A person of a suggestion. ``name`` is None if the person is anonymous."""

    person_id: int
    name: str | None = None
    thumbnail_url: str | None = None


class PersonSuggestion(Answer, frozen=True, kw_only=True):
    """Two persons that may be one.

    Attributes:
        suggestion_id: id of the suggestion.
        person: person that an analysis registered.
        similar_person: person with similar faces, known before.
        score: similarity of their faces, 0-100.
        asset_id: id of the asset whose analysis registered the person.
        created_time: time of the registration.
    """

    suggestion_id: int
    person: SuggestedPerson
    similar_person: SuggestedPerson
    score: float | None = None
    asset_id: int | None = None
    created_time: datetime | None = None


class RemovedTrace(Answer, frozen=True, kw_only=True):
    """Number of removed items of one kind, such as FACE, with their ids if they have any."""

    kind: str
    count: int
    ids: tuple[int | str, ...] = ()


class PersonErasure(Answer, frozen=True, kw_only=True):
    """Result of an erasure: everything that was removed of a person."""

    person_id: int
    removed: tuple[RemovedTrace, ...] = ()


class PersonEventType(OpenEnum):
    """Type of an event."""

    REGISTERED = "REGISTERED"
    NAMED = "NAMED"
    MERGED = "MERGED"
    SPLIT = "SPLIT"
    MOVED = "MOVED"
    REJECTED = "REJECTED"
    DELETED = "DELETED"
    UNKNOWN = "UNKNOWN"


class PersonEvent(Answer, frozen=True, kw_only=True):
    """An event of a person or of a person that was merged into it.

    Attributes:
        event_id: id of the event, ascending with time.
        other_person_id: id of the other person, for example in a merge.
        name: name of the person after the event, or of the other person.
        former_name: name of the person before the event.
        asset_id: id of the asset of the appearances.
        asset_count: number of assets that were received or given away.
        thumbnail_count: number of pictures that were received or given away.
        appearance_count: number of appearances that were moved or rejected.
        created_user_name: user who caused the event.
        created_time: time of the event.
    """

    event_id: int
    type: PersonEventType
    person_id: int | None = None
    other_person_id: int | None = None
    name: str | None = None
    former_name: str | None = None
    asset_id: int | None = None
    asset_count: int | None = None
    thumbnail_count: int | None = None
    appearance_count: int | None = None
    created_user_name: str | None = None
    created_time: datetime | None = None


class PictureTicket(UploadTicket, frozen=True, kw_only=True):
    """URL for one PUT of the bytes of a picture of a person."""

    key: str = msgspec.field(name="thumbnailKey")
    url: str = msgspec.field(name="url")


class PictureAnswer(Answer, frozen=True, kw_only=True):
    """Result of the check of an uploaded picture."""

    upload_status: UploadStatus
    upload_message: str | None = None
