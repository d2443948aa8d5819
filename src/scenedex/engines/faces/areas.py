"""Parts of a picture in which known faces are looked for again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.timeline import BoundingBox

MARGIN: Final = 0.6
"""Space around a face, as a share of its longer side. A face moves by less between two stills."""


@dataclass(frozen=True, slots=True)
class Area:
    """Upright rectangle in pixels, ``right`` and ``bottom`` exclusive, and the longer side of its smallest face."""

    left: int
    top: int
    right: int
    bottom: int
    face: float


def areas_around(boxes: Sequence[BoundingBox], height: int, width: int) -> list[Area]:
    """Return areas with space around the faces of a picture, apart from one another."""
    apart: list[Area] = []
    for box in boxes:
        face = max(box.width * width, box.height * height, 1.0)
        margin = MARGIN * face
        area = Area(
            max(0, round(box.left * width - margin)),
            max(0, round(box.top * height - margin)),
            min(width, round((box.left + box.width) * width + margin)),
            min(height, round((box.top + box.height) * height + margin)),
            face,
        )
        while touching := [other for other in apart if _is_touching(area, other)]:
            apart = [other for other in apart if other not in touching]
            every = [area, *touching]
            area = Area(
                min(one.left for one in every),
                min(one.top for one in every),
                max(one.right for one in every),
                max(one.bottom for one in every),
                min(one.face for one in every),
            )
        apart.append(area)
    return apart


def _is_touching(one: Area, other: Area) -> bool:
    across = min(one.right, other.right) - max(one.left, other.left)
    return across > 0 and min(one.bottom, other.bottom) > max(one.top, other.top)
