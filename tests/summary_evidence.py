"""Scenes for tests of summaries."""

from __future__ import annotations

from typing import Any

from scenedex.engines.summaries import (
    EvidenceKeyword,
    EvidenceLine,
    EvidencePerson,
    EvidenceSound,
    EvidenceText,
    SceneEvidence,
)


def scene(length: int = 12_000, *, shots: int = 2, number: int = 1, **findings: Any) -> SceneEvidence:
    """Return a scene from 0 with findings."""
    return SceneEvidence(number, 20, 0, length, shots, **findings)


def person(name: str | None, start: int = 0, end: int = 12_000, number: int = 1) -> EvidencePerson:
    """Return a person who is visible once."""
    return EvidencePerson(number, name, ((start, end),))


def line(text: str, speaker: str = "Speaker 1", start: int = 0, *, rough: bool = False) -> EvidenceLine:
    """Return a line of a second."""
    return EvidenceLine(1, speaker, text, "en", start, start + 1_000, is_rough=rough)


def lines(*texts: str, speaker: str = "Speaker 1") -> tuple[EvidenceLine, ...]:
    """Return lines of one speaker with a second of silence between them."""
    return tuple(line(text, speaker, 2_000 * place) for place, text in enumerate(texts))


def sign(text: str, confidence: float = 0.95, *, height: float | None = 0.1, start: int = 0) -> EvidenceText:
    """Return a text that is shown from its start to the end of the scene."""
    return EvidenceText(text, confidence, start, 12_000, height)


def sound(kind: Any, start: int = 0, end: int = 12_000) -> EvidenceSound:
    """Return a sound."""
    return EvidenceSound(kind, start, end)


def thing(keyword: str, confidence: float = 0.9, category: str = "OBJECT") -> EvidenceKeyword:
    """Return a keyword."""
    return EvidenceKeyword(keyword, category, confidence)
