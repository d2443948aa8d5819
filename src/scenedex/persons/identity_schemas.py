"""Wire shapes of merges, splits, rejections, histories and erasures of persons."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from scenedex.wire import described
from scenedex.wire.envelope import Wire


class MergePersons(Wire, frozen=True, kw_only=True):
    """Persons to merge into this one."""

    person_ids: Annotated[list[int], described.items("Other persons", min_count=1, max_count=10)]


class MergeObject(Wire, frozen=True, kw_only=True):
    """A merge."""

    person_id: described.PersonId
    transferred_asset_count: Annotated[int, Meta(ge=0, description="Assets in which the merged persons are seen")]
    transferred_thumbnail_count: Annotated[int, Meta(ge=0, description="Thumbnails of the merged persons")]
    merged_time: described.DoneTime


class PlaceObject(Wire, frozen=True, kw_only=True):
    """Appearances of a person in the index of an asset: at a time, in a scene, or all."""

    asset_id: Annotated[int, Meta(description="Media asset ID")]
    scene_id: Annotated[int, Meta(description="Only in this scene")] | None = None
    start_time_ms: (
        Annotated[
            int, Meta(description="Only the appearance that starts at this time, in milliseconds", examples=[1200])
        ]
        | None
    ) = None


class SplitPerson(Wire, frozen=True, kw_only=True):
    """A merge to undo, or appearances to move: exactly one of the two."""

    merged_person_id: (
        Annotated[
            int,
            Meta(description="Person that was merged into this one, directly or through other persons", examples=[302]),
        ]
        | None
    ) = None
    appearances: (
        Annotated[list[PlaceObject], described.items("Places at which the person is seen", min_count=1, max_count=1000)]
        | None
    ) = None
    person_id: (
        Annotated[
            int,
            Meta(
                description="Person who gets the appearances. A new person by default. Only with `appearances`",
                examples=[304],
            ),
        ]
        | None
    ) = None
    name: (
        Annotated[
            str,
            described.text(
                "Name of the new person, unique, without `;`, `|` and backticks. Only with `appearances` and without "
                "`personId`",
                longest=50,
                pattern=described.NAME_PATTERN,
            ),
        ]
        | None
    ) = None


class SplitObject(Wire, frozen=True, kw_only=True):
    """Result of a split."""

    person_id: described.PersonId
    split_person_id: Annotated[int, Meta(ge=1, description="Person that was split off, or that got the appearances")]
    name: (
        Annotated[str, Meta(description="Name of the person `splitPersonId`. `null` if the person is anonymous")] | None
    )
    moved_appearance_count: Annotated[int, Meta(ge=0, description="Appearances that were moved")]
    split_time: described.DoneTime


class RejectForPerson(Wire, frozen=True, kw_only=True):
    """Persons that are not this one, or appearances that do not show it: exactly one of the two."""

    person_ids: Annotated[list[int], described.items("Other persons", min_count=1, max_count=10)] | None = None
    appearances: Annotated[
        Annotated[
            list[PlaceObject], described.items("Places at which another person is seen", min_count=1, max_count=1000)
        ]
        | None,
        Meta(examples=[[{"assetId": 1001, "sceneId": 3}]]),
    ] = None


class RejectionObject(Wire, frozen=True, kw_only=True):
    """Result of a rejection."""

    person_id: described.PersonId
    rejected_person_ids: Annotated[
        list[int], Meta(description="Rejected persons. For appearances, they were created, one for each asset")
    ]
    moved_appearance_count: Annotated[int, Meta(ge=0, description="Appearances that were moved")]
    rejected_time: described.DoneTime


class PersonEventObject(Wire, frozen=True, kw_only=True):
    """A change of a person. Details that do not apply are left out."""

    event_id: described.EventId
    type: Annotated[
        Literal["REGISTERED", "NAMED", "MERGED", "SPLIT", "MOVED", "REJECTED", "DELETED"],
        Meta(description="Kind of change"),
    ]
    person_id: Annotated[int, Meta(description="ID of the person, or of a person that was merged into it")]
    other_person_id: Annotated[int, Meta(ge=1, description="ID of the other person", examples=[302])] | None = None
    name: (
        Annotated[str, Meta(description="Name of the person after the change, or name of the other person")] | None
    ) = None
    former_name: Annotated[str, Meta(description="Name before the change")] | None = None
    asset_id: Annotated[int, Meta(ge=1, description="Media asset of the change", examples=[1001])] | None = None
    asset_count: Annotated[int, Meta(ge=0, description="Number of assets concerned", examples=[3])] | None = None
    thumbnail_count: Annotated[int, Meta(ge=0, description="Number of thumbnails concerned", examples=[4])] | None = (
        None
    )
    appearance_count: Annotated[int, Meta(ge=0, description="Number of appearances concerned", examples=[2])] | None = (
        None
    )
    created_user_name: described.CreatedUserName
    created_time: described.DoneTime


class ErasedTraces(Wire, frozen=True, kw_only=True):
    """Traces of one kind."""

    kind: Annotated[
        Literal[
            "PERSON",
            "APPEARANCE",
            "FACE",
            "THUMBNAIL",
            "TAG",
            "EVENT",
            "REJECTION",
            "SUGGESTION",
            "SPEAKER",
            "FACE_OUTPUT",
            "UPLOAD",
            "SUMMARY",
        ],
        Meta(description="Kind of trace", examples=["FACE"]),
    ]
    count: Annotated[int, Meta(ge=0, description="Number of erased traces", examples=[5])]
    ids: Annotated[list[int], Meta(description="Ids of the traces, if calls show them", examples=[[301]])] | None = None


class ErasedPersonObject(Wire, frozen=True, kw_only=True):
    """An erased person."""

    person_id: Annotated[int, Meta(ge=1, description="Person ID", examples=[301])]
    removed: Annotated[
        list[ErasedTraces],
        Meta(description="Erased traces by kind", examples=[[{"kind": "PERSON", "count": 1, "ids": [301]}]]),
    ]


_TIME = "2025-04-23T17:14:11.482913"
PLACE = PlaceObject(asset_id=1001, scene_id=3)
MERGE_PERSONS = MergePersons(person_ids=[302, 303])
MERGE = MergeObject(person_id=301, transferred_asset_count=3, transferred_thumbnail_count=4, merged_time=_TIME)
SPLIT_PERSON = SplitPerson(appearances=[PLACE], name="Jane Doe")
SPLIT = SplitObject(person_id=301, split_person_id=304, name="Jane Doe", moved_appearance_count=2, split_time=_TIME)
REJECT_FOR_PERSON = RejectForPerson(person_ids=[302])
REJECTION = RejectionObject(person_id=301, rejected_person_ids=[302], moved_appearance_count=0, rejected_time=_TIME)
PERSON_EVENT = PersonEventObject(
    event_id=12,
    type="NAMED",
    person_id=301,
    name="Jane Doe",
    former_name="Jane",
    created_user_name="username",
    created_time=_TIME,
)
ERASED_PERSON = ErasedPersonObject(
    person_id=301, removed=[ErasedTraces(kind="PERSON", count=1, ids=[301]), ErasedTraces(kind="FACE", count=5)]
)
