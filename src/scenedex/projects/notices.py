"""Notices of projects."""

from typing import Final

from scenedex.audit.notices import NoticeType

PROJECT_DELETED: Final = NoticeType("project.deleted", "A project has been deleted with its assets.")

NOTICE_TYPES: Final = (PROJECT_DELETED,)
"""Types of notices of projects."""
