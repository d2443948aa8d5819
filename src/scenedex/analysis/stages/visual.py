"""Stage: shots, scenes and keyframes of a video or picture, in one decode pass.

Needs: the media. Makes: a `VisualResult`, and the keyframe files that it names in the work folder.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, Protocol

import msgspec
import numpy as np

from scenedex.analysis.stages.frames import FrameSource, FrameSubscriber, show_frames
from scenedex.analysis.stages.shots import ShotGatherer
from scenedex.analysis.stages.stills import EncodePicture, KeyframeFiles
from scenedex.engines import scenes
from scenedex.engines.keyframes import ClearestFrame
from scenedex.engines.scenes import SceneLength
from scenedex.engines.shots import PlaneShotDetector
from scenedex.timeline import Scene, Shot, Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    from numpy.typing import NDArray

    from scenedex.engines.engine import Engine
    from scenedex.engines.scenes import SceneGroup

NAME: Final = "visual"
NEEDS: Final[tuple[str, ...]] = ()
PRODUCES: Final = ("shots", "scenes", "keyframes")
VERSION: Final = "1"


class VisualOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted: bounds of scenes in whole seconds, size and JPEG quality (1-100) of keyframes."""

    min_scene_seconds: int
    max_scene_seconds: int
    keyframe_height: int = 480
    keyframe_quality: int = 85
    threads: int = 0
    held_frames: int = 24


class Moment(msgspec.Struct, frozen=True, array_like=True):
    """An exact number of seconds as a fraction."""

    numerator: int
    denominator: int

    @classmethod
    def of(cls, time: Timecode) -> Moment:
        """The moment of a timecode."""
        return cls(time.seconds.numerator, time.seconds.denominator)

    def timecode(self) -> Timecode:
        """The timecode of a moment."""
        return Timecode(Fraction(self.numerator, self.denominator))


class ShotResult(msgspec.Struct, frozen=True):
    """A shot, or the part of one that belongs to a scene, with the moment and the file of its keyframe."""

    start: Moment
    end: Moment
    keyframe_time: Moment
    keyframe_file: str


class SceneResult(msgspec.Struct, frozen=True):
    """Shots that tile a scene, and which of them (from 0) lends it its keyframe."""

    shots: tuple[ShotResult, ...]
    keyframe_of: int


class EngineResult(msgspec.Struct, frozen=True):
    """What produced one part of the result; see `scenedex.engines.engine.Engine`."""

    stage: str
    name: str
    version: str
    weights: str | None


class VisualResult(msgspec.Struct, frozen=True):
    """Scenes that tile the asset from 0 to ``duration``, and what they were made with."""

    duration: Moment
    scenes: tuple[SceneResult, ...]
    engines: tuple[EngineResult, ...]
    damaged_packets: int

    def timeline(self) -> tuple[Scene, ...]:
        """The scenes in the words of `scenedex.timeline`."""
        return tuple(_timeline_scene(scene) for scene in self.scenes)


class VideoPass(FrameSource, Protocol):
    """The decode pass of a video."""

    @property
    def damaged_packets(self) -> int:
        """Packets that could not be decoded and were skipped so far."""
        ...


class VisualMedia(Protocol):
    """The opened media that the stage looks at."""

    @property
    def is_image(self) -> bool:
        """Whether it is a picture rather than a video."""
        ...

    @property
    def work_dir(self) -> Path:
        """Where files may be written."""
        ...

    def video(self, *, threads: int) -> AbstractContextManager[VideoPass]:
        """Opens the decode pass; 0 threads: as many as there are processors."""
        ...

    def image(self) -> NDArray[np.uint8]:
        """The upright picture."""
        ...


def look(
    media: VisualMedia,
    options: VisualOptions,
    encode: EncodePicture,
    others: Sequence[FrameSubscriber] = (),
) -> VisualResult:
    """Finds shots, scenes and keyframes; other subscribers see the same frames.

    A picture is one scene from 0 to 0 with one shot.
    """
    files = KeyframeFiles(media.work_dir, encode, max_height=options.keyframe_height, quality=options.keyframe_quality)
    if media.is_image:
        return _of_image(media.image(), files, options)
    detector, chooser = PlaneShotDetector(), ClearestFrame(most_held=options.held_frames)
    gatherer = ShotGatherer(detector, chooser, files)
    with media.video(threads=options.threads) as video:
        end = show_frames(video, [gatherer, *others])
        damaged = video.damaged_packets
    length = SceneLength(Fraction(options.min_scene_seconds), Fraction(options.max_scene_seconds))
    groups = scenes.group(gatherer.shots, length)
    return VisualResult(
        Moment.of(end),
        _named(groups, files),
        (
            _engine("shots", detector.engine),
            _engine("keyframes", chooser.engine),
            _engine("scenes", scenes.ENGINE),
        ),
        damaged,
    )


def _of_image(rgb: NDArray[np.uint8], files: KeyframeFiles, options: VisualOptions) -> VisualResult:
    start = Timecode(Fraction(0))
    files.add(start, reduced(rgb, options.keyframe_height))
    moment = Moment.of(start)
    shot = ShotResult(moment, moment, moment, files.name(start))
    return VisualResult(moment, (SceneResult((shot,), 0),), (), 0)


def reduced(rgb: NDArray[np.uint8], max_height: int) -> NDArray[np.uint8]:
    """A picture of at most this height, by averaging whole blocks of pixels and then leaving out what is too much."""
    factor = max(1, rgb.shape[0] // max_height)
    height, width = rgb.shape[0] // factor, max(1, rgb.shape[1] // factor)
    blocks = rgb[: height * factor, : width * factor].reshape(height, factor, width, factor, 3)
    return blocks.mean(axis=(1, 3)).astype(np.uint8)


def _named(groups: Sequence[SceneGroup], files: KeyframeFiles) -> tuple[SceneResult, ...]:
    used = {shot.keyframe for group in groups for shot in group.scene.shots}
    files.keep_only(used)
    return tuple(
        SceneResult(
            tuple(
                ShotResult(
                    Moment.of(shot.range.start),
                    Moment.of(shot.range.end),
                    Moment.of(shot.keyframe),
                    files.name(shot.keyframe),
                )
                for shot in group.scene.shots
            ),
            next(place for place, shot in enumerate(group.scene.shots) if shot.keyframe == group.scene.keyframe),
        )
        for group in groups
    )


def _timeline_scene(scene: SceneResult) -> Scene:
    shots = tuple(
        Shot(TimeRange(shot.start.timecode(), shot.end.timecode()), shot.keyframe_time.timecode())
        for shot in scene.shots
    )
    return Scene(shots, shots[scene.keyframe_of].keyframe)


def _engine(stage: str, engine: Engine) -> EngineResult:
    return EngineResult(stage, engine.name, engine.version, engine.weights)
