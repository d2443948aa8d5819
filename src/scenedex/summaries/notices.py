"""Notices of scene summaries."""

from typing import Final

from scenedex.audit.notices import NoticeType

SUMMARY_COMPLETED: Final = NoticeType("summary.completed", "A scene summary has completed.")
SUMMARY_FAILED: Final = NoticeType("summary.failed", "A scene summary has failed.")
SUMMARY_CANCELED: Final = NoticeType("summary.canceled", "A scene summary has been cancelled.")

NOTICE_TYPES: Final = (SUMMARY_COMPLETED, SUMMARY_FAILED, SUMMARY_CANCELED)
"""Types of notices of scene summaries."""
