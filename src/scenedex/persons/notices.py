"""Notices of persons."""

from typing import Final

from scenedex.audit.notices import NoticeType

PERSON_MERGED: Final = NoticeType("person.merged", "Other persons have been merged into a person.")
PERSON_SPLIT: Final = NoticeType("person.split", "A merged person has been separated from a person again.")
PERSON_DELETED: Final = NoticeType("person.deleted", "A person has been deleted.")
PERSON_ERASED: Final = NoticeType("person.erased", "Every trace of a person has been erased.")

NOTICE_TYPES: Final = (PERSON_MERGED, PERSON_SPLIT, PERSON_DELETED, PERSON_ERASED)
"""Types of notices of persons."""
