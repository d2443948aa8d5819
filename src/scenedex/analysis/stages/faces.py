"""Stage: faces as tracks within shots, with vectors that distinguish persons and a crop of the best view."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, BinaryIO, Final

import msgspec
import numpy as np

from scenedex.analysis.stage import ChildStep, DiskUse, Stage
from scenedex.analysis.stages.face_tracks import EmbeddedFace, FaceTrack, FaceTracker, OpenTrack, still_ranges
from scenedex.analysis.stages.moments import Span
from scenedex.analysis.stages.visual import VISUAL_STAGE
from scenedex.engines.engine import EngineChoice
from scenedex.engines.faces import FACES
from scenedex.engines.faces.quality import assess
from scenedex.engines.faces.sampling import grey, resize
from scenedex.engines.loader import open_engine
from scenedex.media.images import encode_jpeg, shrink
from scenedex.media.stills import StillPack

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from numpy.typing import NDArray

    from scenedex.analysis.stage import Inputs
    from scenedex.engines.faces import FaceAnalyser, FoundFace
    from scenedex.media.opened import OpenedMedia
    from scenedex.timeline import BoundingBox

MAX_FACES_PER_STILL: Final = 16
"""Maximum of faces described per still, the largest first. A crowd would take minutes otherwise."""

MIN_FACE_PX: Final = 24
"""Minimum of a face's shorter side, in pixels."""

MAX_TRACKS: Final = 4000
"""Maximum of tracks per asset, the most prominent first. Their crops and vectors take about 100 MB."""

CROP_SIDE: Final = 320
CROP_MARGIN: Final = 0.35
CROP_QUALITY: Final = 90
_MAX_THREADS = 4
# A face that turns or speaks changes some place by more.
_SAMPLE_ROWS, _SAMPLE_COLUMNS = 36, 64
_SAMPLES = 4  # pixels a side that are averaged
_SAME_LUMA = 6.0


class FacesOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Options of the stage.

    Attributes:
        choice: the engine.
        shots: ranges that tile the asset, at least one. One from 0 to 0 for a picture.
        threads: threads of the engine. 0 means one per core.
    """

    choice: EngineChoice
    shots: tuple[Span, ...]
    threads: int = 0


class FacesResult(msgspec.Struct, frozen=True):
    """Result of the stage.

    Attributes:
        tracks: tracks in order of their start.
        stills: number of stills searched.
        same_person: minimum cosine of two vectors of one person. See `FaceAnalyser`.
    """

    tracks: tuple[FaceTrack, ...]
    stills: int
    same_person: float


def run_faces(opened: OpenedMedia, params: bytes) -> FacesResult:
    """Find the faces of a pack of stills. Runs in the child process."""
    options = msgspec.json.decode(params, type=FacesOptions)
    analyser = open_engine(FACES, options.choice, threads=options.threads)
    return find_faces(
        opened.file, options.shots, analyser, opened.work_dir, report=opened.report, threads=options.threads
    )


def find_faces(
    pack: BinaryIO,
    shots: Sequence[Span],
    analyser: FaceAnalyser,
    work_dir: Path,
    *,
    report: Callable[[float, int], None],
    threads: int = 0,
    max_tracks: int = MAX_TRACKS,
) -> FacesResult:
    """Find the faces of a pack of stills and track them within each shot.

    Raises:
        ValueError: there are stills but no shots.
        MediaUnreadable: the pack is damaged.
    """
    stills = StillPack(pack)
    if stills.stills and not shots:
        raise ValueError("There are stills but no shots.")
    ranges = still_ranges([still.time for still in stills.stills], [shot.range() for shot in shots])
    tracker = FaceTracker(analyser.same_person)
    crops = _Crops(work_dir)
    tracks: list[FaceTrack] = []
    for n, (rgb, seen) in enumerate(_look_ahead(stills, analyser, threads)):
        tracks += crops.close(tracker.pop_ended(ranges[n]))
        for face, (track, is_best) in zip(seen, tracker.feed(seen, ranges[n]), strict=True):
            if is_best:
                crops.replace(track, _crop(rgb, face.box))
        if len(tracks) > 2 * max_tracks:
            tracks = _most_prominent(tracks, work_dir, max_tracks)
        report((n + 1) / len(stills.stills), n + 1)
    tracks += crops.close(tracker.pop_ended())
    kept = _most_prominent(tracks, work_dir, max_tracks)
    kept.sort(key=lambda track: (track.span.range().start, -track.prominence))
    return FacesResult(tuple(kept), len(stills.stills), analyser.same_person)


def _look_ahead(
    pack: StillPack, analyser: FaceAnalyser, threads: int
) -> Generator[tuple[NDArray[np.uint8], Sequence[EmbeddedFace]]]:
    """Yield each still in order of time with its faces. Threads look at the next stills meanwhile.

    A still that is almost the same picture as the last one that was looked at has the same faces.
    """
    count = min(_MAX_THREADS, threads or os.cpu_count() or 1)
    with ThreadPoolExecutor(count) as pool:
        waiting: deque[_Look] = deque()
        last: _Look | None = None
        for still in pack.stills:
            if last is None or last.offset != still.offset:
                rgb = pack.rgb(still)
                sample = _sample(rgb)
                if last is not None and not still.is_keyframe and _is_same_picture(last.sample, sample):
                    last = replace(last, offset=still.offset)
                else:
                    faces = pool.submit(_faces_of, analyser, rgb, closely=still.is_keyframe)
                    last = _Look(still.offset, rgb, sample, faces)
            waiting.append(last)
            if len(waiting) > count:
                look = waiting.popleft()
                yield look.rgb, look.faces.result()
        for look in waiting:
            yield look.rgb, look.faces.result()


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """Search for the faces of a picture, and the place of its latest still in the pack."""

    offset: int
    rgb: NDArray[np.uint8]
    sample: NDArray[np.float32]
    faces: Future[Sequence[EmbeddedFace]]


def _faces_of(analyser: FaceAnalyser, rgb: NDArray[np.uint8], *, closely: bool) -> Sequence[EmbeddedFace]:
    found = _largest(analyser.find(rgb, closely=closely), rgb.shape)
    return [EmbeddedFace(face.box, analyser.describe(rgb, face), assess(rgb, face)) for face in found]


def _sample(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the luma of a picture in few places, in which noise is averaged."""
    step = max(1, min(rgb.shape[0] // _SAMPLE_ROWS, rgb.shape[1] // _SAMPLE_COLUMNS) // _SAMPLES)
    thinned = rgb[::step, ::step]
    return resize(grey(thinned), min(thinned.shape[0], _SAMPLE_ROWS), min(thinned.shape[1], _SAMPLE_COLUMNS))


def _is_same_picture(one: NDArray[np.float32], other: NDArray[np.float32]) -> bool:
    return one.shape == other.shape and float(np.abs(one - other).max()) < _SAME_LUMA


def _largest(faces: Sequence[FoundFace], shape: tuple[int, ...]) -> list[FoundFace]:
    """Return the largest faces of at least `MIN_FACE_PX`."""
    height, width = shape[:2]
    large = [face for face in faces if min(face.box.width * width, face.box.height * height) >= MIN_FACE_PX]
    return large[:MAX_FACES_PER_STILL]


def _crop(rgb: NDArray[np.uint8], box: BoundingBox) -> NDArray[np.uint8]:
    """Return a square around a face, inside the picture, of at most `CROP_SIDE`."""
    height, width = rgb.shape[:2]
    face = max(box.width * width, box.height * height)
    side = max(1, min(round(face * (1 + 2 * CROP_MARGIN)), height, width))
    left = round((box.left + box.width / 2) * width - side / 2)
    top = round((box.top + box.height / 2) * height - side / 2)
    left, top = max(0, min(left, width - side)), max(0, min(top, height - side))
    return shrink(rgb[top : top + side, left : left + side], CROP_SIDE).copy()


class _Crops:
    """Best view of each open track. That of a closed track is a file: ``face-000001.jpg`` and so on."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._crops: dict[OpenTrack, NDArray[np.uint8]] = {}
        self._written = 0

    def replace(self, track: OpenTrack, crop: NDArray[np.uint8]) -> None:
        """Replace the crop of a track."""
        self._crops[track] = crop

    def close(self, tracks: Iterable[OpenTrack]) -> list[FaceTrack]:
        """Write the crops of tracks that have ended."""
        closed: list[FaceTrack] = []
        for track in tracks:
            self._written += 1
            name = f"face-{self._written:06d}.jpg"
            (self._folder / name).write_bytes(encode_jpeg(self._crops.pop(track), CROP_QUALITY))
            closed.append(track.to_track(name))
        return closed


def _most_prominent(tracks: Sequence[FaceTrack], work_dir: Path, limit: int) -> list[FaceTrack]:
    """Return the most prominent tracks and empty the crops of the others, since the process may remove no file."""
    ranked = sorted(tracks, key=lambda track: -track.prominence)
    for track in ranked[limit:]:
        (work_dir / track.crop).write_bytes(b"")
    return ranked[:limit]


def _options(inputs: Inputs) -> FacesOptions:
    shots = tuple(shot.span for shot in inputs.of(VISUAL_STAGE).shots)
    return FacesOptions(choice=inputs.choice(FACES), shots=shots, threads=inputs.scope.threads)


FACES_STAGE: Final = Stage(
    name="faces",
    version="2",
    result=FacesResult,
    step=ChildStep(
        function=run_faces,
        reads=VISUAL_STAGE,
        files=lambda found: [track.crop for track in found.tracks if track.crop],
        writes=DiskUse(base_bytes=64 * 1024**2, bytes_per_second=1024**2),
    ),
    options=_options,
    needs=(VISUAL_STAGE,),
    ports=(FACES,),
    share=20,
    unwanted=lambda setting: "Not asked for: analysisPersonCount is 0." if setting.analysis_person_count == 0 else None,
)
