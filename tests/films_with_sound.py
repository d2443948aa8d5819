"""Small films whose sound is given sample by sample and packet by packet, with known times."""

# PyAV's stubs leave the streams of packets open.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

import io
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import av
import numpy as np

from scenedex.media.containers import open_film
from scenedex.media.durations import film_duration
from scenedex.media.sound import SoundPass
from scenedex.media.sound_choice import choose_sound

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from av.audio.stream import AudioStream
    from numpy.typing import NDArray

    from scenedex.media.opened import OpenedMedia

_PICTURES_A_SECOND = 10


@dataclass(frozen=True)
class Stretch:
    """Sound from a moment on. The shape of ``samples`` is ``(n,)`` for one channel, otherwise ``(n, channels)``."""

    start: Fraction
    samples: NDArray[np.int16]


def film(
    stretches: Sequence[Stretch] | None,
    *,
    seconds: int = 3,
    rate: int = 16_000,
    layout: str = "mono",
    codec: str = "pcm_s16le",
    bit_rate: int | None = None,
    container: str = "matroska",
    pictures_from: Fraction = Fraction(0),
    block: int = 1024,
    size: tuple[int, int] = (64, 48),
) -> bytes:
    """Make a film of grey pictures of that width and height with that sound, or without an audio stream if `None`."""
    target = io.BytesIO()
    with av.open(target, "w", format=container) as out:
        video = out.add_stream("mpeg4", rate=_PICTURES_A_SECOND)
        video.width, video.height, video.pix_fmt = *size, "yuv420p"
        audio = None if stretches is None else cast("AudioStream", out.add_stream(codec, rate=rate))
        if audio is not None:
            audio.codec_context.layout = layout
            audio.codec_context.bit_rate = bit_rate or 0
        for number in range(seconds * _PICTURES_A_SECOND):
            picture = av.VideoFrame.from_ndarray(np.full((size[1], size[0], 3), 128, np.uint8), "rgb24")
            picture.pts = number + round(pictures_from * _PICTURES_A_SECOND)
            picture.time_base = Fraction(1, _PICTURES_A_SECOND)
            out.mux(video.encode(picture))
        out.mux(video.encode(None))
        if audio is not None:
            for stretch in stretches or ():
                for frame in _frames(stretch, rate, layout, block):
                    out.mux(audio.encode(frame))
            out.mux(audio.encode(None))
    return target.getvalue()


def write_tones(path: Path, hertz: Sequence[int], seconds: int = 2, codec: str = "aac") -> None:
    """Write a film of H.264 with a mono sound track for each of these tones."""
    rate = 48_000
    with av.open(path, "w") as out:
        video = out.add_stream("libx264", rate=_PICTURES_A_SECOND, options={"preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 640, 360, "yuv420p"
        tracks = [cast("AudioStream", out.add_stream(codec, rate=rate)) for _ in hertz]
        for track in tracks:
            track.codec_context.layout = "mono"
        for _ in range(seconds * _PICTURES_A_SECOND):
            out.mux(video.encode(av.VideoFrame.from_ndarray(np.full((360, 640, 3), 128, np.uint8), "rgb24")))
        out.mux(video.encode(None))
        for track, pitch in zip(tracks, hertz, strict=True):
            for frame in _frames(Stretch(Fraction(0), tone(seconds, pitch, rate)), rate, "mono", 1024):
                out.mux(track.encode(frame))
            out.mux(track.encode(None))


def tones_of(path: Path) -> set[int]:
    """Return the pitches of the only sound track of a film, rounded to 100 Hz."""
    with av.open(path) as film:
        (track,) = film.streams.audio
        parts = [frame.to_ndarray()[0] for frame in film.decode(track)]
        channels = 1 if track.codec_context.format.is_planar else track.codec_context.channels
    samples = np.concatenate(parts)[::channels][24_000:48_000].astype(np.float64)
    power = np.abs(np.fft.rfft(samples))
    return {100 * round(at * 2 / 100) for at in np.flatnonzero(power > power.max() / 4)}


@contextmanager
def sound_of(media: OpenedMedia) -> Generator[SoundPass]:
    """Start a pass over the sound that the headers of a film prefer."""
    file, kind = media.film()
    length = film_duration(file, kind, max_pixels=media.max_pixels)
    with open_film(file, kind, max_pixels=media.max_pixels) as opened:
        yield SoundPass(opened, choose_sound(opened.container), length=length, report=media.report)


def tone(seconds: float, hertz: float = 440, rate: int = 16_000, loudness: int = 8_000) -> NDArray[np.int16]:
    """A sine as ``(n,)``."""
    at = np.arange(round(seconds * rate)) / rate
    return (loudness * np.sin(2 * np.pi * hertz * at)).astype(np.int16)


def _frames(stretch: Stretch, rate: int, layout: str, block: int) -> list[av.AudioFrame]:
    values = stretch.samples if stretch.samples.ndim > 1 else stretch.samples[:, None]
    frames: list[av.AudioFrame] = []
    for start in range(0, len(values), block):
        part = np.ascontiguousarray(values[start : start + block]).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(part, format="s16", layout=layout)
        frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
        frame.pts = round(stretch.start * rate) + start
        frames.append(frame)
    return frames
