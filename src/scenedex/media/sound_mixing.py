"""Mixing of sound of any channels and rate to samples of 16 bits in one form."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, cast

import av
import numpy as np
from av.audio.resampler import AudioResampler

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

RATE: Final = 16_000
"""Samples per second of sound that is analysed."""


@dataclass(frozen=True, slots=True)
class MixedForm:
    """Form of mixed sound: samples per second and channel, and one or two channels."""

    rate: int
    channels: Literal[1, 2]

    @property
    def layout(self) -> str:
        """FFmpeg's name of the channels."""
        return "mono" if self.channels == 1 else "stereo"

    def silence(self, samples: int) -> NDArray[np.int16]:
        """Return silence of this form."""
        return np.zeros(samples if self.channels == 1 else (samples, self.channels), np.int16)


ANALYSED: Final = MixedForm(RATE, 1)
"""Form of sound that is analysed."""

_MAX_PLACED_CHANNELS: Final = 8
# A quieter channel is silent but for coding noise: 80 dB below full scale, or 40 dB below the loudest channel.
_AUDIBLE: Final = 1e-4
_MIN_POWER_SHARE: Final = 1e-4
_MIN_KEPT_POWER: Final = 0.5
_WINDOWS_PER_SECOND: Final = 4
_RAMPS_PER_SECOND: Final = 100
# By FFmpeg's names of places. Those of tracks without places are equal.
_PLACES: Final = {"FC": 1.4, "LFE": 0.0, "LFE2": 0.0, "FL": 1.0, "FR": 1.0, "DL": 1.0, "DR": 1.0}
_BACK: Final = 0.7


class Mixer:
    """Mixes a run of frames of one form. Its first output sample has the time of the first input sample.

    Two channels are weighted by their position and never clipped. One channel is mixed by `ChannelMix`.
    """

    def __init__(self, first: av.AudioFrame, mixed: MixedForm = ANALYSED) -> None:
        self.form: Final = form_of(first)
        self._mixed = mixed
        self._mix = (
            ChannelMix(_weights_of(first), self.form.rate) if mixed.channels == 1 and self.form.channels > 1 else None
        )
        self._resampler = AudioResampler(format="s16", layout=mixed.layout, rate=mixed.rate)
        # PyAV miscounts the planes of frames with many channels; packed frames have one.
        self._packer = AudioResampler(format="flt")
        self._start: tuple[int | None, Fraction] = (first.pts, first.time_base or Fraction(1, first.sample_rate))

    def feed(self, frame: av.AudioFrame) -> Iterator[NDArray[np.int16]]:
        """Take a frame of the same form as the first, and yield the samples that are final.

        Raises:
            FFmpegError: this form cannot be converted.
        """
        if self._mix is None:
            yield from self._samples(self._resampler.resample(frame))
            return
        for packed in self._packer.resample(frame):
            channels = cast("NDArray[np.float32]", packed.to_ndarray()).reshape(-1, self.form.channels)
            yield from self._resampled(self._mix.feed(channels))

    def finish(self) -> Iterator[NDArray[np.int16]]:
        """Yield the samples that were waiting for further frames."""
        if self._mix is not None:
            yield from self._resampled(self._mix.finish())
        yield from self._samples(self._resampler.resample(None))

    def _resampled(self, mixes: Iterable[NDArray[np.float32]]) -> Iterator[NDArray[np.int16]]:
        for mono in mixes:
            frame = av.AudioFrame.from_ndarray(mono[None], format="flt", layout="mono")
            frame.sample_rate = self.form.rate
            frame.pts, frame.time_base = self._start
            yield from self._samples(self._resampler.resample(frame))

    def _samples(self, frames: Sequence[av.AudioFrame | None]) -> Iterator[NDArray[np.int16]]:
        # The resampler passes frames that need no conversion through, and also the end.
        for frame in frames:
            if frame is not None:
                samples = cast("NDArray[np.int16]", frame.to_ndarray()[0])
                yield samples if self._mixed.channels == 1 else samples.reshape(-1, self._mixed.channels)


class ChannelMix:
    """Mixes channels to one in windows of a quarter of a second.

    In each window the channels with sound are averaged by their weights, so that one voice among many channels keeps
    its loudness. If they cancel each other, as those of stereo out of phase do, the loudest one is taken instead.

    Args:
        weights: ``(channels,)``, weight of each channel, 0 for one that is not heard.
        rate: samples per second and channel.
    """

    def __init__(self, weights: NDArray[np.float32], rate: int) -> None:
        self._weights = weights
        self._window = max(1, rate // _WINDOWS_PER_SECOND)
        self._ramp = max(1, rate // _RAMPS_PER_SECOND)
        self._pending: list[NDArray[np.float32]] = []
        self._count = 0
        self._last: NDArray[np.float32] | None = None

    def feed(self, channels: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
        """Take samples ``(n, channels)``, and yield the mix ``(n,)`` of each window that is complete."""
        self._pending.append(channels)
        self._count += len(channels)
        if self._count >= self._window:
            joined = np.concatenate(self._pending)
            whole = len(joined) - len(joined) % self._window
            for start in range(0, whole, self._window):
                yield self._mixed(joined[start : start + self._window])
            self._pending, self._count = [joined[whole:]], len(joined) - whole

    def finish(self) -> Iterator[NDArray[np.float32]]:
        """Yield the mix of the samples that are left."""
        if self._count:
            yield self._mixed(np.concatenate(self._pending))
        self._pending, self._count = [], 0

    def _mixed(self, window: NDArray[np.float32]) -> NDArray[np.float32]:
        if not np.isfinite(window).all():
            window = np.nan_to_num(window, posinf=1, neginf=-1)
        chosen = self._chosen(window)
        mix = window @ chosen
        if self._last is not None and not np.array_equal(self._last, chosen):
            # A sudden change would click.
            length = min(self._ramp, len(window))
            share = np.linspace(0, 1, length, dtype=np.float32)
            mix[:length] = share * mix[:length] + (1 - share) * (window[:length] @ self._last)
        self._last = chosen
        return mix

    def _chosen(self, window: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the weight of each channel in a window."""
        powers = np.einsum("nc,nc->c", window, window) / len(window)
        heard = self._weights * (powers > max(_AUDIBLE**2, float(powers.max()) * _MIN_POWER_SHARE))
        total = float(heard.sum())
        if total == 0:
            return self._last if self._last is not None else self._weights / max(float(self._weights.sum()), 1)
        weights = (heard / total).astype(np.float32)
        if np.count_nonzero(weights) > 1:
            mix = window @ weights
            # Sounds that have nothing in common have the sum of their powers.
            if float(mix @ mix) / len(mix) < _MIN_KEPT_POWER * float(weights**2 @ powers):
                loudest = np.zeros_like(weights)
                loudest[int(np.argmax(powers * (self._weights > 0)))] = 1
                return loudest
        return weights


def _weights_of(frame: av.AudioFrame) -> NDArray[np.float32]:
    """Return the weight of each channel by its place: voices are in the centre, and effects at the back."""
    count = frame.layout.nb_channels
    if count > _MAX_PLACED_CHANNELS:
        return np.ones(count, np.float32)
    names = [channel.name for channel in frame.layout.channels]
    return np.array([_PLACES.get(name, _BACK) for name in names], np.float32)


class Form(NamedTuple):
    """Sample format of the frames of one run, with ``rate`` in samples per second."""

    sample_format: str
    layout: str
    channels: int
    rate: int


def form_of(frame: av.AudioFrame) -> Form:
    """Return the form of a frame."""
    return Form(frame.format.name, frame.layout.name, frame.layout.nb_channels, frame.sample_rate)
