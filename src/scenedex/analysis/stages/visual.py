"""Stage: shots, scenes and keyframes of a video or picture, in one decode pass.

Needs: the media. Makes: a `VisualResult`, and the keyframe files that it names in the work folder.
"""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Final

import msgspec

from scenedex.analysis.stages.frames import show_frames
from scenedex.analysis.stages.shots import ShotGatherer
from scenedex.analysis.stages.stills import FramePress, KeyframeFiles
from scenedex.engines import scenes
from scenedex.engines.engine import Engine
from scenedex.engines.keyframes import ClearestFrame
from scenedex.engines.scenes import SceneLength
from scenedex.engines.shots import PlaneShotDetector
from scenedex.media.images import read_image, shrink
from scenedex.timeline import Scene, Shot, Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.analysis.stages.frames import FrameSubscriber
    from scenedex.analysis.stages.stills import EncodePicture
    from scenedex.engines.scenes import SceneGroup
    from scenedex.media.opened import OpenedMedia

NAME: Final = "visual"
NEEDS: Final[tuple[str, ...]] = ()
PRODUCES: Final = ("shots", "scenes", "keyframes")
VERSION: Final = "2"

HELD_BYTES = 96 * 1024 * 1024
"""Bytes of whole frames held at a time; pressed ones come on top, some 100 kB each, at most one per frame of delay."""

MOST_HELD, FEWEST_HELD = 32, 2
PRESSED_QUALITY = 95
"""Of frames that are pressed, since they are pressed once more when they become keyframes."""

MAX_PRESSED_PIXELS = 1 << 26

WHOLE_PICTURE: Final = Engine("whole-picture", "1")
"""What makes the keyframe and the scene of a still picture: there is nothing to choose from and nothing to group."""


class VisualOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted: bounds of scenes in whole seconds, height in pixels and JPEG quality (1-100) of keyframes.

    ``threads`` are those of the decoder; 0 means as many as there are processors.
    """

    min_scene_seconds: int
    max_scene_seconds: int
    keyframe_height: int = 480
    keyframe_quality: int = 85
    threads: int = 0


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


def look(
    media: OpenedMedia,
    options: VisualOptions,
    encode: EncodePicture,
    others: Sequence[FrameSubscriber] = (),
) -> VisualResult:
    """Finds shots, scenes and keyframes; called in the child process. Other subscribers see the same frames.

    A picture is one scene from 0 to 0 with one shot.

    Raises:
        MediaUnreadable: nothing can be decoded.
        DimensionsTooLarge: more pixels than allowed.
    """
    files = KeyframeFiles(media.work_dir, encode, max_height=options.keyframe_height, quality=options.keyframe_quality)
    if media.is_image:
        return _of_image(media.image(), files, options)
    detector = PlaneShotDetector()
    with media.video(threads=options.threads) as video:
        chooser = ClearestFrame(
            delay=detector.delay,
            most_held=_most_held(video.width, video.height),
            press=FramePress(encode, _unpressed, max_height=options.keyframe_height, quality=PRESSED_QUALITY),
        )
        gatherer = ShotGatherer(detector, chooser, files)
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


def _most_held(width: int, height: int) -> int:
    """Frames that the chooser may hold: fewer of large pictures, so that they fit into `HELD_BYTES`."""
    return max(FEWEST_HELD, min(MOST_HELD, HELD_BYTES // max(1, width * height * 3 // 2)))


def _unpressed(jpeg: bytes, max_height: int) -> NDArray[np.uint8]:
    return shrink(read_image(BytesIO(jpeg), "jpg", max_pixels=MAX_PRESSED_PIXELS), max_height)


def _of_image(rgb: NDArray[np.uint8], files: KeyframeFiles, options: VisualOptions) -> VisualResult:
    start = Timecode(Fraction(0))
    files.add(start, shrink(rgb, options.keyframe_height))
    moment = Moment.of(start)
    shot = ShotResult(moment, moment, moment, files.name(start))
    engines = (_engine("keyframes", WHOLE_PICTURE), _engine("scenes", WHOLE_PICTURE))
    return VisualResult(moment, (SceneResult((shot,), 0),), engines, 0)


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
