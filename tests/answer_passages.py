"""Passages as engines of answers get them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scenedex.engines.answers import EvidencePassage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.engines.answers import PassageKind


def passages(
    *said: str, kind: PassageKind = "heard", file_name: str = "film.mp4", **changes: str
) -> list[EvidencePassage]:
    """Return consecutive passages of one film, five seconds each."""
    found = [
        EvidencePassage(
            number=number,
            kind=kind,
            text=text,
            asset_id=1,
            file_name=file_name,
            start_ms=5000 * (number - 1),
            end_ms=5000 * number,
            speaker="Speaker 1" if kind == "heard" else "",
            before=said[number - 2] if number > 1 else "",
            after=said[number] if number < len(said) else "",
        )
        for number, text in enumerate(said, 1)
    ]
    return [replace(one, **changes) for one in found]


def numbered(*parts: Sequence[EvidencePassage]) -> list[EvidencePassage]:
    """Return passages together, numbered from 1."""
    return [replace(one, number=number) for number, one in enumerate((one for part in parts for one in part), 1)]
