"""Stage: faces, as tracks within shots, with vectors to tell people apart and a likeness of each.

Needs: the pack of stills, and the shots of the asset. Makes: a `FacesResult`, and the crops that it names in the work
folder.
"""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, BinaryIO, Final

import msgspec

from scenedex.analysis.stage import ChildStep, Stage
from scenedex.analysis.stages.face_tracks import FaceTrack, FaceTracker, GrowingTrack, SeenFace, standing_times
from scenedex.analysis.stages.moments import Span
from scenedex.analysis.stages.visual import VISUAL_STAGE
from scenedex.engines.engine import EngineChoice
from scenedex.engines.faces import FACES, assess
from scenedex.engines.loader import open_engine
from scenedex.media.images import encode_jpeg, shrink
from scenedex.media.stills import StillPack

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.analysis.stage import Inputs
    from scenedex.engines.faces import FaceAnalyser, FoundFace
    from scenedex.media.opened import OpenedMedia
    from scenedex.timeline import BoundingBox

MOST_DESCRIBED: Final = 16
"""Faces of one still that are looked at, the largest; a crowd would take minutes otherwise."""

MIN_DESCRIBED_PX: Final = 24
"""Shorter side of the smallest face that is looked at."""

MOST_TRACKS: Final = 4000
"""Tracks of one asset that are kept, the most prominent: their crops and vectors take some 100 MB."""

CROP_SIDE: Final = 320
CROP_MARGIN: Final = 0.35
CROP_QUALITY: Final = 90
_MOST_THREADS = 4


class FacesOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What is wanted.

    Attributes:
        choice: the engine.
        shots: ranges that tile the asset, at least one; of a picture, one from 0 to 0.
        threads: 0 means as many as there are processors.
    """

    choice: EngineChoice
    shots: tuple[Span, ...]
    threads: int = 0


class FacesResult(msgspec.Struct, frozen=True):
    """Tracks in order of their start, how many stills were looked at, and what makes two faces one person's.

    ``same_person`` is the cosine of two vectors above which they are; see `FaceAnalyser`.
    """

    tracks: tuple[FaceTrack, ...]
    stills: int
    same_person: float


def run_faces(opened: OpenedMedia, params: bytes) -> FacesResult:
    """Finds the faces of a pack of stills; called in the child process.

    Raises:
        EngineUnavailable: the engine that was chosen cannot be loaded.
        MediaUnreadable: the pack is damaged.
    """
    options = msgspec.json.decode(params, type=FacesOptions)
    analyser = open_engine(FACES, options.choice, threads=options.threads)
    return find_faces(
        opened.file,
        options.shots,
        analyser,
        opened.work_dir,
        report=opened.report,
        threads=options.threads,
    )


def find_faces(
    pack: BinaryIO,
    shots: Sequence[Span],
    analyser: FaceAnalyser,
    work_dir: Path,
    *,
    report: Callable[[float, int], None],
    threads: int = 0,
    most_tracks: int = MOST_TRACKS,
) -> FacesResult:
    """Finds the faces of a pack of stills and follows them through each shot.

    Raises:
        ValueError: there are stills and no shot.
        MediaUnreadable: the pack is damaged.
    """
    stills = StillPack(pack)
    if stills.stills and not shots:
        raise ValueError("stills belong to shots, and there is none")
    standing = standing_times([still.time for still in stills.stills], [shot.range() for shot in shots])
    tracker = FaceTracker(analyser.same_person)
    crops = _Crops(work_dir)
    tracks: list[FaceTrack] = []
    shown, seen = -1, list[SeenFace]()
    for n, (rgb, found) in enumerate(_found_ahead(stills, analyser, threads)):
        tracks += crops.finished(tracker.ended(standing[n]))
        if stills.stills[n].offset != shown:
            shown = stills.stills[n].offset
            seen = [
                SeenFace(face.box, analyser.describe(rgb, face), assess(rgb, face))
                for face in _of_use(found, rgb.shape)
            ]
        for face, grown in zip(seen, tracker.feed(seen, standing[n]), strict=True):
            if grown.is_best:
                crops.keep(grown.track, _crop(rgb, face.box))
        if len(tracks) > 2 * most_tracks:
            tracks = _most_prominent(tracks, work_dir, most_tracks)
        report((n + 1) / len(stills.stills), n + 1)
    tracks += crops.finished(tracker.ended())
    kept = _most_prominent(tracks, work_dir, most_tracks)
    kept.sort(key=lambda track: (track.span.range().start, -track.prominence))
    return FacesResult(tuple(kept), len(stills.stills), analyser.same_person)


def _found_ahead(
    pack: StillPack, analyser: FaceAnalyser, threads: int
) -> Generator[tuple[NDArray[np.uint8], Sequence[FoundFace]]]:
    """The stills in order of time with their faces; the next ones are searched while the present one is dealt with."""
    count = min(_MOST_THREADS, threads or os.cpu_count() or 1)
    with ThreadPoolExecutor(count) as pool:
        waiting: deque[tuple[int, NDArray[np.uint8], Future[Sequence[FoundFace]]]] = deque()
        last: tuple[int, NDArray[np.uint8], Future[Sequence[FoundFace]]] | None = None
        for still in pack.stills:
            # The same picture is looked at once.
            if last is None or last[0] != still.offset:
                rgb = pack.rgb(still)
                last = (still.offset, rgb, pool.submit(analyser.find, rgb, closely=still.is_keyframe))
            waiting.append(last)
            if len(waiting) > count:
                _, picture, faces = waiting.popleft()
                yield picture, faces.result()
        for _, picture, faces in waiting:
            yield picture, faces.result()


def _of_use(faces: Sequence[FoundFace], shape: tuple[int, ...]) -> list[FoundFace]:
    """The largest faces, as far as they are large enough."""
    height, width = shape[:2]
    large = [face for face in faces if min(face.box.width * width, face.box.height * height) >= MIN_DESCRIBED_PX]
    return large[:MOST_DESCRIBED]


def _crop(rgb: NDArray[np.uint8], box: BoundingBox) -> NDArray[np.uint8]:
    """A square around a face, inside the picture, no larger than crops are."""
    height, width = rgb.shape[:2]
    face = max(box.width * width, box.height * height)
    side = max(1, min(round(face * (1 + 2 * CROP_MARGIN)), height, width))
    left = round((box.left + box.width / 2) * width - side / 2)
    top = round((box.top + box.height / 2) * height - side / 2)
    left, top = max(0, min(left, width - side)), max(0, min(top, height - side))
    return shrink(rgb[top : top + side, left : left + side], CROP_SIDE).copy()


class _Crops:
    """The best likeness of each track that grows; a file, ``face-000001.jpg`` and so on, of each that is over."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._crops: dict[GrowingTrack, NDArray[np.uint8]] = {}
        self._written = 0

    def keep(self, track: GrowingTrack, crop: NDArray[np.uint8]) -> None:
        """Holds a crop until the track is over or has a better one."""
        self._crops[track] = crop

    def finished(self, tracks: Iterable[GrowingTrack]) -> list[FaceTrack]:
        """Writes the crops of tracks that are over."""
        done: list[FaceTrack] = []
        for track in tracks:
            self._written += 1
            name = f"face-{self._written:06d}.jpg"
            (self._folder / name).write_bytes(encode_jpeg(self._crops.pop(track), CROP_QUALITY))
            done.append(track.finished(name))
        return done


def _most_prominent(tracks: Sequence[FaceTrack], work_dir: Path, most: int) -> list[FaceTrack]:
    """At most so many tracks; the crops of the others are deleted."""
    ranked = sorted(tracks, key=lambda track: -track.prominence)
    for track in ranked[most:]:
        (work_dir / track.crop).unlink()
    return ranked[:most]


def _options(inputs: Inputs) -> FacesOptions:
    shots = tuple(shot.span for shot in inputs.of(VISUAL_STAGE).shots)
    return FacesOptions(choice=inputs.choice(FACES), shots=shots, threads=inputs.scope.threads)


FACES_STAGE: Final = Stage(
    name="faces",
    version="1",
    result=FacesResult,
    step=ChildStep(
        function=run_faces,
        reads=VISUAL_STAGE,
        files=lambda found: [track.crop for track in found.tracks if track.crop],
    ),
    options=_options,
    needs=(VISUAL_STAGE,),
    ports=(FACES,),
    share=20,
    unwanted=lambda setting: "Not asked for: analysisPersonCount is 0." if setting.analysis_person_count == 0 else None,
)
