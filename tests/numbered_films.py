"""Small films whose pictures show their numbers as black and white blocks, in any codec, with a click in the sound.

Browsers and proxies are tested with what cameras write, so some encoders here are under the GPL. The product uses none.
"""

# PyAV's stubs leave the streams of packets open.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Final, cast

import av
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

BITS: Final = 8
SOUND_RATE: Final = 48_000
CLICK_AT: Final = 1.0
MILLISECOND: Final = Fraction(1, 1000)


@dataclass(frozen=True, kw_only=True)
class FilmForm:
    """Encoding of a film.

    Attributes:
        codec: encoder of the pictures.
        pixel_format: format of the pictures.
        sound: encoder of the sound, or `None` for none.
        width: coded width.
        height: coded height.
        pixel_aspect: width of a pixel by its height.
        rotation: counter-clockwise rotation by players, in degrees.
        options: options of the encoder of the pictures.
        tags: attributes of the encoder's context, such as ``color_trc``.
        start_ms: time by which all times of the file are later.
    """

    codec: str = "libx264"
    pixel_format: str = "yuv420p"
    sound: str | None = "aac"
    width: int = 640
    height: int = 360
    pixel_aspect: Fraction = Fraction(1)
    rotation: int = 0
    options: Mapping[str, str] = field(default_factory=dict[str, str])
    tags: Mapping[str, int] = field(default_factory=dict[str, int])
    start_ms: int = 0


def times_of(frames: int = 50, rate: int = 25) -> list[int]:
    """Even times in milliseconds."""
    return [1000 * number // rate for number in range(frames)]


def write_film(path: Path, form: FilmForm, times_ms: Sequence[int] | None = None) -> None:
    """Write a film with a picture at each of these times, and a click in the sound at `CLICK_AT`."""
    times = times_of() if times_ms is None else times_ms
    options = dict(form.options)
    if form.codec in ("libx264", "libx265"):
        options = {"preset": "ultrafast", "x265-params": "log-level=none", "x264-params": "bframes=2", **options}
    if form.codec in ("libvpx", "libvpx-vp9"):
        options = {"deadline": "realtime", "cpu-used": "8", **options}
    with av.open(path, "w") as out:
        video = cast("VideoStream", out.add_stream(form.codec, rate=25, options=options))
        video.width, video.height, video.pix_fmt = form.width, form.height, form.pixel_format
        video.codec_context.time_base = MILLISECOND
        video.codec_context.sample_aspect_ratio = form.pixel_aspect
        for name, value in form.tags.items():
            setattr(video.codec_context, name, value)
        if form.rotation:
            video.set_display_rotation(form.rotation)
        audio = None if form.sound is None else cast("AudioStream", out.add_stream(form.sound, rate=SOUND_RATE))
        if audio is not None:
            audio.codec_context.layout = "stereo"
        for number, at in enumerate(times):
            frame = av.VideoFrame.from_ndarray(numbered(number, form.width, form.height), "rgb24")
            frame = frame.reformat(format=form.pixel_format)
            for name, value in form.tags.items():
                setattr(frame, name, value)
            frame.pts, frame.time_base = at + form.start_ms, MILLISECOND
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
        if audio is not None:
            _write_sound(out, audio, times[-1] / 1000 + 0.04, form.start_ms / 1000)


def numbered(number: int, width: int, height: int) -> NDArray[np.uint8]:
    """A picture with its number in the upper half, the lowest bit at the left, and a red lower left corner."""
    picture = np.full((height, width, 3), 128, np.uint8)
    for bit in range(BITS):
        shade = 235 if number >> bit & 1 else 16
        picture[: height // 2, bit * width // BITS : (bit + 1) * width // BITS] = shade
    picture[height * 3 // 4 :, : width // 4] = (200, 20, 20)
    return picture


def number_in(rgb: NDArray[np.uint8]) -> int:
    """The number that an upright picture shows."""
    height, width = rgb.shape[:2]
    row = rgb[height // 4, [(2 * bit + 1) * width // (2 * BITS) for bit in range(BITS)]].mean(axis=1)
    return sum(1 << bit for bit in range(BITS) if row[bit] > 128)


def numbers_of(path: Path) -> list[tuple[float, int]]:
    """Time in seconds and number of each picture of a film, as players show them."""
    with av.open(path) as film:
        stream = film.streams.video[0]
        tick = stream.time_base or MILLISECOND
        return [
            (float((frame.pts or 0) * tick), number_in(cast("NDArray[np.uint8]", frame.to_ndarray(format="rgb24"))))
            for frame in film.decode(stream)
        ]


def click_of(path: Path) -> float:
    """Time in seconds of the loudest sample."""
    loudest, at = 0.0, -1.0
    with av.open(path) as film:
        for frame in film.decode(audio=0):
            samples = np.abs(cast("NDArray[np.float32]", frame.to_ndarray()).astype(np.float64)).max(axis=0)
            if frame.format.is_packed:
                samples = samples.reshape(-1, frame.layout.nb_channels).max(axis=1)
            if samples.max() > loudest:
                loudest = samples.max()
                at = float((frame.pts or 0) * (frame.time_base or Fraction(1))) + samples.argmax() / frame.sample_rate
    return at


def _write_sound(out: OutputContainer, stream: AudioStream, seconds: float, start: float) -> None:
    samples = np.zeros((round(seconds * SOUND_RATE), 2), np.int16)
    click = round(CLICK_AT * SOUND_RATE)
    samples[click : click + 48] = 30_000
    for first in range(0, len(samples), 1024):
        part = np.ascontiguousarray(samples[first : first + 1024]).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(part, format="s16", layout="stereo")
        frame.sample_rate, frame.time_base = SOUND_RATE, Fraction(1, SOUND_RATE)
        frame.pts = first + round(start * SOUND_RATE)
        out.mux(stream.encode(frame))
    out.mux(stream.encode(None))
