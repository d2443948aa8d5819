"""One pass over the frames of a video, in presentation order."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import numpy as np

from scenedex.media.containers import choose_video, length_of, origin_of
from scenedex.media.errors import MediaUnreadable
from scenedex.media.planes import sample_planes
from scenedex.timeline import Timecode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from av import VideoFrame
    from av.container import InputContainer
    from numpy.typing import NDArray

    from scenedex.media.planes import Planes

_SECONDS_BETWEEN_REPORTS = 0.2
_FRAMES_BETWEEN_CLOCKS = 16
_ASSUMED_RATE = Fraction(25)
_MOST_DAMAGED_IN_A_ROW = 10_000


class DecodedFrame:
    """A picture of a decode pass; see `timeline.Frame`."""

    __slots__ = ("_frame", "_planes", "index", "time")

    def __init__(self, frame: VideoFrame, index: int, moment: Timecode) -> None:
        self._frame = frame
        self._planes: Planes | None = None
        self.index = index
        self.time = moment

    def sampled_planes(self) -> Planes:
        """Y, U and V at about 72, 36 and 36 rows, read-only."""
        if self._planes is None:
            self._planes = sample_planes(self._frame)
        return self._planes

    def rgb(self, max_height: int) -> NDArray[np.uint8]:
        """The upright picture as ``(height, width, 3)``, at most so high."""
        frame = self._frame
        turns = round(frame.rotation / 90) % 4
        upright_height = frame.width if turns % 2 else frame.height
        scale = min(Fraction(1), Fraction(max_height, upright_height))
        width, height = (max(2, round(side * scale)) for side in (frame.width, frame.height))
        picture = frame.reformat(width=width, height=height, format="rgb24").to_ndarray()
        return np.ascontiguousarray(np.rot90(picture, turns)) if turns else picture


class VideoPass:
    """The frames of one video; may be walked once.

    Attributes:
        expected_duration: what the headers say.
        damaged_packets: packets that could not be decoded, so far.
        width: coded width in pixels.
        height: coded height in pixels.
    """

    def __init__(
        self, container: InputContainer, *, threads: int, max_pixels: int, report: Callable[[float], None]
    ) -> None:
        self._container = container
        self._stream = choose_video(container, max_pixels=max_pixels)
        context = self._stream.codec_context
        context.thread_type = "AUTO"
        context.thread_count = threads
        length = length_of(container)
        self.expected_duration = None if length is None else Timecode(length)
        self.damaged_packets = 0
        self.width = context.width
        self.height = context.height
        self._report = report
        self._end: Timecode | None = None

    @property
    def end(self) -> Timecode:
        """When the asset ends, as its headers say, or where they do not, with the last frame; known after the walk.

        Raises:
            ValueError: the walk is not over.
        """
        if self._end is None:
            raise ValueError("the end is known after the last frame")
        return self._end

    def frames(self) -> Iterator[DecodedFrame]:
        """The frames as they are presented, each later than the one before; damaged packets are passed over.

        Raises:
            MediaUnreadable: not one picture can be decoded.
        """
        usual = 1 / Fraction(self._stream.average_rate or self._stream.guessed_rate or _ASSUMED_RATE)
        origin = origin_of(self._container)
        last, length, index = Fraction(0), usual, 0
        reported = time.monotonic()
        for frame in self._decoded():
            if frame.pts is None or frame.time_base is None:
                moment = last + usual if index else Fraction(0)
            else:
                presented = frame.pts * Fraction(frame.time_base)
                origin = presented if origin is None else origin
                moment = max(Fraction(0), presented - origin)
            if index and moment <= last:
                # Two pictures for one moment: the first one is shown.
                continue
            length = Fraction(frame.duration * frame.time_base) if frame.duration and frame.time_base else usual
            last = moment
            yield DecodedFrame(frame, index, Timecode(moment))
            index += 1
            if index % _FRAMES_BETWEEN_CLOCKS == 0 and time.monotonic() - reported > _SECONDS_BETWEEN_REPORTS:
                reported = time.monotonic()
                self._report(self._fraction(moment))
        if index == 0:
            raise MediaUnreadable("Not one picture of the video can be decoded.")
        expected = self.expected_duration
        self._end = expected if expected is not None and expected.seconds > last else Timecode(last + length)

    def _decoded(self) -> Iterator[VideoFrame]:
        damaged_in_a_row = 0
        packets = self._container.demux(self._stream)
        while damaged_in_a_row < _MOST_DAMAGED_IN_A_ROW:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except av.error.FFmpegError:
                damaged_in_a_row += 1
                self.damaged_packets += 1
                continue
            try:
                for frame in packet.decode():
                    damaged_in_a_row = 0
                    yield frame  # pyright: ignore[reportReturnType]  # packets of a video stream decode to video frames
            except av.error.FFmpegError:
                damaged_in_a_row += 1
                self.damaged_packets += 1

    def _fraction(self, moment: Fraction) -> float:
        if self.expected_duration is None or not self.expected_duration.seconds:
            return 0.0
        return min(1.0, float(moment / self.expected_duration.seconds))
