"""Stage: shots grouped into scenes, with a keyframe for each shot and scene. Pure and cheap, so it is not stored.

Needs: visual. Makes: `GroupedScene`s that tile the asset.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.engines import scenes
from scenedex.engines.engine import Engine
from scenedex.engines.scenes import Glimpse, SeenShot
from scenedex.timeline import Shot

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenedex.analysis.stages.visual import GlimpseResult, VisualResult
    from scenedex.engines.scenes import SceneLength

NAME: Final = "scenes"
NEEDS: Final = ("visual",)
PRODUCES: Final = ("scenes",)

WHOLE_PICTURE: Final = Engine("whole-picture", "1")
"""What makes the keyframe and the scene of a still picture: there is nothing to choose from and nothing to group."""


@dataclass(frozen=True, slots=True)
class PicturedShot:
    """A shot, or the part of one that belongs to a scene, and the file of its keyframe."""

    shot: Shot
    file: str


@dataclass(frozen=True, slots=True)
class GroupedScene:
    """Shots that tile a scene, and which of them (from 0) lends it its keyframe."""

    shots: tuple[PicturedShot, ...]
    keyframe_of: int


def engine_for(found: VisualResult) -> Engine:
    """What groups the shots of this asset."""
    return WHOLE_PICTURE if found.is_picture else scenes.LINKED_LOOKS


def group(found: VisualResult, length: SceneLength) -> tuple[GroupedScene, ...]:
    """The scenes of an asset; a picture is one scene from 0 to 0."""
    files = {glimpse.time.timecode(): glimpse.file for shot in found.shots for glimpse in shot.glimpses}
    if found.is_picture:
        (shot,) = found.shots
        (glimpse,) = shot.glimpses
        return (GroupedScene((PicturedShot(Shot(shot.span.range(), glimpse.time.timecode()), glimpse.file),), 0),)
    seen = [
        SeenShot(shot.span.range(), tuple(_glimpse(one) for one in shot.glimpses), shot.begins_gradually)
        for shot in found.shots
    ]
    return tuple(
        GroupedScene(
            tuple(PicturedShot(shot, files[shot.keyframe]) for shot in one.scene.shots),
            next(place for place, shot in enumerate(one.scene.shots) if shot.keyframe == one.scene.keyframe),
        )
        for one in scenes.group(seen, length)
    )


def _glimpse(found: GlimpseResult) -> Glimpse:
    looks = np.frombuffer(found.looks, np.float16).astype(np.float32).reshape(found.rows, -1)
    return Glimpse(found.time.timecode(), found.quality, looks)


def keyframes_of(grouped: Sequence[GroupedScene]) -> frozenset[str]:
    """The files that scenes and shots show."""
    return frozenset(shot.file for scene in grouped for shot in scene.shots)
