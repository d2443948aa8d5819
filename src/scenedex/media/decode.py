"""One pass over the frames of a video, in presentation order."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import TYPE_CHECKING, Final, cast

import numpy as np
from av.error import FFmpegError

from scenedex.media.containers import exact, frame_length, lacks_memory
from scenedex.media.errors import MediaUnreadable
from scenedex.media.orientation import Orientation, orientation_of
from scenedex.media.planes import PlaneSampler
from scenedex.timeline import Timecode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from av import VideoFrame
    from numpy.typing import NDArray

    from scenedex.media.containers import Film
    from scenedex.media.planes import Planes

_SECONDS_BETWEEN_REPORTS = 0.2
_FRAMES_BETWEEN_CLOCKS = 8
_MOST_DAMAGED_IN_A_ROW = 10_000
# Pixels may be wider or narrower than high; what says more than this is mistaken.
_WIDEST_PIXEL = 4


class _View:
    """What is the same for all frames of a pass: how they are sampled, turned and stretched, and where time begins."""

    __slots__ = ("_scale", "_start", "_step", "orientation", "origin", "pixel_shape", "sampler", "tick")

    def __init__(self, film: Film, first: VideoFrame) -> None:
        self.tick = film.tick
        begins = (first.pts or 0) * self.tick
        self.origin = begins if film.origin is None else min(film.origin, begins)
        self._step = self.tick.numerator * self.origin.denominator
        self._start = self.origin.numerator * self.tick.denominator
        self._scale = self.tick.denominator * self.origin.denominator
        self.orientation: Orientation = orientation_of(first)
        self.sampler = PlaneSampler(first)
        shape = exact(film.stream.sample_aspect_ratio) or Fraction(1)
        self.pixel_shape = shape if Fraction(1, _WIDEST_PIXEL) <= shape <= _WIDEST_PIXEL else Fraction(1)

    def moment(self, ticks: int) -> Timecode:
        """When a frame with this time stamp is presented."""
        # One reduction of whole numbers in place of one for each step of ``ticks * tick - origin``.
        return Timecode(Fraction(ticks * self._step - self._start, self._scale))


class DecodedFrame:
    """A picture of a decode pass; see `timeline.Frame`."""

    __slots__ = ("_frame", "_planes", "_view", "index", "time")

    def __init__(self, frame: VideoFrame, view: _View, index: int, ticks: int) -> None:
        self._frame = frame
        self._view = view
        self._planes: Planes | None = None
        self.index = index
        self.time: Final = view.moment(ticks)

    def sampled_planes(self) -> Planes:
        """Y, U and V at about 72, 36 and 36 rows, read-only."""
        if self._planes is None:
            self._planes = self._view.sampler.sample(self._frame)
        return self._planes

    def rgb(self, max_height: int) -> NDArray[np.uint8]:
        """The upright picture as ``(height, width, 3)`` of square pixels, at most so high."""
        frame, view = self._frame, self._view
        stretched = (frame.width * view.pixel_shape, Fraction(frame.height))
        upright_height = stretched[0] if view.orientation.is_sideways else stretched[1]
        scale = min(Fraction(1), max_height / upright_height)
        width, height = (max(2, round(side * scale)) for side in stretched)
        small = frame.reformat(width=width, height=height, format="rgb24", interpolation="AREA")
        picture = cast("NDArray[np.uint8]", small.to_ndarray())
        return np.ascontiguousarray(view.orientation.upright(picture))


class VideoPass:
    """The frames of one video; may be walked once.

    Args:
        film: the opened video.
        threads: decoder threads; 0: as many as there are processors.
        length: how long the asset is, in seconds.
        report: told how far the pass has come, 0 to 1, and how many frames it has shown.

    Attributes:
        expected_duration: how long the asset is.
        damaged_packets: packets that could not be decoded, so far.
        width: coded width in pixels.
        height: coded height in pixels.
    """

    def __init__(
        self,
        film: Film,
        *,
        threads: int,
        length: Fraction,
        report: Callable[[float, int], None],
    ) -> None:
        context = film.stream.codec_context
        context.thread_type = "AUTO"
        context.thread_count = threads
        self.expected_duration = Timecode(length)
        self.damaged_packets = 0
        self.width = context.width
        self.height = context.height
        self._film = film
        self._report = report
        self._end: Timecode | None = None

    @property
    def end(self) -> Timecode:
        """When the asset ends: after its length, or with a last frame that comes even later; known after the walk.

        Raises:
            ValueError: the walk is not over.
        """
        if self._end is None:
            raise ValueError("the end is known after the last frame")
        return self._end

    def frames(self) -> Iterator[DecodedFrame]:
        """The frames as they are presented, each later than the one before; damaged packets are passed over.

        A frame without a time follows the one before it at the usual distance; of two for one moment the first counts.

        Raises:
            MediaUnreadable: not one picture can be decoded.
        """
        decoded = self._decoded()
        first = next(decoded, None)
        if first is None:
            raise MediaUnreadable("Not one picture of the video can be decoded.")
        view = _View(self._film, first)
        usual = max(1, round(frame_length(self._film) / view.tick))
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

    def _decoded(self) -> Iterator[VideoFrame]:
        film, damaged_in_a_row = self._film, 0
        packets = film.container.demux(film.stream)
        while damaged_in_a_row < _MOST_DAMAGED_IN_A_ROW:
            try:
                packet = next(packets)
                frames = packet.decode()
            except StopIteration:
                return
            except FFmpegError as error:
                if lacks_memory(error):
                    raise
                damaged_in_a_row += 1
                self.damaged_packets += 1
                # The walk over the packets may have ended with the error; a new one goes on where it was.
                packets = film.container.demux(film.stream)
                continue
            if frames:
                damaged_in_a_row = 0
                yield from frames

    def _fraction(self, seconds: Fraction) -> float:
        return min(1.0, float(seconds / self.expected_duration.seconds))
