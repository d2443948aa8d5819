"""One pass over the frames of a video, in presentation order."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from scenedex.media.containers import decoded_pictures, frame_duration
from scenedex.media.errors import MediaUnreadable
from scenedex.media.geometry import geometry_of
from scenedex.media.pictures import PictureReader
from scenedex.media.planes import PlaneSampler
from scenedex.timeline import Timecode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from av import VideoFrame
    from numpy.typing import NDArray

    from scenedex.media.containers import Film
    from scenedex.media.planes import Planes

_SECONDS_BETWEEN_REPORTS = 0.2
_FRAMES_BETWEEN_CLOCKS = 8


class _View:
    """Properties shared by all frames of a pass: sampling, conversion to pictures, and start time."""

    __slots__ = ("_scale", "_start", "_step", "origin", "pictures", "sampler", "tick")

    def __init__(self, film: Film, first: VideoFrame) -> None:
        self.tick = film.tick
        first_time = (first.pts or 0) * self.tick
        self.origin = first_time if film.origin is None else min(film.origin, first_time)
        self._step = self.tick.numerator * self.origin.denominator
        self._start = self.origin.numerator * self.tick.denominator
        self._scale = self.tick.denominator * self.origin.denominator
        self.sampler = PlaneSampler(first)
        self.pictures = PictureReader(geometry_of(film.headers, first), film.colours)

    def timecode(self, ticks: int) -> Timecode:
        """Return the presentation time of a timestamp."""
        # Reduce one fraction of integers instead of one for each step of ``ticks * tick - origin``.
        return Timecode(Fraction(ticks * self._step - self._start, self._scale))


class DecodedFrame:
    """A picture of a decode pass. See `timeline.Frame`."""

    __slots__ = ("_frame", "_planes", "_view", "index", "time")

    def __init__(self, frame: VideoFrame, view: _View, index: int, ticks: int) -> None:
        self._frame = frame
        self._view = view
        self._planes: Planes | None = None
        self.index = index
        self.time: Final = view.timecode(ticks)

    def sampled_planes(self) -> Planes:
        """Return Y, U and V at about 72, 36 and 36 rows, read-only."""
        if self._planes is None:
            self._planes = self._view.sampler.sample(self._frame)
        return self._planes

    def luma_lines(self) -> NDArray[np.uint8]:
        """Return pairs of adjacent rows of luma in full resolution, at about 12 heights."""
        return self._view.sampler.lines(self._frame)

    def rgb(self, max_height: int) -> NDArray[np.uint8]:
        """Return the upright picture as ``(height, width, 3)`` of square pixels, scaled down to ``max_height``."""
        return self._view.pictures.rgb(self._frame, max_height)


class VideoPass:
    """The frames of one video, which can be iterated once.

    Args:
        film: opened video.
        threads: number of decoder threads, 0 for the number of processors.
        length: duration of the asset in seconds.
        report: called with the progress from 0 to 1 and the number of frames so far.

    Attributes:
        expected_duration: duration of the asset.
        damaged_packets: number of undecodable packets so far.
        width: coded width in pixels.
        height: coded height in pixels.
    """

    def __init__(self, film: Film, *, threads: int, length: Fraction, report: Callable[[float, int], None]) -> None:
        context = film.decoder
        context.thread_type = "AUTO"
        context.thread_count = threads
        self.expected_duration = Timecode(length)
        self.damaged_packets = 0
        self.width, self.height = film.headers.canvas or (
            film.stream.codec_context.width,
            film.stream.codec_context.height,
        )
        self._film = film
        self._report = report
        self._end: Timecode | None = None

    @property
    def end(self) -> Timecode:
        """End of the asset: its duration, or the end of a later last frame.

        Raises:
            ValueError: not all frames have been read.
        """
        if self._end is None:
            raise ValueError("the end is known after the last frame")
        return self._end

    def frames(self) -> Iterator[DecodedFrame]:
        """Yield the frames in presentation order, each later than the one before, skipping damaged packets.

        A frame without a time follows the previous one at the usual distance. Of frames with equal times the first
        counts.

        Raises:
            MediaUnreadable: not one picture can be decoded.
        """
        film = self._film
        decoded = decoded_pictures(film, lambda: film.container.demux(film.stream), self._count_damage)
        first = next(decoded, None)
        if first is None:
            raise MediaUnreadable("Not one picture of the video can be decoded.")
        view = _View(self._film, first)
        usual = max(1, round(frame_duration(self._film) / view.tick))
        ticks, shown = first.pts or 0, first.duration or usual
        yield DecodedFrame(first, view, 0, ticks)
        index, reported = 1, time.monotonic()
        for frame in decoded:
            pts = frame.pts
            if pts is None:
                pts = ticks + usual
            elif pts <= ticks:
                continue
            ticks, shown = pts, frame.duration or usual
            yield DecodedFrame(frame, view, index, ticks)
            index += 1
            if index % _FRAMES_BETWEEN_CLOCKS == 0 and time.monotonic() - reported > _SECONDS_BETWEEN_REPORTS:
                reported = time.monotonic()
                self._report(self._fraction(ticks * view.tick - view.origin), index)
        last = Timecode((ticks + shown) * view.tick - view.origin)
        expected = self.expected_duration
        self._end = expected if expected.seconds > last.seconds - shown * view.tick else last

    def _count_damage(self) -> None:
        self.damaged_packets += 1

    def _fraction(self, seconds: Fraction) -> float:
        return min(1.0, float(seconds / self.expected_duration.seconds))
