"""Events that happen without a call. The event of a call is a mark on its route, see `scenedex.audit.marks`.

Events of projects, assets and indexes have the vendor's names, from the actions that its page "Media Intelligence
resource management" lists for Cloud Activity Tracer. They say "Video Asset" of images, too. Other names follow their
style.
"""

from __future__ import annotations

from typing import Final

IMPORT_SUCCEEDED: Final = "Handle Video Asset Import Success"
IMPORT_FAILED: Final = "Handle Video Asset Import Failure"
ANALYSIS_ON_ARRIVAL: Final = "Handle Video Asset Analysis On Arrival"
ANALYSIS_SUCCEEDED: Final = "Handle Index Analysis Success"
ANALYSIS_FAILED: Final = "Handle Index Analysis Failure"
PROXY_SUCCEEDED: Final = "Handle Playback Proxy Success"
PROXY_FAILED: Final = "Handle Playback Proxy Failure"
SUMMARY_SUCCEEDED: Final = "Handle Scene Summary Success"
SUMMARY_FAILED: Final = "Handle Scene Summary Failure"
BULK_IMPORT_SUCCEEDED: Final = "Handle Bulk Import Success"
BULK_IMPORT_FAILED: Final = "Handle Bulk Import Failure"
WATCHED_OBJECT_REMOVED: Final = "Handle Watched Object Removal"
WEBHOOK_DISABLED: Final = "Disable Webhook"

WORKER_EVENTS: Final = frozenset(
    {
        IMPORT_SUCCEEDED,
        IMPORT_FAILED,
        ANALYSIS_ON_ARRIVAL,
        ANALYSIS_SUCCEEDED,
        ANALYSIS_FAILED,
        PROXY_SUCCEEDED,
        PROXY_FAILED,
        SUMMARY_SUCCEEDED,
        SUMMARY_FAILED,
        BULK_IMPORT_SUCCEEDED,
        BULK_IMPORT_FAILED,
        WATCHED_OBJECT_REMOVED,
        WEBHOOK_DISABLED,
    }
)
"""Events that workers record."""

KEY_CREATED: Final = "Create Access Key"
KEY_REVOKED: Final = "Revoke Access Key"
BUCKET_GRANTED: Final = "Grant Bucket"
BUCKET_REVOKED: Final = "Revoke Bucket"
JOB_CANCELLED: Final = "Cancel Job"
JOB_RETRIED: Final = "Retry Job"
JOBS_PAUSED: Final = "Pause Jobs"
JOBS_RESUMED: Final = "Resume Jobs"
STORE_REPAIRED: Final = "Repair Store"
SEARCH_REINDEXED: Final = "Reindex Search"

COMMAND_EVENTS: Final = frozenset(
    {
        KEY_CREATED,
        KEY_REVOKED,
        BUCKET_GRANTED,
        BUCKET_REVOKED,
        JOB_CANCELLED,
        JOB_RETRIED,
        JOBS_PAUSED,
        JOBS_RESUMED,
        STORE_REPAIRED,
        SEARCH_REINDEXED,
    }
)
"""Events that commands on the server record."""
