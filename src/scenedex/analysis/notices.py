"""Notices of analyses and their indexes."""

from typing import Final

from scenedex.audit.notices import NoticeType

INDEX_COMPLETED: Final = NoticeType("index.completed", "An analysis has completed. Its index is served.")
INDEX_FAILED: Final = NoticeType("index.failed", "An analysis has failed. The former index is served.")
INDEX_CANCELED: Final = NoticeType("index.canceled", "An analysis has been cancelled. The former index is served.")
INDEX_DELETED: Final = NoticeType("index.deleted", "The index of an asset has been deleted.")

NOTICE_TYPES: Final = (INDEX_COMPLETED, INDEX_FAILED, INDEX_CANCELED, INDEX_DELETED)
"""Types of notices of analyses and their indexes."""
