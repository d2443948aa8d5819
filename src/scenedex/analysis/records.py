"""Records of analyses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # msgspec reads the annotations
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.media_formats import IMAGE_FORMATS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class AnalysisStatus(StrEnum):
    """``status`` on the wire. BEFORE_ANALYZE: no analysis was requested. The last three are final."""

    BEFORE_ANALYZE = "BEFORE_ANALYZE"
    WAIT_ANALYZE = "WAIT_ANALYZE"
    ANALYZING = "ANALYZING"
    ANALYZE_COMPLETED = "ANALYZE_COMPLETED"
    ANALYZE_FAIL = "ANALYZE_FAIL"
    ANALYZE_CANCEL = "ANALYZE_CANCEL"

    @property
    def is_running(self) -> bool:
        """True if an analysis waits or runs."""
        return self in (AnalysisStatus.WAIT_ANALYZE, AnalysisStatus.ANALYZING)

    @property
    def message(self) -> str:
        """Message of the status if the analysis has none of its own."""
        return _MESSAGES[self]


_MESSAGES: Final = {
    AnalysisStatus.BEFORE_ANALYZE: "No analysis has been requested",
    AnalysisStatus.WAIT_ANALYZE: "Waiting for analysis",
    AnalysisStatus.ANALYZING: "Analysis in progress",
    AnalysisStatus.ANALYZE_COMPLETED: "Analysis completed",
    AnalysisStatus.ANALYZE_FAIL: "Analysis failed",
    AnalysisStatus.ANALYZE_CANCEL: "Analysis canceled",
}


class Analysis(msgspec.Struct, frozen=True):
    """Latest analysis of an asset."""

    index_id: int
    asset_id: int
    status: str
    message: str | None
    stage: str | None
    percent: int
    options: dict[str, object]
    job_id: int | None
    created_user_name: str
    created_time: datetime
    updated_user_name: str
    updated_time: datetime


class AnalysisClaim(msgspec.Struct, frozen=True):
    """One attempt at an analysis. Its writes count until a later attempt claims the row."""

    index_id: int
    asset_id: int
    attempt: int
    tries: int
    options: dict[str, object]
    user_name: str
    workspace_id: int
    managed_key: str
    size_bytes: int
    format: str
    content_hash: str | None
    duration_ms: int = 0

    @property
    def is_picture(self) -> bool:
        """True for a still picture. The film of a motion photo has a length."""
        return self.format in IMAGE_FORMATS and self.duration_ms == 0


class StoredOutput(msgspec.Struct, frozen=True):
    """Output of a stage: the encoded result, and the folder of managed storage with the files that it names."""

    output_id: int
    folder: str
    result: bytes


@dataclass(frozen=True, slots=True)
class NewOutput:
    """Output of a stage before it is stored.

    Attributes:
        stage: name of the stage.
        result: the encoded result.
        files: files of the work folder that belong to it, by the names that the result uses.
        is_transient: whether it serves only further stages and is removed when the analysis ends.
    """

    stage: str
    result: bytes
    files: Mapping[str, Path]
    is_transient: bool = False
