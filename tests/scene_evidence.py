"""Evidence of scenes for tests of summaries."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from PIL import Image

from scenedex.engines.summaries import (
    EvidenceKeyword,
    EvidenceLine,
    EvidencePerson,
    EvidencePicture,
    EvidenceSound,
    EvidenceText,
    SceneEvidence,
)

if TYPE_CHECKING:
    from collections.abc import Sequence


def jpeg(width: int = 854, height: int = 480, colour: int = 128) -> bytes:
    """A picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", (width, height), (colour, colour, colour)).save(out, "JPEG", quality=85)
    return out.getvalue()


def scene(
    *,
    lines: Sequence[str] = (),
    texts: Sequence[str] = (),
    names: Sequence[str | None] = (),
    keywords: Sequence[str] = (),
    sounds: Sequence[Any] = (),
    pictures: int = 1,
    language: str = "en",
    absent: Sequence[str] = (),
    is_rough: bool = False,
) -> SceneEvidence:
    """A scene of 20 s with these findings."""
    return SceneEvidence(
        scene_id=3,
        scene_count=9,
        start_ms=60_000,
        end_ms=80_000,
        shot_count=max(1, pictures),
        persons=tuple(EvidencePerson(at, name, ((60_000, 70_000),)) for at, name in enumerate(names, 7)),
        lines=tuple(
            EvidenceLine(at, "Speaker 1", text, language, 60_000 + at, 61_000 + at, is_rough=is_rough)
            for at, text in enumerate(lines, 11)
        ),
        texts=tuple(EvidenceText(text, 0.9, 60_000, 65_000) for text in texts),
        keywords=tuple(EvidenceKeyword(word, "thing", 0.9) for word in keywords),
        sounds=tuple(EvidenceSound(kind, 60_000, 62_000) for kind in sounds),
        pictures=tuple(EvidencePicture(60_000 + 2_500 * at, jpeg(colour=20 * at)) for at in range(pictures)),
        absent_names=frozenset(absent),
    )
