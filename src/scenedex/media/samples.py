"""Generated videos for the demo, the tests and the benchmarks.

Uses encoders under LGPL or BSD terms only. The files are trusted, so they are written and read in the calling process.
"""

# PyAV's stubs leave the streams of packets open.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, cast

import av
import numpy as np

from scenedex.media.demo_film import DEMO_RATE, DEMO_SIZE, demo_pictures, demo_sound

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

    Paint = Callable[[int], NDArray[np.uint8]]

SOUND_RATE = 48_000
_SOUND_BLOCK = 1024
_MILLISECOND = Fraction(1, 1000)
# Every browser plays VP9. These settings trade size for speed.
_FAST_VP9 = {
    "deadline": "realtime",
    "cpu-used": "8",
    "row-mt": "1",
    "lag-in-frames": "0",
    "g": "100",
    "crf": "36",
    "b": "0",
}


@dataclass(frozen=True, slots=True)
class Take:
    """An uncut run of frames. ``paint`` returns the n-th as ``(height, width, 3)``, in the size of the video."""

    frames: int
    paint: Paint


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleFormat:
    """Encoding of a generated video.

    Attributes:
        width: coded width in pixels.
        height: coded height in pixels.
        rate: frames per second.
        codec: name of an encoder under LGPL or BSD terms.
        pixel_format: input format of the encoder.
        container: FFmpeg's name of the container, by default from the file's suffix.
        rotation: counter-clockwise rotation by players, in degrees.
        times_ms: presentation times for a variable frame rate, by default evenly spaced.
        sound: name of an audio encoder, or `None` for no audio stream.
        codec_options: options of the video encoder.
        container_options: options of the container.
    """

    width: int = 320
    height: int = 180
    rate: Fraction = Fraction(25)
    codec: str = "mpeg4"
    pixel_format: str = "yuv420p"
    container: str | None = None
    rotation: int = 0
    times_ms: tuple[int, ...] | None = None
    sound: str | None = None
    codec_options: Mapping[str, str] = field(default_factory=dict[str, str])
    container_options: Mapping[str, str] = field(default_factory=dict[str, str])


def write_video(
    target: Path | BinaryIO,
    takes: Sequence[Take],
    form: SampleFormat | None = None,
    *,
    sound: Iterable[NDArray[np.float32]] | None = None,
) -> None:
    """Write the takes one after the other, with hard cuts between them.

    Args:
        target: path, or file if ``form`` names a container.
        takes: pictures.
        form: encoding, by default a small film without sound.
        sound: blocks of mono samples at `SOUND_RATE`, by default a tone as long as the video.
    """
    form = form or SampleFormat()
    pictures = chain.from_iterable((take.paint(number) for number in range(take.frames)) for take in takes)
    length = sum(take.frames for take in takes) / form.rate
    if sound is None and form.sound is not None:
        sound = tone(length)
    _write(target, form, pictures, sound)


def write_demo_video(path: Path) -> None:
    """Write about 30 s of 1280x720 with six scenes, a dissolve, a fade, titles and sound, in a few seconds."""
    form = SampleFormat(
        width=DEMO_SIZE[0],
        height=DEMO_SIZE[1],
        rate=Fraction(DEMO_RATE),
        codec="libvpx-vp9",
        sound="aac",
        codec_options=_FAST_VP9,
        container_options={"movflags": "+faststart"},
    )
    _write(path, form, demo_pictures(), demo_sound(SOUND_RATE))


def drifting(seed: int, width: int = 320, height: int = 180) -> Paint:
    """Paint a coloured texture that drifts by two pixels a frame and differs by seed."""
    rng = np.random.default_rng(seed)
    block = 20
    cells = rng.integers(0, 255, (-(-height // block), -(-width // block), 3), dtype=np.uint8)
    texture = cells.repeat(block, axis=0).repeat(block, axis=1)[:height, :width]
    return lambda number: np.roll(texture, 2 * number, axis=1)


def plain(red: int, green: int, blue: int, width: int = 320, height: int = 180) -> Paint:
    """Paint one still colour."""
    picture = np.full((height, width, 3), (red, green, blue), dtype=np.uint8)
    return lambda _number: picture


def tone(seconds: Fraction, hertz: float = 440.0) -> Iterator[NDArray[np.float32]]:
    """Yield a quiet sine in blocks of mono samples at `SOUND_RATE`."""
    total = round(seconds * SOUND_RATE)
    for start in range(0, total, SOUND_RATE):
        at = np.arange(start, min(start + SOUND_RATE, total)) / SOUND_RATE
        yield (0.1 * np.sin(2 * np.pi * hertz * at)).astype(np.float32)


def _write(
    target: Path | BinaryIO,
    form: SampleFormat,
    pictures: Iterable[NDArray[np.uint8]],
    sound: Iterable[NDArray[np.float32]] | None,
) -> None:
    with av.open(target, mode="w", format=form.container, container_options=dict(form.container_options)) as out:
        video = _video_stream(out, form)
        audio = None if form.sound is None else cast("AudioStream", out.add_stream(form.sound, rate=SOUND_RATE))
        if audio is not None:
            audio.codec_context.layout = "mono"
        heard = Fraction(0)
        blocks = iter(sound or ())
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), "rgb24")
            frame = frame.reformat(format=form.pixel_format)
            if form.times_ms is None:
                frame.pts, frame.time_base = number, 1 / form.rate
            else:
                frame.pts, frame.time_base = form.times_ms[number], _MILLISECOND
            out.mux(video.encode(frame))
            # Interleave sound and pictures, so that readers find both in one place.
            while audio is not None and heard <= number / form.rate and (block := next(blocks, None)) is not None:
                _encode_sound(out, audio, block, heard)
                heard += Fraction(len(block), SOUND_RATE)
        out.mux(video.encode(None))
        if audio is not None:
            for block in blocks:
                _encode_sound(out, audio, block, heard)
                heard += Fraction(len(block), SOUND_RATE)
            out.mux(audio.encode(None))


def _video_stream(out: OutputContainer, form: SampleFormat) -> VideoStream:
    stream = cast("VideoStream", out.add_stream(form.codec, rate=form.rate, options=dict(form.codec_options)))
    stream.width, stream.height, stream.pix_fmt = form.width, form.height, form.pixel_format
    stream.codec_context.thread_count = 2
    stream.codec_context.time_base = 1 / form.rate if form.times_ms is None else _MILLISECOND
    if form.codec != "prores_ks" and "crf" not in form.codec_options:
        stream.bit_rate = max(200_000, form.width * form.height * 2)
    if form.rotation:
        stream.set_display_rotation(form.rotation)
    return stream


def _encode_sound(out: OutputContainer, stream: AudioStream, samples: NDArray[np.float32], start: Fraction) -> None:
    for offset in range(0, len(samples), _SOUND_BLOCK):
        part = samples[offset : offset + _SOUND_BLOCK]
        frame = av.AudioFrame.from_ndarray(part.reshape(1, -1), format="flt", layout="mono")
        frame.sample_rate = SOUND_RATE
        frame.time_base = Fraction(1, SOUND_RATE)
        frame.pts = round(start * SOUND_RATE) + offset
        out.mux(stream.encode(frame))
