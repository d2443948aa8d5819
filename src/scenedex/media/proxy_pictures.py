"""Proxies whose pictures are encoded: VP9 and Opus in WebM, upright, with square pixels of 8 bits in BT.709.

Each picture keeps its time, to the millisecond that WebM can hold.
"""

# PyAV's stubs leave the streams of packets open.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import os
import time
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, Final, cast

import av
import numpy as np
from av.video.frame import PictureType
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, Interpolation, VideoReformatter

from scenedex.media.colours import colours_of
from scenedex.media.containers import decoded_pictures, frame_duration
from scenedex.media.errors import MediaUnreadable
from scenedex.media.geometry import geometry_of
from scenedex.media.orientation import Orientation
from scenedex.media.packets import PacketQueues
from scenedex.media.pictures import PictureReader, has_alpha
from scenedex.media.proxies import CONTAINER_OPTIONS, MadeProxy
from scenedex.media.proxy_sound import SoundTrack
from scenedex.media.sound_choice import sounds_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from av import VideoFrame
    from av.container import OutputContainer
    from numpy.typing import NDArray

    from scenedex.media.containers import Film
    from scenedex.media.proxies import ProxyOptions

# Constant quality. One pass in real time is enough for a proxy, and takes a fraction of the time of a better one.
_VP9_OPTIONS: Final = {
    "deadline": "realtime",
    "cpu-used": "8",
    "row-mt": "1",
    "lag-in-frames": "0",
    "crf": "36",
    "b": "0",
}
_MILLISECOND: Final = Fraction(1, 1000)
_MS_BETWEEN_KEYS: Final = 2000
_SECONDS_BETWEEN_REPORTS: Final = 0.2
_SECONDS_AHEAD: Final = Fraction(1, 2)
_MAX_ENCODER_THREADS: Final = 4


def encode_film(
    film: Film, length: Fraction, options: ProxyOptions, folder: Path, report: Callable[[float, int], None]
) -> MadeProxy:
    """Encode the pictures and the sound of a film.

    Raises:
        MediaUnreadable: not one picture can be decoded.
    """
    sounds = sounds_of(film.container, options.sound_tracks)
    queues = PacketQueues(film.container, [film.stream, *sounds.values()])
    film.decoder.thread_type = "AUTO"
    film.decoder.thread_count = options.threads
    pictures = _TimedPictures(film, queues)
    timed = pictures.walk()
    first = next(timed, None)
    if first is None:
        raise MediaUnreadable("Not one picture of the video can be decoded.")
    with av.open(folder / "proxy.webm", "w", format="webm", container_options=CONTAINER_OPTIONS["webm"]) as out:
        view = _View(film, first[1], options.short_side)
        track = _PictureTrack(out, view, film, options.threads)
        heard = SoundTrack(film, tuple(sounds.values()), length, queues, "libopus", out) if sounds else None
        if first[0] > 0:
            # Players begin at the first picture, not at time 0.
            track.write(0, first[1])
        reported = time.monotonic()
        for number, (at_ms, frame) in enumerate(chain([first], timed)):
            track.write(at_ms, frame)
            if heard is not None:
                heard.write_until(at_ms * _MILLISECOND + _SECONDS_AHEAD)
            if time.monotonic() - reported > _SECONDS_BETWEEN_REPORTS:
                reported = time.monotonic()
                report(min(1.0, float(at_ms * _MILLISECOND / length)), number)
        track.finish()
        if heard is not None:
            heard.finish()
    damaged = pictures.damaged_packets + (0 if heard is None else heard.damaged_packets)
    return MadeProxy(
        "proxy.webm",
        "video/webm",
        "picture",
        width=view.width,
        height=view.height,
        sound_tracks=tuple(sounds),
        damaged_packets=damaged,
    )


class _TimedPictures:
    """Decoded pictures with their times in milliseconds from the start of the asset.

    Attributes:
        damaged_packets: number of undecodable packets so far.
    """

    def __init__(self, film: Film, queues: PacketQueues) -> None:
        self.damaged_packets = 0
        self._film = film
        self._queues = queues

    def walk(self) -> Iterator[tuple[int, VideoFrame]]:
        """Yield the pictures in order, each later than the one before, as an analysis sees them."""
        film = self._film
        origin, last_ms, ticks = film.origin, -1, None
        usual = max(1, round(frame_duration(film) / film.tick))
        for frame in decoded_pictures(film, lambda: self._queues.of(film.stream), self._count_damage):
            if frame.pts is None:
                ticks = 0 if ticks is None else ticks + usual
            elif ticks is None or frame.pts > ticks:
                ticks = frame.pts
            else:
                continue
            origin = ticks * film.tick if origin is None else min(origin, ticks * film.tick) if last_ms < 0 else origin
            at_ms = round((ticks * film.tick - origin) * 1000)
            if at_ms > last_ms:
                last_ms = at_ms
                yield at_ms, frame

    def _count_damage(self) -> None:
        self.damaged_packets += 1


class _View:
    """Conversion of decoded pictures to upright ones of square pixels, which may differ in size.

    Attributes:
        width: width of the upright picture.
        height: height of the upright picture.
    """

    def __init__(self, film: Film, first: VideoFrame, short_side: int) -> None:
        geometry = geometry_of(film.headers, first)
        self._orientation: Orientation = geometry.orientation
        self._tags = film.colours
        self._reader = PictureReader(geometry, film.colours, is_steady=True)
        self._scaler = VideoReformatter()
        width, height = geometry.stretched
        scale = min(Fraction(1), short_side / min(width, height))
        # Half of the samples have a colour, so both sides are even.
        self._coded = (_even(width * scale), _even(height * scale))
        self.width, self.height = self._coded[:: -1 if self._orientation.is_sideways else 1]

    def convert(self, frame: VideoFrame) -> VideoFrame:
        """Return an upright picture with 8 bits a sample in BT.709 and limited range."""
        colours = colours_of(frame, self._tags)
        frame = self._reader.clean(frame)
        matrix = colours.matrix
        if not colours.are_plain or has_alpha(frame.format):
            rgb = self._reader.sdr(frame, self._coded, colours)
            frame, matrix = av.VideoFrame.from_ndarray(rgb, "rgb24"), None
            frame.color_range = ColorRange.JPEG
        small = self._scaler.reformat(
            frame,
            *self._coded,
            "yuv420p",
            src_colorspace=matrix,
            dst_colorspace=Colorspace.ITU709,
            interpolation=Interpolation.AREA,
            src_color_range=frame.color_range or ColorRange.MPEG,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )
        return small if self._orientation == Orientation() else self._upright(small)

    def _upright(self, picture: VideoFrame) -> VideoFrame:
        width, height = self._coded
        samples = cast("NDArray[np.uint8]", picture.to_ndarray())
        colours = samples[height:].reshape(2, height // 2, width // 2)
        turned = [self._orientation.upright(plane) for plane in (samples[:height], *colours)]
        packed = np.concatenate([plane.reshape(-1, self.width) for plane in turned])
        return av.VideoFrame.from_ndarray(np.ascontiguousarray(packed), "yuv420p")


def _even(side: Fraction) -> int:
    return max(2, 2 * round(side / 2))


class _PictureTrack:
    """Encoded pictures."""

    def __init__(self, out: OutputContainer, view: _View, film: Film, threads: int) -> None:
        rate = 1 / frame_duration(film)
        self._out = out
        self._view = view
        self._duration_ms = max(1, round(1000 / rate))
        self._last_key_ms: int | None = None
        self._stream = out.add_stream("libvpx-vp9", rate=rate, options=dict(_VP9_OPTIONS))
        context = self._stream.codec_context
        context.width, context.height, context.pix_fmt = view.width, view.height, "yuv420p"
        context.time_base = _MILLISECOND
        context.thread_count = min(threads or os.cpu_count() or 1, _MAX_ENCODER_THREADS)
        context.color_range, context.colorspace = ColorRange.MPEG, Colorspace.ITU709
        context.color_trc, context.color_primaries = ColorTrc.BT709, ColorPrimaries.BT709

    def write(self, at_ms: int, frame: VideoFrame) -> None:
        picture = self._view.convert(frame)
        picture.pts, picture.time_base, picture.duration = at_ms, _MILLISECOND, self._duration_ms
        is_key = self._last_key_ms is None or at_ms - self._last_key_ms >= _MS_BETWEEN_KEYS
        if is_key:
            self._last_key_ms = at_ms
        picture.pict_type = PictureType.I if is_key else PictureType.NONE
        self._out.mux(self._stream.encode(picture))

    def finish(self) -> None:
        self._out.mux(self._stream.encode(None))
