"""Mixing of sound of any channels and rate to samples of 16 bits in one form."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, cast

import av
import numpy as np
from av.audio.resampler import AudioResampler

from scenedex.media.channel_balance import Balance, is_plain, is_safe_to_add
from scenedex.media.sample_formats import channels_of, frame_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
_MANY_CHANNELS: Final = 8
# Weights of channels hold for this part of a second. Some frames of it show whether a closer look is needed.
_WINDOWS_PER_SECOND: Final = 4
_SHOWN_FRAMES: Final = 2
_SHOWN_SAMPLES: Final = 512
_LOW_FREQUENCIES: Final = frozenset({"LFE", "LFE2"})


class Mixer:
    """Mixes a run of frames of one form. Its first output sample has the time of the first input sample.

    Up to 8 channels (7.1) are weighted by their position. Where they would cancel each other on the way to a single
    one, or not all are heard, the mix has the weights of a `Balance`, so that one voice among 48 channels keeps its
    loudness. Nothing is ever clipped.
    """

    def __init__(self, first: av.AudioFrame, mixed: MixedForm = ANALYSED) -> None:
        self.form: Final = form_of(first)
        self._mixed = mixed
        self._has_places = self.form.channels <= _MAX_PLACED_CHANNELS
        self._is_direct = self.form.channels == 1 or (mixed.channels > 1 and self._has_places)
        names = [channel.name for channel in first.layout.channels] if self._has_places else []
        self._voiced = np.array([name not in _LOW_FREQUENCIES for name in names] or [True] * self.form.channels)
        self._balance = Balance(self.form.rate)
        self._window: list[av.AudioFrame] = []
        self._window_samples = 0
        self._resampler = AudioResampler(format="s16", layout=mixed.layout, rate=mixed.rate)
        # PyAV reads past the planes of frames with 8 channels and more. Packed frames have one plane.
        self._packer = None if self._is_direct or self.form.channels < _MANY_CHANNELS else AudioResampler(format="flt")

    def feed(self, frame: av.AudioFrame) -> Iterator[NDArray[np.int16]]:
        """Take a frame of the same form as the first, and yield the samples that are final.

        Raises:
            FFmpegError: this form cannot be converted.
        """
        if self._is_direct:
            yield from self._samples(self._resampler.resample(frame))
            return
        self._window += [frame] if self._packer is None else self._packer.resample(frame)
        self._window_samples += frame.samples
        if self._window_samples * _WINDOWS_PER_SECOND >= self.form.rate:
            yield from self._mixed_window()

    def finish(self) -> Iterator[NDArray[np.int16]]:
        """Yield the samples that were waiting for further frames."""
        if self._window:
            yield from self._mixed_window()
        yield from self._samples(self._resampler.resample(None))

    def _samples(self, frames: Sequence[av.AudioFrame | None]) -> Iterator[NDArray[np.int16]]:
        # The resampler passes frames that need no conversion through, and also the end.
        for frame in frames:
            if frame is not None:
                samples = cast("NDArray[np.int16]", frame.to_ndarray()[0])
                yield samples if self._mixed.channels == 1 else samples.reshape(-1, self._mixed.channels)

    def _mixed_window(self) -> Iterator[NDArray[np.int16]]:
        frames, self._window, self._window_samples = self._window, [], 0
        for frame in self._balanced(frames) if self._has_places else [self._averaged(frames)]:
            yield from self._samples(self._resampler.resample(frame))

    def _balanced(self, frames: Sequence[av.AudioFrame]) -> Sequence[av.AudioFrame]:
        """Return the frames of a window, or one frame with the mix in every channel if a plain sum would cancel."""
        # After a window with other weights, each is looked at closely, so that the channels do not change all the time.
        if not self._balance.is_plain or not all(
            self._is_safe(frame) is not False for frame in frames[:: -(-len(frames) // _SHOWN_FRAMES)]
        ):
            channels = _joined(frames)[self._voiced]
            weights = self._balance.weights(channels)
            if not is_plain(weights):
                return [frame_of(self._balance.mix(channels, weights), frames[0])]
        self._balance.forget()
        return frames

    def _is_safe(self, frame: av.AudioFrame) -> bool | None:
        channels = channels_of(frame)
        channels = channels[:, :: max(1, channels.shape[1] // _SHOWN_SAMPLES)]
        return is_safe_to_add(channels if self._voiced.all() else channels[self._voiced])

    def _averaged(self, frames: Sequence[av.AudioFrame]) -> av.AudioFrame:
        mono = self._balance.mix(_joined(frames))
        mixed = av.AudioFrame.from_ndarray(mono[None], format="flt", layout="mono")
        mixed.sample_rate = self.form.rate
        mixed.pts, mixed.time_base = frames[0].pts, frames[0].time_base or Fraction(1, self.form.rate)
        return mixed


class ChannelMix:
    """Mixes channels to one in windows of a quarter of a second, by the weights of a `Balance`.

    Args:
        rate: samples per second and channel.
    """

    def __init__(self, rate: int) -> None:
        self._balance = Balance(rate)
        self._window = max(1, rate // _WINDOWS_PER_SECOND)
        self._pending: list[NDArray[np.float32]] = []
        self._count = 0

    def feed(self, channels: NDArray[np.float32]) -> Iterator[NDArray[np.float32]]:
        """Take samples ``(channels, n)``, and yield the mix ``(n,)`` of each window that is complete."""
        self._pending.append(channels)
        self._count += channels.shape[1]
        if self._count >= self._window:
            joined = np.concatenate(self._pending, axis=1)
            whole = joined.shape[1] - joined.shape[1] % self._window
            for start in range(0, whole, self._window):
                yield self._balance.mix(joined[:, start : start + self._window])
            self._pending, self._count = [joined[:, whole:]], joined.shape[1] - whole

    def finish(self) -> Iterator[NDArray[np.float32]]:
        """Yield the mix of the samples that are left."""
        if self._count:
            yield self._balance.mix(np.concatenate(self._pending, axis=1))
        self._pending, self._count = [], 0


def _joined(frames: Sequence[av.AudioFrame]) -> NDArray[np.float32]:
    return np.concatenate([channels_of(frame) for frame in frames], axis=1)


class Form(NamedTuple):
    """Sample format of the frames of one run, with ``rate`` in samples per second."""

    sample_format: str
    layout: str
    channels: int
    rate: int


def form_of(frame: av.AudioFrame) -> Form:
    """Return the form of a frame."""
    return Form(frame.format.name, frame.layout.name, frame.layout.nb_channels, frame.sample_rate)
