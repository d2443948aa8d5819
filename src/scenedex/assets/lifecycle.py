"""States of an import and their texts on the wire. Pure."""

from __future__ import annotations

from enum import StrEnum


class ImportStatus(StrEnum):
    """``uploadStatus`` on the wire. An import starts in the first state and ends in exactly one of the others."""

    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    FILE_NOT_EXIST = "FILE_NOT_EXIST"
    INVALID_METADATA = "INVALID_METADATA"

    @property
    def is_final(self) -> bool:
        """Return whether the import has ended."""
        return self is not ImportStatus.IN_PROGRESS

    @property
    def result(self) -> str:
        """Return ``uploadResult`` without further details. Source: Get media asset registration status."""
        match self:
            case ImportStatus.IN_PROGRESS:
                return "Upload in progress"
            case ImportStatus.COMPLETED:
                return "Upload completed"
            case ImportStatus.FAILED:
                return "Upload failed"
            case ImportStatus.FILE_NOT_EXIST:
                return "No file"
            case ImportStatus.INVALID_METADATA:
                return "Invalid file"
