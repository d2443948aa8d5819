"""Wire shapes of merges, splits, rejections, histories and erasures of persons."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from scenedex.wire.envelope import Wire

_PERSON_IDS = "1-10 ids of other persons"


class MergePersons(Wire, frozen=True, kw_only=True):
    """Persons to merge into this one."""

    person_ids: Annotated[list[int], Meta(description=_PERSON_IDS)]


class MergeObject(Wire, frozen=True, kw_only=True):
    """A merge."""

    person_id: int
    transferred_asset_count: Annotated[int, Meta(description="Assets in which the merged persons are seen")]
    transferred_thumbnail_count: int
    merged_time: str


class PlaceObject(Wire, frozen=True, kw_only=True):
    """Appearances of a person in the index of an asset: at a time, in a scene, or all."""

    asset_id: int
    scene_id: Annotated[int, Meta(description="Only in this scene")] | None = None
    start_time_ms: Annotated[int, Meta(description="Only the appearance that starts at this time")] | None = None


class SplitPerson(Wire, frozen=True, kw_only=True):
    """A merge to undo, or appearances to move: exactly one of the two."""

    merged_person_id: Annotated[int, Meta(description="Who was merged into this person, at whatever remove")] | None = (
        None
    )
    appearances: Annotated[list[PlaceObject], Meta(description="1-1000 places at which the person is seen")] | None = (
        None
    )
    person_id: (
        Annotated[int, Meta(description="With appearances: who is seen there; else a person is created")] | None
    ) = None
    name: (
        Annotated[
            str,
            Meta(
                description="With appearances, without personId: name of the person that is created,"
                " 1-50 characters, none of ; | `; unique in the workspace"
            ),
        ]
        | None
    ) = None


class SplitObject(Wire, frozen=True, kw_only=True):
    """Result of a split."""

    person_id: int
    split_person_id: Annotated[int, Meta(description="The person that was split off, or that got the appearances")]
    name: Annotated[str, Meta(description="Name of that one; null: anonymous")] | None
    moved_appearance_count: int
    split_time: str


class RejectForPerson(Wire, frozen=True, kw_only=True):
    """Persons that are not this one, or appearances that do not show it: exactly one of the two."""

    person_ids: Annotated[list[int], Meta(description=_PERSON_IDS)] | None = None
    appearances: (
        Annotated[list[PlaceObject], Meta(description="1-1000 places at which it is not the person")] | None
    ) = None


class RejectionObject(Wire, frozen=True, kw_only=True):
    """Result of a rejection."""

    person_id: int
    rejected_person_ids: Annotated[
        list[int], Meta(description="With appearances: the persons that were created for them, one for each asset")
    ]
    moved_appearance_count: int
    rejected_time: str


class PersonEventObject(Wire, frozen=True, kw_only=True):
    """A change of a person. Details that do not apply are left out."""

    event_id: int
    type: Literal["REGISTERED", "NAMED", "MERGED", "SPLIT", "MOVED", "REJECTED", "DELETED"]
    person_id: Annotated[int, Meta(description="The person, or one that was merged into it")]
    other_person_id: int | None = None
    name: Annotated[str, Meta(description="Of the person since then, or of the other person")] | None = None
    former_name: str | None = None
    asset_id: int | None = None
    asset_count: int | None = None
    thumbnail_count: int | None = None
    appearance_count: int | None = None
    created_user_name: str
    created_time: str


class ErasedTraces(Wire, frozen=True, kw_only=True):
    """Traces of one kind."""

    kind: Literal[
        "PERSON", "APPEARANCE", "FACE", "THUMBNAIL", "TAG", "EVENT", "REJECTION", "SPEAKER", "FACE_OUTPUT", "UPLOAD"
    ]
    count: int
    ids: Annotated[list[int], Meta(description="Where they have ids that calls show")] | None = None


class ErasedPersonObject(Wire, frozen=True, kw_only=True):
    """An erased person."""

    person_id: int
    removed: list[ErasedTraces]


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
