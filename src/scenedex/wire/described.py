"""Types of fields that occur in many shapes, with their descriptions and bounds for the OpenAPI document.

The bounds of answers are facts about them. Those of requests are documented here and checked by the routes, whose
errors have the words of the product.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from msgspec import Meta

_TIME: Final = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?$"
_SECONDS: Final = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$"
NAME_PATTERN: Final = r"^[^;|`\u0000-\u001f\u007f]*$"
"""Pattern of names, which have no `;`, `|`, backtick or control character."""


def text(description: str, *, longest: int, shortest: int = 1, pattern: str | None = None) -> Meta:
    """Describe a text of a request, whose length in characters is checked by the route."""
    keywords: dict[str, Any] = {"minLength": shortest, "maxLength": longest}
    return Meta(
        description=description, extra_json_schema=keywords if pattern is None else keywords | {"pattern": pattern}
    )


def number(description: str, *, minimum: int, maximum: int) -> Meta:
    """Describe an integer of a request, whose bounds are checked by the route."""
    return Meta(description=description, extra_json_schema={"minimum": minimum, "maximum": maximum})


def items(description: str, *, max_count: int, min_count: int = 0) -> Meta:
    """Describe a list of a request, whose length is checked by the route."""
    return Meta(description=description, extra_json_schema={"minItems": min_count, "maxItems": max_count})


Code = Annotated[str, Meta(pattern=r"^\d+$", description="API processing result code, 0 on success", examples=["0"])]
Message = Annotated[str, Meta(description="API processing result message", examples=["success"])]

WorkspaceName = Annotated[str, Meta(pattern="^[a-z0-9-]{3,63}$", description="Workspace name")]
ProjectId = Annotated[int, Meta(ge=1, description="Project ID")]
AssetId = Annotated[int, Meta(ge=1, description="Media asset ID")]
VideoId = Annotated[int, Meta(ge=1, description="Media asset ID, under its older name", examples=[1001])]
FileName = Annotated[str, Meta(min_length=1, description="Media file name")]
IndexId = Annotated[int, Meta(ge=1, description="Index ID")]
SceneId = Annotated[int, Meta(ge=1, description="Scene ID, from 1 in each index")]
PersonId = Annotated[int, Meta(ge=1, description="Person ID")]
TagId = Annotated[int, Meta(ge=1, description="Person tag ID")]
TagName = Annotated[str, Meta(min_length=1, max_length=30, description="Person tag name")]
EventId = Annotated[int, Meta(ge=1, description="Event ID")]

CreatedTime = Annotated[
    str, Meta(pattern=_TIME, description="Creation date and time, ISO 8601 in the server's time zone, without offset")
]
UpdatedTime = Annotated[
    str, Meta(pattern=_TIME, description="Last modification date and time, ISO 8601 in the server's time zone")
]
DoneTime = Annotated[
    str, Meta(pattern=_TIME, description="Date and time of the change, ISO 8601 in the server's time zone")
]
RegisteredTime = Annotated[
    str, Meta(pattern=_TIME, description="Media asset registration date and time, ISO 8601 in the server's time zone")
]
ModifiedTime = Annotated[
    str,
    Meta(pattern=_TIME, description="Media asset last modification date and time, ISO 8601 in the server's time zone"),
]
RegisteredSecond = Annotated[
    str, Meta(pattern=_SECONDS, description="Media asset registration date and time, ISO 8601, in whole seconds")
]
ModifiedSecond = Annotated[
    str, Meta(pattern=_SECONDS, description="Media asset last modification date and time, ISO 8601, in whole seconds")
]
CreatedUserName = Annotated[str, Meta(description="Name of the user who created it")]
UpdatedUserName = Annotated[str, Meta(description="Name of the user who last modified it")]
RegistrantName = Annotated[str, Meta(description="Name of the user who registered the media asset")]
EditorName = Annotated[str, Meta(description="Name of the user who last edited the media asset")]

StartTimeMs = Annotated[int, Meta(ge=0, description="Start in milliseconds from the start of the media")]
EndTimeMs = Annotated[int, Meta(ge=0, description="End in milliseconds from the start of the media, not included")]
Confidence = Annotated[float, Meta(ge=0, le=1, description="Certainty of the engine, 0 to 1")]
KeyframeUrl = Annotated[str, Meta(description="Presigned URL of the keyframe, a JPEG, for 15 minutes by default")]
AverageFrameRate = Annotated[
    str, Meta(description="Average frames per second of a video, as a fraction", examples=["30000/1001"])
]
StartTimecode = Annotated[
    str,
    Meta(
        pattern=r"^\d{2}:\d{2}:\d{2}[:;]\d{2,3}$",
        description="Timecode of the first frame, if the file has one. `;` before its frames: it drops numbers",
        examples=["10:00:00:00"],
    ),
]
Count = Annotated[int, Meta(ge=0)]

TotalCount = Annotated[int, Meta(ge=0, description="Total number of items")]
TotalPage = Annotated[int, Meta(ge=0, description="Total number of pages")]
PageNo = Annotated[int, Meta(ge=1, description="Page number")]
PageSize = Annotated[int, Meta(ge=1, le=1000, description="Number of items per page")]

UploadKey = Annotated[str, Meta(min_length=1, description="Key of the upload, for its completion and use")]
UploadUrl = Annotated[str, Meta(description="URL that takes the file once, with one HTTP PUT")]
ExpirationSeconds = Annotated[int, Meta(ge=1, description="Seconds for which the URL can be used")]
UploadKeyGiven = Annotated[str, Meta(description="Key of the upload, from the answer with its URL")]
