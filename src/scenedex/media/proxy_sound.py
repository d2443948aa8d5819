"""Sound of a proxy: two channels at 48 kHz, encoded in step with the pictures."""

# PyAV's stubs leave the streams of packets open.
# pyright: reportUnknownMemberType=false

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

import av
import numpy as np

from scenedex.media.sound import SoundPass
from scenedex.media.sound_mixing import ChannelMix, MixedForm

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from av.audio.stream import AudioStream
    from av.container import OutputContainer
    from numpy.typing import NDArray

    from scenedex.media.containers import Film
    from scenedex.media.packets import PacketQueues

_FORM: Final = MixedForm(48_000, 2)
_OF_EACH: Final = MixedForm(48_000, 1)
_BIT_RATE: Final = 96_000
_FULL_SCALE: Final = 32_768


class SoundTrack:
    """Encoded sound of a film, whose first sample has time 0 of the asset.

    Args:
        film: opened video.
        sounds: sound tracks to hear, at least one. Several are mixed.
        length: duration of the asset in seconds.
        packets: packets of the film.
        encoder: encoder of the sound.
        out: container that the sound is written to. No packet has been written yet.
    """

    def __init__(
        self,
        film: Film,
        sounds: Sequence[AudioStream],
        length: Fraction,
        packets: PacketQueues,
        encoder: Literal["libopus", "aac"],
        out: OutputContainer,
    ) -> None:
        form = _FORM if len(sounds) == 1 else _OF_EACH
        self._passes = [
            SoundPass(film, sound, length=length, report=_ignore, form=form, packets=packets.of) for sound in sounds
        ]
        self._chunks = self._passes[0].chunks() if len(sounds) == 1 else _mixed(self._passes)
        self._written = 0
        self._out = out
        self._stream = out.add_stream(encoder, rate=_FORM.rate)
        self._stream.codec_context.layout = _FORM.layout
        self._stream.codec_context.bit_rate = _BIT_RATE

    @property
    def damaged_packets(self) -> int:
        """Number of undecodable packets so far."""
        return sum(one.damaged_packets for one in self._passes)

    def write_until(self, seconds: Fraction) -> None:
        """Write the sound up to a time, so that containers have pictures and sound in one place."""
        while self._written <= seconds * _FORM.rate and (chunk := next(self._chunks, None)) is not None:
            self._write(chunk)

    def finish(self) -> None:
        """Write the rest of the sound."""
        for chunk in self._chunks:
            self._write(chunk)
        if self._written:
            self._out.mux(self._stream.encode(None))

    def _write(self, samples: NDArray[np.int16]) -> None:
        packed = np.ascontiguousarray(samples).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(packed, format="s16", layout=_FORM.layout)
        frame.sample_rate, frame.time_base, frame.pts = _FORM.rate, Fraction(1, _FORM.rate), self._written
        self._written += len(samples)
        self._out.mux(self._stream.encode(frame))


def _ignore(_fraction: float, _done: int) -> None:
    """Leave reports to the pictures."""


def _mixed(passes: Sequence[SoundPass]) -> Iterator[NDArray[np.int16]]:
    """Yield the mix of mono tracks in two equal channels. Tracks that end early are silent from then on."""
    mix = ChannelMix(_OF_EACH.rate)
    walks = [one.chunks() for one in passes]
    waiting = [np.zeros(0, np.int16) for _ in passes]
    while True:
        for number, walk in enumerate(walks):
            if not len(waiting[number]):
                waiting[number] = next(walk, waiting[number])
        count = min((len(samples) for samples in waiting if len(samples)), default=0)
        if not count:
            break
        channels = np.zeros((len(waiting), count), np.float32)
        for channel, samples in zip(channels, waiting, strict=True):
            channel[: len(samples)] = samples[:count] / np.float32(_FULL_SCALE)
        waiting = [samples[count:] for samples in waiting]
        yield from map(_in_stereo, mix.feed(channels))
    yield from map(_in_stereo, mix.finish())


def _in_stereo(mono: NDArray[np.float32]) -> NDArray[np.int16]:
    samples = np.clip(np.rint(mono * _FULL_SCALE), -_FULL_SCALE, _FULL_SCALE - 1).astype(np.int16)
    return np.repeat(samples[:, None], _FORM.channels, axis=1)
