"""Ports and engines of this package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from scenedex.engines import (
    answers,
    embeddings,
    faces,
    keyframes,
    keywords,
    scenes,
    shots,
    sounds,
    speakers,
    speech,
    summaries,
    text,
    voice,
)

if TYPE_CHECKING:
    from scenedex.engines.port import Port
    from scenedex.engines.spec import EngineSpec

PORTS: Final[tuple[Port[Any], ...]] = (
    faces.FACES,
    text.TEXT,
    text.KOREAN,
    voice.VOICE,
    speech.SPEECH,
    speakers.SPEAKERS,
    sounds.MUSIC,
    sounds.SOUNDS,
    embeddings.PICTURES,
    keywords.LABELS,
    keywords.OBJECTS,
    embeddings.MEANING,
    summaries.SUMMARIES,
    answers.ANSWERS,
    shots.SHOTS,
    keyframes.KEYFRAMES,
    scenes.SCENES,
    keywords.KEYWORDS,
    embeddings.PICTURE_TEXTS,
)
"""The ports with a choice of engines in the order of an index, then the fixed ones."""

SPECS: Final[tuple[EngineSpec, ...]] = (
    *faces.SPECS,
    *text.SPECS,
    *voice.SPECS,
    *speech.SPECS,
    *speakers.SPECS,
    *sounds.SPECS,
    *embeddings.SPECS,
    *keywords.SPECS,
    *summaries.SPECS,
    *answers.SPECS,
    *shots.SPECS,
    *keyframes.SPECS,
    *scenes.SPECS,
)
"""The engines, the preferred one of each port first."""
