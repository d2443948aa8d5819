"""Port of scene summaries."""

from __future__ import annotations

from scenedex.engines.summaries.port import (
    SUMMARIES,
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
    Usage,
)

__all__ = [
    "SUMMARIES",
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
    "Usage",
]
