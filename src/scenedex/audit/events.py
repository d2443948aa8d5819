"""The names of events.

Those of projects, assets and indexes are the vendor's, from the actions that its page "Media Intelligence resource
management" lists for Cloud Activity Tracer; they say "Video Asset" of images, too. The others are ours, in that style.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

IMPORT_SUCCEEDED: Final = "Handle Video Asset Import Success"
IMPORT_FAILED: Final = "Handle Video Asset Import Failure"
ANALYSIS_SUCCEEDED: Final = "Handle Index Analysis Success"
ANALYSIS_FAILED: Final = "Handle Index Analysis Failure"
KEY_CREATED: Final = "Create Access Key"
KEY_REVOKED: Final = "Revoke Access Key"
JOB_CANCELLED: Final = "Cancel Job"
JOB_RETRIED: Final = "Retry Job"
JOBS_PAUSED: Final = "Pause Jobs"
JOBS_RESUMED: Final = "Resume Jobs"
STORE_REPAIRED: Final = "Repair Store"
SEARCH_REINDEXED: Final = "Reindex Search"

_ANALYZE: Final = "Analyze Video Asset"
_CANCEL: Final = "Cancel Video Asset"
_DELETE_INDEX: Final = "Delete Index"
_IMPORT: Final = "Import Video Asset From Object Storage"
_UPLOAD: Final = "Import Video Asset From Upload"
_REMOVE_TAG: Final = "Remove Person Tag"
_REMOVE_THUMBNAIL: Final = "Remove Person Thumbnail"

EVENTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "createWorkspace": "Create Workspace",
        "deleteWorkspace": "Delete Workspace",
        "createProject": "Create Project",
        "renameProject": "Update Project Name",
        "deleteProject": "Delete Project",
        "registerAsset": _IMPORT,
        "registerVideoAsset": _IMPORT,
        "completeUpload": _UPLOAD,
        "completeVideoUpload": _UPLOAD,
        "moveAsset": "Update Video Asset Project",
        "moveVideoAsset": "Update Video Asset Project",
        "deleteAsset": "Delete Video Asset",
        "deleteVideoAsset": "Delete Video Asset",
        "requestAnalysis": _ANALYZE,
        "requestVideoAnalysis": _ANALYZE,
        "analyzeAsset": _ANALYZE,
        "analyzeVideoAsset": _ANALYZE,
        "cancelAnalysis": _CANCEL,
        "cancelVideoAnalysis": _CANCEL,
        "cancelAssetAnalysis": _CANCEL,
        "cancelVideoAnalyze": _CANCEL,
        "deleteIndex": _DELETE_INDEX,
        "deleteVideoIndex": _DELETE_INDEX,
        "deleteIndexById": _DELETE_INDEX,
        "deleteVideoIndexById": _DELETE_INDEX,
        "giveScenePerson": "Update Index Person",
        "correctScript": "Update Index Script",
        "changeSpeaker": "Update Index Speaker",
        "createPerson": "Create Person",
        "changePerson": "Update Person",
        "deletePerson": "Delete Person",
        "mergePersons": "Merge Person",
        "splitPerson": "Split Person",
        "rejectForPerson": "Reject Person",
        "createPersonTag": "Create Person Tag",
        "deletePersonTag": "Delete Person Tag",
        "addTagsToPerson": "Add Person Tag",
        "deleteTagsOfPerson": _REMOVE_TAG,
        "removeTagsFromPerson": _REMOVE_TAG,
        "addThumbnailsToPerson": "Add Person Thumbnail",
        "deleteThumbnailsOfPerson": _REMOVE_THUMBNAIL,
        "removeThumbnailsFromPerson": _REMOVE_THUMBNAIL,
    }
)
"""The event of each call that changes something, by the call's operation id."""

ALL_EVENTS: Final = frozenset(
    {
        *EVENTS.values(),
        IMPORT_SUCCEEDED,
        IMPORT_FAILED,
        ANALYSIS_SUCCEEDED,
        ANALYSIS_FAILED,
        KEY_CREATED,
        KEY_REVOKED,
        JOB_CANCELLED,
        JOB_RETRIED,
        JOBS_PAUSED,
        JOBS_RESUMED,
        STORE_REPAIRED,
        SEARCH_REINDEXED,
    }
)

CHANGES_NOTHING: Final = frozenset(
    {
        # A search is asked for, and what it finds.
        "requestSearch",
        "requestSceneSearch",
        "searchPersons",
        "recommendPersonsByThumbnail",
        # Places to upload to, and pictures that are only looked at, go by themselves when their time is over.
        "openUpload",
        "openVideoUpload",
        "openThumbnailUpload",
        "presignThumbnail",
        "completeThumbnailUpload",
        "completeThumbnail",
        "openQueryAssetUpload",
        "completeQueryAssetUpload",
    }
)
"""Calls that are no GET and yet change nothing that lasts."""


def event_of(operation_id: str) -> str | None:
    """The event of a call that is no GET, named after itself where it is not listed; None where it changes nothing."""
    if operation_id in CHANGES_NOTHING:
        return None
    return EVENTS.get(operation_id) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", operation_id).title()
