"""From what was asked to what the stages are told, and from what they found to an index. Pure."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from scenedex.analysis.stages.visual import VisualOptions, VisualResult
from scenedex.engines.scenes import SceneLength, SceneRange
from scenedex.index.records import Engine, IndexedScene, IndexedShot, NewIndex

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenedex.analysis.records import AnalysisClaim
    from scenedex.index.records import AnalysisSetting

ENTRY: Final = "scenedex.analysis.stages.entry:analyse"
IMAGE_FORMATS: Final = frozenset({"png", "jpg", "heic"})


def plan(setting: AnalysisSetting, *, threads: int) -> VisualOptions:
    """What the visual stage is told."""
    shortest, longest = setting.min_scene_duration_sec, setting.max_scene_duration_sec
    if shortest is None or longest is None:
        length = SceneLength.of(SceneRange(setting.scene_range or SceneRange.MEDIUM.value))
    else:
        length = SceneLength(Fraction(shortest), Fraction(longest))
    return VisualOptions(
        min_scene_seconds=int(length.min_seconds), max_scene_seconds=int(length.max_seconds), threads=threads
    )


def keyframe_files(found: VisualResult) -> list[str]:
    """The names of the files that the result speaks of, each once, in order of time."""
    return list(dict.fromkeys(shot.keyframe_file for scene in found.scenes for shot in scene.shots))


def to_index(claim: AnalysisClaim, setting: AnalysisSetting, found: VisualResult, keys: Mapping[str, str]) -> NewIndex:
    """The index to be published; shots are numbered through all scenes.

    Args:
        claim: whose analysis it is.
        setting: what was asked.
        found: what the visual stage returned.
        keys: the object of each keyframe file.
    """
    scenes: list[IndexedScene] = []
    shots = 0
    for number, scene in enumerate(found.scenes, 1):
        members: list[IndexedShot] = []
        for shot in scene.shots:
            shots += 1
            members.append(
                IndexedShot(shots, shot.start.timecode().ms, shot.end.timecode().ms, keys[shot.keyframe_file])
            )
        keyframe = members[scene.keyframe_of].keyframe_key
        scenes.append(IndexedScene(number, members[0].start_ms, members[-1].end_ms, keyframe, tuple(members)))
    return NewIndex(
        index_id=claim.index_id,
        asset_id=claim.asset_id,
        type="IMAGE" if claim.format in IMAGE_FORMATS else "VIDEO",
        setting=setting,
        engines=tuple(Engine(e.stage, e.name, e.version, e.weights) for e in found.engines),
        duration_ms=found.duration.timecode().ms,
        scenes=tuple(scenes),
        user_name=claim.user_name,
    )
