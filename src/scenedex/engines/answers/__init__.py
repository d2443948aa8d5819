"""Port of answers to questions."""

from __future__ import annotations

from scenedex.engines.answers.port import (
    ANSWERS,
    QUOTED,
    QUOTED_SPEC,
    SPECS,
    Answer,
    Answerer,
    AnswerSentence,
    AnswerUnavailable,
    EvidencePassage,
    PassageKind,
)

__all__ = [
    "ANSWERS",
    "QUOTED",
    "QUOTED_SPEC",
    "SPECS",
    "Answer",
    "AnswerSentence",
    "AnswerUnavailable",
    "Answerer",
    "EvidencePassage",
    "PassageKind",
]
