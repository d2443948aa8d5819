"""Stage: shots and keyframes of a video or picture, and a pack of stills for further stages, in one decode pass."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from scenedex.analysis.stage import ChildStep, DiskUse, Source, Stage
from scenedex.analysis.stages.frames import feed_frames
from scenedex.analysis.stages.moments import Moment, Span
from scenedex.analysis.stages.sampling import StillSampler
from scenedex.analysis.stages.shots import ShotCollector
from scenedex.analysis.stages.stills import MAX_COMPRESSED_PIXELS, CompressedFrame, KeyframeFiles
from scenedex.engines.engine import Engine
from scenedex.engines.keyframes import KEYFRAMES
from scenedex.engines.keyframes.clearest import ClearestFrame
from scenedex.engines.shots import SHOTS
from scenedex.engines.shots.planes import PlaneShotDetector
from scenedex.media.images import encode_jpeg, read_image, shrink
from scenedex.media.stills import StillPackWriter
from scenedex.timeline import Timecode, TimeRange

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from scenedex.analysis.stages.frames import FrameSubscriber
    from scenedex.engines.scenes.looks import SeenShot, ShotStill
    from scenedex.media.opened import OpenedMedia

PACK: Final = "stills.pack"
POSTER: Final = "poster.jpg"

HELD_BYTES = 96 * 1024 * 1024
"""Maximum size of whole frames in memory. Compressed ones add about 100 kB each, at most one per frame of delay."""

MAX_HELD_FRAMES, MIN_HELD_FRAMES = 48, 2

WHOLE_PICTURE: Final = Engine("whole-picture", "1")
"""Engine of the keyframe of a still picture: the picture itself."""


class VisualOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Options of the stage.

    Attributes:
        keyframe_height: maximum height of keyframes, in pixels.
        keyframe_quality: JPEG quality of keyframes, 1-100.
        poster_height: maximum height of the poster, in pixels.
        poster_quality: JPEG quality of the poster, 1-100.
        has_stills: whether to write the pack of stills.
        still_height: maximum height of stills of a video, in pixels.
        picture_height: maximum height of the only still of a picture, in pixels.
        still_quality: JPEG quality of stills, 1-100.
        stills_per_second: stills per second of video.
        threads: threads of the decoder. 0 means one per core.
    """

    keyframe_height: int = 480
    keyframe_quality: int = 85
    poster_height: int = 180
    poster_quality: int = 80
    has_stills: bool = True
    still_height: int = 720
    picture_height: int = 1080
    still_quality: int = 90
    stills_per_second: int = 2
    threads: int = 0


class ShotStillResult(msgspec.Struct, frozen=True, array_like=True):
    """Still of a shot, and its file.

    ``looks`` are ``rows`` colour layouts as 16-bit floats. See `scenedex.engines.scenes.looks.ShotStill`.
    """

    time: Moment
    quality: float
    rows: int
    looks: bytes
    file: str

    @classmethod
    def of(cls, still: ShotStill, file: str) -> ShotStillResult:
        """Return a still in stored form."""
        looks = still.looks.astype(np.float16)
        return cls(Moment.of(still.time), round(float(still.quality), 4), len(looks), looks.tobytes(), file)


class ShotResult(msgspec.Struct, frozen=True):
    """Uncut run of frames, with its stills, at least one."""

    span: Span
    begins_gradually: bool
    stills: tuple[ShotStillResult, ...]


class EngineResult(msgspec.Struct, frozen=True):
    """Engine of one part of the result. See `scenedex.engines.engine.Engine`."""

    stage: str
    name: str
    version: str
    weights: str | None


class VisualResult(msgspec.Struct, frozen=True):
    """Shots that tile the asset from 0 to ``duration``, and the engines that found them.

    ``poster`` is the file with a small copy of the first keyframe, for lists of assets.
    """

    is_picture: bool
    duration: Moment
    shots: tuple[ShotResult, ...]
    engines: tuple[EngineResult, ...]
    damaged_packets: int
    poster: str | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the files of the keyframes and of the poster."""
        keyframes = tuple(still.file for shot in self.shots for still in shot.stills)
        return keyframes if self.poster is None else (*keyframes, self.poster)


def run_visual(opened: OpenedMedia, params: bytes) -> VisualResult:
    """Find shots, keyframes and stills. Runs in the child process."""
    options = msgspec.json.decode(params, type=VisualOptions)
    if not options.has_stills:
        return _with_poster(find_shots(opened, options), opened.work_dir, options)
    with (opened.work_dir / PACK).open("wb") as file:
        pack = StillPackWriter(file, quality=options.still_quality)
        found = find_shots(opened, options, pack)
        pack.close()
    return _with_poster(found, opened.work_dir, options)


def _with_poster(found: VisualResult, folder: Path, options: VisualOptions) -> VisualResult:
    """Write the poster."""
    with (folder / found.shots[0].stills[0].file).open("rb") as file:
        keyframe = read_image(file, "jpg", max_pixels=MAX_COMPRESSED_PIXELS)
    poster = encode_jpeg(shrink(keyframe, options.poster_height), options.poster_quality)
    (folder / POSTER).write_bytes(poster)
    return msgspec.structs.replace(found, poster=POSTER)


def find_shots(media: OpenedMedia, options: VisualOptions, pack: StillPackWriter | None = None) -> VisualResult:
    """Find shots and keyframes. A picture is one shot from 0 to 0.

    Raises:
        MediaUnreadable: nothing can be decoded.
        DimensionsTooLarge: the media has more pixels than allowed.
    """
    files = KeyframeFiles(media.work_dir, max_height=options.keyframe_height, quality=options.keyframe_quality)
    if media.is_image:
        return _of_image(media.image(), files, options, pack)
    detector = PlaneShotDetector()
    with media.video(threads=options.threads) as video:
        chooser = ClearestFrame(
            delay=detector.delay,
            max_held=_max_held_frames(video.width, video.height),
            press=partial(CompressedFrame.of, max_height=options.keyframe_height),
        )
        collector = ShotCollector(detector, chooser, files)
        subscribers: list[FrameSubscriber] = [collector]
        if pack is not None:
            sampler = StillSampler(pack, max_height=options.still_height, per_second=options.stills_per_second)
            files.on_save(sampler.add_keyframe)
            subscribers.append(sampler)
        end = feed_frames(video, subscribers)
        damaged = video.damaged_packets
    return VisualResult(
        is_picture=False,
        duration=Moment.of(end),
        shots=tuple(_shot(shot, files) for shot in collector.shots),
        engines=(_engine(SHOTS.name, detector.engine), _engine(KEYFRAMES.name, chooser.engine)),
        damaged_packets=damaged,
    )


def _max_held_frames(width: int, height: int) -> int:
    """Return the number of frames of this size that fit into `HELD_BYTES`, within bounds."""
    return max(MIN_HELD_FRAMES, min(MAX_HELD_FRAMES, HELD_BYTES // max(1, width * height * 3 // 2)))


def _of_image(
    rgb: NDArray[np.uint8], files: KeyframeFiles, options: VisualOptions, pack: StillPackWriter | None
) -> VisualResult:
    start = Timecode(Fraction(0))
    files.add(start, shrink(rgb, options.keyframe_height))
    if pack is not None:
        pack.add(start, shrink(rgb, options.picture_height), is_keyframe=True)
    moment = Moment.of(start)
    shot = ShotResult(
        Span.of(TimeRange(start, start)), False, (ShotStillResult(moment, 1.0, 0, b"", files.name(start)),)
    )
    return VisualResult(
        is_picture=True,
        duration=moment,
        shots=(shot,),
        engines=(_engine(KEYFRAMES.name, WHOLE_PICTURE),),
        damaged_packets=0,
    )


def _shot(shot: SeenShot, files: KeyframeFiles) -> ShotResult:
    # A still may be chosen twice, for a section and for the shot.
    distinct = {still.time: still for still in shot.stills}
    stills = tuple(ShotStillResult.of(one, files.name(time)) for time, one in distinct.items())
    return ShotResult(Span.of(shot.range), shot.begins_gradually, stills)


def _engine(stage: str, engine: Engine) -> EngineResult:
    return EngineResult(stage, engine.name, engine.version, engine.weights)


VISUAL_STAGE: Final = Stage(
    name="visual",
    version="6",
    result=VisualResult,
    step=ChildStep(
        function=run_visual,
        reads=Source.MEDIA,
        files=lambda found: found.files,
        artefact=PACK,
        # Two stills a second of pure noise, and keyframes.
        writes=DiskUse(base_bytes=64 * 1024**2, bytes_per_second=4 * 1024**2),
        decoded_seconds=lambda found: float(found.duration.timecode().seconds),
    ),
    options=lambda inputs: VisualOptions(threads=inputs.scope.decode_threads),
    share=20,
    produced_by=lambda found: [(one.stage, Engine(one.name, one.version, one.weights)) for one in found.engines],
)
