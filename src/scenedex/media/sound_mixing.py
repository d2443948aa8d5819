"""Mixing of sound of any channels and rate to samples of 16 bits in one form."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, cast

import av
import numpy as np
from av.audio.resampler import AudioResampler

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
# A quieter channel is silent but for coding noise: 80 dB below full scale.
_AUDIBLE: Final = 1e-4


class Mixer:
    """Mixes a run of frames of one form. Its first output sample has the time of the first input sample.

    Up to 8 channels (7.1) are weighted by their position. Of more channels, those with any sound so far are averaged:
    one voice among 48 channels keeps its loudness. Nothing is ever clipped.
    """

    def __init__(self, first: av.AudioFrame, mixed: MixedForm = ANALYSED) -> None:
        self.form: Final = form_of(first)
        self._mixed = mixed
        self._has_places = self.form.channels <= _MAX_PLACED_CHANNELS
        self._heard = np.zeros(self.form.channels, np.bool_)
        self._resampler = AudioResampler(format="s16", layout=mixed.layout, rate=mixed.rate)
        # PyAV miscounts the planes of frames with many channels; packed frames have one.
        self._packer = AudioResampler(format="flt")

    def feed(self, frame: av.AudioFrame) -> Iterator[NDArray[np.int16]]:
        """Take a frame of the same form as the first, and yield the samples that are final.

        Raises:
            FFmpegError: this form cannot be converted.
        """
        for mixed in (frame,) if self._has_places else self._averaged(frame):
            yield from self._samples(self._resampler.resample(mixed))

    def finish(self) -> Iterator[NDArray[np.int16]]:
        """Yield the samples that were waiting for further frames."""
        yield from self._samples(self._resampler.resample(None))

    def _samples(self, frames: Sequence[av.AudioFrame | None]) -> Iterator[NDArray[np.int16]]:
        # The resampler passes frames that need no conversion through, and also the end.
        for frame in frames:
            if frame is not None:
                samples = cast("NDArray[np.int16]", frame.to_ndarray()[0])
                yield samples if self._mixed.channels == 1 else samples.reshape(-1, self._mixed.channels)

    def _averaged(self, frame: av.AudioFrame) -> Iterator[av.AudioFrame]:
        for packed in self._packer.resample(frame):
            channels = cast("NDArray[np.float32]", packed.to_ndarray()).reshape(-1, self.form.channels)
            channels = np.nan_to_num(channels, posinf=1, neginf=-1)
            self._heard |= np.abs(channels).max(axis=0) > _AUDIBLE
            mono = channels[:, self._heard].sum(axis=1) / max(1, int(self._heard.sum()))
            mixed = av.AudioFrame.from_ndarray(mono[None].astype(np.float32), format="flt", layout="mono")
            mixed.sample_rate = frame.sample_rate
            mixed.pts, mixed.time_base = frame.pts, frame.time_base or Fraction(1, frame.sample_rate)
            yield mixed


class Form(NamedTuple):
    """Sample format of the frames of one run, with ``rate`` in samples per second."""

    sample_format: str
    layout: str
    channels: int
    rate: int


def form_of(frame: av.AudioFrame) -> Form:
    """Return the form of a frame."""
    return Form(frame.format.name, frame.layout.name, frame.layout.nb_channels, frame.sample_rate)
