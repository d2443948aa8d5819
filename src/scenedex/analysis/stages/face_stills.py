"""Search of stills for faces: all of a still per second, and between two of these the places of their faces."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import numpy as np

from scenedex.analysis.stages.face_tracks import EmbeddedFace
from scenedex.analysis.stages.face_views import FaceView
from scenedex.engines.faces.quality import assess
from scenedex.engines.faces.sampling import grey, resize

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from concurrent.futures import Future

    from numpy.typing import NDArray

    from scenedex.analysis.stages.face_tracks import StillRange
    from scenedex.engines.faces import FaceAnalyser, FoundFace
    from scenedex.media.stills import StillPack

MAX_FACES_PER_STILL: Final = 16
"""Maximum of faces described per still, the largest first. A crowd would take minutes otherwise."""

MIN_FACE_PX: Final = 24
"""Minimum of a face's shorter side, in pixels."""

SEARCH_INTERVAL: Final = Fraction(1)
"""Seconds between two stills of a shot that are searched everywhere. A face shown for so long is found."""

_ROUNDING: Final = Fraction(1, 20)
_MAX_THREADS = 4
# A face that turns or speaks changes some place by more.
_SAMPLE_ROWS, _SAMPLE_COLUMNS = 36, 64
_SAMPLES = 4  # pixels a side that are averaged
_SAME_LUMA = 6.0


@dataclass(slots=True, eq=False)
class _Look:
    """Picture, the place of its latest still in the pack, and the search for its faces, `None` until it starts."""

    offset: int
    rgb: NDArray[np.uint8]
    sample: NDArray[np.float32]
    is_keyframe: bool
    faces: Future[Sequence[EmbeddedFace]] | None = None

    def result(self) -> tuple[NDArray[np.uint8], Sequence[EmbeddedFace]]:
        """Return the picture and its faces."""
        assert self.faces is not None  # noqa: S101  # a search starts with the next still
        return self.rgb, self.faces.result()


def look_ahead(
    pack: StillPack, ranges: Sequence[StillRange], analyser: FaceAnalyser, threads: int
) -> Generator[tuple[NDArray[np.uint8], Sequence[EmbeddedFace]]]:
    """Yield each still in order of time with its faces. Threads look at the next stills meanwhile.

    A still that is almost the same picture as the last one has the same faces. One between two stills that are searched
    everywhere is searched around their faces only.

    Args:
        pack: the stills.
        ranges: their ranges.
        analyser: finder of the faces.
        threads: number of threads, 0 for one per core.
    """
    count = min(_MAX_THREADS, threads or os.cpu_count() or 1)
    everywhere = select_everywhere([still.is_keyframe for still in pack.stills], ranges)
    with ThreadPoolExecutor(count) as pool:
        searches = _Searches(pool, analyser)
        waiting: deque[_Look] = deque()
        last: _Look | None = None
        for still, here, is_everywhere in zip(pack.stills, ranges, everywhere, strict=True):
            if last is None or last.offset != still.offset:
                rgb = pack.rgb(still)
                sample = _sample(rgb)
                if last is not None and not still.is_keyframe and _is_same_picture(last.sample, sample):
                    last.offset = still.offset
                else:
                    last = _Look(still.offset, rgb, sample, still.is_keyframe)
            searches.start(last, here.shot, is_everywhere=is_everywhere)
            waiting.append(last)
            # The search of the last one may start with the next still.
            if len(waiting) > count + 1:
                yield waiting.popleft().result()
        searches.end_shot()
        for look in waiting:
            yield look.result()


class _Searches:
    """Starts the searches of stills in order of time, those around known faces after those of both neighbours."""

    def __init__(self, pool: ThreadPoolExecutor, analyser: FaceAnalyser) -> None:
        self._pool = pool
        self._analyser = analyser
        self._shot = 0
        self._complete: _Look | None = None
        self._postponed: _Look | None = None

    def start(self, look: _Look, shot: int, *, is_everywhere: bool) -> None:
        """Start the search of the next still, or postpone it until the next one has started."""
        if shot != self._shot:
            self.end_shot()
            self._shot = shot
        if look.faces is not None:
            return
        if is_everywhere:
            look.faces = self._pool.submit(_faces_of, self._analyser, look.rgb, closely=look.is_keyframe)
            self._start_postponed(look)
            self._complete = look
        elif look is not self._postponed:
            self._start_postponed(None)
            self._postponed = look

    def end_shot(self) -> None:
        """Start what is postponed. No later still is of the same shot."""
        self._start_postponed(None)
        self._complete = None

    def _start_postponed(self, following: _Look | None) -> None:
        look, self._postponed = self._postponed, None
        if look is None or look.faces is not None:
            return
        beside = [one.faces for one in (self._complete, following) if one is not None and one.faces is not None]
        look.faces = self._pool.submit(_faces_near, self._analyser, look.rgb, beside)


def select_everywhere(keyframes: Sequence[bool], ranges: Sequence[StillRange]) -> list[bool]:
    """Return for each still whether it is searched everywhere.

    These are the keyframes, and of the others as many as leave no gap longer than `SEARCH_INTERVAL` within a shot.

    Args:
        keyframes: whether each still is a keyframe.
        ranges: ranges of the stills, in order of time.
    """
    limit = SEARCH_INTERVAL + _ROUNDING
    selected: list[bool] = []
    last: StillRange | None = None
    for n, (is_keyframe, here) in enumerate(zip(keyframes, ranges, strict=True)):
        is_first = n == 0 or ranges[n - 1].shot != here.shot
        if is_first:
            last = None
        following = ranges[n + 1] if n + 1 < len(ranges) and ranges[n + 1].shot == here.shot else None
        if following is not None:
            # The first still of a shot may be left to the second one.
            is_bridged = is_first or (last is not None and following.time - last.time <= limit)
            is_bridged = is_bridged and following.time - here.time <= limit / 2
        else:
            is_bridged = last is not None and here.range.end - last.time <= limit
        is_selected = is_keyframe or not is_bridged or not (is_first or selected[-1])
        selected.append(is_selected)
        if is_selected:
            last = here
    return selected


def _faces_of(analyser: FaceAnalyser, rgb: NDArray[np.uint8], *, closely: bool) -> Sequence[EmbeddedFace]:
    return _described(analyser, rgb, analyser.find(rgb, closely=closely))


def _faces_near(
    analyser: FaceAnalyser, rgb: NDArray[np.uint8], beside: Sequence[Future[Sequence[EmbeddedFace]]]
) -> Sequence[EmbeddedFace]:
    """Return the faces around those of other pictures, whose searches have been started before."""
    near = [face.box for faces in beside for face in faces.result()]
    return _described(analyser, rgb, analyser.find(rgb, near=near)) if near else []


def _described(analyser: FaceAnalyser, rgb: NDArray[np.uint8], found: Sequence[FoundFace]) -> Sequence[EmbeddedFace]:
    largest = _largest(found, rgb.shape)
    return [_embedded(analyser, rgb, face) for face in largest]


def _embedded(analyser: FaceAnalyser, rgb: NDArray[np.uint8], face: FoundFace) -> EmbeddedFace:
    quality = assess(rgb, face)
    # Few of the faces that may define a person become views of their track. Only these need more than a rough vector.
    is_rough = quality.is_presentable
    vector = analyser.describe(rgb, face, roughly=is_rough)
    return EmbeddedFace(face.box, vector, quality, FaceView.of(rgb, face) if is_rough else None)


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
