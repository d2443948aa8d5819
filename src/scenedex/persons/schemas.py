"""Wire shapes of persons, their tags and thumbnails."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from scenedex.wire.envelope import Wire


class TagOfPersonObject(Wire, frozen=True, kw_only=True):
    """A tag of a person."""

    id: int
    name: str


class ThumbnailObject(Wire, frozen=True, kw_only=True):
    """A picture of a person."""

    id: int
    url: Annotated[str, Meta(description="URL of the picture, valid for 15 minutes")]
    is_primary_thumbnail: bool


class PersonObject(Wire, frozen=True, kw_only=True):
    """A person together with those merged into it."""

    person_id: int
    id: Annotated[int, Meta(description="The same as personId, under its older name")]
    name: Annotated[str | None, Meta(description="null: anonymous")]
    description: str | None = None
    tags: list[TagOfPersonObject]
    thumbnails: Annotated[list[ThumbnailObject], Meta(description="The primary first, then oldest first")]
    asset_count: Annotated[int, Meta(description="Assets that show the person")]
    scene_count: Annotated[int, Meta(description="Scenes that show the person")]
    created_time: str
    updated_time: str


class GivenThumbnailObject(Wire, frozen=True, kw_only=True):
    """An uploaded picture to become a thumbnail."""

    thumbnail_key: Annotated[str, Meta(description="thumbnailKey of a completed upload")]
    is_primary_thumbnail: bool | None = None


class CreatePerson(Wire, frozen=True, kw_only=True):
    """A person to create."""

    name: (
        Annotated[str, Meta(description="1-50 characters, none of ; | `; unique in the workspace; absent: anonymous")]
        | None
    ) = None
    description: Annotated[str, Meta(description="1-700 characters")] | None = None
    thumbnails: Annotated[list[GivenThumbnailObject], Meta(description="1-100 pictures, one of them the primary")]


class EditPerson(Wire, frozen=True, kw_only=True):
    """Changes of a person. Absent fields are kept."""

    name: (
        Annotated[
            str, Meta(description="1-50 characters, none of ; | `; unique in the workspace; empty: anonymous again")
        ]
        | None
    ) = None
    description: Annotated[str, Meta(description="1-700 characters; empty: none any more")] | None = None
    primary_thumbnail_id: Annotated[int, Meta(description="ID of one of the person's thumbnails")] | None = None


class SearchPersons(Wire, frozen=True, kw_only=True):
    """Conditions on persons."""

    page_num: Annotated[int, Meta(description="Page number, from 1")]
    page_size: Annotated[int, Meta(description="Items per page, 1-50")] = 10
    name: Annotated[str, Meta(description="2-50 characters of the name, in any case")] | None = None
    person_ids: Annotated[list[int], Meta(description="Only these persons, at most 100")] | None = None
    tag_ids: Annotated[list[int], Meta(description="Only persons with one of these tags, at most 30")] | None = None
    name_type: (
        Annotated[Literal["NAMED", "ANONYMOUS"], Meta(description="Only those with a name, or without")] | None
    ) = None
    sort_column: Annotated[
        Literal["ASSET_COUNT", "CREATED_AT", "PERSON_ID", "NAME"],
        Meta(description="What to sort by; those who are equal in it are sorted by id, and the anonymous by name last"),
    ] = "ASSET_COUNT"
    sort_type: Literal["ASC", "DESC"] = "DESC"


class PersonTagObject(Wire, frozen=True, kw_only=True):
    """A person tag of the workspace."""

    id: int
    name: str
    created_user_name: str
    created_time: str
    updated_user_name: str
    updated_time: str


class CreateTag(Wire, frozen=True, kw_only=True):
    """A tag to create."""

    name: Annotated[str, Meta(description="1-30 characters, none of ; | `; unique in the workspace")]


class CreatedTagObject(Wire, frozen=True, kw_only=True):
    """A new tag."""

    id: int
    name: str
    created_time: str
    created_user_name: str


class ChosenTags(Wire, frozen=True, kw_only=True):
    """Tags to add to a person or to remove."""

    tag_ids: Annotated[list[int], Meta(description="1-30 ids of person tags")]


class TagsOfPersonObject(Wire, frozen=True, kw_only=True):
    """All tags of a person."""

    person_id: int
    tag_list: list[TagOfPersonObject]


class AddThumbnails(Wire, frozen=True, kw_only=True):
    """Further pictures of a person."""

    thumbnails: Annotated[
        list[GivenThumbnailObject],
        Meta(description="1-100 pictures; at most one of them becomes the primary; at most 100 with those it has"),
    ]


class RemoveThumbnails(Wire, frozen=True, kw_only=True):
    """Pictures of a person to remove."""

    thumbnail_ids: Annotated[list[int], Meta(description="1-100 ids of thumbnails; unknown ones are ignored")]


class ThumbnailsOfPersonObject(Wire, frozen=True, kw_only=True):
    """All pictures of a person."""

    person_id: int
    thumbnail_list: list[ThumbnailObject]


TAG_OF_PERSON = TagOfPersonObject(id=7, name="reporters")
THUMBNAIL = ThumbnailObject(id=501, url="https://example.com/objects/…", is_primary_thumbnail=True)
PERSON = PersonObject(
    person_id=301,
    id=301,
    name="Jane Doe",
    description="Reporter in Busan",
    tags=[TAG_OF_PERSON],
    thumbnails=[THUMBNAIL],
    asset_count=3,
    scene_count=12,
    created_time="2025-04-23T17:14:11.482913",
    updated_time="2025-04-23T17:14:11.482913",
)
GIVEN_THUMBNAIL = GivenThumbnailObject(thumbnail_key="Zk3v9Qm1xT8bRw5cYh2d", is_primary_thumbnail=True)
CREATE_PERSON = CreatePerson(name="Jane Doe", description="Reporter in Busan", thumbnails=[GIVEN_THUMBNAIL])
EDIT_PERSON = EditPerson(name="Jane Doe", primary_thumbnail_id=501)
SEARCH_PERSONS = SearchPersons(page_num=1, page_size=10, name="jane", sort_column="NAME", sort_type="ASC")
PERSON_TAG = PersonTagObject(
    id=7,
    name="reporters",
    created_user_name="username",
    created_time="2025-04-23T17:14:11.482913",
    updated_user_name="username",
    updated_time="2025-04-23T17:14:11.482913",
)
CREATE_TAG = CreateTag(name="reporters")
CREATED_TAG = CreatedTagObject(
    id=7, name="reporters", created_time="2025-04-23T17:14:11.482913", created_user_name="username"
)
CHOSEN_TAGS = ChosenTags(tag_ids=[7])
TAGS_OF_PERSON = TagsOfPersonObject(person_id=301, tag_list=[TAG_OF_PERSON])
ADD_THUMBNAILS = AddThumbnails(thumbnails=[GIVEN_THUMBNAIL])
REMOVE_THUMBNAILS = RemoveThumbnails(thumbnail_ids=[502])
THUMBNAILS_OF_PERSON = ThumbnailsOfPersonObject(person_id=301, thumbnail_list=[THUMBNAIL])
