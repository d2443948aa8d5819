"""Stage: shots and their keyframes of a video or picture, in one decode pass, and stills for the stages after it.

Needs: the media. Makes: a `VisualResult`, the keyframe files that it names in the work folder, and there `PACK`, which
holds the pictures that other stages look at.
"""

from __future__ import annotations

from fractions import Fraction
from io import BytesIO
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from scenedex.analysis.stage import ChildStep, Source, Stage
from scenedex.analysis.stages.frames import show_frames
from scenedex.analysis.stages.moments import Moment, Span
from scenedex.analysis.stages.sampling import StillSampler
from scenedex.analysis.stages.shots import ShotGatherer
from scenedex.analysis.stages.stills import FramePress, KeyframeFiles
from scenedex.engines.engine import Engine
from scenedex.engines.keyframes import ClearestFrame
from scenedex.engines.shots import PlaneShotDetector
from scenedex.media.images import encode_jpeg, read_image, shrink
from scenedex.media.stills import StillPackWriter
from scenedex.timeline import Timecode, TimeRange

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from scenedex.analysis.stage import Inputs
    from scenedex.analysis.stages.frames import FrameSubscriber
    from scenedex.analysis.stages.stills import EncodePicture
    from scenedex.engines.scenes import Glimpse, SeenShot
    from scenedex.media.opened import OpenedMedia

PACK: Final = "stills.pack"

HELD_BYTES = 96 * 1024 * 1024
"""Bytes of whole frames held at a time; pressed ones come on top, some 100 kB each, at most one per frame of delay."""

MOST_HELD, FEWEST_HELD = 48, 2
PRESSED_QUALITY = 95
"""Of frames that are pressed, since they are pressed once more when they become keyframes."""

MAX_PRESSED_PIXELS = 1 << 26

WHOLE_PICTURE: Final = Engine("whole-picture", "1")
"""What makes the keyframe of a still picture: there is nothing to choose from."""


class VisualOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted: height in pixels and JPEG quality (1-100) of keyframes and of stills, stills per second.

    A still picture goes into the pack with up to ``picture_height`` rows, since it is the only one.

    ``threads`` are those of the decoder; 0 means as many as there are processors. Without ``has_stills`` no pack is
    written.
    """

    keyframe_height: int = 480
    keyframe_quality: int = 85
    has_stills: bool = True
    still_height: int = 720
    picture_height: int = 1080
    still_quality: int = 90
    stills_per_second: int = 2
    threads: int = 0


class GlimpseResult(msgspec.Struct, frozen=True, array_like=True):
    """A still of a shot, with the file that shows it.

    ``looks`` are ``rows`` colour layouts as 16-bit floats; see `scenedex.engines.scenes.Glimpse`.
    """

    time: Moment
    quality: float
    rows: int
    looks: bytes
    file: str

    @classmethod
    def of(cls, glimpse: Glimpse, file: str) -> GlimpseResult:
        """A still as it is written down."""
        looks = glimpse.looks.astype(np.float16)
        return cls(Moment.of(glimpse.time), round(float(glimpse.quality), 4), len(looks), looks.tobytes(), file)


class ShotResult(msgspec.Struct, frozen=True):
    """An uncut run of frames with the stills taken of it, at least one."""

    span: Span
    begins_gradually: bool
    glimpses: tuple[GlimpseResult, ...]


class EngineResult(msgspec.Struct, frozen=True):
    """What produced one part of the result; see `scenedex.engines.engine.Engine`."""

    stage: str
    name: str
    version: str
    weights: str | None


class VisualResult(msgspec.Struct, frozen=True):
    """Shots that tile the asset from 0 to ``duration``, and what they were found with."""

    is_picture: bool
    duration: Moment
    shots: tuple[ShotResult, ...]
    engines: tuple[EngineResult, ...]
    damaged_packets: int

    @property
    def files(self) -> tuple[str, ...]:
        """The keyframe files."""
        return tuple(glimpse.file for shot in self.shots for glimpse in shot.glimpses)


def run_visual(opened: OpenedMedia, params: bytes) -> VisualResult:
    """Looks at the media; called in the child process.

    Raises:
        MediaUnreadable: nothing can be decoded.
        DimensionsTooLarge: more pixels than allowed.
    """
    options = msgspec.json.decode(params, type=VisualOptions)
    if not options.has_stills:
        return look(opened, options, encode_jpeg)
    with (opened.work_dir / PACK).open("wb") as file:
        pack = StillPackWriter(file, quality=options.still_quality)
        found = look(opened, options, encode_jpeg, pack)
        pack.close()
    return found


def look(
    media: OpenedMedia,
    options: VisualOptions,
    encode: EncodePicture,
    pack: StillPackWriter | None = None,
) -> VisualResult:
    """Finds shots and keyframes; called in the child process. A picture is one shot from 0 to 0.

    Raises:
        MediaUnreadable: nothing can be decoded.
        DimensionsTooLarge: more pixels than allowed.
    """
    files = KeyframeFiles(media.work_dir, encode, max_height=options.keyframe_height, quality=options.keyframe_quality)
    if media.is_image:
        return _of_image(media.image(), files, options, pack)
    detector = PlaneShotDetector()
    with media.video(threads=options.threads) as video:
        chooser = ClearestFrame(
            delay=detector.delay,
            max_held=_max_held(video.width, video.height),
            press=FramePress(encode, _unpressed, max_height=options.keyframe_height, quality=PRESSED_QUALITY),
        )
        gatherer = ShotGatherer(detector, chooser, files)
        subscribers: list[FrameSubscriber] = [gatherer]
        if pack is not None:
            sampler = StillSampler(pack, max_height=options.still_height, per_second=options.stills_per_second)
            files.also(sampler.add_keyframe)
            subscribers.append(sampler)
        end = show_frames(video, subscribers)
        damaged = video.damaged_packets
    return VisualResult(
        is_picture=False,
        duration=Moment.of(end),
        shots=tuple(_shot(shot, files) for shot in gatherer.shots),
        engines=(_engine("shots", detector.engine), _engine("keyframes", chooser.engine)),
        damaged_packets=damaged,
    )


def _max_held(width: int, height: int) -> int:
    """Frames that the chooser may hold: fewer of large pictures, so that they fit into `HELD_BYTES`."""
    return max(FEWEST_HELD, min(MOST_HELD, HELD_BYTES // max(1, width * height * 3 // 2)))


def _unpressed(jpeg: bytes, max_height: int) -> NDArray[np.uint8]:
    return shrink(read_image(BytesIO(jpeg), "jpg", max_pixels=MAX_PRESSED_PIXELS), max_height)


def _of_image(
    rgb: NDArray[np.uint8], files: KeyframeFiles, options: VisualOptions, pack: StillPackWriter | None
) -> VisualResult:
    start = Timecode(Fraction(0))
    files.add(start, shrink(rgb, options.keyframe_height))
    if pack is not None:
        pack.add(start, shrink(rgb, options.picture_height), is_keyframe=True)
    moment = Moment.of(start)
    shot = ShotResult(Span.of(TimeRange(start, start)), False, (GlimpseResult(moment, 1.0, 0, b"", files.name(start)),))
    return VisualResult(
        is_picture=True,
        duration=moment,
        shots=(shot,),
        engines=(_engine("keyframes", WHOLE_PICTURE),),
        damaged_packets=0,
    )


def _shot(shot: SeenShot, files: KeyframeFiles) -> ShotResult:
    glimpses = tuple(GlimpseResult.of(one, files.name(one.time)) for one in _distinct(shot.glimpses))
    return ShotResult(Span.of(shot.range), shot.begins_gradually, glimpses)


def _distinct(glimpses: Sequence[Glimpse]) -> list[Glimpse]:
    """A still may have been chosen twice, for a stretch and for the shot."""
    return list({glimpse.time: glimpse for glimpse in glimpses}.values())


def _engine(stage: str, engine: Engine) -> EngineResult:
    return EngineResult(stage, engine.name, engine.version, engine.weights)


def _options(inputs: Inputs) -> VisualOptions:
    return VisualOptions(threads=inputs.scope.decode_threads)


VISUAL_STAGE: Final = Stage(
    name="visual",
    version="3",
    result=VisualResult,
    step=ChildStep(
        function=run_visual,
        reads=Source.MEDIA,
        files=lambda found: found.files,
        artefact=PACK,
        decoded_seconds=lambda found: float(found.duration.timecode().seconds),
    ),
    options=_options,
    share=20,
    produced_by=lambda found: [(one.stage, Engine(one.name, one.version, one.weights)) for one in found.engines],
)
