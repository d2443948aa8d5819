"""What the service says about persons: who they are, how they are tagged and pictured, what was done to them."""

from datetime import datetime
from enum import StrEnum
from typing import Self

import msgspec

from scenedex.client.answers import Answer, UploadStatus


class NameType(StrEnum):
    """Persons with a name, or without one."""

    NAMED = "NAMED"
    ANONYMOUS = "ANONYMOUS"


class SortColumn(StrEnum):
    """What persons are sorted by; among the names, those who have none come last either way."""

    ASSET_COUNT = "ASSET_COUNT"
    CREATED_AT = "CREATED_AT"
    PERSON_ID = "PERSON_ID"
    NAME = "NAME"


class SortType(StrEnum):
    """Smallest first, or largest first."""

    ASC = "ASC"
    DESC = "DESC"


class PersonQuery(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Which persons, in which order; what is None is left to the service, which then shows those of most assets first.

    Attributes:
        name: a part of the name, 2-50 characters.
        person_ids: some of these persons.
        tag_ids: persons with any of these tags.
        name_type: whether they have a name.
        sort_column: what they are sorted by.
        sort_type: in which direction.
    """

    name: str | None = None
    person_ids: tuple[int, ...] | None = None
    tag_ids: tuple[int, ...] | None = None
    name_type: NameType | None = None
    sort_column: SortColumn | None = None
    sort_type: SortType | None = None


class Tag(Answer, frozen=True, kw_only=True):
    """A label that persons bear."""

    id: int
    name: str | None = None


class PersonTag(Tag, frozen=True, kw_only=True):
    """A label of the workspace, and who made it."""

    created_user_name: str | None = None
    created_time: datetime | None = None
    updated_user_name: str | None = None
    updated_time: datetime | None = None


class Thumbnail(Answer, frozen=True, kw_only=True):
    """A picture of a person's face; one of them is shown wherever the person is."""

    id: int
    url: str | None = None
    is_primary_thumbnail: bool = False


class Person(Answer, frozen=True, kw_only=True):
    """Somebody who is seen in assets; ``name`` is None while the person is anonymous."""

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
    """All tags of a person."""

    person_id: int
    tag_list: tuple[Tag, ...] = ()


class ThumbnailsOfPerson(Answer, frozen=True, kw_only=True):
    """All pictures of a person, the primary one first."""

    person_id: int
    thumbnail_list: tuple[Thumbnail, ...] = ()


class SimilarPerson(Answer, frozen=True, kw_only=True):
    """Somebody with a similar face; ``score`` is 0-100."""

    person_id: int
    name: str | None = None
    score: float | None = None
    thumbnail_url: str | None = None


class SimilarToPerson(Answer, frozen=True, kw_only=True):
    """Whose faces are like that of a person, best first."""

    person_id: int | None = None
    similar_persons: tuple[SimilarPerson, ...] = ()


class SimilarToPicture(Answer, frozen=True, kw_only=True):
    """Whose faces are like the one in a picture, best first."""

    persons: tuple[SimilarPerson, ...] = ()


class ChosenAppearance(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """Where somebody is seen: in the whole asset, in one of its scenes, or from a time of it on.

    Attributes:
        asset_id: the asset.
        scene_id: only in this scene.
        start_time_ms: only the appearance that starts at this time, in milliseconds.
    """

    asset_id: int
    scene_id: int | None = None
    start_time_ms: int | None = None


class PersonMerge(Answer, frozen=True, kw_only=True):
    """What a person got from those that were merged into it."""

    person_id: int
    transferred_asset_count: int | None = None
    transferred_thumbnail_count: int | None = None
    merged_time: datetime | None = None


class PersonSplit(Answer, frozen=True, kw_only=True):
    """Who was taken out of a person; ``name`` is None while that one is anonymous."""

    person_id: int
    split_person_id: int
    name: str | None = None
    moved_appearance_count: int | None = None
    split_time: datetime | None = None


class PersonRejection(Answer, frozen=True, kw_only=True):
    """Who is not that person; the faces of appearances that were rejected belong to somebody who is among these."""

    person_id: int
    rejected_person_ids: tuple[int, ...] = ()
    moved_appearance_count: int | None = None
    rejected_time: datetime | None = None


class RemovedTrace(Answer, frozen=True, kw_only=True):
    """What an erasure removed of one kind, such as FACE; ``ids`` where there are any."""

    kind: str
    count: int
    ids: tuple[int | str, ...] = ()


class PersonErasure(Answer, frozen=True, kw_only=True):
    """All that was removed of a person."""

    person_id: int
    removed: tuple[RemovedTrace, ...] = ()


class PersonEventType(StrEnum):
    """What can be done to a person; UNKNOWN stands for words that this SDK does not know."""

    REGISTERED = "REGISTERED"
    NAMED = "NAMED"
    MERGED = "MERGED"
    SPLIT = "SPLIT"
    MOVED = "MOVED"
    REJECTED = "REJECTED"
    DELETED = "DELETED"
    UNKNOWN = "UNKNOWN"

    @classmethod
    def _missing_(cls, value: object) -> Self:  # noqa: ARG003  # the protocol of enum passes the value
        return cls("UNKNOWN")


class PersonEvent(Answer, frozen=True, kw_only=True):
    """Something that was done to a person, or to one that was merged into it.

    Attributes:
        event_id: rises with time.
        type: what was done.
        person_id: to whom.
        other_person_id: who else was concerned.
        name: of the person afterwards, or of the other one.
        former_name: of the person before.
        asset_id: where it was seen.
        asset_count: assets that came with the other person, or went.
        thumbnail_count: pictures that came with the other person, or went.
        appearance_count: appearances that were moved or rejected.
        created_user_name: who did it.
        created_time: when.
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


class PictureTicket(Answer, frozen=True, kw_only=True):
    """Where the bytes of a picture may be put, once, within ``expiration_seconds``."""

    thumbnail_key: str
    url: str
    expiration_seconds: int | None = None


class PictureAnswer(Answer, frozen=True, kw_only=True):
    """What was found in an uploaded picture."""

    upload_status: UploadStatus
    upload_message: str | None = None
