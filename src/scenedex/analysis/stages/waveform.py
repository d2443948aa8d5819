"""Stage: peaks of the sound, for a waveform on a time axis. Reads the samples and decodes no sound."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
import numpy as np

from scenedex.analysis.stage import ChildStep, NotApplicable, Stage
from scenedex.analysis.stages.recording import RATE
from scenedex.analysis.stages.sound import SOUND_STAGE, main_sound

if TYPE_CHECKING:
    from scenedex.analysis.stage import Inputs
    from scenedex.media.opened import OpenedMedia

_BYTES_PER_SAMPLE: Final = 2
_PEAKS_AT_ONCE: Final = 600
_FULL_SCALE: Final = 32_768


class WaveformOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Options of the stage: peaks for each second, fewer if there would be more than ``max_peaks``."""

    peaks_per_second: int = 10
    max_peaks: int = 72_000


class WaveformResult(msgspec.Struct, frozen=True):
    """Greatest sample of each interval of ``samples`` samples, 255 at full scale, in a byte each."""

    samples: int
    peaks: bytes

    @property
    def peaks_per_second(self) -> float:
        """Number of intervals in a second."""
        return RATE / self.samples


def run_waveform(opened: OpenedMedia, params: bytes) -> WaveformResult:
    """Find the peaks. Runs in the child process."""
    options = msgspec.json.decode(params, type=WaveformOptions)
    total = opened.file.seek(0, 2) // _BYTES_PER_SAMPLE
    opened.file.seek(0)
    samples = max(RATE // options.peaks_per_second, -(-total // options.max_peaks))
    peaks: list[bytes] = []
    read = 0
    while data := opened.file.read(samples * _PEAKS_AT_ONCE * _BYTES_PER_SAMPLE):
        block = np.abs(np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(np.int32))
        padded = np.pad(block, (0, -len(block) % samples)).reshape(-1, samples)
        peaks.append((padded.max(axis=1) * 256 // (_FULL_SCALE + 1)).astype(np.uint8).tobytes())
        read += len(block)
        opened.report(read / max(1, total), read)
    return WaveformResult(samples, b"".join(peaks))


def _options(inputs: Inputs) -> WaveformOptions | NotApplicable:
    return main_sound(inputs) or WaveformOptions()


WAVEFORM_STAGE: Final = Stage(
    name="waveform",
    version="1",
    result=WaveformResult,
    step=ChildStep(function=run_waveform, reads=SOUND_STAGE),
    options=_options,
    needs=(SOUND_STAGE,),
    share=1,
    is_listening=True,
)
