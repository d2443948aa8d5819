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

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

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


@contextmanager
def sound_of(media: OpenedMedia) -> Generator[SoundPass]:
    """Start a pass over the sound that the headers of a film prefer."""
    file, kind = media.film()
    length = film_duration(file, kind, max_pixels=media.max_pixels)
    with open_film(file, kind, max_pixels=media.max_pixels) as opened:
        yield SoundPass(opened, length=length, report=media.report)


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
