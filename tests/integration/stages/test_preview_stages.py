"""Strip of stills and peaks of the sound, on packs and samples of known content."""

from __future__ import annotations

import io
from fractions import Fraction
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest
from PIL import Image

from scenedex.analysis.stages.strip import FILE, StripOptions, StripResult, run_strip
from scenedex.analysis.stages.waveform import WaveformOptions, WaveformResult, run_waveform
from scenedex.media.opened import OpenedMedia
from scenedex.media.stills import StillPackWriter
from scenedex.timeline import Timecode

if TYPE_CHECKING:
    from pathlib import Path


def opened(data: bytes, folder: Path) -> OpenedMedia:
    return OpenedMedia(io.BytesIO(data), str(folder), max_pixels=1 << 24, report=lambda _fraction, _done: None)


def strip_of(count: int, folder: Path) -> tuple[StripResult, Image.Image]:
    """The strip of grey stills of 1280x720, one each half second, which are brighter one after the other."""
    target = io.BytesIO()
    pack = StillPackWriter(target, quality=90)
    for number in range(count):
        pack.add(Timecode(Fraction(number, 2)), np.full((720, 1280, 3), number % 250, np.uint8))
    pack.close()
    made = run_strip(opened(target.getvalue(), folder), msgspec.json.encode(StripOptions()))
    return made, Image.open(folder / FILE)


@pytest.mark.parametrize(
    ("count", "columns", "rows"), [(1, 1, 1), (5, 5, 1), (13, 12, 2), (120, 12, 10), (700, 12, 10)]
)
def test_a_strip_shows_stills_in_rows_at_even_times(count: int, columns: int, rows: int, tmp_path: Path) -> None:
    made, strip = strip_of(count, tmp_path)

    assert (made.columns, made.rows, made.width, made.height) == (columns, rows, 160, 90)
    assert strip.size == (columns * 160, rows * 90)
    times = [moment.timecode().ms for moment in made.times]
    assert len(times) == min(count, 120)
    assert times == sorted(set(times))
    assert times[0] == 0
    for place in (0, len(times) // 2, len(times) - 1):
        pixel = strip.getpixel((place % columns * 160 + 80, place // columns * 90 + 45))
        assert isinstance(pixel, tuple)
        assert abs(pixel[0] - times[place] // 500 % 250) <= 2


def waveform_of(samples: np.ndarray, folder: Path, **options: int) -> WaveformResult:
    params = msgspec.json.encode(WaveformOptions(**options))
    return run_waveform(opened(samples.astype("<i2").tobytes(), folder), params)


def test_peaks_are_the_greatest_samples_of_tenths_of_a_second(tmp_path: Path) -> None:
    samples = np.zeros(16_000 * 2 + 800, np.int16)
    samples[1_600] = 32_767
    samples[3_200] = -32_768
    samples[16_000] = 16_384

    made = waveform_of(samples, tmp_path)

    assert made.peaks_per_second == 10
    assert list(made.peaks) == [0, 255, 255, *[0] * 7, 127, *[0] * 10]


def test_long_sound_has_fewer_peaks(tmp_path: Path) -> None:
    made = waveform_of(np.ones(16_000 * 10, np.int16), tmp_path, max_peaks=50)

    assert (made.peaks_per_second, len(made.peaks)) == (5, 50)


def test_silence_of_no_length_has_no_peaks(tmp_path: Path) -> None:
    assert waveform_of(np.zeros(0, np.int16), tmp_path).peaks == b""
