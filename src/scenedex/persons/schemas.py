"""Wire shapes of persons, their tags and thumbnails."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from scenedex.wire import described
from scenedex.wire.envelope import Wire


class TagOfPersonObject(Wire, frozen=True, kw_only=True):
    """A tag of a person."""

    id: described.TagId
    name: described.TagName


class ThumbnailObject(Wire, frozen=True, kw_only=True):
    """A picture of a person."""

    id: Annotated[int, Meta(ge=1, description="Thumbnail ID")]
    url: Annotated[str, Meta(description="URL of the picture, valid for 15 minutes")]
    is_primary_thumbnail: Annotated[bool, Meta(description="True for the picture that lists and indexes show")]


class PersonObject(Wire, frozen=True, kw_only=True):
    """A person together with those merged into it."""

    person_id: described.PersonId
    id: Annotated[int, Meta(ge=1, description="The same as personId, under its older name")]
    name: Annotated[str | None, Meta(description="Name, null for an anonymous person")]
    description: Annotated[str, Meta(max_length=700, description="Description of the person")] | None = None
    tags: Annotated[list[TagOfPersonObject], Meta(description="Tags of the person, oldest first")]
    thumbnails: Annotated[
        list[ThumbnailObject], Meta(description="Thumbnails: the primary one first, then the oldest ones")
    ]
    asset_count: Annotated[int, Meta(ge=0, description="Assets that show the person")]
    scene_count: Annotated[int, Meta(ge=0, description="Scenes that show the person")]
    created_time: described.CreatedTime
    updated_time: described.UpdatedTime


class GivenThumbnailObject(Wire, frozen=True, kw_only=True):
    """An uploaded picture to become a thumbnail."""

    thumbnail_key: described.UploadKeyGiven
    is_primary_thumbnail: (
        Annotated[
            bool,
            Meta(description="True for the primary thumbnail. Exactly one of a new person's thumbnails is primary"),
        ]
        | None
    ) = None


class CreatePerson(Wire, frozen=True, kw_only=True):
    """A person to create."""

    name: (
        Annotated[
            str,
            described.text(
                "Name, unique in the workspace, without `;`, `|` and backticks. If absent, the person is anonymous",
                longest=50,
                pattern=described.NAME_PATTERN,
            ),
        ]
        | None
    ) = None
    description: Annotated[str, described.text("Description of the person", longest=700)] | None = None
    thumbnails: Annotated[
        list[GivenThumbnailObject],
        described.items("Uploaded pictures, one of them the primary", min_count=1, max_count=100),
    ]


class EditPerson(Wire, frozen=True, kw_only=True):
    """Changes of a person. Absent fields are kept."""

    name: (
        Annotated[
            str,
            described.text(
                "Name, unique in the workspace, without `;`, `|` and backticks. An empty one makes the person "
                "anonymous",
                shortest=0,
                longest=50,
                pattern=described.NAME_PATTERN,
            ),
        ]
        | None
    ) = None
    description: Annotated[
        Annotated[str, described.text("Description. An empty one removes it", shortest=0, longest=700)] | None,
        Meta(examples=["Reporter in Busan"]),
    ] = None
    primary_thumbnail_id: Annotated[int, Meta(description="ID of one of the person's thumbnails")] | None = None


class SearchPersons(Wire, frozen=True, kw_only=True):
    """Conditions on persons."""

    page_num: Annotated[int, described.number("Page number", minimum=1, maximum=2**31)]
    page_size: Annotated[
        Annotated[int, described.number("Number of items per page", minimum=1, maximum=50)], Meta(examples=[10])
    ] = 10
    name: Annotated[str, described.text("Part of the name, in any case", shortest=2, longest=50)] | None = None
    person_ids: Annotated[
        Annotated[list[int], described.items("Only these persons", min_count=1, max_count=100)] | None,
        Meta(examples=[[301, 302]]),
    ] = None
    tag_ids: Annotated[
        Annotated[list[int], described.items("Only persons with one of these tags", min_count=1, max_count=30)] | None,
        Meta(examples=[[7]]),
    ] = None
    name_type: (
        Annotated[
            Literal["NAMED", "ANONYMOUS"], Meta(description="Only persons with a name, or without", examples=["NAMED"])
        ]
        | None
    ) = None
    sort_column: Annotated[
        Literal["ASSET_COUNT", "CREATED_AT", "PERSON_ID", "NAME"],
        Meta(description="Sort key. Persons with equal keys are sorted by id. By name, anonymous persons come last"),
    ] = "ASSET_COUNT"
    sort_type: Annotated[Literal["ASC", "DESC"], Meta(description="Ascending or descending order")] = "DESC"


class PersonTagObject(Wire, frozen=True, kw_only=True):
    """A person tag of the workspace."""

    id: described.TagId
    name: described.TagName
    created_user_name: described.CreatedUserName
    created_time: described.CreatedTime
    updated_user_name: described.UpdatedUserName
    updated_time: described.UpdatedTime


class CreateTag(Wire, frozen=True, kw_only=True):
    """A tag to create."""

    name: Annotated[
        str,
        described.text(
            "Tag name, unique in the workspace, without `;`, `|` and backticks",
            longest=30,
            pattern=described.NAME_PATTERN,
        ),
    ]


class CreatedTagObject(Wire, frozen=True, kw_only=True):
    """A new tag."""

    id: described.TagId
    name: described.TagName
    created_time: described.CreatedTime
    created_user_name: described.CreatedUserName


class ChosenTags(Wire, frozen=True, kw_only=True):
    """Tags to add to a person or to remove."""

    tag_ids: Annotated[list[int], described.items("Person tags", min_count=1, max_count=30)]


class TagsOfPersonObject(Wire, frozen=True, kw_only=True):
    """All tags of a person."""

    person_id: described.PersonId
    tag_list: Annotated[list[TagOfPersonObject], Meta(description="All tags of the person")]


class AddThumbnails(Wire, frozen=True, kw_only=True):
    """Further pictures of a person."""

    thumbnails: Annotated[
        list[GivenThumbnailObject],
        described.items(
            "Uploaded pictures, at most one of them the primary. A person has at most 100", min_count=1, max_count=100
        ),
    ]


class RemoveThumbnails(Wire, frozen=True, kw_only=True):
    """Pictures of a person to remove."""

    thumbnail_ids: Annotated[
        list[int], described.items("Thumbnails of the person. Unknown ones are ignored", min_count=1, max_count=100)
    ]


class ThumbnailsOfPersonObject(Wire, frozen=True, kw_only=True):
    """All pictures of a person."""

    person_id: described.PersonId
    thumbnail_list: Annotated[list[ThumbnailObject], Meta(description="All thumbnails, the primary first")]


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
