"""Port of answers to questions."""

from __future__ import annotations

from scenedex.engines.answers.port import (
    ANSWERS,
    LANGUAGE_MODEL,
    MODEL_SPEC,
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
    "LANGUAGE_MODEL",
    "MODEL_SPEC",
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
