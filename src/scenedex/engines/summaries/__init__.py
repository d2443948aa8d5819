"""Port of scene summaries."""

from __future__ import annotations

from scenedex.engines.summaries.port import (
    SPECS,
    SUMMARIES,
    VISION_LANGUAGE_MODEL,
    VISION_SPEC,
    Basis,
    EvidenceKeyword,
    EvidenceKind,
    EvidenceLine,
    EvidencePerson,
    EvidencePicture,
    EvidenceSound,
    EvidenceText,
    SceneEvidence,
    SceneSummary,
    Summariser,
    SummaryLocale,
    SummarySentence,
    SummaryUnavailable,
    Usage,
)

__all__ = [
    "SPECS",
    "SUMMARIES",
    "VISION_LANGUAGE_MODEL",
    "VISION_SPEC",
    "Basis",
    "EvidenceKeyword",
    "EvidenceKind",
    "EvidenceLine",
    "EvidencePerson",
    "EvidencePicture",
    "EvidenceSound",
    "EvidenceText",
    "SceneEvidence",
    "SceneSummary",
    "Summariser",
    "SummaryLocale",
    "SummarySentence",
    "SummaryUnavailable",
    "Usage",
]
