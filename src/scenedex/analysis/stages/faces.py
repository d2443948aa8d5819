"""Stage: faces as tracks within shots, with vectors that distinguish persons and a crop of the best view."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final

import msgspec

from scenedex.analysis.stage import ChildStep, DiskUse, Stage
from scenedex.analysis.stages.face_stills import look_ahead
from scenedex.analysis.stages.face_tracks import FaceTrack, FaceTracker, OpenTrack, still_ranges
from scenedex.analysis.stages.moments import Span
from scenedex.analysis.stages.visual import VISUAL_STAGE
from scenedex.engines.engine import EngineChoice
from scenedex.engines.faces import FACES
from scenedex.engines.loader import open_engine
from scenedex.media.images import encode_jpeg, shrink
from scenedex.media.stills import StillPack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from scenedex.analysis.stage import Inputs
    from scenedex.analysis.stages.face_tracks import EmbeddedFace
    from scenedex.engines.faces import FaceAnalyser
    from scenedex.media.opened import OpenedMedia
    from scenedex.timeline import BoundingBox

MAX_TRACKS: Final = 4000
"""Maximum of tracks per asset, the most prominent first. Their crops and vectors take about 100 MB."""

CROP_SIDE: Final = 320
CROP_MARGIN: Final = 0.35
CROP_QUALITY: Final = 90


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
        stills: number of stills.
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

    def describe(face: EmbeddedFace) -> NDArray[np.float32]:
        return face.embedding if face.view is None else analyser.describe(face.view.rgb, face.view.face)

    crops = _Crops(work_dir, describe)
    tracks: list[FaceTrack] = []
    for n, (rgb, seen) in enumerate(look_ahead(stills, ranges, analyser, threads)):
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

    def __init__(self, folder: Path, describe: Callable[[EmbeddedFace], NDArray[np.float32]]) -> None:
        self._folder = folder
        self._describe = describe
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
            closed.append(track.to_track(name, self._describe))
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
    version="4",
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
